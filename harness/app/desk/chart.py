"""The charge of the present case as a curve, made anew only now and then."""

from __future__ import annotations

from harness.core.outcome import ChargeCurve
from harness.engine.picture import charge_picture, named
from harness.engine.run import Run

EVERY = 1.0  # real seconds between two pictures at most
RECORDS = 1000  # with so many records more a picture costs that much more, and is made that much less often


def watched(run: Run) -> str:
    """The gun to show: the present step's if it has a charge, else one that has."""
    return next((gun for gun in (run.gun_no, *run.guns) if run.view(gun).charge.start is not None), run.gun_no)


class Chart:
    """Keeps the last picture; a long charge is looked at less often, so that it never holds the loop up."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._due = 0.0
        self.curve: ChargeCurve | None = None

    def of(self, run: Run, now: float) -> ChargeCurve | None:
        """The charge by now, or as it was a moment ago."""
        if now >= self._due:
            view = run.view(watched(run))
            curve = charge_picture(view, run.scenario.head.tolerances)
            self.curve = named(view, curve) if curve is not None and len(run.guns) > 1 else curve
            self._due = now + self._speed * EVERY * max(1.0, len(view.records) / RECORDS)
        return self.curve

    def keep(self, curve: ChargeCurve | None) -> None:
        """The case is over: this is how its charge came out."""
        self.curve = curve

    def clear(self) -> None:
        """Another case."""
        self.curve, self._due = None, 0.0
