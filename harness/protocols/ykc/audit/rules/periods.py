"""What a record puts under each price, against the 48 slots in force and the pile's clock (13.3 no 8)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from harness.core.amounts import Tariff
from harness.core.pairs import joined
from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.tolerances import AFTERWARDS, CLOCK_SLACK, REPORT_PERIOD
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING
from harness.protocols.ykc.tariffs import LABEL_NAMES, LABELS

ROUNDED = Decimal("0.02")  # kWh; energies of reports and record are rounded, to 0.01 by some
A_DAY = timedelta(days=1)
MOST_POINTS = 2000

NO_SLOT = Rule(
    id="R-BM-11",
    check="energy_without_slot",
    level=MUST,
    section="13.3 no 8",
    tolerance="a boundary may be off by 60 s; of charges that began offline only where one model alone was in force",
    zh="{gun} 号枪的交易记录把 {got} kWh 计入{label}，充电期间没有这个时段",
    en="gun {gun}: the record has {got} kWh under {label}, a price without a slot during the charge",
    also=("energy_split",),
)
SPLIT = Rule(
    id="R-BM-11",
    check="energy_split",
    level=MUST,
    section="13.3 no 8",
    tolerance="a boundary may be off by 60 s times the power",
    zh="{gun} 号枪的交易记录把 {got} kWh 计入{label}，按 48 个时段应为 {low} 至 {high} kWh",
    en="gun {gun}: the record has {got} kWh under {label}, by the 48 slots {low} to {high} kWh",
    also=("energy_without_slot",),
)

Stretch = tuple[datetime, datetime]


class Curve:
    """The energies that were reported of a charge, rising; thinned out when they become many."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.energy: list[Decimal] = []

    def add(self, at: float, energy: Decimal) -> None:
        """One more report; what was reported higher before was not of this charge."""
        while self.energy and self.energy[-1] > energy:
            self.at.pop()
            self.energy.pop()
        if len(self.at) >= MOST_POINTS:
            del self.at[1::2]
            del self.energy[1::2]
        self.at.append(at)
        self.energy.append(energy)

    def least(self, at: float) -> Decimal:
        """What had flowed at a moment at least."""
        place = bisect_right(self.at, at)
        return self.energy[place - 1] if place else Decimal(0)

    def most(self, at: float, total: Decimal) -> Decimal:
        """What had flowed at a moment at most."""
        place = bisect_left(self.at, at + REPORT_PERIOD)
        return self.energy[place] if place < len(self.at) else total


class Range(NamedTuple):
    """Energy under one label: at least, at most."""

    low: Decimal
    high: Decimal


class Records(Watcher):
    """The first record of each charge that was seen, against the reports before it."""

    rules = (NO_SLOT, SPLIT)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._curves: dict[str, Curve] = {}

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        charge = gun.charge
        if seen.values.status != CHARGING or gun.stored is seen or charge is None or charge.relogins:
            return
        curve = self._curves.get(charge.serial)
        if curve is None:
            curve = self._curves[charge.serial] = Curve()
            if len(self._curves) > 20:
                del self._curves[next(iter(self._curves))]
        curve.add(seen.at, seen.values.energy)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        pile, serial = self.scene.pile, seen.values.transaction_serial
        charge = pile.charge_of(serial)
        if pile.repeats(seen) or (charge is not None and charge.order is not None and charge.first is None):
            return
        tariffs = pile.tariffs_of(seen)
        if not tariffs:
            if _used(seen):
                self.scene.cannot(NO_SLOT, pile.lacks_model)
            return
        curve = self._curves.pop(serial, None)
        whole = charge is not None and not pile.may_store(charge)
        if self._slots(charge, tariffs, seen) and charge and whole and curve is not None and len(tariffs) == 1:
            self._split(charge, tariffs[0], curve, seen)

    def _slots(self, charge: Charge | None, tariffs: Sequence[Tariff], record: Seen) -> bool:
        """Is there a slot for every price with energy, by the times of the record or by the clock?"""
        stretches = self._stretches(charge, record)
        known = {label for tariff in tariffs for label in labels_in(tariff, stretches)}
        wrong = [label for label in _used(record) if label not in known] if stretches else []
        if wrong:
            got = getattr(record.values, f"{wrong[0]}_energy")
            there = ", ".join(joined(LABEL_NAMES[label]) for label in LABELS if label in known)
            self._tell(NO_SLOT, charge, record, wrong[0], there, got=got)
        return not wrong

    def _stretches(self, charge: Charge | None, record: Seen) -> list[Stretch]:
        """When it charged in local time, a little more on both sides."""
        start, end = record.values.start_time.time, record.values.end_time.time
        said = [(start, end)] if start is not None and end is not None and start <= end < start + A_DAY else []
        if charge is not None and charge.first is not None:
            said += self.scene.pile.clock.could_show(*_moments(charge, record))
        return [(begin - CLOCK_SLACK, end + CLOCK_SLACK) for begin, end in said]

    def _split(self, charge: Charge, tariff: Tariff, curve: Curve, record: Seen) -> None:
        """The energy under each price, by the offset that fits best of those the clock may have had all along."""
        clock, total = self.scene.pile.clock, sum((_part(record, label) for label in LABELS), Decimal(0))
        begin, over = _moments(charge, record)
        described = curve.energy[-1] <= total + ROUNDED and curve.energy[-1] * 2 >= total
        if not self.scene.timed(SPLIT) or not described or clock.zero is None or clock.moved(begin, over):
            return
        readings = [
            _ranges(tariff, curve, clock.zero + offset, begin, over, total) for offset in clock.offsets(begin, over)
        ]
        ranges = min(readings, key=lambda each: _off(each, record), default={})
        for label in ranges:
            low, high = ranges[label]
            if not low - ROUNDED <= _part(record, label) <= high + ROUNDED:
                wanted = f"{low} – {high} kWh"
                bounds = {"low": f"{low:.4f}", "high": f"{high:.4f}"}
                self._tell(SPLIT, charge, record, label, wanted, got=_part(record, label), **bounds)
                return

    def _tell(self, rule: Rule, charge: Charge | None, record: Seen, label: str, expected: str, **facts: Any) -> None:
        reports = [] if charge is None else [seen.n for seen in (charge.first, charge.last) if seen is not None]
        self.scene.tell(
            rule,
            [*reports, record.n],
            gun=record.values.gun_no if charge is None else charge.gun_no,
            expected=expected,
            seen=f"{joined(LABEL_NAMES[label])} {facts['got']} kWh",
            fields=(f"{label}_energy", "start_time", "end_time"),
            label=LABEL_NAMES[label],
            **facts,
        )


def _moments(charge: Charge, record: Seen) -> tuple[float, float]:
    """Between which moments energy flowed."""
    assert charge.first is not None
    assert charge.last is not None
    begin = charge.first if charge.order is None else charge.order
    end = record.at if charge.relogins else min(record.at, charge.last.at + AFTERWARDS)
    return min(begin.at, charge.first.at), end


def _used(record: Seen) -> list[str]:
    """The prices under which it has energy."""
    return [label for label in LABELS if _part(record, label) > ROUNDED]


def _part(record: Seen, label: str) -> Decimal:
    energy: Decimal = getattr(record.values, f"{label}_energy")
    return energy


def _off(ranges: dict[str, Range], record: Seen) -> Decimal:
    """By how much the record lies outside."""
    parts = {label: _part(record, label) for label in ranges}
    return max(max(bounds.low - parts[label], parts[label] - bounds.high) for label, bounds in ranges.items())


def _ranges(tariff: Tariff, curve: Curve, zero: datetime, begin: float, end: float, total: Decimal) -> dict[str, Range]:
    """The energy under each label when local time was `zero` at moment 0, each boundary up to 60 s off."""
    ranges = dict.fromkeys(LABELS, Range(Decimal(0), Decimal(0)))
    slack = CLOCK_SLACK.total_seconds()
    start, over = begin - slack, end + slack
    changes = tariff.changes_between(zero + timedelta(seconds=start), zero + timedelta(seconds=over))
    edges = [(change - zero).total_seconds() for change in changes]
    passed = [Range(curve.least(edge - slack), curve.most(edge + slack, total)) for edge in edges]
    bounds = [Range(Decimal(0), Decimal(0)), *passed, Range(total, total)]
    limits = [start, *edges, over]
    for place in range(len(bounds) - 1):
        middle = (limits[place] + limits[place + 1]) / 2
        label = tariff.label_at(zero + timedelta(seconds=middle))
        low = max(bounds[place + 1].low - bounds[place].high, Decimal(0))
        before = ranges[label]
        ranges[label] = Range(before.low + low, before.high + bounds[place + 1].high - bounds[place].low)
    return ranges


def labels_in(tariff: Tariff, moments: Sequence[Stretch]) -> set[str]:
    """The labels in force at some time within any of these stretches of local time; all when nothing is known."""
    if not moments:
        return set(tariff.slots)
    found = set()
    for start, end in moments:
        step = timedelta(minutes=tariff.slot_minutes)
        for _ in range(len(tariff.slots)):
            found.add(tariff.label_at(start))
            start += step
            if start >= end:
                break
        found.add(tariff.label_at(end))
    return found


__all__ = ["Records", "labels_in"]
