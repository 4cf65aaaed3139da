"""The one handle by which connections, runs and simulated piles are driven, over a socket or on a table."""

from __future__ import annotations

from typing import Protocol

from harness.core.clock import Clock, Timer


class Driven(Protocol):
    """Something that acts when time comes: it names its next deadline and is woken, perhaps too early."""

    def wake(self, now: float) -> None:
        """Perhaps something is due: look and see."""

    def next_deadline(self) -> float | None:
        """When to wake me at the latest; None when nothing is due."""


class Alarm:
    """Wakes one Driven at its deadlines; a timer is only a hint, so a deadline that moved back costs nothing."""

    __slots__ = ("_at", "_clock", "_target", "_timer")

    def __init__(self, clock: Clock, target: Driven) -> None:
        self._clock = clock
        self._target = target
        self._timer: Timer | None = None
        self._at: float | None = None

    def settle(self) -> None:
        """Call after each thing handed to the target: arms the timer when the deadline came nearer."""
        due = self._target.next_deadline()
        if due is None or (self._at is not None and self._at <= due):
            return
        self.cancel()
        self._at = due
        self._timer = self._clock.call_at(due, self._ring)

    def cancel(self) -> None:
        """Never ring again until settled anew."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._at = None

    def _ring(self) -> None:
        self._timer = None
        self._at = None
        self._target.wake(self._clock.monotonic())
        self.settle()
