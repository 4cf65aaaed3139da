"""What is found where a case did not run to its end: a step that could not go on, a second attempt, how it closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from harness.core.journal import GONE, Answered, AttemptBegan, Closed, LinkChanged, TariffGiven
from harness.core.pairs import Pair, halves, joined, slashed
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import NOTHING, ONLINE, SUCCESS, found, pile_lost
from harness.engine.evidence import attempt, window
from harness.engine.steps.base import Span
from harness.engine.view import View


class Lack(NamedTuple):
    """Why a step could not go on: whose doing that is, by which rule, and what there should have been instead."""

    verdict: Verdict
    rule: str
    expected: Pair
    seen: Pair
    fields: tuple[str, ...] = ()


OFFLINE: Pair = ("不在线", "offline")
ACCEPTED: Pair = ("已接受", "accepted")
DONE: Pair = ("完成", "done")
FINISHED: Pair = ("做完", "finished")
OURS = Lack(Verdict.BROKEN, "", DONE, NOTHING)  # everything not named here is ours or the room's
LACKS = {
    "tariff_refused": Lack(Verdict.FAILED, "R-BM-4", ACCEPTED, ("拒绝", "refused"), ("prices", "result")),
    "tariff_not_accepted": Lack(Verdict.NOT_EARNED, "R-BM-4", ACCEPTED, ("还没有接受", "not yet accepted")),
    "boundary_not_reached": Lack(Verdict.NOT_EARNED, "R-BM-11", ("价格边界", "price boundary"), NOTHING),
    "pile_offline": Lack(Verdict.BROKEN, "R-NET-1", ONLINE, OFFLINE),
    "still_charging": Lack(Verdict.BROKEN, "R-SP-4", ("空闲", "idle"), ("充电", "charging"), ("status",)),
    "current_flows": Lack(Verdict.BROKEN, "R-SP-4", ("没有电流", "no current"), ("有电流", "current")),
    "not_declared": Lack(Verdict.BROKEN, "", ("申报", "declared"), NOTHING),
}


def unmet(view: View, span: Span, check: str) -> Finding:
    """A step that could not go on."""
    why = str(span.detail.get("why", "aborted"))
    lack, text = LACKS.get(why, OURS), _text(span.detail.get("text", ""))
    if why == "pile_lost":
        cuts = [n for n, at, event in view.of_event(LinkChanged) if event.what in GONE and n <= span.end_n]
        return pile_lost(view, check, [n for n in cuts if n >= span.n] or [*cuts[-1:], span.n])
    facts = {key: value for key, value in span.detail.items() if key not in ("why", "text", "mark")}
    answers = [event for n, _, event in view.of_event(Answered) if span.n < n < span.end_n]
    seen = str(facts.get("version") or (slashed(text) if text[0] and answers else joined(lack.seen)))
    return found(
        lack.verdict,
        check,
        why,
        rule=lack.rule,
        expected=joined(lack.expected),
        seen=seen,
        frames=_grounds(view, span, why),
        fields=lack.fields,
        why=text,
        **facts,
    )


def _grounds(view: View, span: Span, why: str) -> list[int]:
    """The frames by which a tariff was refused; for all else what came and went while the step waited."""
    cited = window(view, span.n, span.end_n)
    if why == "tariff_refused":
        given = [record.event for record in view.events if isinstance(record.event, TariffGiven)]
        cited = [n for event in given if event.what == "refused" for n in event.frames] or cited
    if why in ("tariff_not_accepted", "still_charging"):
        role = "reading" if why == "still_charging" else "tariff_request"
        cited += [seen.n for seen in view.of_role(role, span.n - 1) if seen.n <= span.end_n]
    return cited


def start_failed(view: View, span: Span, check: str) -> Finding:
    """The start failed for good."""
    reason = tuple(span.detail["reason"])
    start = view.charge.start
    return found(
        Verdict.FAILED,
        check,
        "start_failed",
        rule="R-ST-4",
        expected=SUCCESS,
        seen=joined((str(reason[0]), str(reason[-1]))),
        frames=[*span.frames, start.n if start else 0],
        fields=["result", "stop_reason"],
        reason=reason,
    )


def of_attempts(view: View) -> Iterator[Finding]:
    """Each attempt but the first is a remark on the one before."""
    for record in view.events:
        if isinstance(record.event, AttemptBegan):
            reason = halves(record.event.why)
            yield found(
                Verdict.REMARK,
                "start",
                "restarted",
                rule="R-ST-4",
                expected=SUCCESS,
                seen=joined(reason),
                frames=record.event.frames,
                fields=["result", "stop_reason"],
                reason=reason,
            )


def of_end(view: View) -> Iterator[Finding]:
    """A case that was not played to its end, and whose doing that is."""
    closed = next(((record.n, record.event) for record in view.events if isinstance(record.event, Closed)), None)
    if closed is None:
        yield _broke(view, "ended_by_us", ("观察提前结束", "observation ended early"), 0)
    elif closed[1].how != "finished":
        yield _broke(view, ENDED.get(closed[1].how, "aborted"), halves(closed[1].detail), closed[0])


ENDED = {"fault": "harness_fault", "ours": "ended_by_us"}  # any other end is a person's stop


def _broke(view: View, code: str, why: Pair, n: int) -> Finding:
    cited = [n, *attempt(view)]
    return found(Verdict.BROKEN, "case", code, expected=joined(FINISHED), seen=slashed(why), frames=cited, why=why)


def _text(kept: str | Sequence[str]) -> Pair:
    """The words of a step that could not go on; older journals keep them as one text, as they do other reasons."""
    return halves(kept) if isinstance(kept, str) else (kept[0], kept[1])
