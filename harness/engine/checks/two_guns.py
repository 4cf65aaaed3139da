"""What two guns of one pile keep apart: serials, records, energies, a stop, a reboot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from harness.core.journal import PILE
from harness.core.pairs import Pair, joined
from harness.core.verdict import Finding, Verdict
from harness.engine.charge import RAMP_DOWN, Report
from harness.engine.checks.found import CHARGING, RECORD, START, found, not_seen
from harness.engine.checks.money import settled
from harness.engine.evidence import attended, window
from harness.engine.ledger import curve_of
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

STORED = 30.0  # s after a login in which real-time data may be of the time before (R-LG-4, R-RT-10)
TWICE = 2  # reports that show whether something moves
STOP: Pair = ("停止命令", "a stop")
REPORTS: Pair = ("不充电时的实时数据", "real-time data while not charging")
PRESSED: Pair = ("急停故障位", "the emergency stop fault")
LOGIN: Pair = ("重新登录后的实时数据", "real-time data after the login")
GOES_ON, ENDED, AT_REST = ("充电", "charging"), ("停了", "stopped"), ("不变", "unchanged")


def apart(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Neither gun bears the serial, the record or the energy of the other (R-TS-3)."""
    views = (view, view.beside)
    given = {each.charge.serial: each for each in views if each.charge.serial}
    said = [(each, seen) for each in views for seen in _of_gun(each) if view.language.serial(seen.message) in given]
    if not said:
        yield not_seen(view, "apart", "R-TS-3", CHARGING if given else START)
        return
    crossed = [_crossed(each, seen) for each, seen in said if given[view.language.serial(seen.message)] is not each]
    crossed += [finding for each in views for finding in _energy_crossed(each, tolerances)]
    yield from {finding.code: finding for finding in reversed(crossed)}.values()
    if not crossed:
        starts = [each.charge.start.n for each in given.values() if each.charge.start is not None]
        yield found(
            Verdict.PASSED,
            "apart",
            "guns_apart",
            rule="R-TS-3",
            expected=", ".join(given),
            seen=", ".join(sorted({view.language.serial(seen.message) for _, seen in said})),
            frames=attended(view, [*starts, *(seen.n for _, seen in said)]),
            fields=["serial", "gun_no"],
        )


def _of_gun(view: View) -> list[Seen]:
    """What the pile said of the gun in the attempt."""
    gun = view.language.gun
    said = [seen for seen in view.frames if seen.n > view.begin_n and view.from_pile(seen)]
    return [seen for seen in said if gun(seen.message) == view.gun_no]


def _crossed(view: View, seen: Seen) -> Finding:
    """A frame of a gun that bears the serial of the other one's charge."""
    starts = [each.charge.start.n for each in (view, view.beside) if each.charge.start is not None]
    return found(
        Verdict.FAILED,
        "apart",
        "record_crossed" if view.language.bill(seen.message) is not None else "serial_crossed",
        rule="R-TS-3",
        expected=view.charge.serial or "0",
        seen=view.language.serial(seen.message),
        frames=[*starts, seen.n],
        fields=["serial", "gun_no"],
        gun=view.gun,
        other=view.beside.gun,
    )


def _energy_crossed(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """The record's energy is not what this gun's reports show, but what the other's do."""
    charge, bill = view.charge, view.charge.bill
    own = curve_of(charge, view.profile.power_kw)
    others = curve_of(view.beside.charge, view.profile.power_kw)
    if charge.record is None or bill is None or own is None or others is None:
        return
    value, record = settled(bill), charge.record
    slack = tolerances.energy(value)
    theirs = next((bounds for bounds in (others.at(record.at), others.total) if bounds.holds(value, slack)), None)
    if theirs is None or own.total.holds(value, slack):
        return
    yield found(
        Verdict.FAILED,
        "apart",
        "energy_crossed",
        rule="§8.7 R-RT-1",
        expected=f"{own.total.low:.4f} – {own.total.high:.4f} kWh",
        seen=f"{value} kWh",
        frames=[*own.total.frames, *theirs.frames, record.n],
        fields=["energy"],
        gun=view.gun,
        other=view.beside.gun,
    )


def goes_on(view: View, _: Tolerances) -> Iterator[Finding]:
    """The stop of the other gun leaves this one charging, until it is stopped itself (R-SP-1)."""
    stop, charge = view.beside.charge.stop, view.charge
    if stop is None or charge.start is None:
        yield not_seen(view, "goes_on", "R-SP-1", STOP if stop is None else START)
        return
    last = charge.stop.n if charge.stop is not None else view.records[-1].n
    reports = [report for report in charge.reports if stop.n < report.n < last]
    ended = _ended(charge.record, reports, last)
    flowing = [report.n for report in reports if report.flows]
    if _was_over(view, stop) or not (ended or flowing):
        yield not_seen(view, "goes_on", "R-SP-1", CHARGING, (stop.n, last))
        return
    yield found(
        Verdict.FAILED if ended else Verdict.PASSED,
        "goes_on",
        "other_stopped" if ended else "other_goes_on",
        rule="R-SP-1",
        expected=joined(GOES_ON),
        seen=joined(ENDED if ended else GOES_ON),
        frames=[stop.n, *ended] if ended else [*flowing, *window(view, stop.n, last)],
        fields=["gun_no", "status", "energy"],
        gun=view.gun,
        stopped=view.beside.gun,
    )


def _was_over(view: View, stop: Seen) -> bool:
    """Had the charge ended by itself before the other gun was stopped? Then that says nothing of the stop."""
    charge = view.charge
    before = [report for report in charge.reports if report.n < stop.n]
    return (charge.record is not None and charge.record.n < stop.n) or not before or not before[-1].charging


def _ended(record: Seen | None, reports: Sequence[Report], last: int) -> list[int]:
    """What shows that a charge ended before its own stop: its record, or two reports in a row (R-RT-9)."""
    over = [[one.n, two.n] for one, two in pairwise(reports) if not one.charging and not two.charging]
    if record is not None and record.n < last:
        return [record.n]
    return over[0] if over else []


def rests(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """While a gun does not charge, the energy in its reports does not grow with the other's."""
    spans = [span for span in _at_rest(view) if len(span) >= TWICE]
    if not spans:
        yield not_seen(view, "rests", "R-RT-5", REPORTS)
        return
    pairs = [pair for span in spans for pair in pairwise(span)]
    moved = next(
        ((one, two) for one, two in pairs if two.reading.energy - one.reading.energy > tolerances.energy_kwh), None
    )
    before, after = moved or (spans[0][0], spans[-1][-1])
    yield found(
        Verdict.FAILED if moved else Verdict.PASSED,
        "rests",
        "rest_moves" if moved else "rest_still",
        rule="R-RT-5",
        expected=joined(AT_REST),
        seen=f"{before.reading.energy} → {after.reading.energy} kWh",
        frames=[before.n, after.n] if moved else attended(view, [report.n for span in spans for report in span]),
        fields=["energy", "status"],
        gun=view.gun,
        before=before.reading.energy,
        after=after.reading.energy,
    )


def _at_rest(view: View) -> tuple[list[Report], list[Report]]:
    """The reports of a gun before its charge and after its record; all of them where it has no charge."""
    read, charge = view.language.reading, view.charge
    reports = [Report(seen.n, seen.at, reading) for seen in _of_gun(view) if (reading := read(seen.message))]
    idle = [report for report in reports if not report.charging]
    start = charge.start.n if charge.start is not None else view.records[-1].n + 1
    record = charge.record.n if charge.record is not None else view.records[-1].n + 1
    return [report for report in idle if report.n < start], [report for report in idle if report.n > record]


def all_stop(view: View, _: Tolerances) -> Iterator[Finding]:
    """The emergency stop ends the charges of both guns (§7)."""
    views = [each for each in (view, view.beside) if each.charge.charging]
    pressed = min((shown for each in views for shown in _pressed(each)), default=None)
    after = {each: _after(each, pressed[1]) for each in views} if pressed else {}
    if pressed is None or not all(after.values()):
        yield not_seen(view, "all_stop", "§7", PRESSED if pressed is None else RECORD)
        return
    goes = [(each, r.n) for each in views for r in each.charge.reports if r.flows and r.at > pressed[1] + RAMP_DOWN]
    for each, n in goes[:1]:
        yield _one_gun(each, [pressed[0], n])
    if not goes:
        end = view.records[-1].n
        yield found(
            Verdict.PASSED,
            "all_stop",
            "estop_both",
            rule="§7",
            expected=joined(ENDED),
            seen=joined(ENDED),
            frames=attended(view, [*(n for each in after.values() for n in each), *window(view, pressed[0], end)]),
            fields=["status", "estop", "stop_reason"],
        )


def _pressed(view: View) -> Iterator[tuple[int, float]]:
    """When the emergency stop showed first: in a report, else in the record."""
    charge = view.charge
    if not charge.bit_always_set:
        yield from ((report.n, report.at) for report in charge.reports if report.reading.estop)
    bill, record = charge.bill, charge.record
    if record is not None and bill is not None and view.language.is_emergency_stop(bill.stop_reason, starting=False):
        yield record.n, record.at


def _after(view: View, at: float) -> list[int]:
    """What a gun said from a moment on: reports and its record."""
    record = view.charge.record
    return [r.n for r in view.charge.reports if r.at >= at] + ([record.n] if record and record.at >= at else [])


def _one_gun(view: View, frames: Sequence[int]) -> Finding:
    return found(
        Verdict.FAILED,
        "all_stop",
        "estop_one_gun",
        rule="§7",
        expected=joined(ENDED),
        seen=joined(GOES_ON),
        frames=frames,
        fields=["status", "estop", "energy"],
        gun=view.gun,
    )


def not_resumed(view: View, _: Tolerances) -> Iterator[Finding]:
    """After a reboot neither gun reports charging: what was interrupted is over (R-RB-1)."""
    command = next(iter(view.sent("reboot")), None)
    login = next(iter(view.of_role("login", command.n)), None) if command is not None else None
    views = (view, view.beside)
    since = login.at + STORED if login is not None else view.last_at
    reports = {each: [seen for seen in _of_gun(each) if seen.at > since and _reads(each, seen)] for each in views}
    if command is None or login is None or not all(reports.values()):
        yield not_seen(view, "not_resumed", "R-RB-1", LOGIN)
        return
    resumed = [(each, seen) for each in views for seen in reports[each] if _charges(each, seen)]
    looked_at = [seen.n for of_gun in reports.values() for seen in of_gun]
    where, last = (resumed[0][0], [resumed[0][1].n]) if resumed else (view, looked_at)
    frames = [command.n, login.n, *last]
    yield found(
        Verdict.FAILED if resumed else Verdict.PASSED,
        "not_resumed",
        "resumed" if resumed else "not_resumed",
        rule="R-RB-1",
        expected=joined(ENDED),
        seen=joined(GOES_ON if resumed else ENDED),
        frames=frames if resumed else attended(view, frames),
        fields=["status", "serial"],
        gun=where.gun,
    )


def _reads(view: View, seen: Seen) -> bool:
    return view.language.reading(seen.message) is not None


def _charges(view: View, seen: Seen) -> bool:
    reading = view.language.reading(seen.message)
    return seen.sender == PILE and reading is not None and reading.status == "charging"
