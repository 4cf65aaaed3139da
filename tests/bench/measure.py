"""One line of the table, and the method behind it: candidates take turns, ratios are taken within a round."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

Work = Callable[[], object]


class Measure(NamedTuple):
    """What was measured, what is wanted of it, what came out. `note` is for what a number alone does not say."""

    name: str
    goal: str  # as people read it: "<= 1.15"
    value: float
    unit: str = "x"
    met: bool | None = None  # None: nothing is wanted of it, it is told for information
    note: str = ""


def judged(name: str, way: Literal["<=", ">="], goal: float, value: float, unit: str = "x", note: str = "") -> Measure:
    """A measure with its goal, met or not."""
    met = value <= goal if way == "<=" else value >= goal
    return Measure(name, f"{way} {goal:g}", value, unit, met, note)


def seconds_each(work: Work, slice_s: float) -> float:
    """Seconds one call takes, measured over a slice of time."""
    count = 1
    while True:
        begin = time.perf_counter()
        for _ in range(count):
            work()
        spent = time.perf_counter() - begin
        if spent >= slice_s / 4:
            return spent / count
        count *= 4


def in_rounds(candidates: Mapping[str, Work], rounds: int = 41, slice_s: float = 0.005) -> dict[str, list[float]]:
    """Seconds of one call of each candidate in each round; the order changes from round to round."""
    order = list(candidates)
    shuffle = random.Random(1).shuffle
    counts = {name: max(1, round(slice_s / seconds_each(work, slice_s))) for name, work in candidates.items()}
    out: dict[str, list[float]] = {name: [] for name in order}
    for _ in range(rounds):
        shuffle(order)
        gc.collect()
        for name in order:
            out[name].append(timed(candidates[name], counts[name]))
    return out


def timed(work: Work, count: int) -> float:
    """Seconds of one call, over `count` of them."""
    turns = range(count)
    begin = time.perf_counter()
    for _ in turns:
        work()
    return (time.perf_counter() - begin) / count


def ratio(times: Mapping[str, list[float]], one: str, other: str) -> float:
    """Median over the rounds of one / other."""
    return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))
