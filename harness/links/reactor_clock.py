"""The Clock of the real world, on the event loop's own timers, which no change of the system time can delay."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from harness.core.clock import Timer
from harness.core.journal import LOOP_WATCHED

WATCH_EVERY = LOOP_WATCHED
LATE = 1.0  # s that our own loop may come late before it is told
LOOK_EVERY = 0.01  # s between two looks at a scaled clock
STALL = 0.03  # s between two looks above which the loop stood still, and the scaled clock with it


def time_of_day() -> datetime:
    """Now, in UTC, for a command that does one thing and ends."""
    return datetime.now(UTC)


def stopwatch() -> Callable[[], float]:
    """Tells the seconds since now, whatever is done to the time of day."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


class RealClock:
    """Real time, and a watch over our own loop: `on_late(seconds)` hears when it came more than a second late.

    Time is never held back here: when we are late, that is told, and no limit may be held against a pile. It is told
    before anybody on the loop is given the time again, so that it stands in journals before what arrived late.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_late: Callable[[float], None] | None = None) -> None:
        self._loop = loop
        self._on_late = on_late or (lambda seconds: None)
        self._thread = threading.get_ident()  # the loop's; pages ask from their own
        self._late_from = loop.time() + WATCH_EVERY + LATE
        self.monotonic: Callable[[], float] = self._watched if on_late else loop.time  # read for every frame
        self._watch = loop.call_later(WATCH_EVERY, self._look)

    def wall(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        """Call once at `when`; at once if that is past."""
        return self._loop.call_at(when, call)

    def pause(self) -> None:
        """Real time does not stand still."""

    def resume(self) -> None:
        """Real time did not stand still."""

    def close(self) -> None:
        """Watch no more."""
        self._watch.cancel()
        self._late_from = float("inf")

    def _watched(self) -> float:
        now = self._loop.time()
        if now <= self._late_from or threading.get_ident() != self._thread:
            return now
        seconds = now - self._late_from + LATE
        self._late_from = now + LATE  # before it is told: who hears of it asks for the time
        self._on_late(seconds)
        return self._loop.time()

    def _look(self) -> None:
        self._late_from = self._watched() + WATCH_EVERY + LATE
        self._watch = self._loop.call_later(WATCH_EVERY, self._look)


class ScaledTimer:
    """A call on a ScaledClock; armed on the loop anew whenever scaled time moved otherwise than foreseen."""

    __slots__ = ("_clock", "_handle", "call", "when")

    def __init__(self, clock: ScaledClock, when: float, call: Callable[[], None]) -> None:
        self._clock = clock
        self.when = when
        self.call: Callable[[], None] | None = call
        self._handle: asyncio.TimerHandle | None = None
        self.arm()

    def arm(self) -> None:
        """Ring when the clock should be there by what is known now."""
        self._handle = self._clock.ring_in(self.when, self.ring)

    def ring(self) -> None:
        """Due, if the clock did not stand still meanwhile."""
        if self.call is None:
            return
        if self._clock.monotonic() >= self.when:
            call, self.call = self.call, None
            call()
        elif self._clock.paused:
            self._clock.waiting.append(self)
        else:
            self.arm()

    def cancel(self) -> None:
        """Never ring."""
        self.call = None
        if self._handle is not None:
            self._handle.cancel()


class ScaledClock:
    """Time `speed` times as fast as real, for runs against a simulated pile in the same process.

    It stands still between `pause()` and `resume()` (nested), and while our own loop is held up, so that the speed of
    the machine is never taken for the pile's.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, speed: float) -> None:
        self._loop = loop
        self._speed = speed
        self._began = datetime.now(UTC)
        self._seen = loop.time()
        self._passed = 0.0
        self._looking = threading.Lock()  # pages ask for the time of day from their own threads
        self.paused = 0
        self.waiting: list[ScaledTimer] = []
        self._watch = loop.call_later(LOOK_EVERY, self._look)

    def monotonic(self) -> float:
        """Scaled seconds; a gap since the last look counts as a short one."""
        with self._looking:
            now = self._loop.time()
            if not self.paused:
                self._passed += min(now - self._seen, STALL) * self._speed
            self._seen = now
            return self._passed

    def wall(self) -> datetime:
        """The time of day it is by now, in UTC."""
        return self._began + timedelta(seconds=self.monotonic())

    def call_at(self, when: float, call: Callable[[], None]) -> Timer:
        """Call once at `when` on this scale; at once if that is past."""
        return ScaledTimer(self, when, call)

    def ring_in(self, when: float, ring: Callable[[], None]) -> asyncio.TimerHandle:
        """Arm the loop for a moment on this scale."""
        return self._loop.call_later(max(0.0, when - self.monotonic()) / self._speed, ring)

    def pause(self) -> None:
        """Stand still until as many resume() have come."""
        self.monotonic()
        self.paused += 1

    def resume(self) -> None:
        """Go on, when the last pause is over."""
        self.monotonic()
        self.paused = max(0, self.paused - 1)
        if not self.paused:
            waiting, self.waiting = self.waiting, []
            for timer in waiting:
                if timer.call is not None:
                    timer.arm()

    def close(self) -> None:
        """Look no more."""
        self._watch.cancel()

    def _look(self) -> None:
        self.monotonic()
        self._watch = self._loop.call_later(LOOK_EVERY, self._look)


ReactorClock = RealClock | ScaledClock


def reactor_clock(
    loop: asyncio.AbstractEventLoop, speed: float = 1.0, on_late: Callable[[float], None] | None = None
) -> ReactorClock:
    """The clock for a speed: real time is never held back, any other is."""
    return RealClock(loop, on_late) if speed == 1.0 else ScaledClock(loop, speed)
