"""The clock of a pile, as it may have stood by all that it was told."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter

NOT_FOLLOWED = timedelta(seconds=60)
SAME_OFFSET = timedelta(seconds=1)
MOST_STRETCHES = 200  # remembered
MOST_OFFSETS = 4  # possible at a time: a platform that always tells another time than ours shall cost nothing


class PileClock:
    """What the pile's clock may have shown, by all that it was told: stretches of time with the offsets possible then.

    An offset is pile time minus true time. A 0x56 with the true time sets it; one with another time may not have been
    followed, so both are possible afterwards (tolerances, General). Before the first 0x56 nothing is known.
    """

    def __init__(self) -> None:
        self.zero: datetime | None = None  # true local time, naive, at moment 0
        self.stretches: list[tuple[float, tuple[timedelta, ...]]] = []

    def true(self, at: float) -> datetime | None:
        """True local time at a moment; None without times."""
        return None if self.zero is None else self.zero + timedelta(seconds=at)

    def told(self, at: float, time: datetime) -> None:
        """A 0x56 gave this time."""
        true = self.true(at)
        if true is None:
            return
        offset = time - true
        before = self.stretches[-1][1] if self.stretches else ()
        kept = () if abs(offset) < NOT_FOLLOWED else before
        others = [each for each in kept if abs(each - offset) > SAME_OFFSET]
        self.stretches.append((at, (offset, *others[: MOST_OFFSETS - 1])))
        del self.stretches[:-MOST_STRETCHES]

    def known(self, at: float, offset: timedelta) -> None:
        """The journal tells which offset is in force."""
        before = self.stretches[-1][1] if self.stretches else ()
        if offset not in before:
            self.stretches.append((at, (offset,)))

    def could_show(self, start: float, end: float) -> Iterator[tuple[datetime, datetime]]:
        """The times the clock may have shown between two moments: one (earliest, latest) for each offset possible."""
        if self.zero is None:
            return
        for offset in self.offsets(start, end):
            yield self.zero + timedelta(seconds=start) + offset, self.zero + timedelta(seconds=end) + offset

    @property
    def offsets_now(self) -> tuple[timedelta, ...]:
        """The offsets possible at present."""
        return self.stretches[-1][1] if self.stretches else ()

    def moved(self, start: float, end: float) -> bool:
        """Was it told another time between two moments, so that what is in between cannot be dated with one offset?"""
        offsets = self.offsets(start, start)
        for since, told in self.stretches:
            if start < since <= end and any(abs(new - old) > NOT_FOLLOWED for new in told for old in offsets):
                return True
        return False

    def offsets(self, start: float, end: float) -> set[timedelta]:
        """All offsets that were possible between two moments; empty when nothing is known."""
        found: set[timedelta] = set()
        in_force = max(bisect_left(self.stretches, start, key=itemgetter(0)) - 1, 0)
        for since, offsets in self.stretches[in_force:]:
            if since > end:
                break
            found.update(offsets)
        return found


__all__ = ["PileClock"]
