"""Changes told in a calm rhythm: what matters at once, what only moves at most once a second."""

from __future__ import annotations

from collections.abc import Callable

from harness.core.clock import Clock, Timer

EVERY = 1.0  # real seconds between two tellings of what only moves


class Pulse:
    """Calls `beat` after something changed, never in the midst of it; `speed` says how fast the clock runs."""

    def __init__(self, clock: Clock, beat: Callable[[], None], speed: float = 1.0) -> None:
        self._clock = clock
        self._beat = beat
        self._every = EVERY * speed
        self._last = -self._every
        self._timer: Timer | None = None
        self._due = 0.0

    def now(self) -> None:
        """Something changed that people wait for."""
        self._arm(self._clock.monotonic())

    def soon(self) -> None:
        """A number moved."""
        self._arm(max(self._clock.monotonic(), self._last + self._every))

    def cancel(self) -> None:
        """Nothing is told any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, when: float) -> None:
        if self._timer is not None and self._due <= when:
            return
        self.cancel()
        self._due = when
        self._timer = self._clock.call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._last = self._clock.monotonic()
        self._beat()
