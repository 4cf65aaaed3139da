"""The server under load: heartbeat replies per second beside a bare protocol, memory, the frame log, wrong answers.

Three servers, each a process of its own, take turns in every round (see serving.py); the piles are in this process (see
load.py). The servers share one core and the piles have the other, so that nobody takes from whom he is compared with.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from tests.bench.load import Outcome, Pile, connect, press
from tests.bench.measure import Measure, judged

COUNTS = (1, 100, 1000, 5000)
ROUNDS = 5
SECONDS = 1.0
MOST = max(COUNTS)
KINDS = ("bare", "quiet", "whole")
LOG_NOTE = "of a row's cost a quarter is handing its values to SQLite, half the table and its log, the rest waiting"
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


class Server(NamedTuple):
    """A running server and its port."""

    process: subprocess.Popen[str]
    port: int

    def cpu(self) -> tuple[float, float]:
        """Seconds of processor time that all its threads have taken, and the reactor's alone."""
        tasks = f"/proc/{self.process.pid}/task"
        spent = {task: _nanoseconds(f"{tasks}/{task}/schedstat") / 1e9 for task in os.listdir(tasks)}
        return sum(spent.values()), spent[str(self.process.pid)]

    def memory(self) -> int:
        """KiB of memory in use."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * PAGE_KIB


def _nanoseconds(path: str) -> int:
    with open(path) as file:
        return int(file.read().split()[0])


@contextlib.contextmanager
def serving(kind: str, core: int | None) -> Iterator[Server]:
    """A server of a kind, on a core of its own if there are two."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.serving", kind, folder, str(MOST)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            if core is not None:
                os.sched_setaffinity(process.pid, {core})
            yield Server(process, port)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


class Round(NamedTuple):
    """What one server did in one round."""

    rate: float
    cpu: float  # seconds for each reply, all threads
    reactor: float  # of these the reactor thread's
    p99: float  # seconds
    wrong: int
    load: float  # share of a core that the piles took: near 1 they, not the server, were the limit


def one_round(server: Server, piles: list[Pile], seconds: float = SECONDS, split: bool = False) -> Round:
    """Press one server for a while."""
    before = server.cpu()
    done: Outcome = press(piles, seconds, split)
    spent, reactor = (now - then for now, then in zip(server.cpu(), before, strict=True))
    delays = sorted(done.delays)
    p99 = delays[int(len(delays) * 0.99)] if delays else 0.0
    replies = max(done.replies, 1)
    load = done.cpu / done.seconds
    return Round(done.replies / done.seconds, spent / replies, reactor / replies, p99, done.wrong, load)


def at_count(servers: dict[str, Server], count: int) -> dict[str, list[Round]]:
    """All servers in turn, with so many piles each."""
    piles = {kind: connect(server.port, count, log_in=kind != "bare") for kind, server in servers.items()}
    found: dict[str, list[Round]] = {kind: [] for kind in servers}
    for number in range(ROUNDS + 1):
        for kind, server in servers.items():
            done = one_round(server, piles[kind])
            if number:  # the first round warms up: journals are opened, caches filled
                found[kind].append(done)
    for each in piles.values():
        for pile in each:
            pile.close()
    return found


def ratio(rounds: dict[str, list[Round]], one: str, other: str, field: str) -> float:
    """Median over the rounds of one server's figure by the other's."""
    pairs = zip(rounds[one], rounds[other], strict=True)
    return float(statistics.median(getattr(a, field) / getattr(b, field) for a, b in pairs))


def middle(rounds: list[Round], field: str) -> float:
    """Median of a figure over the rounds."""
    return float(statistics.median(getattr(each, field) for each in rounds))


def told(rounds: list[Round]) -> str:
    """A server's rate, p99 and cost of a reply."""
    rate, p99, cpu = middle(rounds, "rate"), middle(rounds, "p99"), middle(rounds, "cpu")
    return f"{rate / 1000:.1f} k/s p99 {p99 * 1000:.2g} ms {cpu * 1e6:.1f} us"


def where_it_goes(found: dict[str, list[Round]]) -> str:
    """What a reply costs with the frame log, thread by thread, and without."""
    whole, reactor, quiet = (
        middle(found[kind], field) * 1e6 for kind, field in (("whole", "cpu"), ("whole", "reactor"), ("quiet", "cpu"))
    )
    return f"reactor {reactor:.1f} + recorder {whole - reactor:.1f} us a reply, without log {quiet:.1f} us"


def rate_measures(rounds: dict[int, dict[str, list[Round]]]) -> Iterator[Measure]:
    """Replies per second, and what the frame log costs."""
    for count, found in rounds.items():
        limit = max(each.load for kind in KINDS for each in found[kind])
        note = f"whole {told(found['whole'])}; bare {told(found['bare'])}; piles took {limit:.2f} core"
        name = f"heartbeat replies/s of the whole server / bare Twisted, {count} connections"
        yield judged(name, ">=", 0.5, ratio(found, "whole", "bare", "rate"), note=note)
    many = [count for count in rounds if count >= 100]
    logged = statistics.median(ratio(rounds[count], "whole", "quiet", "cpu") for count in many)
    each = "; ".join(
        f"{count}: {ratio(rounds[count], 'whole', 'quiet', 'cpu'):.2f} ({where_it_goes(rounds[count])})"
        for count in many
    )
    yield judged(
        "server CPU with the frame log on / off", "<=", 1.7, logged, note=f"2 rows a reply, {LOG_NOTE}; {each}"
    )
    session = ", ".join(f"{count}: {ratio(rounds[count], 'quiet', 'bare', 'rate'):.2f}" for count in rounds)
    yield Measure(
        "replies/s without frame log / bare Twisted", "", ratio(rounds[100], "quiet", "bare", "rate"), note=session
    )


def memory_measure(core: int | None) -> Measure:
    """Growth of a fresh server's memory by idle piles that have logged in, frame log on."""
    with serving("whole", core) as server:
        for pile in connect(server.port, 50):
            pile.close()
        before = server.memory()
        piles = connect(server.port, MOST)
        grown = (server.memory() - before) / MOST
        for pile in piles:
            pile.close()
    return judged(f"memory per idle, logged-in pile at {MOST} connections", "<=", 8, grown, "KiB", "frame log on")


def wrong_answers(server: Server) -> int:
    """Answers that are not exactly right when reads are joined, split, and full of rubbish."""
    wrong = 0
    for odd, split in ((True, False), (False, True), (True, True)):
        piles = connect(server.port, 100, odd=odd)
        wrong += one_round(server, piles, 2 * SECONDS, split).wrong
        for pile in piles:
            pile.close()
    return wrong


def measures() -> list[Measure]:
    """The rows of the table about the server."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    cores = sorted(os.sched_getaffinity(0))
    core = cores[0] if len(cores) > 1 else None
    try:
        if core is not None:
            os.sched_setaffinity(0, {cores[1]})
        return list(_measured(core))
    finally:
        os.sched_setaffinity(0, set(cores))


def _measured(core: int | None) -> Iterator[Measure]:
    with contextlib.ExitStack() as stack:
        servers = {kind: stack.enter_context(serving(kind, core)) for kind in KINDS}
        rounds = {count: at_count(servers, count) for count in COUNTS}
        yield from rate_measures(rounds)
        odd = wrong_answers(servers["whole"])
    seen = sum(each.wrong for found in rounds.values() for kind in ("quiet", "whole") for each in found[kind])
    yield memory_measure(core)
    yield judged("wrong answers under any of these loads", "<=", 0, seen + odd, "", "joined, split, rubbish between")
