"""The platform: what outlives a connection, and who may enter. Many piles at once, one run per gun."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from harness.core.clock import Clock
from harness.core.errors import PersonError
from harness.core.journal import PILE, PLATFORM, Journal, LinkChanged
from harness.core.message import Message
from harness.core.pile import PileProfile
from harness.core.ports import Listener
from harness.protocols.ykc.bench import GunBench, Publisher
from harness.protocols.ykc.cards import Nobody, Registered
from harness.protocols.ykc.connection import Connection
from harness.protocols.ykc.piles import HeldError, PileState
from harness.protocols.ykc.session import Session

MOST_RECORDS = 10_000  # transaction serials remembered, so that a repeated record counts once
MOST_SIGHTINGS = 100
MOST_RUNNING = 9999
QR_PREFIX = "https://pile.example/q/"

Watcher = Callable[[str, LinkChanged], None]


class Leftover(NamedTuple):
    """A charge that a killed process left behind: where its frames belong, whom to tell of its record."""

    journal: Journal
    settled: Callable[[str], None] | None


class Platform:
    """All registered piles. `journal_for` gives each its own journal; that of "" keeps what belongs to no pile.

    `watchers` hear of every change of a link, with the pile code ("" for strangers); `sightings` are the last of those
    at the door.
    """

    def __init__(
        self,
        clock: Clock,
        piles: Iterable[PileProfile],
        registered: Registered | None = None,
        *,
        timezone: str = "Asia/Shanghai",
        journal_for: Callable[[str], Journal],
        publisher: Publisher | None = None,
        qr_prefix: str = QR_PREFIX,
    ) -> None:
        self.clock = clock
        self.now = clock.monotonic
        self.registered: Registered = registered or Nobody()
        self.publisher = publisher
        self.qr_prefix = qr_prefix
        self.piles = {profile.pile_code: PileState(self, profile, journal_for(profile.pile_code)) for profile in piles}
        self.connections: set[Connection] = set()
        self.leftovers: dict[str, Leftover] = {}
        self.watchers: list[Watcher] = []
        self.sightings: deque[LinkChanged] = deque(maxlen=MOST_SIGHTINGS)
        self._journal_for = journal_for
        self._zone = ZoneInfo(timezone)
        self._running = 0
        self._records: dict[str, None] = {}

    # Connections

    def connect(self, write: Callable[[bytes], None], close: Callable[[], None], peer: str = "") -> Session:
        """A new connection; the link hands the session its bytes and drives it."""
        session = Session("platform", write, close, peer)
        connection = Connection(self, session, self.now())
        session.owner = connection
        session.quick = connection.quick
        self.connections.add(connection)
        self.at_door(LinkChanged("connected", peer))
        return session

    @cached_property
    def door(self) -> Journal:
        """The journal of what belongs to no pile."""
        return self._journal_for("")

    def at_door(self, event: LinkChanged) -> None:
        """Something happened that belongs to no pile."""
        self.door.event(event)
        self.sightings.append(event)
        self.watch("", event)

    def watch(self, pile_code: str, event: LinkChanged) -> None:
        """Tell those who only look on."""
        for watcher in self.watchers:
            watcher(pile_code, event)

    def close(self) -> None:
        """Close all connections and let no timer ring any more."""
        for connection in tuple(self.connections):
            connection.session.close()
        for pile in self.piles.values():
            pile.stop()

    # Piles come and go

    def register(self, profile: PileProfile) -> None:
        """A pile may log in from now on; one that is known already gets its new profile, with its guns."""
        pile = self.piles.get(profile.pile_code)
        if pile is None:
            code = profile.pile_code
            self.piles[code] = PileState(self, profile, self._journal_for(code))
        else:
            pile.becomes(profile)

    def forget(self, pile_code: str) -> None:
        """A pile may not log in any more; who is connected has to go."""
        pile = self.piles.pop(pile_code, None)
        if pile is None:
            return
        connection = pile.connection
        if connection is not None:
            pile.link("lost", "not registered any more")
            connection.leave(pile)
        pile.stop()

    # Runs

    def hold(
        self, pile_code: str, gun_no: str, journal: Journal, listener: Listener, whole_pile: bool = False
    ) -> GunBench:
        """Give a gun, or the whole pile, to a run; HeldError when somebody else has it."""
        pile = self._known(pile_code, gun_no)
        for hold in pile.holds:
            if whole_pile or hold.whole_pile or hold.gun_no == gun_no:
                what, was = ("pile", "整桩") if hold.whole_pile else (f"gun {hold.gun_no}", f"{hold.gun_no} 枪")
                raise HeldError(
                    f"pile {pile_code}: another run holds the {what}; wait until it has ended",
                    f"桩 {pile_code}：另一次联调正占用{was}，请等它结束",
                )
        return GunBench(pile, gun_no, journal, listener, whole_pile)

    def online(self, pile_code: str) -> bool:
        """Is the pile logged in?"""
        pile = self.piles.get(pile_code)
        return pile is not None and pile.connection is not None

    def new_serial(self, pile_code: str, gun_no: str) -> str:
        """A fresh transaction serial: pile, gun, platform time, running number (R-TS-1)."""
        self._running = self._running % MOST_RUNNING + 1
        return f"{pile_code}{gun_no}{self.local_now():%y%m%d%H%M%S}{self._running:04d}"

    def local_now(self) -> datetime:
        """Platform time, local and naive."""
        return self.clock.wall().astimezone(self._zone).replace(tzinfo=None)

    # Records and leftovers

    def count_record(self, pile: PileState, message: Message, confirmed: bytes) -> None:
        """A record arrived and was confirmed: it counts once, however often it comes."""
        serial = message.values.transaction_serial
        if serial not in self._records:
            pile.records += 1
            self._records[serial] = None
            if len(self._records) > MOST_RECORDS:
                del self._records[next(iter(self._records))]
        leftover = self.leftovers.pop(serial, None)
        if leftover is not None:
            leftover.journal.frame(PILE, message.raw)
            leftover.journal.frame(PLATFORM, confirmed)
            if leftover.settled is not None:
                leftover.settled(serial)

    def adopt(self, serial: str, journal: Journal, settled: Callable[[str], None] | None = None) -> None:
        """Take over a charge of a run whose process was killed: it is stopped when it shows, its record kept there."""
        self.leftovers[serial] = Leftover(journal, settled)

    def stop_leftover(self, pile: PileState, message: Message) -> None:
        """A gun reports charging: under the serial of such a run it is stopped, each time it says so."""
        leftover = self.leftovers.get(message.values.transaction_serial)
        if leftover is not None:
            leftover.journal.frame(PILE, message.raw)
            kept = pile.send("remote_stop", {"gun_no": message.values.gun_no})
            leftover.journal.frame(PLATFORM, kept.raw)

    def _known(self, pile_code: str, gun_no: str) -> PileState:
        pile = self.piles.get(pile_code)
        if pile is None:
            raise PersonError(
                f"pile {pile_code} is not registered; add its profile", f"桩 {pile_code} 未登记，请添加它的档案"
            )
        if gun_no not in pile.guns:
            raise PersonError(
                f"pile {pile_code} has no gun {gun_no}; it has {', '.join(pile.guns)}",
                f"桩 {pile_code} 没有 {gun_no} 枪，只有 {'、'.join(pile.guns)}",
            )
        return pile
