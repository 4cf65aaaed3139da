"""What the clock of one pile was told: real time, or a moved time so that a price boundary is near.

steer      0x56 with the moved time, 2 s later a second one; its 0x55, with the old or the new time, within 60 s
           of the moved time: moved. No second 0x55, one further off, or a reconnect within 60 s of the move: void,
           the pile does not follow, gets real time at once, and the move counts as never given.
moved      every 0x56 gives the moved time, also after a relogin, until it is to be real again and nothing charges
real       after each login, once a day, and when a move is over
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harness.core.clock import Timer
from harness.core.journal import ClockGiven, Journal
from harness.core.message import Message
from harness.core.ports import Offline
from harness.protocols.ykc.pairing import Asked
from harness.protocols.ykc.tariffs import nearest_change

if TYPE_CHECKING:
    from harness.protocols.ykc.piles import Kept, PileState

PROBE_AFTER = 2.0
REPLY_WITHIN = 10.0
TOLERANCE = timedelta(seconds=60)
STEADY_FOR = 60.0  # s after a move in which a reconnect makes it void
A_DAY = 86400.0
NOT_MOVED = timedelta(0)


class PileClock:
    """The clock of one pile; moved only while no gun of it charges."""

    __slots__ = ("_due", "_moved", "_moved_at", "_offset", "_pile", "_probe", "_real_wanted", "_timer", "ahead")

    def __init__(self, pile: PileState) -> None:
        self._pile = pile
        self._offset = NOT_MOVED
        self._moved: Kept | None = None  # the frame that moved it
        self._moved_at = 0.0
        self._probe: Message | None = None  # the second 0x56, whose answer decides
        self._timer: Timer | None = None
        self._real_wanted = False
        self._due = 0.0  # of the next daily 0x56
        self.ahead: float | None = None  # s by which its last 0x55 on this login was ahead of what it should read

    def time(self) -> datetime:
        """What the pile's clock should read now, local and naive."""
        return self._pile.platform.local_now() + self._offset

    @property
    def moved(self) -> bool:
        """Does it stand where it was moved?"""
        return bool(self._offset)

    # What happens

    def logged_in(self, now: float) -> None:
        """The pile gets the time: real, or moved while it is moved."""
        self.ahead = None
        if self._offset and now - self._moved_at < STEADY_FOR:
            self._void(f"the pile logged in again {now - self._moved_at:.0f} s after the move")
        elif self._real_wanted and not self._pile.busy(now):
            self._become_real()
        else:
            self._tell(self._give_time())
            self._pile.to_do |= self._real_wanted

    def daily(self, now: float) -> None:
        """Once a day the time again; while a run holds the whole pile that waits (R-TI-1)."""
        if now >= self._due and not self._pile.held_whole():
            self._tell(self._give_time())

    def replied(self, message: Message, asked: Asked | None) -> None:
        """0x55: only the answer to the second 0x56 of a move decides anything."""
        self._note(message)
        if self._probe is None or asked is None or asked.request.raw != self._probe.raw:
            return
        told, shown = self._probe.values.current_time.time, message.values.current_time.time
        self.stop()
        if shown is None or abs(shown - told) > TOLERANCE:
            self._void(f"0x55 shows {shown or 'no time'}, told was {told}")
        else:
            self._tell(self._moved, "moved")

    def _note(self, message: Message) -> None:
        shown = message.values.current_time.time
        if shown is not None:
            self.ahead = (shown - self.time()).total_seconds()

    def idle(self) -> None:
        """Nothing charges: real time, if that waited."""
        if self._real_wanted:
            self._become_real()

    # What a run wants

    def steer(self, lead: float, now: float) -> None:
        """Move the clock to `lead` seconds before the nearest change of price; the outcome is told."""
        pile = self._pile
        if pile.connection is None:
            raise Offline(pile.code)
        self.stop()
        if pile.charges():
            self._tell(None, "void", "a gun of the pile charges")
            return
        pile.questions.drop("time_sync_reply")
        local = pile.platform.local_now()
        self._offset = nearest_change(pile.billing.wanted, local) - timedelta(seconds=lead) - local
        self._real_wanted = False
        self._moved_at = now
        self._moved = self._give_time()
        self._timer = pile.platform.clock.call_at(now + PROBE_AFTER, self._send_probe)

    def restore(self, now: float) -> None:
        """Real time again, as soon as nothing charges."""
        self.stop()
        if self._offset:
            self._real_wanted = True
            self._pile.to_do = True
            self._pile.do_what_waited(now)

    # Steps

    def _send_probe(self) -> None:
        pile = self._pile
        self._timer = pile.platform.clock.call_at(pile.platform.now() + REPLY_WITHIN, self._no_reply)
        if pile.connection is not None:
            self._give_time()
            self._probe = pile.questions.waiting[-1].request

    def _no_reply(self) -> None:
        self._timer = None
        self._void(f"no 0x55 to the second 0x56 within {REPLY_WITHIN:.0f} s")

    def _become_real(self) -> None:
        self._offset = NOT_MOVED
        self._real_wanted = False
        self._tell(self._give_time())

    def _void(self, why: str) -> None:
        """The move counts as never given."""
        self.stop()
        self._offset = NOT_MOVED
        self._real_wanted = False
        kept = self._give_time() if self._pile.connection is not None else None
        self._tell(kept, "void", why)

    def _give_time(self) -> Kept:
        platform = self._pile.platform
        self._due = platform.now() + A_DAY
        return self._pile.send("time_sync", {"current_time": self.time()})

    def _tell(self, kept: Kept | None, what: str = "", why: str = "") -> None:
        offset = self._offset.total_seconds()
        kind = what or ("moved" if offset else "real")
        numbers = {} if kept is None else kept.numbers
        self._pile.tell(lambda journal: ClockGiven(kind, offset, numbers.get(journal, 0), why))

    def stop(self) -> None:
        """No probe is under way any more."""
        self._probe = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def brief(self, journal: Journal) -> None:
        """Tell a run that takes hold which time the pile was given."""
        offset = self._offset.total_seconds()
        journal.event(ClockGiven("moved" if offset else "real", offset))
