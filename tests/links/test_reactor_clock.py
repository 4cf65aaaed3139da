"""The clocks of the real world, on a pretend event loop: no test waits."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.core.journal import PILE, EventSeen, Journal, LoopLate, Memory
from harness.links.reactor_clock import RealClock, ScaledClock, reactor_clock, stopwatch


class Handle:
    """A call on the pretend loop."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class PretendLoop:
    """An event loop whose time the test moves; `stall` lets time pass without any turn of the loop."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._calls: list[tuple[float, int, Handle, Callable[..., None], tuple[Any, ...]]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[..., None], *args: Any) -> Handle:
        return self.call_at(self.now + delay, call, *args)

    def call_at(self, when: float, call: Callable[..., None], *args: Any) -> Handle:
        handle = Handle()
        heapq.heappush(self._calls, (when, next(self._order), handle, call, args))
        return handle

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self._calls and self._calls[0][0] <= until:
            when, _, handle, call, args = heapq.heappop(self._calls)
            self.now = max(self.now, when)
            if not handle.cancelled:
                call(*args)
        self.now = max(self.now, until)

    def stall(self, seconds: float) -> None:
        self.now += seconds


def as_loop(loop: PretendLoop) -> asyncio.AbstractEventLoop:
    return cast(asyncio.AbstractEventLoop, loop)


def test_at_speed_one_time_is_real_and_never_held_back() -> None:
    loop = PretendLoop()
    clock = reactor_clock(as_loop(loop))
    rung: list[float] = []
    clock.call_at(1010.0, lambda: rung.append(loop.now))
    clock.pause()
    loop.stall(5)
    assert clock.monotonic() == 1005.0
    loop.run(6)
    assert rung == [1010.0]
    assert abs((clock.wall() - datetime.now(UTC)).total_seconds()) < 5
    clock.close()


def test_a_loop_that_comes_late_is_told_at_speed_one() -> None:
    loop = PretendLoop()
    late: list[float] = []
    clock = RealClock(as_loop(loop), late.append)
    loop.run(10)
    assert late == []
    loop.stall(1.2)
    loop.run(0.1)
    assert late == []
    loop.run(5)
    loop.stall(3)
    loop.run(5)
    assert len(late) == 1
    assert 2.7 < late[0] <= 3
    clock.close()
    loop.stall(30)
    clock.monotonic()
    loop.run(5)
    assert len(late) == 1


def test_who_asks_for_the_time_first_after_a_stall_brings_the_lateness_to_light() -> None:
    loop = PretendLoop()
    late: list[float] = []
    clock = RealClock(as_loop(loop), late.append)
    loop.run(10)
    loop.stall(5)
    assert clock.monotonic() == 1015.0
    assert 4.7 < late[0] <= 5
    loop.stall(2)
    clock.monotonic()
    loop.run(5)
    assert late[1:] == [2]
    clock.close()


def test_what_arrived_late_stands_after_the_lateness_in_the_journal() -> None:
    loop = PretendLoop()
    kept = Memory()

    def tell(seconds: float) -> None:
        journal.event(LoopLate(seconds))

    clock = RealClock(as_loop(loop), tell)
    journal = Journal("one", clock, (kept,))
    journal.frame(PILE, b"in time")
    loop.stall(5)
    journal.frame(PILE, b"late")
    loop.stall(5)
    journal.exchange(b"late", b"answer")
    names = [type(record.event).__name__ if isinstance(record, EventSeen) else record.raw for record in kept.records]
    assert names == [b"in time", "LoopLate", b"late", "LoopLate", b"late", b"answer"]
    assert [record.n for record in kept.records] == [1, 2, 3, 4, 5, 6]
    clock.close()


def test_another_thread_that_asks_for_the_time_tells_nobody() -> None:
    loop = PretendLoop()
    late: list[float] = []
    clock = RealClock(as_loop(loop), late.append)
    loop.stall(5)
    asking = threading.Thread(target=clock.monotonic)
    asking.start()
    asking.join()
    assert late == []
    clock.monotonic()
    assert len(late) == 1
    clock.close()


def test_a_scaled_clock_runs_that_much_faster() -> None:
    loop = PretendLoop()
    clock = ScaledClock(as_loop(loop), 20.0)
    rung: list[float] = []
    clock.call_at(200.0, lambda: rung.append(round(loop.now - 1000.0, 2)))
    start = clock.wall()
    loop.run(9.9)
    assert rung == []
    loop.run(0.2)
    assert rung == [10.0]
    assert abs((clock.wall() - start).total_seconds() - 202) < 0.01
    clock.close()


def test_it_stands_still_while_the_loop_is_held_up() -> None:
    loop = PretendLoop()
    clock = ScaledClock(as_loop(loop), 20.0)
    rung: list[float] = []
    clock.call_at(100.0, lambda: rung.append(clock.monotonic()))
    loop.run(1.0)
    loop.stall(7.0)
    assert clock.monotonic() < 21
    loop.run(3.9)
    assert rung == []
    loop.run(0.2)
    assert len(rung) == 1
    clock.close()


def test_it_stands_still_between_pause_and_resume_nested() -> None:
    loop = PretendLoop()
    clock = ScaledClock(as_loop(loop), 20.0)
    rung: list[float] = []
    clock.call_at(40.0, lambda: rung.append(round(loop.now - 1000.0, 2)))
    loop.run(1.0)
    clock.pause()
    clock.pause()
    loop.run(3.0)
    clock.resume()
    loop.run(3.0)
    assert round(clock.monotonic(), 6) == 20.0
    assert rung == []
    clock.resume()
    loop.run(1.01)
    assert rung == [8.0]
    clock.close()


def test_what_is_due_now_is_done_also_while_it_stands_still() -> None:
    loop = PretendLoop()
    clock = ScaledClock(as_loop(loop), 20.0)
    clock.pause()
    rung: list[str] = []
    clock.call_at(clock.monotonic(), lambda: rung.append("now"))
    loop.run(0.01)
    assert rung == ["now"]
    clock.close()


def test_a_cancelled_call_never_rings_not_even_after_a_pause() -> None:
    loop = PretendLoop()
    clock = ScaledClock(as_loop(loop), 20.0)
    rung: list[str] = []
    timer = clock.call_at(10.0, lambda: rung.append("no"))
    clock.pause()
    loop.run(2.0)
    timer.cancel()
    clock.resume()
    loop.run(2.0)
    assert rung == []
    clock.close()


def test_a_stopwatch_does_not_mind_that_the_time_of_day_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((100.0, 103.5))
    monkeypatch.setattr("harness.links.reactor_clock.time", SimpleNamespace(monotonic=lambda: next(moments)))
    assert stopwatch()() == 3.5
