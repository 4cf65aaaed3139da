"""Long answers over real sockets: only as fast as they are read, and nobody else waits for a slow reader."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

import web.site
from harness.links.reactor import loop, reactor
from tests.helpers.visits import LIMIT, visit
from tests.web.conftest import Desk
from web.site import DeskSite, Door, open_site, pages
from web.site.certificates import made_certificate
from web.streams import Hub

HERE = "127.0.0.1"
PIECE = bytes(64 * 1024)
PIECES = 800  # 50 MB: far more than the system keeps for a line
LOOKS = 1000
MOST_KEPT = 20 * 2**20  # bytes on their way, most of them in the system's hands


class Long:
    """A long answer that knows how much of it was made, and whether it was closed."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = Event()

    def __iter__(self) -> Iterator[bytes]:
        try:
            for _ in range(PIECES):
                self.made += len(PIECE)
                yield PIECE
        finally:
            self.closed.set()


class Reader:
    """A phone that asks for the long answer, and reads of it when it is told to."""

    def __init__(self, address: tuple[str, int], tls: ssl.SSLContext | None = None) -> None:
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        self.line.settimeout(LIMIT)
        self.line.connect(address)
        if tls is not None:
            self.line = tls.wrap_socket(self.line, server_hostname=HERE)
        self.line.sendall(b"GET /long HTTP/1.0\r\n\r\n")

    def rest(self) -> int:
        """Read to the end; gives how many bytes came."""
        return sum(map(len, iter(lambda: self.line.recv(2**20), b"")))


@pytest.fixture
def long(desk: Desk) -> list[Long]:
    """The long answers that were asked for."""
    asked: list[Long] = []

    def view() -> Any:
        asked.append(Long())
        return desk.app.response_class(iter(asked[-1]), content_type="application/octet-stream")

    desk.app.add_url_rule("/long", view_func=view)
    return asked


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow readers are known at once, and the pool is small."""
    monkeypatch.setattr(pages, "SOON", 0.01)
    for where in (pages, web.site):
        monkeypatch.setattr(where, "THREADS", (1, 2))


@pytest.fixture
def site(running_reactor: None, desk: Desk, long: list[Long], few: None) -> Iterator[DeskSite]:
    pem = made_certificate(desk.services.settings.pictures.parent / "private", [HERE], desk.clock.wall())
    opened = open_site(reactor, desk.app, Hub(desk.clock), Door(HERE, 0, "web_port"), Door(HERE, 0, "tls_port"), pem)
    yield opened
    loop.run_until_complete(opened.close().asFuture(loop))


@pytest.fixture
def readers() -> Iterator[list[Reader]]:
    here: list[Reader] = []
    yield here
    for reader in here:
        reader.line.close()


def aside(call: Callable[..., Any], *args: Any) -> Deferred[Any]:
    return deferToThread(call, *args)


def address(site: DeskSite) -> tuple[str, int]:
    assert site.http is not None
    return site.http


async def until(so: Callable[[], bool]) -> None:
    """Wait, in real time, until something is so."""
    for _ in range(LOOKS):
        if so():
            return
        await deferLater(reactor, LIMIT / LOOKS)
    raise AssertionError("it never came to that")


async def slow_ones(site: DeskSite, count: int) -> None:
    """Wait until so many readers are known to be slow."""
    await until(lambda: len(site.pages.slow) == count)


def trusting(desk: Desk) -> ssl.SSLContext:
    private = desk.services.settings.pictures.parent / "private"
    return ssl.create_default_context(cafile=str(private / "desk-certificate.pem"))


@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "tls"])
async def test_a_long_answer_is_made_only_as_fast_as_it_is_read_and_comes_whole(
    desk: Desk, site: DeskSite, long: list[Long], readers: list[Reader], over_tls: bool
) -> None:
    where = site.https if over_tls else site.http
    readers.append(await aside(Reader, where, trusting(desk) if over_tls else None))
    await slow_ones(site, 1)
    assert long[0].made < MOST_KEPT
    assert not long[0].closed.is_set()
    assert await aside(readers[0].rest) > PIECES * len(PIECE)
    assert long[0].closed.is_set()
    assert site.pages.slow == set()


async def test_a_reader_that_leaves_frees_the_thread_that_waited(
    site: DeskSite, long: list[Long], readers: list[Reader]
) -> None:
    readers.append(await aside(Reader, address(site)))
    await slow_ones(site, 1)
    readers[0].line.close()
    await slow_ones(site, 0)
    assert await aside(long[0].closed.wait, LIMIT)
    assert long[0].made < MOST_KEPT


async def test_others_do_not_wait_for_the_slow_ones(site: DeskSite, long: list[Long], readers: list[Reader]) -> None:
    for count in range(1, 4):
        readers.append(await aside(Reader, address(site)))
        await slow_ones(site, count)
    assert (await aside(visit, address(site), "/help")).code == 200


async def test_of_too_many_slow_ones_one_is_cut(
    long: list[Long], readers: list[Reader], monkeypatch: pytest.MonkeyPatch, site: DeskSite
) -> None:
    monkeypatch.setattr(pages, "MOST_SLOW", 1)
    readers.append(await aside(Reader, address(site)))
    await slow_ones(site, 1)
    readers.append(await aside(Reader, address(site)))
    # Which of the two found its line full first, nobody knows: the system may take a little more of either.
    await until(lambda: sum(answer.closed.is_set() for answer in long) == 1)
    await slow_ones(site, 1)


async def test_who_reads_nothing_for_long_is_cut_and_sees_that_it_is_not_whole(
    site: DeskSite, long: list[Long], readers: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    readers.append(await aside(Reader, address(site)))
    await until(lambda: bool(long))
    assert await aside(long[0].closed.wait, LIMIT)
    with pytest.raises(ConnectionResetError):
        await aside(readers[0].rest)


async def test_closing_waits_for_no_slow_reader(
    running_reactor: None, desk: Desk, long: list[Long], readers: list[Reader], few: None
) -> None:
    opened = open_site(reactor, desk.app, Hub(desk.clock), Door(HERE, 0, "web_port"))
    readers.append(await aside(Reader, address(opened)))
    await slow_ones(opened, 1)
    await opened.close()
    assert long[0].closed.is_set()
