"""The platform misbehaves towards one pile because a run wants it, and takes that back by the end of the run.

withhold, delay    one kind of reply; what is still withheld when it ends is sent then, so that nothing is left open
refuse_login       the next login is answered no, and the connection closed
split              a frame leaves in pieces; what comes after it waits its turn
the rest           is done and over

Each deed stands in the journals as Misbehaved. What concerns the connection needs the whole pile, and a connection that
no other pile shares: nobody else is touched.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.core import mischief
from harness.core.clock import Clock, Timer
from harness.core.errors import PersonError
from harness.core.journal import Journal, Misbehaved
from harness.core.mischief import Mischief
from harness.core.ports import Offline
from harness.protocols.ykc.crc import crc
from harness.protocols.ykc.tariffs import dearer_tariff

if TYPE_CHECKING:
    from harness.protocols.ykc.bench import GunBench
    from harness.protocols.ykc.piles import Kept, PileState
    from harness.protocols.ykc.session import Session

NOISE = bytes.fromhex("00FF55AA0D0A4154")  # as a modem may leave it; no byte in it begins a frame
OF_A_GUN = ("transaction_record_confirm", "start_confirm")  # replies that concern one gun alone
OF_THE_LINE = (mischief.CUT, mischief.SPLIT, mischief.RUBBISH, mischief.WRONG_CRC)
BODY = slice(6, -2)

Write = Callable[[bytes], None]


def commit(bench: GunBench, deed: Mischief) -> int:
    """Do it, or begin to; gives the number of the frame that was sent in the run's journal, 0 without one."""
    _check(bench, deed)
    if deed.what in mischief.LASTING:
        bench.behave()
        bench.lasting = Lasting(bench, deed)
        return 0
    return DEEDS[deed.what](bench, deed)


def _check(bench: GunBench, deed: Mischief) -> None:
    """PersonError for what would touch others than the run's own gun or pile."""
    own = deed.what in (mischief.REPEAT, mischief.UNTIMELY) or deed.frame in OF_A_GUN
    if not own and not bench.whole_pile:
        what = f"{deed.what} {deed.frame}".strip()
        raise PersonError(
            f"the misbehaviour {what} concerns the whole pile; write `holds: pile` in the case",
            f"{what} 涉及整桩，请在场景里写 holds: pile",
        )
    connection = bench.pile.connection
    if deed.what in OF_THE_LINE and connection is not None and len(connection.piles) > 1:
        raise PersonError(
            "other piles share this pile's connection; it is left alone", "这条连接上还有别的桩，平台不动它"
        )


class Lasting:
    """Replies that are withheld or late, or logins that are refused, for a run's gun or its whole pile."""

    def __init__(self, bench: GunBench, deed: Mischief) -> None:
        self.deed = deed
        self._pile = bench.pile
        self._gun_no = "" if bench.whole_pile else bench.gun_no
        self._done: dict[str, int] = {}  # how often, for each gun
        self._owed: dict[bytes, tuple[Session, bytes, str]] = {}  # withheld, by their bodies
        self._late: list[Late] = []
        self._tell("begun")

    def keeps_back(self, name: str, raw: bytes, gun_no: str) -> bool:
        """Is a reply that is about to leave withheld, or to leave later?"""
        if name != self.deed.frame or self._gun_no not in ("", gun_no):
            return False
        connection = self._pile.connection
        if connection is None or not self._once_more(gun_no):
            self._owed.pop(raw[BODY], None)
            return False
        if self.deed.what == mischief.DELAY:
            self._late.append(Late(self._pile, connection.session, raw, gun_no, self.deed.seconds))
        else:
            self._owed[raw[BODY]] = connection.session, raw, gun_no
        self._tell("done", gun_no, lambda journal: (journal.last,))
        return True

    def refuses(self) -> bool:
        """Is the login that has just come refused?"""
        return self.deed.what == mischief.REFUSE_LOGIN and self._once_more("")

    def tell_refused(self, kept: Kept) -> None:
        """A login was refused by this reply."""
        self._tell("done", "", kept.number_in)

    def end(self) -> None:
        """It is over: what is withheld or on its way leaves now, unless the connection is another by now."""
        for late in self._late:
            late.now()
        for session, raw, gun_no in self._owed.values():
            send_as_is(self._pile, session, raw, gun_no)
        self._late, self._owed = [], {}
        self._tell("ended")

    def _once_more(self, gun_no: str) -> bool:
        done = self._done.get(gun_no, 0)
        self._done[gun_no] = done + 1
        return done < self.deed.times

    def _tell(
        self, state: str, gun_no: str = "", frames: Callable[[Journal], tuple[int, ...]] = lambda journal: ()
    ) -> None:
        deed = self.deed
        self._pile.tell(
            lambda journal: Misbehaved(
                what=deed.what,
                state=state,
                frame=deed.frame,
                gun_no=gun_no or self._gun_no,
                seconds=deed.seconds,
                frames=frames(journal),
            ),
            gun_no or self._gun_no,
        )


class Late:
    """A reply on its way: it leaves when its time has come, or before that when the misbehaviour ends."""

    def __init__(self, pile: PileState, session: Session, raw: bytes, gun_no: str, seconds: float) -> None:
        self._pile, self._session, self._raw, self._gun_no = pile, session, raw, gun_no
        clock = pile.platform.clock
        self._timer: Timer | None = clock.call_at(clock.monotonic() + seconds, self.now)

    def now(self) -> None:
        """Let it leave, once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            send_as_is(self._pile, self._session, self._raw, self._gun_no)


def send_as_is(pile: PileState, session: Session, raw: bytes, gun_no: str) -> None:
    """Send a frame that is already made, if that connection is still the pile's."""
    if pile.connection is not None and pile.connection.session is session and not session.closed:
        session.send_raw(raw)
        pile.keep_sent(raw, gun_no)


class Trickle:
    """Bytes of one session that leave in pieces with time between; all that is sent meanwhile waits behind them."""

    def __init__(self, clock: Clock, session: Session, data: bytes, pieces: int, seconds: float) -> None:
        self._clock = clock
        self._session = session
        self._seconds = seconds
        size = -(-len(data) // max(pieces, 1))
        self._waiting = deque(data[start : start + size] for start in range(0, len(data), size))
        self._write: Write | None = session.divert(self._waiting.append)
        self._timer: Timer | None = None
        self._next()

    def end(self) -> None:
        """All that waits leaves now."""
        if self._timer is not None:
            self._timer.cancel()
        if self._write is not None:
            self._session.divert(self._write)
            while self._waiting:
                self._write(self._waiting.popleft())
            self._write = None

    def _next(self) -> None:
        assert self._write is not None
        self._write(self._waiting.popleft())
        if self._waiting:
            self._timer = self._clock.call_at(self._clock.monotonic() + self._seconds, self._next)
        else:
            self.end()


# What is done at once


def _cut(bench: GunBench, deed: Mischief) -> int:
    session = _session(bench)
    bench.pile.tell(lambda journal: Misbehaved(what=deed.what))
    session.close()
    return 0


def _split(bench: GunBench, deed: Mischief) -> int:
    session, raw = _session(bench), bench.made(deed.frame, deed.values)
    bench.trickle = Trickle(bench.pile.platform.clock, session, raw, deed.pieces, deed.seconds)
    return _told(bench, deed, bench.pile.keep_sent(raw, bench.gun_no))


def _rubbish(bench: GunBench, deed: Mischief) -> int:
    session, raw = _session(bench), bench.made(deed.frame, deed.values)
    session.send_raw(NOISE + raw)
    bench.pile.keep_sent(NOISE, bench.gun_no, "garbage")
    return _told(bench, deed, bench.pile.keep_sent(raw, bench.gun_no))


def _wrong_crc(bench: GunBench, deed: Mischief) -> int:
    session, raw = _session(bench), spoilt(bench.made(deed.frame, deed.values))
    session.send_raw(raw)
    return _told(bench, deed, bench.pile.keep_sent(raw, bench.gun_no, "crc"))


def _repeat(bench: GunBench, deed: Mischief) -> int:
    values = bench.sent_last.get(deed.frame)
    if values is None:
        raise PersonError(
            f"{deed.frame} was not sent before, so it cannot be repeated", f"还没有发过 {deed.frame}，无法重发"
        )
    return _told(bench, deed, bench.pile.send(deed.frame, values, gun_no=bench.gun_no))


def _untimely(bench: GunBench, deed: Mischief) -> int:
    if deed.frame == "billing_model_set":
        _session(bench)
        kept = bench.pile.billing.push(dearer_tariff(bench.pile.billing.wanted))
    else:
        kept = bench.pile.send(deed.frame, bench.filled(deed.frame, deed.values), gun_no=bench.gun_no)
    return _told(bench, deed, kept)


def _session(bench: GunBench) -> Session:
    connection = bench.pile.connection
    if connection is None:
        raise Offline(bench.pile.code)
    return connection.session


def _told(bench: GunBench, deed: Mischief, kept: Kept) -> int:
    gun_no = bench.gun_no
    bench.pile.tell(
        lambda journal: Misbehaved(
            what=deed.what, frame=deed.frame, gun_no=gun_no, seconds=deed.seconds, frames=kept.number_in(journal)
        ),
        gun_no,
    )
    return kept.numbers.get(bench.journal, 0)


def spoilt(raw: bytes) -> bytes:
    """A frame whose CRC is wrong in either byte order (E-CRC)."""
    right = crc(raw[2:-2])
    swapped = right >> 8 | (right & 0xFF) << 8
    wrong = next(value for value in (right ^ 0x5AA5, right ^ 0x5AA6) if value not in (right, swapped))
    return raw[:-2] + wrong.to_bytes(2, "little")


DEEDS: dict[str, Callable[[GunBench, Mischief], int]] = {
    mischief.CUT: _cut,
    mischief.SPLIT: _split,
    mischief.RUBBISH: _rubbish,
    mischief.WRONG_CRC: _wrong_crc,
    mischief.REPEAT: _repeat,
    mischief.UNTIMELY: _untimely,
}
