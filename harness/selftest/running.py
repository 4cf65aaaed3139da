"""All plays, each twice, spread over processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from harness.core.errors import HarnessFault
from harness.selftest.playing import Played, perform
from harness.selftest.plays import Play

AT_ONCE = 8  # plays handed to a process at a time

Both = tuple[Played, Played]


def perform_all(plays: Sequence[Play], jobs: int, on_play: Callable[[Both], None]) -> list[Both]:
    """Perform every play twice; `on_play` hears of each as it ends, in order."""
    done: list[Both] = []
    for both in _performed(plays, jobs):
        done.append(both)
        on_play(both)
    return done


def _performed(plays: Sequence[Play], jobs: int) -> Iterator[Both]:
    if jobs == 1:
        yield from map(perform_twice, plays)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(perform_twice, plays, chunksize=AT_ONCE)


def perform_twice(play: Play) -> Both:
    """One play, twice from the beginning; HarnessFault names the play in which something of ours broke.

    Live findings are compared the first time only: when both come to the same, they did so the second time too.
    """
    try:
        return perform(play), perform(play, with_live=False)
    except Exception as error:
        what = f"{play.kind} {play.name} {' '.join(play.dialects)} seed {play.seed}"
        raise HarnessFault(f"{what}: {type(error).__name__}: {error}") from error


__all__ = ["Both", "perform_all", "perform_twice"]
