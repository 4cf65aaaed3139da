"""A simulated pile over real sockets: it dials, is served, comes back, and fetches its firmware by FTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twisted.internet.defer import Deferred

from harness.core.journal import Journal, LinkChanged, Memory
from harness.core.operator import Firmware
from harness.core.pile import Items, PileProfile
from harness.links import LINKS
from harness.links.firmware_ftp import FirmwareFtp
from harness.links.pile_ftp import fetcher
from harness.links.pile_tcp import PileTcp
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import ScaledClock
from harness.protocols.ykc.platform import Platform
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.upgrade import make_firmware
from tests.helpers.wire import PILE, Ear

PROFILE = PileProfile(
    pile_code=PILE, model="M", kind="dc", power_kw=60, guns=2, program_version="V1.0", items=Items(upgrade=True)
)


class Site:
    """A platform on a port, with its firmware server, on a fast clock."""

    def __init__(self) -> None:
        self.clock = ScaledClock(loop, 50.0)
        self.memory = Memory()
        self.ftp = FirmwareFtp("127.0.0.1", 0, cross=reactor.callFromThread)
        self.platform = Platform(
            self.clock,
            [PROFILE],
            journal_for=lambda key: Journal(key, self.clock, (self.memory,)),
            publisher=self.ftp,
        )
        self.platform.watchers.append(self._watch)
        self.link = LINKS["ykc"](reactor, self.platform, self.clock, "127.0.0.1", 0)
        self.seen: list[str] = []
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def pile(self) -> PileTcp:
        carrier = PileTcp(reactor, self.clock, *self.link.address)
        fetch = fetcher(reactor, self.clock, carrier.settle)
        now, local = self.clock.monotonic(), self.platform.local_now()
        pile = Pile(PROFILE, now=now, local_time=local, dial=carrier.dial, fetch=fetch)
        carrier.carry(pile)
        pile.start(now)
        carrier.settle()
        return carrier

    def until(self, wanted: Callable[[], bool]) -> Deferred[None]:
        """Wait for what a change of the link brings."""
        deferred: Deferred[None] = Deferred()
        self._waiting.append((wanted, deferred))
        return deferred

    def _watch(self, code: str, event: LinkChanged) -> None:
        self.seen.append(event.what)
        for wanted, deferred in tuple(self._waiting):
            if wanted():
                self._waiting.remove((wanted, deferred))
                reactor.callLater(0, deferred.callback, None)

    async def close(self, carrier: PileTcp) -> None:
        gone = self.until(lambda: "lost" in self.seen) if self.platform.online(PILE) else None
        carrier.close()
        if gone is not None:
            await gone
        self.platform.close()
        await self.link.close()
        self.ftp.close()
        self.clock.close()


async def test_a_simulated_pile_logs_in_over_tcp_and_comes_back_after_a_cut() -> None:
    site = Site()
    carrier = site.pile()
    await site.until(lambda: site.seen.count("login") == 1)
    connection = site.platform.piles[PILE].connection
    assert connection is not None
    connection.session.close()
    await site.until(lambda: "relogin" in site.seen)
    assert site.seen == ["connected", "login", "lost", "connected", "relogin"]
    site.seen.clear()
    await site.close(carrier)


async def test_a_pile_that_finds_nobody_dials_until_somebody_is_there() -> None:
    site = Site()
    carrier = site.pile()
    await site.until(lambda: "login" in site.seen)
    host, port = site.link.address
    await site.link.close()
    site.link = LINKS["ykc"](reactor, site.platform, site.clock, host, port)
    await site.until(lambda: "relogin" in site.seen)
    site.seen.clear()
    await site.close(carrier)


async def test_an_upgrade_goes_over_real_ftp_and_the_pile_logs_in_with_its_new_version(tmp_path: Path) -> None:
    site = Site()
    path = tmp_path / "fw.bin"
    path.write_bytes(make_firmware("V2.0"))
    carrier = site.pile()
    await site.until(lambda: "login" in site.seen)
    ear, memory = Ear(), Memory()
    bench = site.platform.hold(PILE, "01", Journal("run", site.clock, (memory,)), ear, whole_pile=True)
    offer = bench.publish(Firmware(str(path), "V2.0"))
    bench.send(
        "remote_update",
        {
            "server_address": offer.host,
            "server_port": offer.port,
            "user_name": offer.user,
            "password": offer.password,
            "file_path": offer.path,
            "exec_control": 1,
            "download_timeout": 5,
        },
    )
    await site.until(lambda: "relogin" in site.seen)
    assert bench.program_version() == "V2.0"
    bench.release()
    site.seen.clear()
    await site.close(carrier)
