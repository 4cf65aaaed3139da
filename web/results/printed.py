"""What the printable report of a model is about: its last submission, or how it stands as long as there is none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from harness.core.approval import NAMES, State
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair
from harness.core.standing import Standing
from harness.core.verdict import Finding, Verdict
from harness.report.review import Note, Review
from harness.store.desk import results
from harness.store.desk.values import REJECT, Attempt, Model, Submission, SubmittedCase
from web import look
from web.services import CaseInfo, Services
from web.words import say

Facts = tuple[tuple[Pair, Pair], ...]
SHAPES: Mapping[State, str] = MappingProxyType({State.DONE: "ok", State.REJECTED: "bad", State.SUBMITTED: "hold"})


class Printed(NamedTuple):
    """A report before it is a page."""

    outcome: RunOutcome
    review: Review
    facts: Facts


def printed(services: Services, model: Model) -> Printed:
    """The frozen attempts with the decision on them; without a submission, what counts at this moment."""
    submission = results.submission(services.engine, model.id)
    if submission is None:
        return _unsubmitted(services, model)
    frozen = {(case.run_id, case.position) for case in submission.cases if case.declared}
    played = [each for each in results.attempts(services.engine, model.id) if (each.run_id, each.position) in frozen]
    titles = {case.id: case for case in services.cases}
    cases = tuple(_frozen(services, case, titles.get(case.case)) for case in submission.cases)
    versions = dict.fromkeys(case.version for case in submission.cases if case.declared)
    state = _state(submission)
    return Printed(
        outcome=_outcome(services, model, played, cases),
        review=Review(SHAPES[state], NAMES[state], _whole(submission), _notes(submission)),
        facts=_facts(model, state, submission, tuple(versions)),
    )


def _unsubmitted(services: Services, model: Model) -> Printed:
    standings = results.standings(services.engine, model, services.cases)
    told = [each for each in standings.cases if each.attempts or not each.optional]
    played = [attempt for each in told if (attempt := each.counts or each.open) is not None]
    return Printed(
        outcome=_outcome(services, model, played, tuple(_standing(services, each) for each in told)),
        review=Review("na", look.state_name(model), None, {}),
        facts=_facts(model, model.state, None, standings.overall.versions),
    )


def _state(submission: Submission) -> State:
    if submission.accepted is None:
        return State.SUBMITTED
    return State.DONE if submission.accepted else State.REJECTED


def _outcome(services: Services, model: Model, played: list[Attempt], cases: tuple[CaseOutcome, ...]) -> RunOutcome:
    """Attempts of any runs, as if they had been one; the pile is described as it was tested last."""
    last = max(played, key=lambda attempt: attempt.started, default=None)
    return RunOutcome(
        pile_code=last.profile.pile_code if last is not None else model.pile_code,
        profile=last.profile if last is not None else model.profile(),
        started=min((attempt.started.isoformat() for attempt in played), default=""),
        ended=max((attempt.ended.isoformat() for attempt in played), default=""),
        cases=cases,
        timezone=services.settings.timezone,
    )


def _frozen(services: Services, case: SubmittedCase, info: CaseInfo | None) -> CaseOutcome:
    title = info.title if info is not None else (case.case, case.case)
    found = results.case_outcome(services.engine, case.run_id, case.position) if case.declared else None
    return found or _empty(case.case, title, case.declared)


def _standing(services: Services, standing: Standing[Attempt]) -> CaseOutcome:
    """A case as it counts now."""
    played = standing.counts or standing.open
    found = results.case_outcome(services.engine, played.run_id, played.position) if played is not None else None
    return found or _empty(standing.case, standing.title, standing.declared)


def _empty(case: str, title: Pair, declared: bool) -> CaseOutcome:
    """A case without an attempt says why."""
    verdict, code = (Verdict.NOT_EARNED, "not_played") if declared else (Verdict.NOT_APPLICABLE, "not_declared")
    why = Finding(code=code, verdict=verdict, params={"why": say("evidence.not_tested")})
    return CaseOutcome(id=case, title_zh=title[0], title_en=title[1], verdict=verdict, findings=(why,))


def _whole(submission: Submission) -> Note | None:
    if not submission.reason:
        return None
    key = "evidence.said" if submission.accepted else "evidence.why_sent_back"
    return Note(not submission.accepted, say(key), submission.reason)


def _notes(submission: Submission) -> dict[str, Note]:
    return {case.case: _note(case) for case in submission.cases if case.reason or case.vote == REJECT}


def _note(case: SubmittedCase) -> Note:
    bad = case.vote == REJECT
    return Note(bad, say("evidence.case_sent_back" if bad else "evidence.said"), case.reason)


def _facts(model: Model, state: State, submission: Submission | None, versions: tuple[str, ...]) -> Facts:
    """Whose it is, how it stands now if that is something else, and who decided."""
    facts = [
        (say("evidence.company"), _same(model.company)),
        (say("evidence.contact"), _same(model.contact)),
        (say("evidence.reviewer"), _reviewed(submission)),
    ]
    if submission is not None:
        facts.append((say("evidence.submitted"), _same(look.full_time(submission.at))))
    if model.state is not state:
        facts.append((say("evidence.state_now"), look.state_name(model)))
    if versions:
        facts.append((say("evidence.versions"), _same(", ".join(version or "—" for version in versions))))
    return tuple(facts)


def _reviewed(submission: Submission | None) -> Pair:
    if submission is None or submission.decided_by is None or submission.decided_at is None:
        return say("evidence.not_reviewed")
    return say("evidence.reviewed", name=submission.decided_by.name, at=look.full_time(submission.decided_at))


def _same(text: str) -> Pair:
    return text, text
