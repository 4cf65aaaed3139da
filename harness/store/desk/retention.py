"""How much is kept, and removing what nobody needs any more.

Kept for good: whatever belongs to a model that is still there, or that was ever submitted. What goes, once it is old
enough: what piles did outside runs, runs from the command line, and the runs and files of deleted models.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, delete, func, select, text

from harness.store.desk.tables import AttemptRow, ModelRow, SharedCaseRow, SubmissionRow, UploadRow
from harness.store.desk.values import Storage, Swept
from harness.store.ownership import ADOPTED_WITHIN
from harness.store.rows import micros
from harness.store.tables import CaseRow, EventRow, FindingRow, FrameRow, JournalRow, ProcessRow, RunRow

AT_ONCE = 5000  # records of one transaction: the recorder is to get its turn
OPENED = 1  # the first record of a journal says whose it is
RECORDS = (FrameRow, EventRow)


def storage(engine: Engine) -> Storage:
    """How much is kept."""
    with engine.connect() as connection:
        counted = {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in (("runs", RunRow), ("journals", JournalRow), ("frames", FrameRow), ("events", EventRow))
        }
        sizes = select(func.count(), func.coalesce(func.sum(UploadRow.size), 0)).select_from(UploadRow)
        uploads, upload_bytes = connection.execute(sizes).one()
        return Storage(**counted, bytes=_size(connection), uploads=uploads, upload_bytes=int(upload_bytes))


def sweep(engine: Engine, before: datetime, now: datetime) -> Swept:
    """Remove what is older than `before`; charges that a dead run may have left behind are waited for."""
    until = _until(before, now)
    frames = 0
    with engine.connect() as connection:
        runs = list(connection.scalars(_old_runs(micros(until))))
        idle = connection.execute(select(JournalRow.id, JournalRow.opened).where(JournalRow.run.is_(None))).all()
    journals = 0
    for run_id in runs:
        gone, numbers = _remove_run(engine, run_id)
        frames += gone
        journals += numbers
    for number, opened in idle:
        frames += _clear(engine, number, micros(until) - opened, keep=OPENED)
    journals += _remove_idle(engine, micros(until))
    return Swept(journals=journals, frames=frames, uploads=_remove_uploads(engine, micros(until)))


def remove_files(swept: Swept, folders: Iterable[Path]) -> None:
    """The files of uploads that were swept away."""
    for folder in folders:
        for name in swept.uploads:
            (folder / name).unlink(missing_ok=True)


def due(engine: Engine, before: datetime, now: datetime) -> Swept:
    """What sweep() would remove."""
    until = micros(_until(before, now))
    of_runs = select(JournalRow.id).where(JournalRow.run.in_(_old_runs(until)))
    idle = JournalRow.run.is_(None) & (FrameRow.n > OPENED) & (FrameRow.at < until - JournalRow.opened)
    frames = select(func.count()).select_from(FrameRow)
    with engine.connect() as connection:
        counts = (
            select(func.count()).select_from(of_runs.subquery()),
            select(func.count()).select_from(_old_idle(until).subquery()),
            frames.where(FrameRow.journal.in_(of_runs)),
            frames.join(JournalRow, JournalRow.id == FrameRow.journal).where(idle),
        )
        journals, idle_journals, found, idle_found = (connection.scalar(count) or 0 for count in counts)
        uploads = tuple(connection.scalars(_old_uploads(until)))
    return Swept(journals=journals + idle_journals, frames=found + idle_found, uploads=uploads)


def _until(before: datetime, now: datetime) -> datetime:
    return min(before, now - ADOPTED_WITHIN - timedelta(days=1))


def _gone_models() -> Select[int]:
    """Deleted models of which nothing was ever submitted."""
    submitted = select(SubmissionRow.model)
    return select(ModelRow.id).where(ModelRow.deleted, ModelRow.id.not_in(submitted))


def _old_runs(until: int) -> Select[str]:
    kept = select(AttemptRow.run).where(AttemptRow.model.not_in(_gone_models()))
    return select(RunRow.id).where(RunRow.ended < until, RunRow.id.not_in(kept)).order_by(RunRow.started)


def _old_idle(until: int) -> Select[int]:
    ended = select(ProcessRow.id).where(ProcessRow.ended < until)
    return select(JournalRow.id).where(JournalRow.run.is_(None), JournalRow.process.in_(ended))


def _old_uploads(until: int) -> Select[str]:
    old = select(UploadRow.id).where(UploadRow.at < until, UploadRow.model.in_(_gone_models()))
    return old.order_by(UploadRow.at, UploadRow.id)


def _remove_run(engine: Engine, run_id: str) -> tuple[int, int]:
    """Remove a run with all that hangs on it; gives how many frames and journals."""
    with engine.connect() as connection:
        numbers = list(connection.scalars(select(JournalRow.id).where(JournalRow.run == run_id)))
    frames = sum(_clear(engine, number) for number in numbers)
    with engine.begin() as connection:
        for row in (FindingRow, CaseRow, JournalRow, AttemptRow, SharedCaseRow):
            connection.execute(delete(row).where(row.run == run_id))
        connection.execute(delete(RunRow).where(RunRow.id == run_id))
    return frames, len(numbers)


def _clear(engine: Engine, journal: int, until: int | None = None, keep: int = 0) -> int:
    """Remove the records of a journal, those before `until` if it is given; gives how many frames."""
    frames = 0
    for table in RECORDS:
        where = [table.journal == journal, table.n > keep]
        if until is not None:
            where.append(table.at < until)
        chunk = select(table.n).where(*where).order_by(table.n).limit(AT_ONCE)
        while True:
            with engine.begin() as connection:
                gone = connection.execute(delete(table).where(table.journal == journal, table.n.in_(chunk))).rowcount
            frames += gone if table is FrameRow else 0
            if gone < AT_ONCE:
                break
    return frames


def _remove_idle(engine: Engine, until: int) -> int:
    """Remove journals outside runs of processes that ended before; they are empty but for their first record."""
    old = _old_idle(until)
    with engine.begin() as connection:
        for table in RECORDS:
            connection.execute(delete(table).where(table.journal.in_(old)))
        return connection.execute(delete(JournalRow).where(JournalRow.id.in_(old))).rowcount


def _remove_uploads(engine: Engine, until: int) -> tuple[str, ...]:
    with engine.begin() as connection:
        ids = tuple(connection.scalars(_old_uploads(until)))
        connection.execute(delete(UploadRow).where(UploadRow.id.in_(ids)))
    return ids


def _size(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = connection.scalar(text("PRAGMA page_count")) or 0
        return int(pages * (connection.scalar(text("PRAGMA page_size")) or 0))
    return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
