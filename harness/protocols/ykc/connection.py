"""The platform's end of one connection: which piles are logged in on it, and since when nothing was heard of them.

login on this connection again      it is only answered
login elsewhere                     the older connection counts as lost: after a power cut it is half-open
unknown code, or 30 s of silence    no pile here any more; closed when no other pile is logged in on it (E-CONN)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.journal import PILE, PLATFORM, LinkChanged
from harness.core.message import Damage, Message
from harness.protocols.ykc.manners import MANNERS

if TYPE_CHECKING:
    from harness.protocols.ykc.piles import PileState
    from harness.protocols.ykc.platform import Platform
    from harness.protocols.ykc.session import Session

SILENCE = 30.0  # s without any frame: three heartbeats (R-HB-2)
HEARTBEAT, HEARTBEAT_SIZE = 0x03, 17
MOST_STRANGERS = 20  # frames and damage kept of a connection on which no pile is logged in


class Connection:
    """The owner of one Session in the role of the platform."""

    __slots__ = ("_alone", "_beat", "_due", "_framer", "_heard_at", "_strange", "piles", "platform", "session")

    def __init__(self, platform: Platform, session: Session, now: float) -> None:
        self.platform = platform
        self.session = session
        self.piles: dict[str, PileState] = {}
        self._framer = session.framer
        self._alone: PileState  # the only pile here
        self._beat = b""  # encrypt flag, type and pile code of its heartbeats; empty when there are none or several
        self._heard_at = now
        self._strange = 0
        self._due: float | None = now + SILENCE

    # What arrives

    def heard(self, message: Message, now: float) -> None:
        """A frame, for the pile it names."""
        pile = self.piles.get(getattr(message.values, "pile_code", ""))
        if pile is not None:
            pile.hear(message, MANNERS.get(message.name), now)
        elif message.name == "login":
            self._login(message, now)
        else:
            self._strange_frame(message, now)

    def quick(self, data: bytes, now: float) -> bytes | None:
        """A read that is one heartbeat, of the only pile here and held by nobody, is answered without being decoded.

        Few objects are touched on the way: with thousands of piles the time goes into fetching them from memory.
        """
        if len(data) != HEARTBEAT_SIZE or data[4:13] != self._beat:
            return None
        pile = self._alone
        return pile.beat(data, now) if pile.is_quiet() and self._framer.takes(data) else None

    def damaged(self, damage: Damage, now: float) -> None:
        """Bytes that made no frame: nobody knows which of the piles here sent them."""
        for pile in self.piles.values():
            pile.hear_damage(damage)
        if not self.piles and self._counts():
            self.platform.door.frame(PILE, damage.raw, damage.reason)
            self._at_door("unreadable", f"{damage.reason} {damage.raw[:32].hex().upper()}")

    def woken(self, now: float) -> None:
        """Look for piles of which nothing was heard, and for what is due for the others."""
        for pile in tuple(self.piles.values()):
            if now >= pile.heard_at + SILENCE:
                pile.link("offline", f"nothing for {SILENCE:.0f} s")
                self.leave(pile)
            else:
                pile.look(now)
        if not self.piles and now >= self._heard_at + SILENCE:
            self.session.close()
        self._arm()

    def next_deadline(self) -> float | None:
        """When the silence would be too long; frames since then make it later, which the next look finds."""
        return self._due

    def lost(self, now: float) -> None:
        """The connection is gone."""
        for pile in tuple(self.piles.values()):
            pile.link("lost")
            self.leave(pile, close=False)
        self.platform.connections.discard(self)

    def leave(self, pile: PileState, close: bool = True) -> None:
        """A pile is logged in here no more; the last one takes the connection with it."""
        self.piles.pop(pile.code, None)
        self._look_who_is_here()
        pile.logged_out()
        if close and not self.piles:
            self.session.close()

    def _login(self, message: Message, now: float) -> None:
        pile = self.platform.piles.get(message.values.pile_code)
        if pile is None:
            self._refuse(message, now)
            return
        if pile.refuses_login():
            self._refuse_once(pile, message, now)
            return
        if pile.connection is not None:
            older = pile.connection
            pile.link("replaced", f"by {self.session.peer}")
            older.leave(pile)
        self.piles[pile.code] = pile
        self._look_who_is_here()
        pile.logged_in(self, now)
        self._arm()
        pile.hear(message, MANNERS["login"], now)

    def _look_who_is_here(self) -> None:
        self._beat = b""
        if len(self.piles) == 1:
            self._alone = next(iter(self.piles.values()))
            self._beat = bytes((0, HEARTBEAT)) + bytes.fromhex(self._alone.code)

    def _refuse(self, message: Message, now: float) -> None:
        """Unknown code: answered so, told, and closed when nobody else is here (R-LG-3)."""
        self._heard_at = now
        code = message.values.pile_code
        self.platform.door.frame(PILE, message.raw)
        values = {"pile_code": code, "login_result": 1}
        self.platform.door.frame(PLATFORM, self.session.send("login_reply", values, message.serial))
        self._at_door("refused", code)
        if not self.piles:
            self.session.close()

    def _refuse_once(self, pile: PileState, message: Message, now: float) -> None:
        """A run wants this login refused: what was there before is not the pile's any more, as at any login."""
        self._heard_at = now
        if pile.connection is not None:
            older = pile.connection
            pile.link("replaced", f"by {self.session.peer}")
            older.leave(pile)
        raw = self.session.send("login_reply", {"pile_code": pile.code, "login_result": 1}, message.serial)
        pile.login_refused(message, raw)
        if not self.piles:
            self.session.close()

    def _strange_frame(self, message: Message, now: float) -> None:
        """A frame for a pile that is not logged in here: kept, not answered (R-LG-2). Unknown types name no pile."""
        if len(self.piles) == 1 and not hasattr(message.values, "pile_code"):
            next(iter(self.piles.values())).hear(message, None, now)
            return
        self._heard_at = now
        if self._counts():
            self.platform.door.frame(PILE, message.raw)
            code = getattr(message.values, "pile_code", "")
            self._keep_for_pile(code, message)
            self._at_door("no_login", f"{message.name or 'unknown type'} of pile {code} before its login")

    def _keep_for_pile(self, code: str, message: Message) -> None:
        """What a known pile says before its login, or the only pile here under another code: kept for its audit."""
        pile = self.platform.piles.get(code)
        if pile is not None and pile.connection is None:
            if self._strange == 1:
                pile.journal.event(LinkChanged("connected", self.session.peer))
            pile.journal.frame(PILE, message.raw)
        elif len(self.piles) == 1:
            next(iter(self.piles.values())).journal.frame(PILE, message.raw)

    def _counts(self) -> bool:
        self._strange += 1
        return self._strange <= MOST_STRANGERS

    def _at_door(self, what: str, detail: str) -> None:
        self.platform.at_door(LinkChanged(what, self.session.peer, detail))

    def _arm(self) -> None:
        heard = min((pile.heard_at for pile in self.piles.values()), default=self._heard_at)
        self._due = heard + SILENCE
