"""A simulated pile over a real socket, its firmware over real FTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from harness.core.clock import PausableClock
from harness.core.pile import PileProfile
from harness.links.pile_ftp import fetcher
from harness.links.pile_tcp import PileTcp
from harness.links.reactor import reactor
from harness.sim.hands import Hands
from harness.sim.ykc.faults import changes
from harness.sim.ykc.pile import Pile

CLOCK_OFF = timedelta(seconds=30)  # a pile that was in a box: its clock is a little wrong until it is told


class VirtualPile:
    """One simulated pile and the hands that act on it."""

    def __init__(
        self,
        profile: PileProfile,
        clock: PausableClock,
        host: str,
        port: int,
        seed: int,
        faults: Sequence[str],
        timezone: str,
        dialects: Sequence[str] = (),
        on_failed: Callable[[str], None] = lambda why: None,
    ) -> None:
        self.profile = profile
        self._clock = clock
        self._tcp = PileTcp(reactor, clock, host, port, on_failed)
        local = clock.wall().astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
        self.pile = Pile(
            profile,
            now=clock.monotonic(),
            local_time=local - CLOCK_OFF,
            seed=seed,
            dial=self._tcp.dial,
            fetch=fetcher(reactor, clock, self._tcp.settle),
            faults=changes(dialects, faults),
        )
        self.hands = Hands(self.pile, self._tcp.settle)

    def power_on(self) -> None:
        """The pile dials."""
        self._tcp.carry(self.pile)
        self.pile.start(self._clock.monotonic())
        self._tcp.settle()

    def now(self) -> float:
        """The moment it is, on the pile's clock scale."""
        return self._clock.monotonic()

    def settle(self) -> None:
        """Something was done to the pile from outside."""
        self._tcp.settle()

    def power_off(self) -> None:
        """The pile is no more."""
        self._tcp.close()
