"""How far the times and the lines of a log can be believed: cut to minutes, all the same, each line written twice."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from harness.captures.stamps import Stamp
from harness.captures.tally import Tally

LOOKED_AT = 200  # lines with hex by which is told whether each stands there twice
MOST_LOOKED_AT = 20_000  # lines until times differ by less than a minute; a busy log has so many within a second
HANDFUL = 9  # lines that may all have the same time, or stand at full minutes
FEW_PAIRS = 10
MOSTLY = 0.9
MINUTE = 60

MINUTES, CONSTANT = "minutes", "constant"


class Written(Protocol):
    """Hex of a line with its time and its way; `to_minutes`: its line has a time, but no seconds."""

    @property
    def stamp(self) -> Stamp | None: ...
    @property
    def way(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def to_minutes(self) -> bool: ...


Each = TypeVar("Each", bound=Written)


def opening_of(found: Iterator[Each]) -> list[Each]:
    """The first lines: as many as it takes to tell how fine the times are."""
    first: list[Each] = []
    moments: set[float] = set()
    is_fine = False
    for each in found:
        first.append(each)
        if each.stamp is not None:
            moments.add(each.stamp.seconds)
            is_fine = is_fine or bool(each.stamp.seconds % MINUTE)
        known = not moments or (is_fine and len(moments) > 1)
        if len(first) >= (LOOKED_AT if known else MOST_LOOKED_AT):
            break
    return first


def grain_of(first: Sequence[Written]) -> str:
    """Why the times of a log say nothing about seconds; "" when they do, or when there are none."""
    stamps = [each.stamp.seconds for each in first if each.stamp is not None]
    if not stamps:
        minutes = sum(each.to_minutes for each in first)
        return MINUTES if minutes and minutes >= MOSTLY * len(first) else ""
    if len(stamps) <= HANDFUL:
        return ""
    if len(set(stamps)) == 1:
        return CONSTANT
    return "" if any(seconds % MINUTE for seconds in stamps) else MINUTES


def is_doubled(first: Sequence[Written]) -> bool:
    """Whether each line is written twice, on both sides: a pile that repeats itself does not double the platform."""
    pairs = [each for before, each in itertools.pairwise(first) if same(before, each)]
    both = {each.way for each in pairs} == {each.way for each in first if each.data}
    ways = {each.way for each in pairs}
    return len(pairs) >= FEW_PAIRS and 2 * len(pairs) >= MOSTLY * len(first) and both and (len(ways) > 1 or "" in ways)


def without_copies(found: Iterable[Each], tally: Tally) -> Iterator[Each]:
    """What each line says once; how many say it again is counted."""
    last: Each | None = None
    for each in found:
        if last is not None and same(last, each):
            tally.count("copied_lines")
        else:
            yield each
            last = each


def same(one: Written, other: Written) -> bool:
    """The same bytes on the same way at the same time?"""
    if one.data != other.data or not one.data or one.way != other.way or one.stamp is None or other.stamp is None:
        return False
    return one.stamp.seconds == other.stamp.seconds


__all__ = ["grain_of", "is_doubled", "opening_of", "without_copies"]
