"""The charge of the present case as a curve, made anew only now and then."""

from __future__ import annotations

from harness.core.outcome import ChargeCurve
from harness.engine.picture import charge_pictures
from harness.engine.run import Run

EVERY = 1.0  # real seconds between two pictures at most
RECORDS = 1000  # with so many records more a picture costs that much more, and is made that much less often


class Chart:
    """Keeps the last picture; a long charge is looked at less often, so that it never holds the loop up."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._due = 0.0
        self.curve: ChargeCurve | None = None

    def of(self, run: Run, now: float) -> ChargeCurve | None:
        """The charge by now, or as it was a moment ago."""
        if now >= self._due:
            views = [run.view(gun_no) for gun_no in run.guns]
            view, drawn = views[0], charge_pictures(views, run.scenario.head.tolerances)
            self.curve = drawn[0] if drawn else None
            self._due = now + self._speed * EVERY * max(1.0, len(view.records) / RECORDS)
        return self.curve

    def keep(self, curve: ChargeCurve | None) -> None:
        """The case is over: this is how its charge came out."""
        self.curve = curve

    def clear(self) -> None:
        """Another case."""
        self.curve, self._due = None, 0.0
