"""Files that people sent, and cases that they show to the platform."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from harness.core.errors import PersonError
from harness.store.desk.audit import enter
from harness.store.desk.tables import SharedCaseRow, UploadRow
from harness.store.desk.values import Actor, SharedCase, Upload
from harness.store.rows import micros, moment


def keep_upload(engine: Engine, upload: Upload) -> None:
    """A file lies under this id now."""
    row = UploadRow(
        id=upload.id,
        model=upload.model_id,
        run=upload.run_id,
        kind=upload.kind,
        name=upload.name,
        size=upload.size,
        sha256=upload.sha256,
        version=upload.version,
        at=micros(upload.at),
        by=upload.by,
    )
    with Session(engine) as session, session.begin():
        session.add(row)


def upload(engine: Engine, upload_id: str) -> Upload | None:
    """One file."""
    with Session(engine) as session:
        row = session.get(UploadRow, upload_id)
        return None if row is None else _upload(row)


def uploads(engine: Engine, model_id: int | None, kind: str = "") -> list[Upload]:
    """The files of a model, or of all when None, oldest first; of one kind if it is named."""
    query = select(UploadRow)
    if model_id is not None:
        query = query.where(UploadRow.model == model_id)
    if kind:
        query = query.where(UploadRow.kind == kind)
    with Session(engine) as session:
        return [_upload(row) for row in session.scalars(query.order_by(UploadRow.at, UploadRow.id))]


def share(
    engine: Engine, model_id: int, run_id: str, position: int, case: str, note: str, by: Actor, now: datetime
) -> SharedCase:
    """Show a case to the platform; showing it again before anybody looked changes the note."""
    same = select(SharedCaseRow).filter_by(model=model_id, run=run_id, position=position, seen_at=None)
    with Session(engine) as session, session.begin():
        row = session.scalar(same)
        if row is None:
            row = SharedCaseRow(model=model_id, run=run_id, position=position, case=case, seen_by="")
            session.add(row)
        row.at, row.note, row.by = micros(now), note, by.name
        enter(session, by, "share", now, model_id=model_id, why=note, detail=f"{case}: {run_id}")
        session.flush()
        return _shared(row)


def shared(engine: Engine, open_only: bool = True, model_id: int | None = None) -> list[SharedCase]:
    """The cases that were shown, oldest first; only those nobody looked at, or all, of one model if it is named."""
    query = select(SharedCaseRow).order_by(SharedCaseRow.id)
    if open_only:
        query = query.where(SharedCaseRow.seen_at.is_(None))
    if model_id is not None:
        query = query.where(SharedCaseRow.model == model_id)
    with Session(engine) as session:
        return [_shared(row) for row in session.scalars(query)]


def seen(engine: Engine, shared_id: int, by: Actor, now: datetime) -> SharedCase:
    """Somebody of the platform looked; who was first stands."""
    with Session(engine) as session, session.begin():
        row = session.get(SharedCaseRow, shared_id)
        if row is None:
            raise PersonError(f"There is no shared case {shared_id}.", f"没有编号为 {shared_id} 的分享。")
        if row.seen_at is None:
            row.seen_at, row.seen_by = micros(now), by.name
            enter(session, by, "seen", now, model_id=row.model, detail=f"{row.case}: {row.run}")
        return _shared(row)


def _upload(row: UploadRow) -> Upload:
    return Upload(
        id=row.id,
        model_id=row.model,
        run_id=row.run,
        kind=row.kind,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
        version=row.version,
        at=moment(row.at),
        by=row.by,
    )


def _shared(row: SharedCaseRow) -> SharedCase:
    return SharedCase(
        id=row.id,
        model_id=row.model,
        run_id=row.run,
        position=row.position,
        case=row.case,
        at=moment(row.at),
        note=row.note,
        by=row.by,
        seen_at=None if row.seen_at is None else moment(row.seen_at),
        seen_by=row.seen_by,
    )
