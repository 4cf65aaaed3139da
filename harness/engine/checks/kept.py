"""What must hold whatever we do wrong: a start that was confirmed, a record that is neither lost nor changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from harness.core.amounts import Bill
from harness.core.pairs import Pair, joined, slashed
from harness.core.verdict import Finding, Verdict
from harness.engine.charge import Report
from harness.engine.checks.found import CHARGING, NOTHING, RECORD, START, SUCCESS, found, not_seen, pile_lost
from harness.engine.checks.money import settled
from harness.engine.evidence import attended, window
from harness.engine.ledger import HOUR, POWER_MARGIN, STALE
from harness.engine.records import first_confirm, records_of
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

UNTIL_SURE = 90.0  # s from a start in which it is decided (R-ST-3)
RULES = "R-TX-4 E-RETRY"
SAME: Pair = ("一样", "the same")
SERIAL: Pair = ("流水号", "serial")
ENERGY: Pair = ("总电量", "total energy")
NOT_AGAIN: Pair = ("不再重发", "not sent again")
AGAIN: Pair = ("又重发", "sent again")


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
    if positive is None and cuts:
        yield pile_lost(view, "started", cuts)
        return
    if positive is not None:
        verdict, code, cited = Verdict.PASSED, "start_confirmed", [positive.n, charge.first_charging.n]
    else:
        verdict, code = Verdict.FAILED, "charging_unconfirmed"
        cited = attended(view, [charge.start.n, *(s.n for s in replies), charge.charging[-1].n])
    yield found(
        verdict,
        "started",
        code,
        rule="R-ST-4",
        expected=SUCCESS,
        seen=SUCCESS if positive is not None else joined(NOTHING),
        frames=[charge.start.n, *cited],
        fields=["result", "status"],
    )


def record_kept(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """The record is that of the charge, however often it comes, and no less than what was reported before."""
    charge, bill = view.charge, view.charge.bill
    if charge.start is None or charge.record is None or bill is None:
        yield not_seen(view, "record_kept", "R-TX-4", START if charge.start is None else RECORD)
        return
    sent = records_of(view) or [charge.record]
    record = charge.record
    wrong = _other_serial(view, bill, record) or _differing(view, sent) or _other_energy(view, bill, record, tolerances)
    if wrong is not None:
        yield _changed(charge.start.n, wrong)
        return
    reports = [report.n for report in _own(view, charge.record)[-1:]]
    yield found(
        Verdict.PASSED,
        "record_kept",
        "record_kept",
        rule=RULES,
        expected=joined(SAME),
        seen=joined(SAME),
        frames=attended(view, [charge.start.n, *(seen.n for seen in sent), *reports]),
        fields=["serial", "energies"],
    )


class Wrong(NamedTuple):
    """In what a record is not that of the charge: what to cite, how it is called, what it should be and what it is."""

    cites: str
    name: Pair
    wanted: Pair
    got: Pair
    frames: list[int]


def _changed(start: int, wrong: Wrong) -> Finding:
    name, wanted, got = wrong.name, wrong.wanted, wrong.got
    return found(
        Verdict.FAILED,
        "record_kept",
        "record_changed",
        rule=RULES,
        expected=slashed((f"{name[0]} {wanted[0]}", f"{name[1]} {wanted[1]}")),
        seen=slashed((f"{name[0]} {got[0]}", f"{name[1]} {got[1]}")),
        frames=[start, *wrong.frames],
        fields=[wrong.cites],
        field=name,
        wanted=wanted,
        got=got,
    )


def _other_serial(view: View, bill: Bill, record: Seen) -> Wrong | None:
    if bill.serial == view.charge.serial:
        return None
    return Wrong("serial", SERIAL, _same(view.charge.serial), _same(bill.serial), [record.n])


def _differing(view: View, sent: list[Seen]) -> Wrong | None:
    """The first field in which a later sending of a record differs from the first."""
    for seen in sent[1:]:
        for field, wanted, got in view.language.differing(sent[0].message, seen.message):
            return Wrong(field, _same(field), wanted, got, [sent[0].n, seen.n])
    return None


def _other_energy(view: View, bill: Bill, record: Seen, tolerances: Tolerances) -> Wrong | None:
    """The energy lies between what was reported last and what could have flowed since."""
    reports = _own(view, record)[1:]  # the first may still carry an earlier charge's energy
    if not reports:
        return None
    last, values = reports[-1], (settled(bill), bill.total_energy)
    low = max(report.reading.energy for report in reports)
    seconds = Decimal(max(record.at - last.at, 0.0) + STALE)
    high = low + POWER_MARGIN * view.profile.power_kw * seconds / HOUR
    slack = tolerances.energy(low)
    value = next((value for value in values if not low - slack <= value <= high + slack), None)
    if value is None:
        return None
    bounds = f"{low:.4f} – {high:.4f} kWh"
    return Wrong("energies", ENERGY, _same(bounds), _same(f"{value} kWh"), [last.n, record.n])


def _same(text: str) -> Pair:
    return text, text


def _own(view: View, record: Seen) -> list[Report]:
    """The reports of the charge that say charging, under its serial, before its record."""
    charge = view.charge
    return [each for each in charge.charging if each.reading.serial == charge.serial and each.n < record.n]


def confirmed(view: View, _: Tolerances) -> Iterator[Finding]:
    """Once confirmed a record is not sent again; one that was under way does not count (E-RETRY, E-40)."""
    sent = records_of(view)
    confirm = first_confirm(view, sent[0]) if sent else None
    if not sent or confirm is None:
        yield not_seen(view, "confirmed", "R-TX-4", RECORD)
        return
    again = [seen.n for seen in sent if seen.at > confirm.at + 1]
    beside = window(view, sent[0].n, view.records[-1].n)
    verdict, code = (Verdict.REMARK, "repeated_after_confirm") if again else (Verdict.PASSED, "record_settled")
    yield found(
        verdict,
        "confirmed",
        code,
        rule=RULES,
        expected=joined(NOT_AGAIN),
        seen=joined(AGAIN if again else NOT_AGAIN),
        frames=[sent[0].n, confirm.n, *again, *beside],
        fields=["serial"],
    )
