"""How a charge ran: serial, statuses, stop reason, trade flag, times, card and VIN."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from harness.core.pairs import joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import CHARGING, NOTHING, RECORD, START, found, not_seen
from harness.engine.evidence import attended, window
from harness.engine.ledger import moments_of_record
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

GOES_ON = ("充电", "charging")


def serial(view: View, _: Tolerances) -> Iterator[Finding]:
    """One transaction serial from start to record (R-TS-3)."""
    charge = view.charge
    if charge.start is None or charge.record is None or charge.bill is None:
        yield not_seen(view, "serial", "R-TS-3", START if charge.start is None else RECORD)
        return
    sent = [*_serials_sent(view, charge.start), (charge.record.n, charge.bill.serial)]
    wrong = [(n, got) for n, got in sent if got != charge.serial][:1]
    got = wrong[0][1] if wrong else charge.serial
    cited = [charge.start.n, *(n for n, _ in wrong or sent)]
    yield found(
        Verdict.FAILED if wrong else Verdict.PASSED,
        "serial",
        "serial_changed" if wrong else "serial_same",
        rule="R-TS-3",
        expected=charge.serial,
        seen=got or joined(NOTHING),
        frames=cited if wrong else attended(view, cited),
        fields=["serial"],
        **({"given": charge.serial, "got": got} if wrong else {}),
    )


def _serials_sent(view: View, start: Seen) -> list[tuple[int, str]]:
    """The frames of the pile before the record that must carry the serial of the charge, and the serial in each."""
    reports = [(report.n, report.reading.serial) for report in view.charge.charging]
    return reports + [(s.n, view.language.serial(s.message)) for s in view.of_role("start_reply", start.n)]


def statuses(view: View, _: Tolerances) -> Iterator[Finding]:
    """A charging gun does not report idle (R-RT-9): only reports followed by charging under the same serial count.

    Two make an order abnormal; whether in a row or in all is not said (E-IDLE), so only two in a row fail the case.
    """
    charge = view.charge
    if not charge.charging:
        yield not_seen(view, "statuses", "R-RT-9", CHARGING)
        return
    first, last = charge.charging[0].n, charge.charging[-1].n
    reports = [r for r in charge.reports if first <= r.n <= last]
    idle = [r.n for r in reports if r.reading.status == "idle"]
    yield found(
        _of_idle([report.reading.status == "idle" for report in reports]),
        "statuses",
        "idle_while_charging" if idle else "statuses_right",
        rule="R-RT-9",
        expected=0 if idle else joined(GOES_ON),
        seen=len(idle) or joined(GOES_ON),
        frames=[first, *idle, last] if idle else [*window(view, first, last), *(r.n for r in reports)],
        fields=["status"],
        **({"count": len(idle)} if idle else {}),
    )


def _of_idle(idle: Sequence[bool]) -> Verdict:
    if any(one and other for one, other in pairwise(idle)):
        return Verdict.FAILED
    return Verdict.REMARK if any(idle) else Verdict.PASSED


def stop_reason(view: View, _: Tolerances) -> Iterator[Finding]:
    """Only the platform may have stopped the charge (§7)."""
    charge = view.charge
    if charge.record is None or charge.bill is None:
        yield not_seen(view, "stop_reason", "§8.7", RECORD)
        return
    code = charge.bill.stop_reason
    right = view.language.is_platform_stop(code) and charge.stop is not None
    yield found(
        Verdict.PASSED if right else Verdict.FAILED,
        "stop_reason",
        "stopped_by_platform" if right else "stopped_by_other",
        rule="§8.7",
        expected=_codes(view.language.is_platform_stop),
        seen=f"0x{code:02X}",
        frames=[charge.record.n, charge.stop.n if charge.stop else 0],
        fields=["stop_reason"],
        reason=view.language.stop_reason(code),
    )


def _codes(right: Callable[[int], bool]) -> str:
    """The codes of one byte that are right."""
    return ", ".join(f"0x{code:02X}" for code in range(256) if right(code))


def estop_reason(view: View, _: Tolerances) -> Iterator[Finding]:
    """The emergency stop is named as the reason (§7: 0x72 while charging, 0x50 while starting)."""
    charge = view.charge
    if charge.record is None or charge.bill is None:
        yield not_seen(view, "estop_reason", "§7", RECORD)
        return
    code = charge.bill.stop_reason
    is_right = partial(view.language.is_emergency_stop, starting=not charge.charging)
    yield found(
        Verdict.PASSED if is_right(code) else Verdict.FAILED,
        "estop_reason",
        "stopped_by_estop" if is_right(code) else "estop_reason_wrong",
        rule="§7",
        expected=_codes(is_right),
        seen=f"0x{code:02X}",
        frames=[charge.record.n, charge.first_charging.n if charge.first_charging else 0],
        fields=["stop_reason", "status"],
        reason=view.language.stop_reason(code),
    )
    if charge.bit_always_set or not any(report.reading.estop for report in charge.reports):
        bit, missing = joined(("置位", "set")), joined(("没有置位", "not set"))
        shown = [report.n for report in charge.reports]
        frames = attended(view, [charge.start.n if charge.start else 0, *shown, charge.record.n])
        yield found(
            Verdict.REMARK,
            "estop_reason",
            "estop_not_reported",
            rule="E-BIT1",
            expected=bit,
            seen=missing,
            frames=frames,
            fields=["estop"],
        )


def _started_by(view: View) -> str:
    charge = view.charge
    if charge.start is None or view.language.role(charge.start.message.name) == "start":
        return "app"
    asked = _asked(view)
    return "vin" if asked and view.language.shown_vin(asked.message) else "card"


def trade_flag(view: View, _: Tolerances) -> Iterator[Finding]:
    """The record says how the charge was started (§8.7)."""
    charge = view.charge
    if charge.record is None or charge.bill is None:
        yield not_seen(view, "trade_flag", "§8.7", RECORD)
        return
    wanted, got = view.language.trade_flag(_started_by(view)), charge.bill.trade_flag
    right = wanted == got
    yield found(
        Verdict.PASSED if right else Verdict.FAILED,
        "trade_flag",
        "trade_flag_right" if right else "trade_flag_wrong",
        rule="§8.7",
        expected=wanted,
        seen=got,
        frames=[charge.record.n, *(seen.n for seen in (charge.start, _asked(view)) if seen)],
        fields=["trade_flag", "start_mode"],
        wanted=wanted,
        got=got,
    )


def times(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Start and end of the record lie where the charge was, by the clock the pile was given (R-TI-1, E-TZ)."""
    charge = view.charge
    if charge.start is None or charge.record is None or charge.bill is None:
        yield not_seen(view, "times", "§8.7", START if charge.start is None else RECORD)
        return
    slack = timedelta(seconds=tolerances.clock)
    for moment in moments_of_record(view):
        right = moment.got is not None and moment.error <= tolerances.clock
        yield found(
            Verdict.PASSED if right else Verdict.FAILED,
            "times",
            "times_right" if right else "times_wrong",
            rule="§8.7",
            expected=f"{_time(moment.earliest - slack)} – {_time(moment.latest + slack)}",
            seen=_time(moment.got),
            frames=[charge.record.n, charge.start.n],
            fields=[moment.field],
            which=moment.which,
        )


def _time(moment: datetime | None) -> str:
    return moment.isoformat(sep=" ", timespec="seconds") if moment else "-"


def card(view: View, _: Tolerances) -> Iterator[Finding]:
    """The record carries the card that was swiped (R-CD-1)."""
    asked = _asked(view)
    shown = view.language.shown_card(asked.message) if asked else ""  # in the pile's own way to fill it up (E-CARD)
    wanted = shown or view.profile.items.card.upper().rjust(16, "0")
    yield from _identity(view, "card", wanted, "R-CD-1", asked.n if asked and shown else 0)


def _asked(view: View) -> Seen | None:
    """The request with which the charge was asked for at the pile."""
    start = view.charge.start
    asked = [seen for seen in view.of_role("ask_start") if start is not None and seen.n < start.n]
    return asked[-1] if asked else None


def vin(view: View, _: Tolerances) -> Iterator[Finding]:
    """The record carries the VIN in natural order (R-TX-9)."""
    yield from _identity(view, "vin", view.profile.items.vin.upper(), "R-TX-9")


def _identity(view: View, which: str, wanted: str, rule: str, asked: int = 0) -> Iterator[Finding]:
    charge = view.charge
    if charge.record is None or charge.bill is None:
        yield not_seen(view, which, rule, RECORD)
        return
    got = (charge.bill.card if which == "card" else charge.bill.vin).upper()
    if which == "card" and got != wanted and view.language.same_card(got, wanted):
        verdict, code, rule = Verdict.REMARK, "card_otherwise", "E-CARD"
    else:
        right = got == wanted
        verdict, code = (Verdict.PASSED, f"{which}_right") if right else (Verdict.FAILED, f"{which}_wrong")
    yield found(
        verdict,
        which,
        code,
        rule=rule,
        expected=wanted,
        seen=got or "-",
        frames=[charge.record.n, asked],
        fields=[which],
        wanted=wanted,
        got=got or "-",
    )
