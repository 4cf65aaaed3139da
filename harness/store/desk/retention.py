"""How much is kept, and removing what nobody needs any more.

Kept for good: whatever belongs to a model that is still there, or that was ever submitted, with the stretches of its
pile's log that evidence.py names. What goes, once it is old enough: what piles did otherwise, runs from the command
line, and the runs and files of deleted models.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, Select, delete, func, select, text

from harness.store.desk.evidence import Span, gaps, gone_models, kept_runs, stretches
from harness.store.desk.tables import AttemptRow, SharedCaseRow, UploadRow
from harness.store.desk.values import Storage, Swept
from harness.store.ownership import ADOPTED_WITHIN
from harness.store.rows import micros
from harness.store.tables import CaseRow, EventRow, FindingRow, FrameRow, JournalRow, ProcessRow, RunRow

AT_ONCE = 5000  # records of one transaction: the recorder is to get its turn
OPENED = 1  # the first record of a journal says whose it is
RECORDS = (FrameRow, EventRow)
Records = type[FrameRow] | type[EventRow]


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
        idle = _idle(connection, micros(until))
    journals = 0
    for run_id in runs:
        gone, numbers = _remove_run(engine, run_id)
        frames += gone
        journals += numbers
    for number, spans in idle.items():
        frames += sum(_clear(engine, number, span, keep=OPENED) for span in spans)
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
    with engine.connect() as connection:
        journals = connection.scalar(select(func.count()).select_from(of_runs.subquery())) or 0
        frames = _count(connection, FrameRow, FrameRow.journal.in_(of_runs))
        ended = frozenset(connection.scalars(_old_idle(until)))
        for number, spans in _idle(connection, until).items():
            going = [_going(connection, table, number, spans) for table in RECORDS]
            all_of_it = sum(going) == _beyond_first(connection, number)
            frames += going[0]
            journals += number in ended and all_of_it
        uploads = tuple(connection.scalars(_old_uploads(until)))
    return Swept(journals=journals, frames=frames, uploads=uploads)


def _idle(connection: Connection, until: int) -> dict[int, tuple[Span, ...]]:
    """The journals outside runs, with what goes of each."""
    kept = stretches(connection)
    query = select(JournalRow.id, JournalRow.pile_code, JournalRow.opened).where(JournalRow.run.is_(None))
    rows = connection.execute(query.where(JournalRow.opened < until))
    return {number: tuple(gaps(kept.get(code, ()), opened, until)) for number, code, opened in rows}


def _going(connection: Connection, table: Records, number: int, spans: Iterable[Span]) -> int:
    """How many records of a journal lie in these spans."""
    mine = (table.journal == number) & (table.n > OPENED)
    return sum(_count(connection, table, mine & (table.at >= low) & (table.at < high)) for low, high in spans)


def _beyond_first(connection: Connection, number: int) -> int:
    """How many records a journal has beside the one that opened it."""
    return sum(_count(connection, table, (table.journal == number) & (table.n > OPENED)) for table in RECORDS)


def _count(connection: Connection, table: Records, where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(where)) or 0


def _until(before: datetime, now: datetime) -> datetime:
    return min(before, now - ADOPTED_WITHIN - timedelta(days=1))


def _old_runs(until: int) -> Select[str]:
    return select(RunRow.id).where(RunRow.ended < until, RunRow.id.not_in(kept_runs())).order_by(RunRow.started)


def _old_idle(until: int) -> Select[int]:
    ended = select(ProcessRow.id).where(ProcessRow.ended < until)
    return select(JournalRow.id).where(JournalRow.run.is_(None), JournalRow.process.in_(ended))


def _old_uploads(until: int) -> Select[str]:
    old = select(UploadRow.id).where(UploadRow.at < until, UploadRow.model.in_(gone_models()))
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


def _clear(engine: Engine, journal: int, span: Span | None = None, keep: int = 0) -> int:
    """Remove the records of a journal, those in a span if it is given; gives how many frames."""
    frames = 0
    for table in RECORDS:
        where = [table.journal == journal, table.n > keep]
        if span is not None:
            where += [table.at >= span[0], table.at < span[1]]
        chunk = select(table.n).where(*where).order_by(table.n).limit(AT_ONCE)
        while True:
            with engine.begin() as connection:
                gone = connection.execute(delete(table).where(table.journal == journal, table.n.in_(chunk))).rowcount
            frames += gone if table is FrameRow else 0
            if gone < AT_ONCE:
                break
    return frames


def _remove_idle(engine: Engine, until: int) -> int:
    """Remove journals outside runs of processes that ended before, when only their first record is left."""
    with engine.begin() as connection:
        ended = connection.scalars(_old_idle(until)).all()
        old = [number for number in ended if not _beyond_first(connection, number)]
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
