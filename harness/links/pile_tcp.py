"""The pile's end of a real socket, for simulated piles: dials when the pile asks, carries bytes and deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet import error as errors
from twisted.internet import protocol

from harness.core.clock import Clock
from harness.core.driven import Alarm

DIAL_TIMEOUT = 10  # real seconds until a connection counts as not made
FAILURES = (
    (errors.DNSLookupError, "unresolved"),
    (errors.ConnectionRefusedError, "refused"),
    (errors.TimeoutError, "timeout"),
    (errors.TCPTimedOutError, "timeout"),
    (errors.NoRouteError, "unreachable"),
)


class End(Protocol):
    """A pile's end of one connection: a Session."""

    def receive(self, data: bytes, now: float) -> None: ...
    def lost(self, now: float) -> None: ...


class Caller(Protocol):
    """A pile as it is carried: it asks for connections by the `dial` it was given."""

    def connected(self, write: Callable[[bytes], None], close: Callable[[], None], now: float) -> End: ...
    def failed(self, now: float) -> None: ...
    def wake(self, now: float) -> None: ...
    def next_deadline(self) -> float | None: ...


class PileTcp:
    """Carries one pile: make it, give its `dial` to the pile, then `carry(pile)`."""

    def __init__(
        self, reactor: Any, clock: Clock, host: str, port: int, on_failed: Callable[[str], None] = lambda why: None
    ) -> None:
        self._reactor = reactor
        self._clock = clock
        self._host = host
        self._port = port
        self._on_failed = on_failed
        self._call: Any = None
        self._closed = False
        self.pile: Caller | None = None
        self.alarm: Alarm | None = None

    def carry(self, pile: Caller) -> None:
        """From now on this pile is carried."""
        self.pile = pile
        self.alarm = Alarm(self._clock, pile)
        self.alarm.settle()

    def dial(self) -> None:
        """Connect; the pile hears `connected`, or `failed` when nobody answers."""
        if not self._closed:
            self._hang_up()
            factory = CallerFactory(self)
            self._call = self._reactor.connectTCP(self._host, self._port, factory, timeout=DIAL_TIMEOUT)

    def settle(self) -> None:
        """Call after anything was done to the pile from outside: its deadlines may have moved."""
        if self.alarm is not None and not self._closed:
            self.alarm.settle()

    def close(self) -> None:
        """The pile is no more."""
        self._closed = True
        if self.alarm is not None:
            self.alarm.cancel()
        self._hang_up()

    def _hang_up(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.disconnect()

    def now(self) -> float:
        """The time of the clock."""
        return self._clock.monotonic()

    def tell_failed(self, error: BaseException | None = None) -> None:
        """The connection was never made."""
        if self.pile is not None and not self._closed:
            self._on_failed(why_failed(error))
            self.pile.failed(self.now())
            self.settle()


def why_failed(error: BaseException | None) -> str:
    """Why a connection was not made: unresolved, refused, timeout, unreachable, or what the system says."""
    for kind, name in FAILURES:
        if isinstance(error, kind):
            return name
    return str(error)


class CallerProtocol(protocol.Protocol):
    """One connection of a simulated pile: bytes and their end go to its session."""

    carrier: PileTcp
    end: End | None = None

    def connectionMade(self) -> None:
        transport: Any = self.transport
        carrier = self.carrier
        if carrier.pile is None:
            transport.abortConnection()
            return
        transport.setTcpNoDelay(True)
        self.end = carrier.pile.connected(transport.write, transport.loseConnection, carrier.now())
        carrier.settle()

    def dataReceived(self, data: bytes) -> None:
        if self.end is not None:
            self.end.receive(data, self.carrier.now())
            self.carrier.settle()

    def connectionLost(self, reason: Any = None) -> None:
        if self.end is not None:
            self.end.lost(self.carrier.now())
            self.carrier.settle()


class CallerFactory(protocol.ClientFactory):
    """One attempt to connect."""

    noisy = False

    def __init__(self, carrier: PileTcp) -> None:
        self._carrier = carrier

    def buildProtocol(self, addr: Any) -> Any:
        caller = CallerProtocol()
        caller.carrier = self._carrier
        return caller

    def clientConnectionFailed(self, connector: Any, reason: Any) -> None:
        self._carrier.tell_failed(getattr(reason, "value", None))
