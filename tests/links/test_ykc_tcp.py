"""The YKC port over real sockets."""

import random
import socket
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import protocol
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol

from harness.core.errors import PersonError
from harness.core.journal import Journal, Memory
from harness.core.message import Message
from harness.links import LINKS
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import RealClock
from harness.links.ykc_tcp import YkcLink
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import Framer, RawFrame
from harness.protocols.ykc.platform import Platform
from tests.helpers.wire import PILE, PROFILE

HEARTBEAT = CATALOGUE.encode("heartbeat", {"pile_code": PILE, "gun_no": "01"}, b"\x1a\x03")
LOGIN = CATALOGUE.encode("login", {"pile_code": PILE, "gun_count": 2})


class Caller(protocol.Protocol):
    """The far end of a socket: keeps frames, and lets a test wait for what it wants to see."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.gone = False
        self._framer = Framer()
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def dataReceived(self, data: bytes) -> None:
        for item in self._framer.feed(data, 0.0):
            assert isinstance(item, RawFrame)
            message = CATALOGUE.decode(item.raw)
            assert isinstance(message, Message)
            self.messages.append(message)
        self._look()

    def connectionLost(self, reason: Any = None) -> None:
        self.gone = True
        self._look()

    def until(self, wanted: Callable[[], bool]) -> Deferred[None]:
        deferred: Deferred[None] = Deferred()
        self._waiting.append((wanted, deferred))
        self._look()
        return deferred

    def named(self, name: str) -> list[Message]:
        return [message for message in self.messages if message.name == name]

    def hang_up(self) -> Deferred[None]:
        self.transport.loseConnection()
        return self.until(lambda: self.gone)

    def _look(self) -> None:
        for wanted, deferred in tuple(self._waiting):
            if wanted():
                self._waiting.remove((wanted, deferred))
                deferred.callback(None)


class Served:
    """A live port with its platform; journals in memory."""

    def __init__(self) -> None:
        self.clock = RealClock(loop)
        self.memory = Memory()
        self.platform = Platform(
            self.clock, [PROFILE], journal_for=lambda key: Journal(key, self.clock, (self.memory,))
        )
        self.link: YkcLink = LINKS["ykc"](reactor, self.platform, self.clock, "127.0.0.1", 0)

    async def call(self) -> Caller:
        return await connectProtocol(TCP4ClientEndpoint(reactor, *self.link.address), Caller())

    async def close(self) -> None:
        self.platform.close()
        await self.link.close()
        self.clock.close()


@pytest.fixture
def served() -> Served:
    return Served()


async def test_a_pile_logs_in_and_its_heartbeat_is_answered_with_its_own_serial(served: Served) -> None:
    caller = await served.call()
    caller.transport.write(LOGIN + HEARTBEAT)
    await caller.until(lambda: bool(caller.named("heartbeat_reply")))
    assert [message.name for message in caller.messages] == ["login_reply", "time_sync", "heartbeat_reply"]
    assert caller.messages[-1].serial == b"\x1a\x03"
    await caller.hang_up()
    await served.close()


async def test_an_unknown_pile_hears_why_before_the_connection_closes(served: Served) -> None:
    caller = await served.call()
    caller.transport.write(CATALOGUE.encode("login", {"pile_code": "99999999999999"}))
    await caller.until(lambda: caller.gone)
    assert [message.values.login_result for message in caller.messages] == [1]
    await served.close()


async def test_a_port_that_is_taken_is_one_clear_sentence(served: Served) -> None:
    host, port = served.link.address
    with pytest.raises(PersonError, match=f"cannot open the port for piles 127.0.0.1:{port}: Address already in use"):
        LINKS["ykc"](reactor, served.platform, served.clock, host, port)
    await served.close()


async def test_while_paused_nothing_is_read_and_nothing_is_lost(served: Served) -> None:
    caller = await served.call()
    caller.transport.write(LOGIN)
    await caller.until(lambda: bool(caller.named("time_sync")))
    served.link.set_paused(True)
    caller.transport.write(HEARTBEAT * 3)
    other = await served.call()
    other.transport.write(CATALOGUE.encode("login", {"pile_code": "99999999999999"}))
    seen = len(served.memory.records)
    paused: Deferred[None] = Deferred()
    reactor.callLater(0.1, paused.callback, None)
    await paused
    assert len([r for r in served.memory.records[seen:] if hasattr(r, "raw")]) == 0
    served.link.set_paused(False)
    await caller.until(lambda: len(caller.named("heartbeat_reply")) == 3)
    await other.until(lambda: other.gone)
    await caller.hang_up()
    await served.close()


async def test_a_reader_that_stops_reading_gets_everything_once_it_reads_again(served: Served) -> None:
    caller = await served.call()
    caller.transport.getHandle().setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    caller.transport.write(LOGIN)
    await caller.until(lambda: bool(caller.named("time_sync")))
    caller.transport.pauseProducing()
    for number in range(3000):
        served.platform.piles[PILE].send("realtime_read", {"gun_no": f"{number % 2 + 1:02d}"})
    served.platform.piles[PILE].send("remote_stop", {"gun_no": "01"})
    caller.transport.resumeProducing()
    await caller.until(lambda: bool(caller.named("remote_stop")))
    serials = [int.from_bytes(message.serial, "little") for message in caller.named("realtime_read")]
    assert serials == list(range(1, 3001))
    await caller.hang_up()
    await served.close()


@pytest.mark.parametrize("seed", range(4))
async def test_random_bytes_do_not_keep_the_server_from_a_good_pile(served: Served, seed: int) -> None:
    chance = random.Random(seed)
    good = await served.call()
    good.transport.write(LOGIN)
    vandals = [await served.call() for _ in range(5)]
    for _ in range(40):
        vandal = chance.choice(vandals)
        if not vandal.gone:
            vandal.transport.write(rubbish(chance))
        good.transport.write(HEARTBEAT)
    await good.until(lambda: len(good.named("heartbeat_reply")) == 40)
    late = await served.call()
    late.transport.write(rubbish(chance).replace(b"h", b"H") + LOGIN + HEARTBEAT)
    await late.until(lambda: bool(late.named("heartbeat_reply")))
    assert good.gone or await good.until(lambda: good.gone) is None
    for caller in (*vandals, late):
        await caller.hang_up()
    await served.close()


def rubbish(chance: random.Random) -> bytes:
    """Noise, pieces of frames, frames with a flipped bit, frames that no pile may send."""
    some = CATALOGUE.by_name(chance.choice([frame.name for frame in CATALOGUE]))
    frame = bytearray(CATALOGUE.encode(some.name, some.sample(), chance.randbytes(2)))
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 400))
    if kind == 1:
        return bytes(frame[: chance.randrange(1, len(frame))])
    if kind == 2:
        frame[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)
    return bytes(frame)
