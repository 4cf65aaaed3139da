"""Pretend time walks from due moment to due moment."""

from harness.core.clock import ManualClock
from harness.core.driven import Alarm


def test_each_call_sees_its_own_second() -> None:
    clock = ManualClock()
    seen: list[float] = []
    for when in (30.0, 10.0, 20.0):
        clock.call_at(when, lambda: seen.append(clock.monotonic()))
    clock.advance(100)
    assert seen == [10.0, 20.0, 30.0]
    assert clock.monotonic() == 100.0


def test_a_cancelled_call_never_comes_and_is_not_pending() -> None:
    clock = ManualClock()
    timer = clock.call_at(5, lambda: (_ for _ in ()).throw(AssertionError("called")))
    timer.cancel()
    assert clock.pending() == 0
    clock.advance(10)


class Sleeper:
    """Wants to be woken at moments that may move."""

    def __init__(self) -> None:
        self.due: float | None = None
        self.woken: list[float] = []

    def wake(self, now: float) -> None:
        self.woken.append(now)
        if self.due is not None and now >= self.due:
            self.due = None

    def next_deadline(self) -> float | None:
        return self.due


def test_an_alarm_rings_at_the_deadline_even_when_it_moved_back_and_forth() -> None:
    clock, sleeper = ManualClock(), Sleeper()
    alarm = Alarm(clock, sleeper)
    sleeper.due = 50.0
    alarm.settle()
    sleeper.due = 80.0
    alarm.settle()
    clock.advance(60)
    assert sleeper.woken == [50.0]  # too early is allowed, it only looks
    sleeper.due = 70.0
    alarm.settle()
    clock.advance(100)
    assert sleeper.woken[-1] == 70.0
    assert clock.pending() == 0
