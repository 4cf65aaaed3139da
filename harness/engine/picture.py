"""A charge as a curve and sums, for the report."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from harness.core.amounts import rounded
from harness.core.outcome import ChargeCurve, CurvePoint, Settlement, TariffBand
from harness.engine.checks.money import settled
from harness.engine.ledger import Bounds, by_label, curve_of, stretches
from harness.engine.tolerances import Tolerances
from harness.engine.view import View


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
    charge, tariff = view.charge, view.tariff
    curve = curve_of(charge, view.profile.power_kw)
    if charge.start is None or tariff is None or curve is None:
        return (), (), ()
    end = charge.end()
    last = end if end is not None else charge.reports[-1].at
    parts = stretches(view, tariff, charge.start.at, last)
    bounds = by_label(curve, parts)
    bill = charge.bill
    got = {part.label: part for part in bill.parts} if bill else {}
    shares = _shares(bounds, settled(bill) if bill else None)
    bands, energies, amounts = [], [], []
    for part in parts:
        zh, en = view.language.label(part.label)
        energy = shares.get(part.label)
        amount = None if energy is None else tariff.amount(part.label, energy)
        price = tariff.prices[part.label].total
        bands.append(
            TariffBand(
                label=part.label,
                label_zh=zh,
                label_en=en,
                start=part.start,
                end=part.end,
                price=price,
                energy=energy,
                amount=amount,
            )
        )
    for label in dict.fromkeys([*bounds, *(label for label, part in got.items() if part.energy > 0)]):
        zh, en = view.language.label(label)
        mine = got.get(label)
        share = shares.get(label, Decimal(0))
        limit = bounds.get(label, Bounds(Decimal(0), Decimal(0), ()))
        sent = mine.energy if mine else None
        ok = sent is None or limit.holds(sent, tolerances.energy(limit.middle))
        energies.append(Settlement(label=label, label_zh=zh, label_en=en, pile=sent, platform=share, ok=ok))
        due = tariff.amount(label, sent) if sent is not None else None
        paid = mine.amount if mine else None
        right = due is None or paid is None or abs(due - paid) <= tolerances.amount
        amounts.append(Settlement(label=label, label_zh=zh, label_en=en, pile=paid, platform=due, ok=right))
    if bill is not None:
        value = settled(bill)
        fine = abs(bill.total_energy - value) <= tolerances.energy(value)
        energies.append(
            Settlement(label="", label_zh="合计", label_en="Total", pile=bill.total_energy, platform=value, ok=fine)
        )
        due_total = sum((row.platform for row in amounts if row.platform is not None), Decimal(0))
        fine = abs(bill.total_amount - due_total) <= tolerances.amount
        amounts.append(
            Settlement(label="", label_zh="合计", label_en="Total", pile=bill.total_amount, platform=due_total, ok=fine)
        )
    return tuple(bands), tuple(energies), tuple(amounts)


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
