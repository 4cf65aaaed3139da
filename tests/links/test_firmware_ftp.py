"""The firmware server, fetched from as piles do."""

from __future__ import annotations

import ftplib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread

from harness.core.errors import PersonError
from harness.core.journal import FileFetch
from harness.core.operator import Firmware
from harness.core.ports import Offer
from harness.links.firmware_ftp import FirmwareFtp
from harness.links.pile_ftp import fetch_file, fetcher
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import RealClock

SIZE = 300_000


class Watch:
    """What was told about a file; tests wait until it holds what they want."""

    def __init__(self) -> None:
        self.events: list[FileFetch] = []
        self._waiting: list[tuple[str, Deferred[None]]] = []

    def __call__(self, event: FileFetch) -> None:
        self.events.append(event)
        for what, deferred in tuple(self._waiting):
            if what == event.what:
                self._waiting.remove((what, deferred))
                deferred.callback(None)

    def until(self, what: str) -> Deferred[None]:
        deferred: Deferred[None] = Deferred()
        if what in self.whats():
            deferred.callback(None)
        else:
            self._waiting.append((what, deferred))
        return deferred

    def whats(self) -> list[str]:
        return [event.what for event in self.events]


@pytest.fixture
def firmware(tmp_path: Path) -> Firmware:
    path = tmp_path / "fw.bin"
    path.write_bytes(bytes(range(256)) * (SIZE // 256 + 1))
    return Firmware(str(path), "V2.0")


def server(**options: Any) -> FirmwareFtp:
    return FirmwareFtp("127.0.0.1", 0, cross=reactor.callFromThread, **options)


async def test_a_pile_fetches_its_file_and_every_step_is_told(firmware: Firmware) -> None:
    moving: list[bool] = []
    ftp, watch = server(moving=moving.append), Watch()
    offer = ftp.publish(firmware, watch)
    assert (len(offer.user) <= 16, len(offer.password) <= 16, len(offer.path) <= 32) == (True, True, True)
    data = await deferToThread(fetch_file, offer)
    assert data == Path(firmware.path).read_bytes()
    await watch.until("disconnected")
    assert watch.whats() == ["connected", "login", "opened", "sent", "disconnected"]
    sent = watch.events[3]
    assert (sent.user, sent.path, sent.size) == (offer.user, offer.path, offer.size)
    assert moving == [True, False]
    ftp.close()


async def test_a_wrong_password_is_told_and_lets_nobody_in(firmware: Firmware) -> None:
    ftp, watch = server(), Watch()
    offer = ftp.publish(firmware, watch)
    wrong = Offer(offer.host, offer.port, offer.user, "guess", offer.path, offer.size)
    with pytest.raises(ftplib.error_perm):
        await deferToThread(fetch_file, wrong)
    await watch.until("login_failed")
    ftp.close()


async def test_anonymous_is_not_let_in(firmware: Firmware) -> None:
    ftp, watch = server(), Watch()
    offer = ftp.publish(firmware, watch)
    with pytest.raises(ftplib.error_perm):
        await deferToThread(fetch_file, Offer(offer.host, offer.port, "anonymous", "x", offer.path, 0))
    await watch.until("login_failed")
    ftp.close()


def cut_short(offer: Offer) -> None:
    with ftplib.FTP() as ftp:
        ftp.connect(offer.host, offer.port)
        ftp.login(offer.user, offer.password)
        with ftp.transfercmd(f"RETR {offer.path}") as data:
            data.recv(1000)
        with pytest.raises(ftplib.error_temp, match="426"):
            ftp.voidresp()


async def test_a_download_cut_short_is_partial_with_the_bytes_that_left(tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(bytes(20_000_000))
    ftp, watch = server(), Watch()
    offer = ftp.publish(Firmware(str(path), "V2"), watch)
    await deferToThread(cut_short, offer)
    await watch.until("partial")
    assert 0 < watch.events[watch.whats().index("partial")].size < 20_000_000
    ftp.close()


def names_seen(offer: Offer) -> list[str]:
    with ftplib.FTP() as ftp:
        ftp.connect(offer.host, offer.port)
        ftp.login(offer.user, offer.password)
        return ftp.nlst()


def forbidden(act: Callable[[ftplib.FTP], object], offer: Offer) -> str:
    with ftplib.FTP() as ftp:
        ftp.connect(offer.host, offer.port)
        ftp.login(offer.user, offer.password)
        with pytest.raises(ftplib.error_perm) as refused:
            act(ftp)
        return str(refused.value)


async def test_each_upgrade_sees_only_its_own_file_and_may_change_nothing(firmware: Firmware) -> None:
    ftp = server()
    one, two = ftp.publish(firmware, Watch()), ftp.publish(firmware, Watch())
    assert one.user != two.user
    assert await deferToThread(names_seen, one) == ["fw.bin"]
    for act in (
        lambda ftp: ftp.retrbinary(f"RETR ../{two.user}/fw.bin", lambda data: None),
        lambda ftp: ftp.storbinary("STOR new.bin", io.BytesIO(b"x")),
        lambda ftp: ftp.delete("fw.bin"),
    ):
        assert (await deferToThread(forbidden, act, one)).startswith("550")
    ftp.close()


async def test_a_file_that_is_not_there_is_refused_and_told(firmware: Firmware) -> None:
    ftp, watch = server(), Watch()
    offer = ftp.publish(firmware, watch)
    with pytest.raises(ftplib.error_perm):
        await deferToThread(fetch_file, Offer(offer.host, offer.port, offer.user, offer.password, "/other.bin", 0))
    await watch.until("refused")
    ftp.close()


async def test_what_was_withdrawn_cannot_be_fetched(firmware: Firmware) -> None:
    ftp = server()
    offer = ftp.publish(firmware, Watch())
    ftp.withdraw(offer)
    with pytest.raises(ftplib.error_perm):
        await deferToThread(fetch_file, offer)
    ftp.close()


async def test_passive_ports_come_from_the_range_that_is_set(firmware: Firmware) -> None:
    ftp = server(passive_ports=range(28_000, 28_200))
    offer = ftp.publish(firmware, Watch())

    def passive_port() -> int:
        with ftplib.FTP() as client:
            client.connect(offer.host, offer.port)
            client.login(offer.user, offer.password)
            return client.makepasv()[1]

    assert await deferToThread(passive_port) in range(28_000, 28_200)
    ftp.close()


async def test_the_public_address_is_what_piles_are_told(firmware: Firmware) -> None:
    ftp = server(public_host="10.9.8.7")
    offer = ftp.publish(firmware, Watch())
    assert offer.host == "10.9.8.7"
    ftp.close()


async def test_an_address_too_long_for_the_frame_is_a_clear_error() -> None:
    with pytest.raises(PersonError, match="more than 16 characters"):
        server(public_host="firmware.charging.example")


async def test_a_file_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    ftp = server()
    with pytest.raises(PersonError, match="the firmware cannot be read"):
        ftp.publish(Firmware(str(tmp_path / "none.bin"), "V2"), Watch())
    ftp.close()


async def test_a_port_that_is_taken_is_a_clear_error() -> None:
    ftp = server()
    with pytest.raises(PersonError, match=r"firmware server \(FTP\) 127\.0\.0\.1"):
        FirmwareFtp("127.0.0.1", ftp.port, cross=reactor.callFromThread)
    ftp.close()


async def test_a_simulated_pile_fetches_in_a_thread_and_hears_of_failure(firmware: Firmware) -> None:
    ftp, clock = server(), RealClock(loop)
    offer = ftp.publish(firmware, Watch())
    fetch = fetcher(reactor, clock, lambda: None)
    got: Deferred[bytes | None] = Deferred()
    fetch(offer, lambda data, now: got.callback(data))
    assert await got == Path(firmware.path).read_bytes()
    ftp.withdraw(offer)
    failed: Deferred[bytes | None] = Deferred()
    fetch(offer, lambda data, now: failed.callback(data))
    assert await failed is None
    clock.close()
    ftp.close()
