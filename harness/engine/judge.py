"""What a case earned: a pure function of its journal, so that a stored run can be judged again with the same result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from harness.core.journal import (
    AttemptBegan,
    EventSeen,
    LoopLate,
    Opened,
    Record,
    StepBegan,
    StepEnded,
)
from harness.core.outcome import CaseOutcome, ChargeCurve, StepOutcome
from harness.core.pairs import halves, joined
from harness.core.pile import PileProfile
from harness.core.play_words import DEEDS, STEPS
from harness.core.ports import Language
from harness.core.safety import BENCH, LIVE_SAFE, may_stand
from harness.core.verdict import Finding, Verdict, worst
from harness.core.wording import step as step_words
from harness.engine.checks.found import NOTHING, found, grounded
from harness.engine.deeds import not_held, unseen, without_pulling
from harness.engine.evidence import attempt, located
from harness.engine.loader import digest, read
from harness.engine.on_purpose import not_reached, only_these_fail
from harness.engine.picture import charge_pictures
from harness.engine.scenario import Scenario
from harness.engine.steps.base import Span
from harness.engine.two_guns import is_at_gun, naming, titled, views_of
from harness.engine.unfinished import of_attempts, of_end, start_failed, unmet
from harness.engine.view import View

RULES_VERSION = "2026.4"
LATE_LIMIT = 1.0  # s by which our own loop may come late before no time limit counts any more

DIALECT_FRAMES = 3  # so many frames of a pile show its dialect
CRC_HIGH_FIRST = "crc_high_first"  # a remark on a message


def judge(records: Sequence[Record], language: Language, strict: bool = False) -> CaseOutcome:
    """The outcome of the case a journal holds; `strict` is how its audit reads what the document leaves in doubt."""
    view = View(records, language)
    scenario = read(view.opened.text, language, view.opened.scenario)
    findings, charges = _looked_at(view, scenario)
    start, head = datetime.fromisoformat(view.opened.wall), scenario.head
    return CaseOutcome(
        id=scenario.id,
        title_zh=head.title.zh,
        title_en=head.title.en,
        description_zh=head.about.zh,
        description_en=head.about.en,
        verdict=worst(findings),
        findings=findings,
        steps=tuple(_steps(view, scenario)),
        started=start.isoformat(),
        ended=(start + timedelta(seconds=view.last_at)).isoformat(),
        gun_no=view.gun_no,
        attempts=1 + sum(isinstance(record.event, AttemptBegan) for record in view.events),
        charge=charges[0] if charges else None,
        beside=charges[1] if len(charges) > 1 else None,
        digest=digest(view.opened.text),
        rules=RULES_VERSION,
        audit=language.audit(view.records, strict),
    )


def _looked_at(view: View, scenario: Scenario) -> tuple[tuple[Finding, ...], list[ChargeCurve]]:
    """All findings, and the pictures of the charges they are about."""
    try:
        views = views_of(view, scenario)
        told = _findings(views, scenario, list(_spans(view, scenario)))
        findings = tuple(located(view, grounded(view, finding)) for finding in told)
        return findings, charge_pictures(views, scenario.head.tolerances)
    except Exception as error:  # a bug of ours takes one case, never the others
        why = f"{type(error).__name__}: {error}"
        return (found(Verdict.BROKEN, "case", "harness_fault", why=why),), []


def not_applicable(scenario: Scenario, profile: PileProfile) -> CaseOutcome | None:
    """The outcome of a case whose item is not declared, or not for this site; None when the case applies."""
    if not may_stand(scenario.head.safety or LIVE_SAFE, profile.site):
        refused = found(Verdict.NOT_APPLICABLE, "declared", "bench_only", expected=BENCH, seen=profile.site)
        return _unplayed(scenario, refused)
    if profile.guns < scenario.head.guns:
        few = found(Verdict.NOT_APPLICABLE, "declared", "one_gun", expected=scenario.head.guns, seen=profile.guns)
        return _unplayed(scenario, few)
    declared = profile.items.declared()
    if scenario.head.needs in declared and not (scenario.head.needs == "qr" and profile.qr_dialect == "none"):
        return None
    seen = ", ".join(sorted(declared))
    finding = found(Verdict.NOT_APPLICABLE, "declared", "not_declared", expected=scenario.head.needs, seen=seen)
    return _unplayed(scenario, finding)


def not_played(scenario: Scenario, why: str) -> CaseOutcome:
    """The outcome of a case that was asked for and never begun."""
    return _unplayed(scenario, found(Verdict.NOT_EARNED, "case", "not_played", why=halves(why)))


def _unplayed(scenario: Scenario, finding: Finding) -> CaseOutcome:
    return CaseOutcome(
        id=scenario.id,
        title_zh=scenario.head.title.zh,
        title_en=scenario.head.title.en,
        description_zh=scenario.head.about.zh,
        description_en=scenario.head.about.en,
        verdict=finding.verdict,
        findings=(finding,),
        digest=digest(scenario.text),
        rules=RULES_VERSION,
    )


def opened_for(
    scenario: Scenario, profile: PileProfile, gun_no: str, wall: datetime, timezone: str, run_id: str
) -> Opened:
    """The first event of a case's journal: all that judging needs to know."""
    return Opened(
        wall=wall.isoformat(),
        run_id=run_id,
        scenario=scenario.id,
        text=scenario.text,
        digest=digest(scenario.text),
        profile=msgspec.to_builtins(profile),
        gun_no=gun_no,
        timezone=timezone,
        rules=RULES_VERSION,
    )


def _spans(view: View, scenario: Scenario) -> Iterator[Span]:
    """The steps of the last attempt, each with the labels known when it began."""
    labels: dict[str, tuple[int, float]] = {}
    open_step: tuple[int, float, StepBegan] | None = None
    for record in view.events:
        if record.n <= view.begin_n:
            continue
        if isinstance(record.event, StepBegan):
            open_step = (record.n, record.at, record.event)
        elif isinstance(record.event, StepEnded) and open_step is not None:
            n, at, began = open_step
            ended = record.event
            known = dict(labels)
            yield Span(began.index, n, at, record.n, record.at, ended.how, ended.frames, ended.detail, known)
            if "mark" in ended.detail:
                mark_n, mark_at = ended.detail["mark"]
                labels[getattr(scenario.steps[began.index].step, "label", "")] = (int(mark_n), float(mark_at))
            open_step = None


def _findings(views: Sequence[View], scenario: Scenario, spans: Sequence[Span]) -> Iterator[Finding]:
    view = views[0]
    findings = [finding for each in views for finding in _of_gun(views, each, scenario, spans)]
    findings += of_attempts(view)
    findings += of_end(view)
    findings = only_these_fail(findings, scenario.head.fails)
    findings += not_reached(view, scenario, spans, findings)
    if all(finding.verdict is Verdict.REMARK for finding in findings):
        findings.append(_nothing_checked(view, scenario))
    findings += _of_dialect(view)
    late = sum(record.event.seconds for record in view.events if isinstance(record.event, LoopLate))
    if late >= LATE_LIMIT and any(finding.verdict is Verdict.FAILED for finding in findings):
        findings = [_excused(finding) for finding in findings]
        findings.append(_loop_late(view, late))
    yield from findings


def _loop_late(view: View, late: float) -> Finding:
    return found(
        Verdict.BROKEN,
        "clock",
        "loop_late",
        expected=f"< {LATE_LIMIT:g} s",
        seen=f"{late:.1f} s",
        frames=[record.n for record in view.events if isinstance(record.event, LoopLate)],
        seconds=f"{late:.1f}",
    )


def _nothing_checked(view: View, scenario: Scenario) -> Finding:
    checks, nothing = ("检查", "a check"), joined(NOTHING)
    rule = " ".join(f"§{section}" for section in scenario.head.sections)
    return found(
        Verdict.NOT_EARNED,
        "case",
        "nothing_checked",
        rule=rule,
        expected=joined(checks),
        seen=nothing,
        frames=attempt(view),
    )


def _of_gun(views: Sequence[View], view: View, scenario: Scenario, spans: Sequence[Span]) -> list[Finding]:
    """What the steps about one gun found; where there are two, each finding says which."""
    findings: list[Finding] = []
    deeds = unseen(*views)
    for span in spans:
        step = scenario.steps[span.index].step
        if step.at_other_gun == (view is not views[0]):
            told = not_held(view, span, step.key, list(_of_step(view, scenario, span)), deeds)
            named = len(views) > 1 and is_at_gun(step, view.language)
            findings += [naming(view, finding) for finding in told] if named else told
    return without_pulling(view, findings)


def _of_step(view: View, scenario: Scenario, span: Span) -> Iterator[Finding]:
    step = scenario.steps[span.index].step
    cut = span.how in ("unmet", "aborted")  # then that is told, and not that something was not seen
    for finding in step.judge(view, span, scenario.head.tolerances):
        if not (cut and finding.verdict is Verdict.NOT_EARNED):
            yield finding
    if span.how == "aborted" and span.detail.get("why") == "start_failed":
        yield _start_failed(view, span, step.key)
    if span.how == "unmet":
        yield unmet(view, span, step.key)


def _start_failed(view: View, span: Span, key: str) -> Finding:
    """The start of a charge failed, perhaps at the other gun while this one was looked at."""
    if span.detail.get("gun", view.gun) == view.gun:
        return start_failed(view, span, key)
    return naming(view.beside, start_failed(view.beside, span, key))


def _of_dialect(view: View) -> Iterator[Finding]:
    """Manners of a pile that are taken as they come, told once (R-FR-4)."""
    first = [seen for seen in view.frames if view.from_pile(seen)][:DIALECT_FRAMES]
    high = next((s.n for s in first if any(remark.code == CRC_HIGH_FIRST for remark in s.message.remarks)), None)
    if high is not None:
        low, first_high = joined(("低位在前", "low first")), joined(("高位在前", "high first"))
        yield found(Verdict.REMARK, "dialect", "crc_order", rule="R-FR-4", expected=low, seen=first_high, frames=[high])


def _excused(finding: Finding) -> Finding:
    if finding.verdict is not Verdict.FAILED:
        return finding
    return msgspec.structs.replace(finding, verdict=Verdict.BROKEN)


def _steps(view: View, scenario: Scenario) -> Iterator[StepOutcome]:
    titles = step_titles(scenario, [each.gun_no for each in views_of(view, scenario)], view.language)
    began: dict[tuple[int, int], EventSeen] = {}
    ended: dict[tuple[int, int], EventSeen] = {}
    attempt = 1
    for record in view.events:
        if isinstance(record.event, StepBegan):
            attempt = record.event.attempt
            began[attempt, record.event.index] = record
        elif isinstance(record.event, StepEnded):
            ended[attempt, record.event.index] = record
    for (number, index), record in began.items():
        placed, end = scenario.steps[index], ended.get((number, index))
        zh, en = titles[index]
        how = end.event.how if end is not None and isinstance(end.event, StepEnded) else ""
        frames = end.event.frames if end is not None and isinstance(end.event, StepEnded) else ()
        yield StepOutcome(
            index=index,
            key=placed.step.key,
            title_zh=zh,
            title_en=en,
            line=placed.line,
            how=how,
            began=record.at,
            ended=end.at if end is not None else None,
            attempt=number,
            frames=frames,
        )


def step_titles(scenario: Scenario, guns: Sequence[str], language: Language) -> list[tuple[str, str]]:
    """The sentences of all steps; `guns` are those that the case is about."""
    return titled(scenario, guns, [say_step(placed.step.says(), language) for placed in scenario.steps], language)


def say_step(says: tuple[str, object], language: Language) -> tuple[str, str]:
    """The sentence of a step: by what its frame is for where there are words for that, else by the frame's title."""
    key, facts = says
    params = dict(facts) if isinstance(facts, dict) else {}
    if "frame" in params:
        frame = str(params["frame"])
        params["frame"] = language.title(frame)
        by_role = f"{key}.{language.role(frame)}"
        key = by_role if by_role in STEPS else key
    if "act" in params:
        zh, en = DEEDS[str(params["act"])]
        return zh, en[0].upper() + en[1:]
    return step_words(key, params)
