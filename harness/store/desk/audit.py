"""The append-only list of what was done: who, when, from which state, to which, why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from harness.store.desk.tables import AuditRow
from harness.store.desk.values import Actor, AuditLine
from harness.store.rows import micros, moment


def history(engine: Engine, model_id: int) -> list[AuditLine]:
    """All that was done with a model, oldest first."""
    query = select(AuditRow).where(AuditRow.model == model_id).order_by(AuditRow.id)
    with Session(engine) as session:
        return [_line(row) for row in session.scalars(query)]


def audit(engine: Engine, limit: int = 200, before: int | None = None) -> list[AuditLine]:
    """The newest lines first; `before` is the id of a line to go on from."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.id < before)
    with Session(engine) as session:
        return [_line(row) for row in session.scalars(query)]


def note(
    engine: Engine,
    actor: Actor,
    action: str,
    now: datetime,
    *,
    model_id: int | None = None,
    why: str = "",
    detail: str = "",
) -> None:
    """Keep something that changes no state: a download, a new access code, a sign-in."""
    with Session(engine) as session, session.begin():
        enter(session, actor, action, now, model_id=model_id, why=why, detail=detail)


def enter(
    session: Session,
    actor: Actor,
    action: str,
    now: datetime,
    *,
    model_id: int | None = None,
    before: str = "",
    after: str = "",
    why: str = "",
    detail: str = "",
) -> None:
    """Write a line in the transaction of what it tells about."""
    row = AuditRow(
        at=micros(now),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        model=model_id,
        action=action,
        before=before,
        after=after,
        why=why,
        detail=detail,
    )
    session.add(row)


def _line(row: AuditRow) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=moment(row.at),
        actor=Actor(kind=row.actor_kind, id=row.actor_id, name=row.actor_name),
        model_id=row.model,
        action=row.action,
        before=row.before,
        after=row.after,
        why=row.why,
        detail=row.detail,
    )
