"""What must hold whatever we do wrong: a start that was confirmed, a record that is neither lost nor changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from harness.core.amounts import Bill
from harness.core.pairs import joined
from harness.core.verdict import Finding, Verdict
from harness.engine.charge import Report
from harness.engine.checks.found import CHARGING, NOTHING, RECORD, START, found, not_seen, pile_lost
from harness.engine.checks.money import settled
from harness.engine.evidence import window
from harness.engine.ledger import STALE
from harness.engine.records import first_confirm, records_of
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

UNTIL_SURE = 90.0  # s from a start in which it is decided (R-ST-3)
POWER_MARGIN = Decimal("1.1")
HOUR = 3600
SAME = ("一样", "the same")


def started(view: View, _: Tolerances) -> Iterator[Finding]:
    """A pile that charges has answered that it starts (R-ST-4, E-GRACE)."""
    charge = view.charge
    if charge.start is None or charge.first_charging is None:
        yield not_seen(view, "started", "R-ST-4", START if charge.start is None else CHARGING)
        return
    replies = [
        s for s in view.of_role("start_reply", charge.start.n) if view.language.serial(s.message) == charge.serial
    ]
    positive = next((s for s in replies if view.language.succeeded(s.message)), None)
    cuts = [n for n, _ in view.cuts(charge.start.at, charge.start.at + UNTIL_SURE)]
    if positive is not None:
        frames = [charge.start.n, positive.n, charge.first_charging.n]
        yield found(
            Verdict.PASSED, "started", "start_confirmed", rule="R-ST-4", expected="0x33", seen="0x33", frames=frames
        )
    elif cuts:
        yield pile_lost(view, "started", cuts)
    else:
        frames = [*(s.n for s in replies), *window(view, charge.start.n, charge.charging[-1].n)]
        yield found(
            Verdict.FAILED,
            "started",
            "charging_unconfirmed",
            rule="R-ST-4",
            expected="0x33",
            seen=joined(NOTHING),
            frames=frames,
        )


def record_kept(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """The record is that of the charge, however often it comes, and no less than what was reported before."""
    charge, bill = view.charge, view.charge.bill
    if charge.start is None or charge.record is None or bill is None:
        yield not_seen(view, "record_kept", "R-TX-4", START if charge.start is None else RECORD)
        return
    sent = records_of(view) or [charge.record]
    wrong = _other_serial(view, bill) or _differing(sent) or _other_energy(view, bill, tolerances)
    if wrong is not None:
        field, wanted, got, frames = wrong
        yield found(
            Verdict.FAILED,
            "record_kept",
            "record_changed",
            rule="R-TX-4 E-RETRY",
            expected=f"{field} {wanted}",
            seen=f"{field} {got}",
            frames=[charge.start.n, *frames],
            field=field,
            wanted=wanted,
            got=got,
        )
        return
    reports = [report.n for report in _own(view)[-1:]]
    yield found(
        Verdict.PASSED,
        "record_kept",
        "record_kept",
        rule="R-TX-4 E-RETRY",
        expected=joined(SAME),
        seen=joined(SAME),
        frames=[charge.start.n, *(seen.n for seen in sent), *reports],
    )


Wrong = tuple[str, str, str, list[int]]  # field, wanted, got, frames


def _other_serial(view: View, bill: Bill) -> Wrong | None:
    if view.charge.record is None or bill.serial == view.charge.serial:
        return None
    return "transaction_serial", view.charge.serial, bill.serial, [view.charge.record.n]


def _differing(sent: list[Seen]) -> Wrong | None:
    """The first field in which a later sending of a record differs from the first."""
    first = sent[0].message.values
    for seen in sent[1:]:
        for field in first.__struct_fields__:
            wanted, got = getattr(first, field), getattr(seen.message.values, field)
            if wanted != got:
                return field, str(wanted), str(got), [sent[0].n, seen.n]
    return None


def _other_energy(view: View, bill: Bill, tolerances: Tolerances) -> Wrong | None:
    """The energy lies between what was reported last and what could have flowed since."""
    reports, record = _own(view)[1:], view.charge.record  # the first may still carry an earlier charge's energy
    if not reports or record is None:
        return None
    last, values = reports[-1], (settled(bill), bill.total_energy)
    low = max(report.reading.energy for report in reports)
    seconds = Decimal(max(record.at - last.at, 0.0) + STALE)
    high = low + POWER_MARGIN * view.profile.power_kw * seconds / HOUR
    slack = tolerances.energy(low)
    value = next((value for value in values if not low - slack <= value <= high + slack), None)
    if value is None:
        return None
    return "total_energy", f"{low:.4f} – {high:.4f} kWh", f"{value} kWh", [last.n, record.n]


def _own(view: View) -> list[Report]:
    """The reports of the charge that say charging, under its serial, before its record."""
    record = view.charge.record
    return [
        report
        for report in view.charge.charging
        if report.reading.serial == view.charge.serial and (record is None or report.n < record.n)
    ]


def confirmed(view: View, _: Tolerances) -> Iterator[Finding]:
    """Once confirmed a record is not sent again; one that was under way does not count (E-RETRY, E-40)."""
    sent = records_of(view)
    confirm = first_confirm(view, sent[0]) if sent else None
    if not sent or confirm is None:
        yield not_seen(view, "confirmed", "R-TX-4", RECORD)
        return
    again = [seen.n for seen in sent if seen.at > confirm.at + 1]
    beside = window(view, confirm.n, view.records[-1].n)
    verdict, code = (Verdict.REMARK, "repeated_after_confirm") if again else (Verdict.PASSED, "record_settled")
    yield found(
        verdict,
        "confirmed",
        code,
        rule="R-TX-4 E-RETRY",
        expected="0",
        seen=len(again),
        frames=[sent[0].n, confirm.n, *again, *beside],
    )


__all__ = ["confirmed", "record_kept", "started"]
