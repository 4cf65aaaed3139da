"""Who writes what: a process holds a lock while it lives, and what a dead one left open is marked broken.

A pile may go on charging for a run whose process died. `orphans` finds the transaction serials of such runs, so that a
later process stops the charge, confirms its record and keeps it with that run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.orm import Session

from harness.core.journal import Record
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Finding, Verdict, worst_verdict
from harness.store import queries
from harness.store.locks import Release, lock_folder, take_lock
from harness.store.rows import case_values, finding_values, micros
from harness.store.tables import CaseRow, FindingRow, JournalRow, ProcessRow, RunRow

ADOPTED_WITHIN = timedelta(days=7)
GONE = ("平台中途退出", "the platform went down")

SerialsOf = Callable[[Sequence[Record]], Iterable[str]]


@dataclass(frozen=True)
class Orphan:
    """A charge that a dead run left behind: its serial, and the journal that its record belongs in."""

    serial: str
    run_id: str
    key: str
    pile_code: str
    gun_no: str
    opened: datetime
    last: int


class Ownership:
    """This process as the database knows it; its id goes to the recorder."""

    def __init__(self, engine: Engine, process: str, release: Release) -> None:
        self._engine = engine
        self.process = process
        self._release = release

    def end(self, now: datetime) -> None:
        """This process ends; a run that it leaves unfinished is broken."""
        _bury(self._engine, self.process, now)
        self._release()
        _forget_lock(self._engine, self.process)


def take_ownership(engine: Engine, now: datetime) -> Ownership:
    """Enter this process, and mark broken what dead ones left unfinished."""
    process = uuid4().hex[:12]
    release = take_lock(engine, process)
    assert release is not None  # nobody else knows this name
    with engine.begin() as connection:
        connection.execute(insert(ProcessRow).values(id=process, started=micros(now)))
    mark_broken(engine, now)
    return Ownership(engine, process, release)


def mark_broken(engine: Engine, now: datetime) -> list[str]:
    """Mark the unfinished runs of processes that are gone; gives their ids."""
    with Session(engine) as session:
        living = list(session.scalars(select(ProcessRow.id).where(ProcessRow.ended.is_(None))))
    broken: list[str] = []
    for process in living:
        release = take_lock(engine, process)
        if release is not None:
            broken += _bury(engine, process, now)
            release()
            _forget_lock(engine, process)
    return broken


def orphans(engine: Engine, now: datetime, serials_of: SerialsOf) -> list[Orphan]:
    """The charges that dead runs of late left behind; `serials_of` reads the serials out of a journal."""
    since = micros(now - ADOPTED_WITHIN)
    query = select(JournalRow.key).join(RunRow, RunRow.id == JournalRow.run)
    with Session(engine) as session:
        keys = list(session.scalars(query.where(RunRow.adrift, RunRow.started > since).order_by(JournalRow.id)))
    return [orphan for key in keys for orphan in _orphans_of(engine, key, serials_of)]


def _orphans_of(engine: Engine, key: str, serials_of: SerialsOf) -> Iterable[Orphan]:
    line = queries.journal(engine, key)
    assert line is not None
    for serial in dict.fromkeys(serials_of(queries.records(engine, key))):
        yield Orphan(serial, line.run_id, key, line.pile_code, line.gun_no, line.opened, line.last)


def _bury(engine: Engine, process: str, now: datetime) -> list[str]:
    with engine.begin() as connection:
        unfinished = select(RunRow.id).where(RunRow.process == process, RunRow.ended.is_(None))
        runs = list(connection.scalars(unfinished.order_by(RunRow.started)))
        for run_id in runs:
            _break_run(connection, run_id, now)
        _end_process(connection, process, now)
    return runs


def _break_run(connection: Connection, run_id: str, now: datetime) -> None:
    """The case that was being played is broken; those that were through keep their verdict."""
    query = select(CaseRow.position, CaseRow.journal, CaseRow.verdict).where(CaseRow.run == run_id)
    known = connection.execute(query).all()
    verdicts = [Verdict(verdict) for _, _, verdict in known]
    place = max((position for position, _, _ in known), default=-1)
    journals = connection.execute(select(JournalRow).where(JournalRow.run == run_id).order_by(JournalRow.id))
    for journal in journals.all():
        if journal.key not in {key for _, key, _ in known}:
            place += 1
            _keep_broken(connection, run_id, place, journal.scenario, journal.key, journal.gun_no)
    verdict = worst_verdict([*verdicts, Verdict.BROKEN])
    values = {"ended": micros(now), "verdict": verdict.value, "adrift": True}
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(values))


def _keep_broken(connection: Connection, run_id: str, place: int, case_id: str, key: str, gun_no: str) -> None:
    finding = Finding(code="ended_by_us", verdict=Verdict.BROKEN, params={"why": GONE})
    case = CaseOutcome(id=case_id, title_zh=case_id, title_en=case_id, verdict=Verdict.BROKEN, gun_no=gun_no, key=key)
    connection.execute(insert(CaseRow), case_values(run_id, place, case))
    connection.execute(insert(FindingRow), finding_values(run_id, place, 0, finding))


def _end_process(connection: Connection, process: str, now: datetime) -> None:
    connection.execute(update(ProcessRow).where(ProcessRow.id == process).values(ended=micros(now)))


def _forget_lock(engine: Engine, process: str) -> None:
    if engine.dialect.name == "sqlite":
        (lock_folder(engine) / f"{process}.lock").unlink(missing_ok=True)
