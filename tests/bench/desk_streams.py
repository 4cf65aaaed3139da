"""Open pages beside piles: does a pile wait longer for its heartbeat reply when 500 pages watch 20 charging piles?

Desk, pages and piles are three processes. Rounds with pages and without take turns; in both the piles send the same
40 frames a second, heartbeats and reports, evenly. Every stream must be complete.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from harness.protocols.ykc import CATALOGUE
from tests.bench.load import Pile, connect, heartbeat
from tests.bench.measure import Measure
from tests.bench.serving import pile_code
from web.guests import MOST_EACH

PILES = 20
STREAMS = 500
FRAMES = 40  # a second, from all piles; every other one is a heartbeat
ROUNDS = 5
SECONDS = 12.0
MOST_RATIO, MOST_MORE = 1.5, 0.003
CHARGING = {"gun_no": "01", "status": 3, "gun_homed": 0, "gun_plugged": 1, "output_voltage": "402.6"}


class Pages(NamedTuple):
    """What open pages saw."""

    complete: int
    events: int
    troubles: list[str]


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that is talked to, and killed in the end."""
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def line_of(running: subprocess.Popen[str]) -> Any:
    """The next line of JSON that a process prints."""
    assert running.stdout is not None
    line = running.stdout.readline()
    assert line, "it ended"
    return json.loads(line)


@contextlib.contextmanager
def open_pages(desk: dict[str, Any], told: list[Pages]) -> Iterator[None]:
    """Pages that are open meanwhile; what they saw is put into `told`."""
    with process(
        "tests.bench.desk_pages", str(desk["web"]), ",".join(desk["cookies"]), str(STREAMS), *map(str, desk["models"])
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        assert running.stdout.readline() == "ready\n"
        yield
        running.stdin.write("enough\n")
        running.stdin.flush()
        told.append(Pages(**line_of(running)))


def delays(piles: list[Pile], seconds: float) -> list[float]:
    """Seconds that each heartbeat reply took, while all piles send evenly."""
    poller = select.epoll()
    by_fd = {pile.socket.fileno(): pile for pile in piles}
    for fd in by_fd:
        poller.register(fd, select.EPOLLIN)
    clock, found = time.perf_counter, []
    begin = clock()
    for number in itertools.count():
        due = begin + number / FRAMES
        while (left := due - clock()) > 0:
            for fd, _ in poller.poll(left):
                found += replied(by_fd[fd], clock())
        if number >= seconds * FRAMES:
            break
        send(piles[number // 2 % len(piles)], number)
    poller.close()
    return found


def send(pile: Pile, number: int) -> None:
    """A heartbeat, whose time is taken, or a report of a gun that charges."""
    serial = number & 0xFFFF
    if number % 2:
        values = {**CHARGING, "pile_code": pile_code(pile.number), "energy": f"{number / 100:.4f}"}
        pile.socket.send(CATALOGUE.encode("realtime_data", values, serial.to_bytes(2, "little")))
        return
    turn = heartbeat(pile.number, serial)
    pile.turn, pile.since = turn, time.perf_counter()
    pile.socket.send(turn.sent)


def replied(pile: Pile, now: float) -> list[float]:
    """The time of the reply that came, if it was that; what else the platform says is let pass."""
    pile.got += pile.socket.recv(4096)
    wanted, pile.got = pile.turn.wanted in pile.got, pile.got[-4096:]
    if not wanted or not pile.since:
        return []
    since, pile.since, pile.got = pile.since, 0.0, b""
    return [now - since]


def p99(found: list[float]) -> float:
    """The delay that one in a hundred exceeds."""
    assert len(found) > SECONDS * FRAMES / 2 * 0.95, f"only {len(found)} heartbeats were answered"
    return statistics.quantiles(found, n=100, method="inclusive")[98]


def rounds(desk: dict[str, Any], piles: list[Pile]) -> tuple[list[float], list[float], list[Pages]]:
    """p99 with pages and without, round by round, and what the pages saw."""
    with_pages, without, told = [], [], []
    for number in range(ROUNDS):
        for watched in (True, False) if number % 2 else (False, True):
            if not watched:
                without.append(p99(delays(piles, SECONDS)))
                continue
            with open_pages(desk, told):
                with_pages.append(p99(delays(piles, SECONDS)))
    return with_pages, without, told


def measures() -> list[Measure]:
    """The rows of the table about streams."""
    with (
        tempfile.TemporaryDirectory() as folder,
        process("tests.bench.desk_serving", folder, str(PILES), str(-(-STREAMS // MOST_EACH))) as server,
    ):
        desk = line_of(server)
        piles = connect(desk["port"], PILES)
        delays(piles, 1.0)
        with_pages, without, told = rounds(desk, piles)
        for pile in piles:
            pile.close()
    return rows(with_pages, without, told)


def rows(with_pages: list[float], without: list[float], told: list[Pages]) -> list[Measure]:
    """What came out."""
    ratio = statistics.median(one / other for one, other in zip(with_pages, without, strict=True))
    more = statistics.median(one - other for one, other in zip(with_pages, without, strict=True))
    troubles = [trouble for pages in told for trouble in pages.troubles]
    lost = sum(STREAMS - pages.complete for pages in told)
    note = (
        f"p99 {statistics.median(with_pages) * 1000:.2f} ms with, {statistics.median(without) * 1000:.2f} ms without;"
        f" {more * 1000:+.2f} ms; {statistics.median(pages.events for pages in told) / SECONDS:.0f} events/s"
    )
    met = ratio <= MOST_RATIO or more <= MOST_MORE
    return [
        Measure(
            f"heartbeat reply p99 with {STREAMS} streams / without", "<= 1.5, or 3 ms more", ratio, met=met, note=note
        ),
        Measure(f"incomplete of {len(told)} x {STREAMS} streams", "0", lost, "", not lost, "; ".join(troubles[:2])),
    ]
