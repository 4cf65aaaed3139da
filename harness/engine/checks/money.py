"""What a charge came to: energy, its split over tariffs, amounts. The platform settles the meter difference."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from harness.core.amounts import Bill, Tariff
from harness.core.verdict import Finding, Verdict
from harness.engine.charge import Charge
from harness.engine.checks.found import found, not_seen
from harness.engine.ledger import Bounds, Curve, by_label, curve_of, stretches
from harness.engine.tolerances import Tolerances
from harness.engine.view import View


def energy(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Energy flowed, its sums agree (E-SUM), and it is what the reports of the pile show."""
    charge, bill = view.charge, view.charge.bill
    if charge.record is None or bill is None:
        yield not_seen("energy", "§8.7")
        return
    curve = curve_of(charge, view.profile.power_kw)
    if bill.total_energy == 0 and bill.metered == 0:
        cited = [charge.record.n] + [report.n for report in charge.charging[-1:]]
        yield found(Verdict.FAILED, "energy", "no_energy", rule="§8.7", expected="> 0", seen="0.0000", frames=cited)
        return
    yield from _sums(charge, bill, tolerances)
    if curve is None:
        yield found(Verdict.NOT_EARNED, "energy", "no_curve", rule="R-RT-1", frames=[charge.record.n])
        return
    yield from _against_curve(view, charge, bill, curve, tolerances)


def settled(bill: Bill) -> Decimal:
    """What the platform settles: the meter difference, or the total where there is no meter."""
    return bill.metered if bill.has_meter else bill.total_energy


def _sums(charge: Charge, bill: Bill, tolerances: Tolerances) -> Iterator[Finding]:
    assert charge.record is not None
    n = charge.record.n
    if not bill.has_meter:
        yield found(Verdict.REMARK, "energy", "no_meter", rule="E-SUM", seen="0 / 0", frames=[n])
    parts = sum((part.energy for part in bill.parts), Decimal(0))
    for other, what in ((bill.total_energy, "total_energy"), (parts, "sum")):
        value = settled(bill)
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
            frames=[n],
            difference=difference,
        )


def _against_curve(view: View, charge: Charge, bill: Bill, curve: Curve, tolerances: Tolerances) -> Iterator[Finding]:
    assert charge.record is not None
    total = curve.at(_end(charge))
    value = settled(bill)
    right = total.holds(value, tolerances.energy(value))
    yield found(
        Verdict.PASSED if right else Verdict.FAILED,
        "energy",
        "energy_equal" if right else "energy_mismatch",
        rule="§8.7 R-RT-1",
        expected=_range(total),
        seen=f"{value} kWh",
        frames=[*total.frames, charge.record.n],
    )
    tariff = view.tariff
    if tariff is None:
        return
    for label, bounds in _label_bounds(view, charge, tariff, curve).items():
        got = next((part.energy for part in bill.parts if part.label == label), Decimal(0))
        if bounds.holds(got, tolerances.energy(bounds.middle)):
            continue
        yield found(
            Verdict.FAILED,
            "energy",
            "energy_mismatch",
            rule="R-BM-11",
            expected=f"{view.language.label(label)[0]} {_range(bounds)}",
            seen=f"{got} kWh",
            frames=[*bounds.frames, charge.record.n],
            label=view.language.label(label),
        )


def _label_bounds(view: View, charge: Charge, tariff: Tariff, curve: Curve) -> dict[str, Bounds]:
    """Bounds under every label of the tariff; zero where the charge never was."""
    assert charge.start is not None
    assert charge.record is not None
    parts = stretches(view, tariff, charge.start.at, _end(charge))
    known = by_label(curve, parts)
    nothing = Bounds(Decimal(0), Decimal(0), ())
    return {label: known.get(label, nothing) for label in tariff.prices}


def _end(charge: Charge) -> float:
    """When energy can have flowed no more: the end of the charge, or its record where that came first."""
    assert charge.record is not None
    end = charge.end()
    return charge.record.at if end is None else min(end, charge.record.at)


def split(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Across a price boundary both parts carry energy, each equal to what the platform settles (R-BM-11)."""
    charge, bill, tariff = view.charge, view.charge.bill, view.tariff
    if charge.start is None or charge.record is None or bill is None or tariff is None:
        yield not_seen("split", "R-BM-11")
        return
    curve = curve_of(charge, view.profile.power_kw)
    if curve is None:
        yield found(Verdict.NOT_EARNED, "split", "no_curve", rule="R-RT-1", frames=[charge.record.n])
        return
    bounds = _label_bounds(view, charge, tariff, curve)
    crossed = {label: b for label, b in bounds.items() if b.high > tolerances.energy_kwh}
    if len(crossed) < 2:
        yield found(Verdict.NOT_EARNED, "split", "boundary_not_reached", rule="R-BM-11", frames=[charge.record.n])
        return
    filled = [part for part in bill.parts if part.energy > 0]
    frames = sorted({charge.record.n, *(n for b in crossed.values() for n in b.frames)})
    if len(filled) < 2:
        if bill.total_energy > 0:
            yield found(
                Verdict.FAILED,
                "split",
                "no_split",
                rule="R-BM-11",
                expected=len(crossed),
                seen=len(filled),
                frames=frames,
            )
        else:
            yield not_seen("split", "R-BM-11")
        return
    right = all(
        b.holds(next((p.energy for p in bill.parts if p.label == label), Decimal(0)), tolerances.energy(b.middle))
        for label, b in bounds.items()
    )
    if right:
        seen = ", ".join(f"{view.language.label(part.label)[0]} {part.energy}" for part in filled)
        expected = ", ".join(f"{view.language.label(label)[0]} {_range(b)}" for label, b in crossed.items())
        yield found(Verdict.PASSED, "split", "split_equal", rule="R-BM-11", expected=expected, seen=seen, frames=frames)


def amount(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Amounts recomputed from the record's energies and the tariff in force, half up per label to 4 places (R-TX-8)."""
    charge, bill, tariff = view.charge, view.charge.bill, view.tariff
    if charge.record is None or bill is None or tariff is None:
        yield not_seen("amount", "R-TX-8")
        return
    frames = [charge.record.n, *view.tariff_frames]
    wrong = 0
    total = Decimal(0)
    for part in bill.parts:
        if part.label not in tariff.prices:
            continue
        due = tariff.amount(part.label, part.energy)
        total += due
        for wanted, got, limit, rule in (
            (due, part.amount, tolerances.amount, "E-SUM"),
            (tariff.prices[part.label].total, part.unit_price, Decimal(0), "R-TX-8"),
        ):
            if part.energy > 0 and abs(wanted - got) > limit:
                wrong += 1
                yield _wrong_amount(view.language.label(part.label), rule, wanted, got, frames)
    if abs(total - bill.total_amount) > tolerances.amount:
        wrong += 1
        yield _wrong_amount(("合计", "total"), "E-SUM", total, bill.total_amount, frames)
    if not wrong:
        yield found(
            Verdict.PASSED,
            "amount",
            "amount_equal",
            rule="R-TX-8",
            expected=total,
            seen=bill.total_amount,
            frames=frames,
        )


def _wrong_amount(label: tuple[str, str], rule: str, wanted: Decimal, got: Decimal, frames: list[int]) -> Finding:
    return found(
        Verdict.FAILED,
        "amount",
        "amount_mismatch",
        rule=rule,
        expected=f"{label[0]} {wanted}",
        seen=str(got),
        frames=frames,
        label=label,
    )


def _range(bounds: Bounds) -> str:
    return f"{bounds.low:.4f} – {bounds.high:.4f} kWh"
