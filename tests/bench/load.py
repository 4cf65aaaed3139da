"""Piles that do nothing but send heartbeats and check each answer, on plain sockets and epoll, as fast as Python can.

A closed loop: each connection has one heartbeat (or one odd read) under way. What comes back must be exactly the reply
to it: serial, pile, CRC and all.
"""

from __future__ import annotations

import itertools
import random
import select
import socket
import time
from collections.abc import Iterator
from typing import NamedTuple

from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import build_frame
from tests.bench.serving import pile_code

SERIALS = 8  # different heartbeats of each pile
SAMPLE_EVERY = 7  # rounds between two whose time is taken
TIMEOUT = 30.0


class Turn(NamedTuple):
    """What a pile sends at a time, and what must come back for it."""

    sent: bytes
    wanted: bytes


class Outcome(NamedTuple):
    """What a load came to."""

    replies: int
    wrong: int
    seconds: float
    cpu: float  # of this process
    delays: list[float]


def heartbeat(number: int, serial: int) -> Turn:
    """A heartbeat and its reply."""
    two, code = serial.to_bytes(2, "little"), bytes.fromhex(pile_code(number))
    return Turn(build_frame(3, code + b"\x01\x00", two), build_frame(4, code + b"\x01\x00", two))


def report(number: int, serial: int) -> bytes:
    """A 0x13, which nothing answers."""
    values = {"pile_code": pile_code(number), "gun_no": "01", "status": 2}
    return CATALOGUE.encode("realtime_data", values, serial.to_bytes(2, "little"))


def plain_turns(number: int) -> list[Turn]:
    """Heartbeats with different serials, some of them above 255."""
    return [heartbeat(number, number * 37 + turn * 4099 & 0xFFFF) for turn in range(SERIALS)]


def odd_turns(number: int) -> list[Turn]:
    """Frames joined, rubbish between, a frame with a wrong CRC, hex in the serial: what keeps a framer honest."""
    chance = random.Random(number)
    turns = []
    for turn in range(SERIALS):
        one, two = heartbeat(number, chance.randrange(0x10000)), heartbeat(number, chance.randrange(0x10000))
        broken = bytearray(one.sent)
        broken[chance.randrange(6, len(broken))] ^= 0x55
        noise = chance.randbytes(chance.randrange(1, 9)).replace(b"h", b"-")
        kinds = (
            one.sent + two.sent,
            report(number, turn) + one.sent + report(number, turn) + two.sent,
            noise + one.sent + noise + two.sent,
            bytes(broken).replace(b"h", b"-") + one.sent + two.sent,
        )
        turns.append(Turn(kinds[turn % len(kinds)], one.wanted + two.wanted))
    return turns


class Pile:
    """One connection."""

    def __init__(self, number: int, port: int, turns: list[Turn]) -> None:
        self.number = number
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.turns: Iterator[Turn] = itertools.cycle(turns)
        self.turn = turns[0]
        self.got = b""
        self.since = 0.0

    def log_in(self) -> None:
        """Log in and fetch the billing model, so that the platform asks nothing more."""
        code = pile_code(self.number)
        for name in ("login", "billing_model_request"):
            self.socket.sendall(CATALOGUE.encode(name, {"pile_code": code}))
            self._read_until(bytes((CATALOGUE.by_name(name).code + 1,)))
        self.socket.sendall(CATALOGUE.encode("heartbeat", {"pile_code": code, "gun_no": "01"}))
        self._read_until(b"\x04")

    def _read_until(self, code: bytes) -> None:
        data = b""
        while True:
            data += self.socket.recv(4096)
            while len(data) > 1 and len(data) >= data[1] + 4:
                frame, data = data[: data[1] + 4], data[data[1] + 4 :]
                if frame[5:6] == code:
                    return

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def connect(port: int, count: int, odd: bool = False, log_in: bool = True) -> list[Pile]:
    """So many piles, logged in."""
    piles = [Pile(number, port, (odd_turns if odd else plain_turns)(number)) for number in range(count)]
    for pile in piles:
        if log_in:
            pile.log_in()
        pile.socket.setblocking(False)
    return piles


def press(piles: list[Pile], seconds: float, split: bool = False) -> Outcome:
    """Keep every pile busy for some time."""
    poller = select.epoll()
    by_fd = {pile.socket.fileno(): pile for pile in piles}
    for fd in by_fd:
        poller.register(fd, select.EPOLLIN)
    clock = time.perf_counter
    delays: list[float] = []
    replies = wrong = 0
    cpu, begin = time.process_time(), clock()
    until = begin + seconds
    for pile in piles:
        _send(pile, split)
    busy = len(piles)
    while busy:
        now = clock()
        over = now >= until
        for fd, _ in poller.poll(1.0):
            pile = by_fd[fd]
            data = pile.socket.recv(4096)
            pile.got += data
            wanted = pile.turn.wanted
            if len(pile.got) < len(wanted) and data:
                continue
            if pile.got != wanted:
                wrong += 1
            pile.got = b""
            replies += len(wanted) // 17
            if pile.since:
                delays.append(clock() - pile.since)
                pile.since = 0.0
            if over:
                busy -= 1
                continue
            pile.turn = turn = next(pile.turns)
            if split:
                _send(pile, split)
            else:
                if not replies % SAMPLE_EVERY:
                    pile.since = clock()
                pile.socket.send(turn.sent)
        if clock() > until + TIMEOUT:
            wrong += busy
            break
    spent = clock() - begin
    poller.close()
    return Outcome(replies, wrong, spent, time.process_time() - cpu, delays)


def _send(pile: Pile, split: bool) -> None:
    """The turn of a pile, whole or in two pieces that leave one after the other."""
    data = pile.turn.sent
    if split:
        middle = (pile.number * 7 + len(data)) % len(data)
        pile.socket.send(data[:middle])
        data = data[middle:]
    pile.socket.send(data)
