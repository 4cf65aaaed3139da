"""YKC over TCP: sockets to sessions. Twisted's names stand only where Twisted calls us."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any, Protocol

from twisted.internet import protocol
from twisted.internet.error import CannotListenError

from harness.core.clock import Clock
from harness.core.driven import Alarm
from harness.core.errors import PersonError
from harness.core.pairs import Pair
from harness.links.process import ready_for_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IListeningPort

    from harness.protocols.ykc.platform import Platform
    from harness.protocols.ykc.session import Session

BACKLOG = 1024  # piles of a whole site come back in the same second


class Reactor(Protocol):
    """What is used of Twisted's reactor."""

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> Any: ...


class PileProtocol(protocol.Protocol):
    """One connection of a pile: bytes to the session, its answers back, its deadlines on the clock."""

    session: Session
    alarm: Alarm
    factory: PileFactory

    def connectionMade(self) -> None:
        transport: Any = self.transport
        transport.setTcpNoDelay(True)
        peer = transport.getPeer()
        self._send: Callable[[bytes], int] | None = transport.getHandle().send
        self._now = self.factory.clock.monotonic
        self.session = self.factory.platform.connect(self.write, transport.loseConnection, f"{peer.host}:{peer.port}")
        self._quick: Callable[[bytes, float], bytes | None] = self.session.quick or _never
        self.alarm = Alarm(self.factory.clock, self.session)
        self.alarm.settle()
        self.factory.joined(self)

    def dataReceived(self, data: bytes) -> None:
        now = self._now()
        answer = self._quick(data, now)
        if answer is not None:  # no deadline came nearer
            self.write(answer)
            return
        self.session.receive(data, now)
        self.alarm.settle()

    def connectionLost(self, reason: Any = None) -> None:
        self.factory.left(self)
        self.alarm.cancel()
        self.session.lost(self._now())

    def write(self, data: bytes) -> None:
        """Send at once while nothing is queued: half the cost of a turn through the reactor. Else queue, for good."""
        if self._send is not None:
            try:
                sent = self._send(data)
            except BlockingIOError:
                sent = 0
            except OSError:  # gone; the reactor will tell
                return
            if sent == len(data):
                return
            self._send = None
            data = data[sent:]
        transport: Any = self.transport
        transport.write(data)


class PileFactory(protocol.ServerFactory):
    """All connections of one port."""

    noisy = False

    def __init__(self, platform: Platform, clock: Clock) -> None:
        self.platform = platform
        self.clock = clock
        self.open: set[PileProtocol] = set()
        self.paused = False

    def buildProtocol(self, addr: Any) -> Any:
        link = PileProtocol()
        link.factory = self
        return link

    def joined(self, link: PileProtocol) -> None:
        """A connection; while reading is paused it waits too."""
        self.open.add(link)
        if self.paused:
            _pause(link)

    def left(self, link: PileProtocol) -> None:
        """A connection is gone."""
        self.open.discard(link)

    def set_paused(self, paused: bool) -> None:
        """Read more slowly: nothing is read from piles while paused, the kernel holds it for us."""
        if paused != self.paused:
            self.paused = paused
            for link in tuple(self.open):
                _pause(link) if paused else _resume(link)


class YkcLink:
    """An open YKC port."""

    def __init__(self, factory: PileFactory, listening: IListeningPort) -> None:
        self._factory = factory
        self._listening = listening

    @property
    def address(self) -> tuple[str, int]:
        """Host and port it listens on."""
        host: Any = self._listening.getHost()
        return host.host, host.port

    def set_paused(self, paused: bool) -> None:
        """While paused nothing is read from piles."""
        self._factory.set_paused(paused)

    def close(self) -> Deferred[None]:
        """Hear no new piles and let the connected ones go."""
        closed: Deferred[None] = _deferred(self._listening.stopListening())
        for link in tuple(self._factory.open):
            transport: Any = link.transport
            transport.abortConnection()
        return closed


def open_link(reactor: Reactor, platform: Platform, clock: Clock, host: str = "", port: int = 0) -> YkcLink:
    """Listen for piles; PersonError when the port cannot be had."""
    ready_for_many()
    factory = PileFactory(platform, clock)
    try:
        listening = reactor.listenTCP(port, factory, backlog=BACKLOG, interface=host)
    except CannotListenError as error:
        raise port_error(host, port, error.socketError) from None
    return YkcLink(factory, listening)


PILES: Pair = ("桩连接端口", "the port for piles")
PILES_CHOICE: Pair = (
    "设置 port 或 HARNESS_PORT，harness run 也可用 --listen",
    "setting port or HARNESS_PORT, in `harness run` also --listen",
)


def port_error(host: str, port: int, error: object, names: Pair = PILES, choice: Pair = PILES_CHOICE) -> PersonError:
    """Why a port cannot be had, in a sentence: what it is for, and how another one is chosen."""
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    why = why.partition("] ")[2] or why  # some libraries put "[Errno 98] " before it
    if isinstance(error, socket.gaierror):
        why = "no such address"
    where = f"{host or '0.0.0.0'}:{port}"
    zh, en = names
    return PersonError(
        f"cannot open {en} {where}: {why}; if `harness serve` or another run holds it, stop that one, "
        f"or choose another port ({choice[1]})",
        f"无法打开{zh} {where}：{why}；如果 `harness serve` 或另一次运行占用了它，请停止它，"
        f"或换一个端口（{choice[0]}）",
    )


def _never(data: bytes, now: float) -> None:
    """Nothing is answered the short way."""


def _pause(link: PileProtocol) -> None:
    transport: Any = link.transport
    transport.pauseProducing()


def _resume(link: PileProtocol) -> None:
    transport: Any = link.transport
    if not transport.disconnecting:
        transport.resumeProducing()


def _deferred(result: Any) -> Deferred[None]:
    from twisted.internet.defer import maybeDeferred

    return maybeDeferred(lambda: result)
