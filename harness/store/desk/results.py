"""What was played for a model, what of it was submitted, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from harness.core import wording
from harness.core.approval import State
from harness.core.errors import PersonError
from harness.core.outcome import CaseOutcome
from harness.core.pairs import Pair
from harness.core.pile import PileProfile
from harness.core.standing import Case, Standing, Standings, stand
from harness.core.verdict import Finding, Verdict
from harness.store.desk.tables import AttemptRow, SubmissionRow, SubmittedCaseRow
from harness.store.desk.values import REJECT, Actor, Attempt, Model, Submission, SubmittedCase
from harness.store.rows import case_outcome as read_case
from harness.store.rows import iso_micros, moment
from harness.store.tables import CaseRow, FindingRow, JournalRow, RunRow

GRAVITY = (Verdict.FAILED, Verdict.BROKEN, Verdict.NOT_EARNED, Verdict.REMARK)

_profiles = msgspec.json.Decoder(PileProfile)


def keep_attempt(
    into: Engine | Connection,
    *,
    run_id: str,
    position: int,
    model_id: int,
    case: str,
    gun_no: str,
    version: str,
    by: str,
) -> None:
    """A case of a run is played for a model; saying it again changes nothing else.

    Into a connection it is part of the transaction that goes on there.
    """
    row = AttemptRow(run=run_id, position=position, model=model_id, case=case, gun_no=gun_no, version=version, by=by)
    with Session(into) as session, session.begin():
        session.merge(row)


def attempts(engine: Engine, model_id: int) -> list[Attempt]:
    """All that was played for a model and has come to an end, oldest first."""
    query = (
        select(AttemptRow, CaseRow, RunRow, JournalRow.opened)
        .join(CaseRow, (CaseRow.run == AttemptRow.run) & (CaseRow.position == AttemptRow.position))
        .join(RunRow, RunRow.id == AttemptRow.run)
        .join(JournalRow, JournalRow.key == CaseRow.journal)
        .where(AttemptRow.model == model_id, CaseRow.verdict != Verdict.NOT_APPLICABLE)
        .order_by(JournalRow.opened, AttemptRow.run, AttemptRow.position)
    )
    with Session(engine) as session:
        rows = session.execute(query).all()
        sentences = _sentences(session, {run.id for _, _, run, _ in rows})
    return [_attempt(each, case, run, opened, sentences) for each, case, run, opened in rows]


def case_outcome(engine: Engine, run_id: str, position: int) -> CaseOutcome | None:
    """How a case came out, with its findings."""
    with Session(engine) as session:
        row = session.get(CaseRow, (run_id, position))
        found = select(FindingRow.body).filter_by(run=run_id, case=position).order_by(FindingRow.position)
        return None if row is None else read_case(row.body, list(session.scalars(found)))


def submissions(engine: Engine, model_id: int) -> list[Submission]:
    """All that was submitted for a model, oldest first."""
    query = select(SubmissionRow).where(SubmissionRow.model == model_id).order_by(SubmissionRow.id)
    with Session(engine) as session:
        return [_submission(session, row) for row in session.scalars(query)]


def submission(engine: Engine, model_id: int) -> Submission | None:
    """The last submission of a model."""
    return next(reversed(submissions(engine, model_id)), None)


def standings(engine: Engine, model: Model, cases: Sequence[Case]) -> Standings[Attempt]:
    """How each case of a model stands at this moment."""
    return stand(cases, model.data, attempts(engine, model.id), _rejected(engine, model))


def to_submit(standings: Standings[Attempt]) -> tuple[SubmittedCase, ...]:
    """What 提交审核 freezes; PersonError when a result is missing."""
    if standings.reasons:
        zh, en = standings.reasons[0]
        raise PersonError(en, zh)
    return tuple(_submitted(each) for each in standings.cases if each.counts is not None or not each.optional)


def _rejected(engine: Engine, model: Model) -> dict[str, datetime]:
    """When each case was last rejected; the results last sent back stand until testing goes on."""
    decided = [each for each in submissions(engine, model.id) if each.accepted is False and each.decided_at]
    if model.state is State.REJECTED:
        decided = decided[:-1]
    return {case.case: each.decided_at for each in decided if each.decided_at for case in _sent_back(each)}


def _sent_back(submission: Submission) -> Iterable[SubmittedCase]:
    return (case for case in submission.cases if case.vote == REJECT)


def _submitted(standing: Standing[Attempt]) -> SubmittedCase:
    counts = standing.counts
    if counts is None:
        return SubmittedCase(
            case=standing.case,
            declared=False,
            run_id="",
            position=0,
            verdict=Verdict.NOT_APPLICABLE,
            gun_no="",
            version="",
        )
    return SubmittedCase(
        case=standing.case,
        declared=True,
        run_id=counts.run_id,
        position=counts.position,
        verdict=counts.verdict,
        gun_no=counts.gun_no,
        version=counts.version,
    )


def _attempt(
    row: AttemptRow, case: CaseRow, run: RunRow, opened: int, sentences: dict[tuple[str, int], Pair]
) -> Attempt:
    outcome = read_case(case.body, [])
    return Attempt(
        run_id=row.run,
        position=row.position,
        model_id=row.model,
        case=row.case,
        gun_no=row.gun_no,
        verdict=Verdict(case.verdict),
        key=case.journal,
        started=moment(opened),
        ended=moment(iso_micros(outcome.ended) if outcome.ended else run.ended or opened),
        version=row.version,
        profile=_profiles.decode(run.profile),
        by=row.by,
        sentence=sentences.get((row.run, row.position)),
    )


def _sentences(session: Session, runs: set[str]) -> dict[tuple[str, int], Pair]:
    """What the gravest finding of each case says."""
    query = select(FindingRow).where(FindingRow.run.in_(runs), FindingRow.verdict.in_(GRAVITY))
    found: dict[tuple[str, int], list[FindingRow]] = {}
    for row in session.scalars(query.order_by(FindingRow.run, FindingRow.case, FindingRow.position)):
        found.setdefault((row.run, row.case), []).append(row)
    return {place: _said(min(rows, key=_gravity)) for place, rows in found.items()}


def _gravity(row: FindingRow) -> int:
    return GRAVITY.index(Verdict(row.verdict))


def _said(row: FindingRow) -> Pair:
    if row.code not in wording.FINDINGS:  # an old journal may hold a code that has no sentence any more
        return row.code, row.code
    return wording.say(row.code, msgspec.json.decode(row.body, type=Finding).params)


def _submission(session: Session, row: SubmissionRow) -> Submission:
    cases = select(SubmittedCaseRow).where(SubmittedCaseRow.submission == row.id).order_by(SubmittedCaseRow.place)
    decided = row.decided_at is not None
    return Submission(
        id=row.id,
        model_id=row.model,
        at=moment(row.at),
        by=Actor(kind=row.by_kind, id=row.by_id, name=row.by_name),
        cases=tuple(_submitted_case(case) for case in session.scalars(cases)),
        decided_at=moment(row.decided_at) if row.decided_at is not None else None,
        decided_by=Actor(kind=row.decided_kind, id=row.decided_id, name=row.decided_name) if decided else None,
        accepted=row.accepted,
        reason=row.reason,
    )


def _submitted_case(row: SubmittedCaseRow) -> SubmittedCase:
    return SubmittedCase(
        case=row.case,
        declared=row.declared,
        run_id=row.run,
        position=row.position,
        verdict=Verdict(row.verdict),
        gun_no=row.gun_no,
        version=row.version,
        vote=row.vote,
        reason=row.reason,
    )
