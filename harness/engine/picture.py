"""A charge as a curve and sums, for the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import msgspec

from harness.core.amounts import Bill, Tariff, rounded
from harness.core.outcome import ChargeCurve, CurvePoint, Settlement, TariffBand
from harness.engine.checks.money import charged_parts, settled, total_right
from harness.engine.ledger import NOTHING, Bounds, Stretch, by_label, curve_of, stretches
from harness.engine.tolerances import Tolerances
from harness.engine.view import View


def charge_pictures(views: Sequence[View], tolerances: Tolerances) -> list[ChargeCurve]:
    """The charges of a case, a view for each of its guns; where it has two, each picture says which gun's it is."""
    drawn = [(view, picture) for view in views if (picture := charge_picture(view, tolerances)) is not None]
    if len(views) == 1:
        return [picture for _, picture in drawn]
    return [named(view, picture) for view, picture in drawn]


def named(view: View, picture: ChargeCurve) -> ChargeCurve:
    """A picture that says whose charge it is."""
    return msgspec.structs.replace(picture, gun=view.gun)


def charge_picture(view: View, tolerances: Tolerances) -> ChargeCurve | None:
    """The charge of a view; None when there was none."""
    charge = view.charge
    if charge.start is None or not charge.reports:
        return None
    points = tuple(
        CurvePoint(r.at, r.reading.power, r.reading.energy, r.reading.voltage, r.reading.current, r.n)
        for r in charge.reports
    )
    offset = view.offset(charge.start.at)
    clock = view.pile_time(charge.start.at) - timedelta(seconds=charge.start.at)
    bands, energies, amounts = _sums(view, tolerances)
    return ChargeCurve(
        points=points,
        bands=bands,
        energies=energies,
        amounts=amounts,
        clock=clock.isoformat(timespec="milliseconds"),
        clock_offset=offset,
        note_zh=_note(view, "电表 {end} − {start} = {value}，允许差 {limit} kWh", tolerances),
        note_en=_note(view, "Meter {end} − {start} = {value}, tolerance {limit} kWh", tolerances),
    )


def _note(view: View, text: str, tolerances: Tolerances) -> str:
    bill = view.charge.bill
    if bill is None or not bill.has_meter:
        return ""
    return text.format(
        end=bill.meter_end, start=bill.meter_start, value=bill.metered, limit=rounded(tolerances.energy(bill.metered))
    )


def _sums(
    view: View, tolerances: Tolerances
) -> tuple[tuple[TariffBand, ...], tuple[Settlement, ...], tuple[Settlement, ...]]:
    tariff, bill = view.tariff, view.charge.bill
    curve = curve_of(view.charge, view.profile.power_kw)
    if tariff is None or curve is None:
        return (), (), ()
    parts = stretches(view, tariff, curve.start, curve.start, curve.end)
    bounds = by_label(view, tariff, curve)
    filled = {part.label: part for part in bill.parts if part.energy > 0} if bill else {}
    labels = list(dict.fromkeys([*(part.label for part in parts), *filled]))
    shares = _shares({label: bounds.get(label, NOTHING) for label in labels}, settled(bill) if bill else None)
    bands = tuple(_band(view, tariff, part, shares[part.label]) for part in parts)
    if bill is None:
        return bands, tuple(_line(view, label, None, shares[label]) for label in labels), ()
    return (
        bands,
        _energies(view, bill, bounds, shares, tolerances),
        _amounts(view, bill, tariff, labels, tolerances),
    )


def _band(view: View, tariff: Tariff, part: Stretch, energy: Decimal) -> TariffBand:
    zh, en = view.language.label(part.label)
    return TariffBand(
        label=part.label,
        label_zh=zh,
        label_en=en,
        start=part.start,
        end=part.end,
        price=tariff.prices[part.label].total,
        energy=energy,
        amount=tariff.amount(part.label, energy),
    )


def _line(view: View, label: str, pile: Decimal | None, platform: Decimal | None, ok: bool = True) -> Settlement:
    zh, en = view.language.label(label) if label else ("合计", "Total")
    return Settlement(label=label, label_zh=zh, label_en=en, pile=pile, platform=platform, ok=ok)


def _energies(
    view: View, bill: Bill, bounds: dict[str, Bounds], shares: dict[str, Decimal], tolerances: Tolerances
) -> tuple[Settlement, ...]:
    said = {part.label: part.energy for part in bill.parts}
    lines = [
        _line(view, label, got, share, limit.holds(got, tolerances.energy(limit.middle)))
        for label, share in shares.items()
        for got, limit in [(said.get(label, Decimal(0)), bounds.get(label, NOTHING))]
    ]
    value = settled(bill)
    fine = abs(bill.total_energy - value) <= tolerances.energy(value)
    return (*lines, _line(view, "", bill.total_energy, value, fine))


def _amounts(
    view: View, bill: Bill, tariff: Tariff, labels: list[str], tolerances: Tolerances
) -> tuple[Settlement, ...]:
    parts = charged_parts(bill, tariff)
    due = {part.label: tariff.amount(part.label, part.energy) for part in parts}
    said = {part.label: part.amount for part in bill.parts}
    lines = [
        _line(view, label, got, wanted, abs(got - wanted) <= tolerances.amount)
        for label in labels
        for got, wanted in [(said.get(label, Decimal(0)), due.get(label, Decimal(0)))]
    ]
    total = sum(due.values(), Decimal(0))
    return (*lines, _line(view, "", bill.total_amount, total, total_right(bill, parts, total, tolerances)))


def _shares(bounds: dict[str, Bounds], total: Decimal | None) -> dict[str, Decimal]:
    """One number for each label, that add up to what is settled: middles of the bounds, scaled."""
    middles = {label: b.middle for label, b in bounds.items()}
    whole = sum(middles.values(), Decimal(0))
    if total is None or whole == 0:
        return {label: rounded(value) for label, value in middles.items()}
    shares = {label: rounded(value * total / whole) for label, value in middles.items()}
    largest = max(shares, key=lambda label: shares[label])
    shares[largest] += total - sum(shares.values(), Decimal(0))
    return shares
