"""Submissions as rows: what was handed in, and the votes of whoever decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from harness.core.errors import PersonError
from harness.store.desk.tables import ModelRow, SubmissionRow, SubmittedCaseRow
from harness.store.desk.values import ACCEPT, REJECT, Actor, SubmittedCase
from harness.store.rows import micros

Votes = Mapping[str, tuple[str, str]]  # by case: accept or reject, and why


def check_votes(votes: Votes, accepted: bool) -> None:
    """PersonError when the votes and the decision do not go together, or a rejected case has no reason."""
    if any(vote not in (ACCEPT, REJECT) for vote, _ in votes.values()):
        raise PersonError("A vote is accept or reject.", "只能选通过或退回。")
    rejected = {case: why for case, (vote, why) in votes.items() if vote == REJECT}
    if accepted and rejected:
        raise PersonError(
            "A case is marked to be sent back, so the results cannot be approved.", "有场景选了退回，不能通过结果。"
        )
    if not accepted and not rejected:
        raise PersonError("Mark at least one case to be sent back.", "至少选一个要退回的场景。")
    if not all(why.strip() for why in rejected.values()):
        raise PersonError("Write a reason for each case that is sent back.", "每个退回的场景都要写原因。")


def enter_submission(
    session: Session, model: ModelRow, cases: tuple[SubmittedCase, ...], by: Actor, now: datetime
) -> None:
    """Keep the attempts that count; there must be some."""
    if not any(case.declared for case in cases):
        raise PersonError("There is no result to submit yet.", "还没有结果可以提交。")
    row = SubmissionRow(
        model=model.id,
        pile_code=model.pile_code or "",
        at=micros(now),
        by_kind=by.kind,
        by_id=by.id,
        by_name=by.name,
    )
    session.add(row)
    session.flush()
    session.add_all(_case_row(row.id, place, case) for place, case in enumerate(cases))


def decide(session: Session, model_id: int, by: Actor, now: datetime, votes: Votes, accepted: bool, reason: str) -> str:
    """Keep the decision with the last submission; gives why, with a line for each rejected case."""
    query = select(SubmissionRow).where(SubmissionRow.model == model_id).order_by(SubmissionRow.id.desc()).limit(1)
    row = session.scalars(query).one()
    row.decided_at, row.accepted, row.reason = micros(now), accepted, reason
    row.decided_kind, row.decided_id, row.decided_name = by.kind, by.id, by.name
    cases = {each.case: each for each in session.scalars(select(SubmittedCaseRow).filter_by(submission=row.id))}
    _refuse_strange(votes, {name for name, case in cases.items() if case.declared})
    for name, case in cases.items():
        if case.declared:
            case.vote, case.reason = votes.get(name, (ACCEPT if accepted else "", ""))
    rejected = [f"{name}: {why}" for name, (vote, why) in votes.items() if vote == REJECT]
    return "\n".join([*([reason] if reason else []), *rejected])


def _refuse_strange(votes: Votes, submitted: set[str]) -> None:
    strange = sorted(votes.keys() - submitted)
    if strange:
        raise PersonError(f"There is no result of {strange[0]} to decide on.", f"{strange[0]} 没有结果可以审核。")


def _case_row(submission: int, place: int, case: SubmittedCase) -> SubmittedCaseRow:
    return SubmittedCaseRow(
        submission=submission,
        place=place,
        case=case.case,
        declared=case.declared,
        run=case.run_id,
        position=case.position,
        verdict=case.verdict.value,
        gun_no=case.gun_no,
        version=case.version,
    )
