"""What a pile made of our misbehaviour. Where the document leaves that open, it is a remark with a name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from harness.core import mischief
from harness.core.amounts import Bill, Tariff
from harness.core.journal import LinkChanged, Misbehaved, TariffGiven
from harness.core.pairs import Pair, joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import CHARGING, NOTHING, RECORD, found, not_seen
from harness.engine.checks.money import charged_parts, total_right
from harness.engine.evidence import attended, window
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

ANSWERED_IN = 10.0  # s in which what was asked for wrongly would be answered
START_ANSWERED_IN = 30.0  # s in which a repeated start is answered
CUT: Pair = ("平台断开连接", "the cut by the platform")
DEED: Pair = ("平台故意的报文", "what the platform sent on purpose")
GOES_ON: Pair = ("继续充电", "goes on charging")
ENDED: Pair = ("充电结束", "the charge ended")
REFUSED: Pair = ("应答不能停止", "answers that it cannot stop")
ANSWERED: Pair = ("有应答", "an answer")
OPEN: Pair = ("文档没有规定", "left open by the document")
SEE: Pair = ("见备注", "see the remark")
AFTERWARDS: Pair = ("之后的报文", "frames after it")


def over_the_cut(view: View, _: Tolerances) -> Iterator[Finding]:
    """What became of the charge while the connection was gone: the document leaves that open."""
    cut, stop = _done(view, mischief.CUT), view.charge.stop
    back = [n for n, _, e in view.of_event(LinkChanged) if cut and n > cut.n and e.what in ("login", "relogin")]
    until = stop.n if stop is not None else view.records[-1].n
    after = [report for report in view.charge.reports if back and back[0] < report.n < until]
    before = [report for report in view.charge.charging if cut and report.n < cut.n]
    if cut is None or not after or not before:
        yield not_seen(view, "over_the_cut", "R-RT-10", AFTERWARDS if cut else CUT)
        return
    frames = [before[-1].n, cut.n, back[0], after[-1].n]
    goes_on = after[-1].charging and after[-1].reading.serial == view.charge.serial
    bill = view.charge.bill
    verdict, code = (Verdict.PASSED, "charge_went_on") if goes_on else (Verdict.REMARK, "charge_stopped_offline")
    reason = view.language.stop_reason(bill.stop_reason) if bill else ("未知", "unknown")
    yield found(
        verdict,
        "over_the_cut",
        code,
        rule="R-RT-10",
        expected=joined(GOES_ON),
        seen=joined(GOES_ON if goes_on else ENDED),
        frames=[*frames, view.charge.record.n if view.charge.record and not goes_on else 0],
        fields=["serial", "status"],
        reason=reason,
    )


def crc(view: View, _: Tolerances) -> Iterator[Finding]:
    """A frame with a wrong checksum is not carried out: nothing answers it (R-FR-4)."""
    deed = _done(view, mischief.WRONG_CRC)
    after = [seen for seen in view.frames if deed and seen.n > deed.frame and view.from_pile(seen)]
    if deed is None or not after:
        yield not_seen(view, "crc", "R-FR-4", AFTERWARDS if deed else DEED)
        return
    n, at = deed.frame, deed.at
    role = view.language.role(deed.name)
    until = [seen for seen in view.frames if seen.at <= at + ANSWERED_IN]
    within = [seen for seen in until if seen.n > n]
    answers = [seen.n for seen in until if view.language.role(seen.message.name) == f"{role}_reply"]
    asked = [seen.n for seen in until if view.language.role(seen.message.name) == role]
    bad = len(answers) > len(asked)
    verdict, code = (Verdict.REMARK, "crc_not_checked") if bad else (Verdict.PASSED, "crc_ignored")
    last = within[-1].n if within else after[0].n
    yield found(
        verdict,
        "crc",
        code,
        rule="R-FR-4",
        expected=joined(NOTHING),
        seen=joined(ANSWERED if bad else NOTHING),
        frames=attended(view, [*window(view, n, last), *answers, *asked]),
    )


def start_repeat(view: View, _: Tolerances) -> Iterator[Finding]:
    """A start that comes again under the same serial begins nothing anew."""
    charge, deed = view.charge, _done(view, mischief.REPEAT)
    after = [report for report in charge.charging if deed and report.n > deed.frame]
    before = [report for report in charge.charging if deed and report.n < deed.frame]
    if charge.start is None or deed is None or not after or not before:
        yield not_seen(view, "start_repeat", "R-ST-2", DEED if deed is None else CHARGING)
        return
    start, n = charge.start.n, deed.frame
    low = max(report.reading.energy for report in before)
    anew = [r.n for r in after if r.reading.serial != charge.serial or r.reading.energy < low]
    if anew:
        yield _remark("start_repeat", "started_anew", "R-ST-2", [start, n, before[-1].n, *anew])
    reply = next((s for s in view.of_role("start_reply", n) if s.at <= deed.at + START_ANSWERED_IN), None)
    shown = [start, n, *(report.n for report in after)]
    cited = attended(view, shown if reply is None else [*shown, reply.n])
    if reply is None:
        yield _remark("start_repeat", "start_repeat_unanswered", "R-ST-2", cited)
    elif not view.language.succeeded(reply.message):
        reason = view.language.fail_reason(reply.message)
        yield _remark("start_repeat", "start_repeat_refused", "R-ST-2", cited, reason=reason)
    elif not anew:
        yield found(
            Verdict.PASSED,
            "start_repeat",
            "start_repeat_same",
            rule="R-ST-2",
            expected=charge.serial,
            seen=charge.serial,
            frames=cited,
            fields=["serial", "energy", "result"],
        )


def tariff_change(view: View, tolerances: Tolerances) -> Iterator[Finding]:
    """Which model a charge is billed by when another one comes while it runs (E-TARIFF)."""
    deed, charge, bill = _done(view, mischief.UNTIMELY), view.charge, view.charge.bill
    given = [(r.n, r.event) for r in view.events if isinstance(r.event, TariffGiven)]
    old = [e for n, e in given if charge.start and n < charge.start.n and e.what in ("in_force", "accepted")]
    new = [e for n, e in given if charge.start and n > charge.start.n and e.what == "sent"]
    if charge.start is None or charge.record is None or bill is None or deed is None or not old or not new:
        lacks = DEED if deed is None or not new else RECORD
        yield not_seen(view, "tariff_change", "E-TARIFF", lacks)
        return
    frames = [charge.start.n, deed.frame, *(s.n for s in view.of_role("tariff_reply", deed.frame)[:1]), charge.record.n]
    by_old, by_new = (_fits(bill, msgspec.convert(dict(e.tariff), Tariff), tolerances) for e in (old[-1], new[-1]))
    if by_old:
        total = bill.total_amount
        yield found(
            Verdict.PASSED,
            "tariff_change",
            "tariff_deferred",
            rule="E-TARIFF",
            expected=total,
            seen=total,
            frames=frames,
            fields=["prices", "energies", "amounts"],
        )
    else:
        yield _remark("tariff_change", "tariff_at_once" if by_new else "tariff_mixed", "E-TARIFF", frames)


def _fits(bill: Bill, tariff: Tariff, tolerances: Tolerances) -> bool:
    """Is the record billed by this model?"""
    parts = charged_parts(bill, tariff)
    due = sum((tariff.amount(part.label, part.energy) for part in parts), Decimal(0))
    alike = all(abs(tariff.amount(part.label, part.energy) - part.amount) <= tolerances.amount for part in parts)
    return bool(parts) and alike and total_right(bill, parts, due, tolerances)


def stop_idle(view: View, _: Tolerances) -> Iterator[Finding]:
    """A gun that does not charge is told to stop: it says that it cannot (R-SP-2), and sends no record (E-BILL)."""
    deed = _done(view, mischief.UNTIMELY)
    after = [seen for seen in view.frames if deed and seen.n > deed.frame and view.from_pile(seen)]
    if deed is None or not after or deed.frame not in view.seen:
        yield not_seen(view, "stop_idle", "R-SP-2", AFTERWARDS if deed and not after else DEED)
        return
    n, at = deed.frame, deed.at
    records = [seen.n for seen in after if view.language.bill(seen.message) is not None]
    if records:
        yield _remark("stop_idle", "stop_idle_record", "E-BILL", [n, *records])
    reply = next((s for s in view.of_role("stop_reply", n) if s.at <= at + ANSWERED_IN), None)
    if reply is None:
        yield _remark("stop_idle", "stop_idle_unanswered", "R-SP-2", window(view, n, after[-1].n))
    elif view.language.succeeded(reply.message):
        yield _remark("stop_idle", "stop_idle_accepted", "R-SP-2", [n, reply.n])
    else:
        yield found(
            Verdict.PASSED,
            "stop_idle",
            "stop_idle_refused",
            rule="R-SP-2",
            expected=joined(REFUSED),
            seen=joined(REFUSED),
            frames=[reply.n, *window(view, n, after[-1].n)],
            fields=["result"],
        )


def _remark(check: str, code: str, rule: str, frames: list[int], **facts: Any) -> Finding:
    return found(
        Verdict.REMARK,
        check,
        code,
        rule=rule,
        expected=joined(OPEN),
        seen=joined(SEE),
        frames=frames,
        **facts,
    )


class Deed(NamedTuple):
    """A misdeed: its event, its moment, the frame it was done with (without one the event), and what that is called."""

    n: int
    at: float
    frame: int
    name: str


def _done(view: View, what: str) -> Deed | None:
    """The last such misdeed of the attempt."""
    for n, at, event in reversed(view.of_event(Misbehaved)):
        if event.what == what and event.state == "done" and all(each in view.by_number for each in event.frames):
            return Deed(n, at, (event.frames or (n,))[0], event.frame)
    return None
