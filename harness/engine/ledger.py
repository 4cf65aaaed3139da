"""What a charge should come to: bounds on the energy at any moment, from the reports of the pile.

A report that arrives at t may carry values up to 15 s old (R-RT-1): the energy at t was at least its value, the energy
at t - 15 s at most. Between and after reports the energy can grow no faster than the power seen allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from harness.core.amounts import Tariff
from harness.engine.charge import Charge, Report
from harness.engine.view import View

STALE = 15.0  # s
POWER_MARGIN = Decimal("1.1")  # power may rise above what single reports showed
CLOCK_SLACK = 2.0  # s; a pile's clock is told by a frame that travels, and keeps whole seconds
HOUR = 3600


class Bounds(NamedTuple):
    """Energy was at least `low` and at most `high` (kWh), by these frames."""

    low: Decimal
    high: Decimal
    frames: tuple[int, ...]

    def holds(self, value: Decimal, tolerance: Decimal) -> bool:
        """Is a value within, give or take?"""
        return self.low - tolerance <= value <= self.high + tolerance

    @property
    def middle(self) -> Decimal:
        """What we would settle, if asked for one number."""
        return (self.low + self.high) / 2


class Stretch(NamedTuple):
    """A part of the charge within one tariff label, in moments of the journal."""

    label: str
    start: float
    end: float


class Curve:
    """The energy of a charge over time, as bounds."""

    def __init__(self, reports: Sequence[Report], most_power: Decimal) -> None:
        self.reports = reports
        self.most_power = most_power

    def at(self, moment: float) -> Bounds:
        """Bounds of the energy at a moment, without citing frames that say nothing new."""
        low, low_n = Decimal(0), 0
        high, high_n = self._grown(Decimal(0), moment - self.reports[0].at + STALE), self.reports[0].n
        for report in self.reports:
            energy = report.reading.energy
            if report.at <= moment and energy >= low:
                low, low_n = energy, report.n
            most = energy if report.at - STALE >= moment else self._grown(energy, moment - report.at + STALE)
            if most < high:
                high, high_n = most, report.n
        return Bounds(low, max(high, low), tuple(sorted({low_n, high_n} - {0})))

    def _grown(self, energy: Decimal, seconds: float) -> Decimal:
        return energy + self.most_power * Decimal(max(seconds, 0.0)) / HOUR


def curve_of(charge: Charge, power_kw: int) -> Curve | None:
    """The curve of a charge; None without a report of it."""
    reports = [report for report in charge.reports if report.reading.serial in ("", charge.serial) or report.flows]
    reports = [report for report in reports if report.reading.energy > 0 or report.reading.status == "charging"]
    if not reports:
        return None
    seen = max(report.reading.power for report in reports)
    return Curve(reports, seen * POWER_MARGIN if seen > 0 else Decimal(power_kw))


def stretches(view: View, tariff: Tariff, start: float, end: float) -> list[Stretch]:
    """The parts of a charge by tariff label, cut where the pile's clock passed a change."""
    first: datetime = view.pile_time(start)
    cuts = [view.moment(change, start) for change in tariff.changes_between(first, view.pile_time(end))]
    edges = [start, *cuts, end]
    return [Stretch(tariff.label_at(view.pile_time((a + b) / 2)), a, b) for a, b in pairwise(edges) if b > a]


def by_label(curve: Curve, parts: Sequence[Stretch]) -> dict[str, Bounds]:
    """Bounds of the energy under each label: the last stretch runs on, whatever flows after the stop belongs to it."""
    found: dict[str, Bounds] = {}
    for index, part in enumerate(parts):
        begin = curve.at(part.start - CLOCK_SLACK) if index else Bounds(Decimal(0), Decimal(0), ())
        begin_high = curve.at(part.start + CLOCK_SLACK).high if index else Decimal(0)
        last = index == len(parts) - 1
        end = curve.at(part.end) if last else curve.at(part.end - CLOCK_SLACK)
        end_high = curve.at(part.end + (0 if last else CLOCK_SLACK)).high
        bounds = Bounds(
            max(end.low - begin_high, Decimal(0)),
            max(end_high - begin.low, Decimal(0)),
            tuple(sorted({*begin.frames, *end.frames})),
        )
        known = found.get(part.label)
        if known is not None:
            frames = tuple(sorted({*known.frames, *bounds.frames}))
            bounds = Bounds(known.low + bounds.low, known.high + bounds.high, frames)
        found[part.label] = bounds
    return found
