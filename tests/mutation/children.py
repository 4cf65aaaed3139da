"""A process for each trial: it begins with all that is loaded here, and what it changes ends with it."""

from __future__ import annotations

import os
import resource
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from tests.mutation.trial import Outcome

MEMORY = 4 << 30  # bytes that one of them may take: an endless loop often fills a list
LONGEST = 1800  # s
ENDLESS, FELL = "time", "end"

Thing = TypeVar("Thing")


def each(things: Sequence[Thing], trial: Callable[[Thing], Outcome], jobs: int) -> Iterator[tuple[Thing, Outcome]]:
    """The outcome of each trial as it ends, so many at once."""
    waiting = list(reversed(things))
    running: dict[int, tuple[Thing, int]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            thing = waiting.pop()
            pid, end = _begun(trial, thing)
            running[end] = thing, pid
        ready, _, _ = select.select(list(running), [], [])
        for end in ready:
            thing, pid = running.pop(end)
            yield thing, _ended(pid, end)


def _begun(trial: Callable[[Thing], Outcome], thing: Thing) -> tuple[int, int]:
    reads, writes = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writes)
        return pid, reads
    try:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.alarm(LONGEST)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.write(writes, msgspec.json.encode(trial(thing)))
    finally:
        os._exit(0)


def _ended(pid: int, end: int) -> Outcome:
    with os.fdopen(end, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if said:
        return msgspec.json.decode(said, type=Outcome)
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM)
    return Outcome(ENDLESS if late else FELL, "")


__all__ = ["each"]
