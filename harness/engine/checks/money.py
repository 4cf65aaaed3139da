"""What a charge came to: energy, its split over tariffs, amounts. The platform settles the meter difference."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from harness.core.amounts import Bill, Part, Tariff
from harness.core.pairs import Pair, joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import CHARGING, NOTHING, PRICES, RECORD, found, not_seen
from harness.engine.evidence import attended, window
from harness.engine.ledger import Bounds, Curve, by_label, curve_of, stretches
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

TOTAL = ("合计", "total")
BY_PRICES = ("amounts", "prices", "result")


def energy(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Energy flowed, its sums agree (E-SUM), and it is what the reports of the pile show."""
    charge, bill = view.charge, view.charge.bill
    if charge.record is None or bill is None:
        yield not_seen(view, "energy", "§8.7", RECORD)
        return
    if bill.total_energy == 0 and bill.metered == 0:
        yield _none(view)
        return
    yield from _sums(charge.record.n, bill, tolerances)
    curve = curve_of(charge, view.profile.power_kw)
    if curve is None:
        yield _no_curve(view, charge.record.n)
        return
    yield _against_curve(charge.record.n, bill, curve, tolerances)
    if view.tariff is not None:
        yield from _against_labels(view, view.tariff, charge.record.n, bill, curve, tolerances)


def _none(view: View) -> Finding:
    """No energy flowed at all."""
    charge = view.charge
    ends = [seen.n for seen in (charge.start, charge.record) if seen is not None]
    cited = attended(view, [*ends, *(report.n for report in charge.charging)])
    return found(
        Verdict.FAILED,
        "energy",
        "no_energy",
        rule="§8.7",
        expected="> 0",
        seen="0.0000 kWh",
        frames=cited,
        fields=["energy"],
    )


def _no_curve(view: View, record: int) -> Finding:
    """Nothing shows what flowed."""
    start = view.charge.start
    return found(
        Verdict.NOT_EARNED,
        "energy",
        "no_curve",
        rule="R-RT-1",
        expected=joined(CHARGING),
        seen=joined(NOTHING),
        frames=window(view, start.n if start else record, record),
    )


def settled(bill: Bill) -> Decimal:
    """What the platform settles: the meter difference, or the total where there is no meter."""
    return bill.metered if bill.has_meter else bill.total_energy


def _sums(record: int, bill: Bill, tolerances: Tolerances) -> Iterator[Finding]:
    if not bill.has_meter:
        yield found(
            Verdict.REMARK,
            "energy",
            "no_meter",
            rule="E-SUM",
            expected=f"> 0 / {bill.total_energy} kWh",
            seen="0 / 0",
            frames=[record],
            fields=["meter_start", "meter_end"],
        )
    value = settled(bill)
    parts = sum((part.energy for part in bill.parts), Decimal(0))
    for other, what in ((bill.total_energy, "total_energy"), (parts, "sum")):
        difference = abs(other - value)
        if difference < tolerances.rounding_kwh:
            continue
        big = difference > tolerances.energy(value)
        yield found(
            Verdict.FAILED if big else Verdict.REMARK,
            "energy",
            "energy_mismatch" if big else "energy_rounding",
            rule="E-SUM",
            expected=f"{value} kWh",
            seen=f"{what} {other} kWh",
            frames=[record],
            fields=["energies"],
            difference=difference,
        )


def _against_curve(record: int, bill: Bill, curve: Curve, tolerances: Tolerances) -> Finding:
    value = settled(bill)
    right = curve.total.holds(value, tolerances.energy(value))
    return found(
        Verdict.PASSED if right else Verdict.FAILED,
        "energy",
        "energy_equal" if right else "energy_mismatch",
        rule="§8.7 R-RT-1",
        expected=_range(curve.total),
        seen=f"{value} kWh",
        frames=[*curve.total.frames, record],
        fields=["energy"],
    )


def _against_labels(
    view: View, tariff: Tariff, record: int, bill: Bill, curve: Curve, tolerances: Tolerances
) -> Iterator[Finding]:
    """Only what is wrong: the energy under a label that the charge can not have had (R-BM-11)."""
    for label, bounds in by_label(view, tariff, curve).items():
        got = _part(bill, label)
        if not bounds.holds(got, tolerances.energy(bounds.middle)):
            yield found(
                Verdict.FAILED,
                "energy",
                "energy_mismatch",
                rule="R-BM-11",
                expected=f"{joined(view.language.label(label))} {_range(bounds)}",
                seen=f"{got} kWh",
                frames=[*bounds.frames, record, *view.tariff_frames],
                fields=["energies", "prices", "result"],
                label=view.language.label(label),
            )


def _part(bill: Bill, label: str) -> Decimal:
    return next((part.energy for part in bill.parts if part.label == label), Decimal(0))


def split(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Across a price boundary both parts carry energy, each equal to what the platform settles (R-BM-11)."""
    charge, bill, tariff = view.charge, view.charge.bill, view.tariff
    curve = curve_of(charge, view.profile.power_kw)
    if charge.record is None or bill is None or bill.total_energy == 0 or tariff is None or curve is None:
        yield not_seen(view, "split", "R-BM-11", _lacking(view))
        return
    bounds = by_label(view, tariff, curve)
    labels = {part.label for part in stretches(view, tariff, curve.start, curve.start, curve.end)}
    crossed = {label: b for label, b in bounds.items() if label in labels and b.low > 0}
    cited = [charge.record.n, *(n for b in crossed.values() for n in b.frames)]
    if len(crossed) < 2:
        yield _not_reached(view, labels, crossed, [*cited, *(r.n for r in charge.charging), *view.tariff_frames])
        return
    yield _split_of(view, bill, bounds, crossed, [*cited, *view.tariff_frames], tolerances)


def _lacking(view: View) -> Pair:
    """What a split rests on and is not there."""
    if view.charge.record is None or not view.charge.charging:
        return RECORD if view.charge.record is None else CHARGING
    return PRICES if view.tariff is None else ("电量", "energy")


def _not_reached(view: View, labels: set[str], crossed: dict[str, Bounds], cited: list[int]) -> Finding:
    """Energy flowed under one tariff alone."""
    names = [joined(view.language.label(label)) for label in crossed or labels]
    return found(
        Verdict.NOT_EARNED,
        "split",
        "boundary_not_reached",
        rule="R-BM-11",
        expected="≥ 2",
        seen=", ".join(names),
        frames=attended(view, cited),
        fields=["energies", "prices", "result"],
    )


def _split_of(
    view: View,
    bill: Bill,
    bounds: dict[str, Bounds],
    crossed: dict[str, Bounds],
    cited: list[int],
    tolerances: Tolerances,
) -> Finding:
    filled = {part.label: part.energy for part in bill.parts if part.energy > 0}
    right = all(b.holds(_part(bill, label), tolerances.energy(b.middle)) for label, b in bounds.items())
    verdict, code = (Verdict.PASSED, "split_equal") if right else (Verdict.FAILED, "energy_mismatch")
    if len(filled) < 2:
        verdict, code = Verdict.FAILED, "no_split"
    name = view.language.label
    return found(
        verdict,
        "split",
        code,
        rule="R-BM-11",
        expected=", ".join(f"{joined(name(label))} {_range(b)}" for label, b in crossed.items()),
        seen=", ".join(f"{joined(name(label))} {energy}" for label, energy in filled.items()),
        frames=cited,
        fields=["energies", "prices", "result"],
    )


def amount(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Amounts recomputed from the record's energies and the tariff in force, half up per label to 4 places (R-TX-8)."""
    charge, bill, tariff = view.charge, view.charge.bill, view.tariff
    if charge.record is None or bill is None or tariff is None:
        yield not_seen(view, "amount", "R-TX-8", PRICES if charge.record else RECORD)
        return
    frames = [charge.record.n, *view.tariff_frames]
    parts = charged_parts(bill, tariff)
    due = sum((tariff.amount(part.label, part.energy) for part in parts), Decimal(0))
    wrong = [finding for part in parts for finding in _wrong_part(view, tariff, part, frames, tolerances)]
    if not total_right(bill, parts, due, tolerances):
        wrong.append(_wrong_amount(TOTAL, "E-SUM", due, bill.total_amount, frames))
    yield from wrong
    if not wrong:
        total = bill.total_amount
        yield found(
            Verdict.PASSED,
            "amount",
            "amount_equal",
            rule="R-TX-8",
            expected=due,
            seen=total,
            frames=frames,
            fields=BY_PRICES,
        )


def charged_parts(bill: Bill, tariff: Tariff) -> list[Part]:
    """The parts that carry energy; what stands under a tariff without any does not count (R-TX-8)."""
    return [part for part in bill.parts if part.energy > 0 and part.label in tariff.prices]


def total_right(bill: Bill, parts: list[Part], due: Decimal, tolerances: Tolerances) -> bool:
    """Is the total amount what is due? Where each part is off by a rounding, their sum is right too (E-SUM)."""
    said = sum((part.amount for part in parts), Decimal(0))
    return min(abs(bill.total_amount - due), abs(bill.total_amount - said)) <= tolerances.amount


def _wrong_part(view: View, tariff: Tariff, part: Part, frames: list[int], tolerances: Tolerances) -> Iterator[Finding]:
    due, price = tariff.amount(part.label, part.energy), tariff.prices[part.label].total
    if abs(due - part.amount) > tolerances.amount:
        yield _wrong_amount(view.language.label(part.label), "E-SUM", due, part.amount, frames)
    if price != part.unit_price:
        yield _wrong_amount(view.language.label(part.label), "R-TX-8", price, part.unit_price, frames)


def _wrong_amount(label: tuple[str, str], rule: str, wanted: Decimal, got: Decimal, frames: list[int]) -> Finding:
    return found(
        Verdict.FAILED,
        "amount",
        "amount_mismatch",
        rule=rule,
        expected=f"{joined(label)} {wanted}",
        seen=str(got),
        frames=frames,
        fields=BY_PRICES,
        label=label,
    )


def _range(bounds: Bounds) -> str:
    return f"{bounds.low:.4f} – {bounds.high:.4f} kWh"
