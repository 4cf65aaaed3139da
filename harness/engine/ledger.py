"""What a charge should come to: bounds on the energy at any moment, from the reports of the pile.

A report that arrives at t may carry values up to 15 s old (R-RT-1): the energy at t was at least its value, the energy
at t - 15 s at most. Between and after reports the energy can grow no faster than the power seen allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from harness.core.amounts import Tariff
from harness.engine.charge import Charge, Report
from harness.engine.view import View

STALE = 15.0  # s
POWER_MARGIN = Decimal("1.1")  # power may rise above what single reports showed
CLOCK_SLACK = 5.0  # s; a pile's clock is told by a frame that travels, and is seen no more exactly
MOST_SLACK = 60.0  # s by which a boundary may be off when nothing shows what the pile's clock says (R-BM-11, E-TZ)
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


NOTHING = Bounds(Decimal(0), Decimal(0), ())


class Stretch(NamedTuple):
    """A part of the charge within one tariff label, in moments of the journal."""

    label: str
    start: float
    end: float


class Curve:
    """The energy of a charge over time, as bounds; nothing flows before `start` or after `end`."""

    def __init__(self, reports: Sequence[Report], most_power: Decimal, start: float, end: float) -> None:
        self.reports = reports
        self.most_power = most_power
        self.start = start
        self.end = end

    @property
    def total(self) -> Bounds:
        """Bounds of all energy."""
        return self.at(self.end)

    def at(self, moment: float) -> Bounds:
        """Bounds of the energy at a moment, without citing frames that say nothing new."""
        if moment <= self.start:
            return NOTHING
        moment = min(moment, self.end)
        low, low_n = Decimal(0), 0
        high, high_n = self._grown(Decimal(0), moment - self.start), 0
        for report in self.reports:
            energy = report.reading.energy
            if report.at <= moment and energy >= low:
                low, low_n = energy, report.n
            most = self._grown(energy, moment - report.at + STALE)
            if most < high:
                high, high_n = most, report.n
        return Bounds(low, max(high, low), tuple(sorted({low_n, high_n} - {0})))

    def between(self, start: float, end: float, slack: float) -> Bounds:
        """Bounds of the energy from one moment to another, each of which may be so many seconds off."""
        least = self.at(end - slack).low - self.at(start + slack).high
        first, last = self.at(start - slack), self.at(end + slack)
        frames = tuple(sorted({*first.frames, *last.frames}))
        return Bounds(max(least, Decimal(0)), max(last.high - first.low, Decimal(0)), frames)

    def _grown(self, energy: Decimal, seconds: float) -> Decimal:
        return energy + self.most_power * Decimal(max(seconds, 0.0)) / HOUR


def curve_of(charge: Charge, power_kw: int) -> Curve | None:
    """The curve of a charge; None without a report of it."""
    if charge.start is None or not charge.charging:
        return None
    last = charge.record.n if charge.record else charge.reports[-1].n + 1  # what comes later is not of this charge
    reports = _rising([report for report in charge.reports if charge.charging[0].n <= report.n < last])
    ends = [at for at in (charge.end(), charge.record.at if charge.record else None) if at is not None]
    seen = max(report.reading.power for report in charge.charging)
    power = seen * POWER_MARGIN if seen > 0 else Decimal(power_kw)
    return Curve(reports, power, charge.start.at, min(ends, default=reports[-1].at))


def _rising(reports: Sequence[Report]) -> list[Report]:
    """Reports whose energy can be of this charge: not zero once energy flowed, not above what is reported later.

    A gun that does not charge reports zero (R-RT-5), and a first report may still carry that of an earlier charge.
    """
    first = next((report.n for report in reports if report.reading.energy > 0), 0)
    kept: list[Report] = []
    for report in reversed(reports):
        energy = report.reading.energy
        ceiling = kept[-1].reading.energy if kept else energy
        if energy <= ceiling and (energy > 0 or report.n <= first or not first):
            kept.append(report)
    return kept[::-1]


def stretches(view: View, tariff: Tariff, anchor: float, start: float, end: float) -> list[Stretch]:
    """The parts between moments by tariff label, cut where the pile's clock, as told at `anchor`, passes a change."""
    zero = view.pile_time(anchor) - timedelta(seconds=anchor)
    changes = tariff.changes_between(zero + timedelta(seconds=start), zero + timedelta(seconds=end))
    edges = [start, *((change - zero).total_seconds() for change in changes), end]
    return [Stretch(tariff.label_at(zero + timedelta(seconds=(a + b) / 2)), a, b) for a, b in pairwise(edges) if b > a]


def clock_slack(view: View) -> float:
    """By how many seconds a boundary may be off: as much as the pile's clock was seen to be, else what is allowed."""
    charge = view.charge
    error = view.clock_error(charge.start.at) if charge.start else None
    if error is None:
        return MOST_SLACK
    record = max((moment.error for moment in moments_of_record(view)), default=0.0)
    return min(CLOCK_SLACK + max(error, record), MOST_SLACK)


class RecordMoment(NamedTuple):
    """A time in the record, and between which times of the pile's clock, as it was told, it must lie."""

    which: tuple[str, str]
    field: str
    got: datetime | None
    earliest: datetime
    latest: datetime

    @property
    def error(self) -> float:
        """By how many seconds it lies outside."""
        if self.got is None:
            return 0.0
        return max((self.earliest - self.got).total_seconds(), (self.got - self.latest).total_seconds(), 0.0)


def moments_of_record(view: View) -> Iterator[RecordMoment]:
    """Start and end in the record; either clock is right when it was set in between (E-TZ)."""
    charge = view.charge
    if charge.start is None or charge.record is None or charge.bill is None:
        return
    n, at = charge.record.n, charge.record.at
    first = charge.first_charging.at if charge.first_charging else at
    last = charge.charging[-1].at if charge.charging else at
    stopped = min(last, charge.stop.at if charge.stop else at)
    for which, field, got, earliest, latest in (
        (("开始时间", "start time"), "start_time", charge.bill.start, charge.start.at, first),
        (("结束时间", "end time"), "end_time", charge.bill.end, stopped, at),
    ):
        told = view.pile_time(earliest, n), view.pile_time(latest, n)
        yield RecordMoment(which, field, got, min(told), max(told))


def by_label(view: View, tariff: Tariff, curve: Curve) -> dict[str, Bounds]:
    """Bounds of the energy under every label of the tariff."""
    slack = clock_slack(view)
    found = dict.fromkeys(tariff.prices, NOTHING)
    for part in stretches(view, tariff, curve.start, curve.start - slack, curve.end + slack):
        known, more = found.get(part.label, NOTHING), curve.between(part.start, part.end, slack)
        frames = tuple(sorted({*known.frames, *more.frames}))
        found[part.label] = Bounds(known.low + more.low, known.high + more.high, frames)
    return found
