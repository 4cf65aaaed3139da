"""Time as everything here sees it: handed down, never looked up."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Timer(Protocol):
    """A call that is due later and may be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Where time comes from: deadlines are on monotonic(), stamps for people on wall()."""

    def monotonic(self) -> float:
        """Seconds that never jump."""

    def wall(self) -> datetime:
        """The time of day, aware, in UTC."""

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        """Call once at `when` on the monotonic scale; at once if that is past."""


class PausableClock(Clock, Protocol):
    """A clock that can be asked to stand still; real time does not."""

    def pause(self) -> None:
        """Stand still until as many resume() have come."""

    def resume(self) -> None:
        """Go on, when the last pause is over."""


class ManualTimer:
    """A pending call of a ManualClock."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class ManualClock:
    """Pretend time: walks from due moment to due moment, so that each call sees its own second."""

    def __init__(self, start: datetime = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._now = 0.0
        self._heap: list[tuple[float, int, ManualTimer]] = []
        self._order = itertools.count()

    def monotonic(self) -> float:
        return self._now

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=self._now)

    def call_at(self, when: float, call: Callable[[], None]) -> ManualTimer:
        timer = ManualTimer(call)
        heapq.heappush(self._heap, (max(when, self._now), next(self._order), timer))
        return timer

    def pending(self) -> int:
        """How many calls are still due: a test that ends with some has left something behind."""
        return sum(timer.call is not None for _, _, timer in self._heap)

    def step(self, until: float) -> bool:
        """Run the next due call not later than `until`; False when there is none, and then it is `until`."""
        while self._heap and self._heap[0][0] <= until:
            when, _, timer = heapq.heappop(self._heap)
            if timer.call is None:
                continue
            self._now = when
            call, timer.call = timer.call, None
            call()
            return True
        self._now = max(self._now, until)
        return False

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, calling everything that falls due on the way."""
        until = self._now + seconds
        while self.step(until):
            pass
