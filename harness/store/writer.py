"""One transaction's worth of records and outcomes as rows. Frames go by the driver's `executemany`: the fast way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from harness.core.errors import HarnessFault
from harness.core.journal import Closed, EventSeen, FrameSeen, Opened, Record
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.store.rows import (
    EventTuple,
    FrameTuple,
    case_values,
    event_tuple,
    finding_values,
    frame_tuple,
    iso_micros,
    journal_values,
)
from harness.store.tables import Base, CaseRow, EventRow, FindingRow, FrameRow, JournalRow, RunRow

Task = Callable[["Writer"], None]
Item = tuple[str, Record | Task]


class Writer:
    """Turns items into rows, in order; knows the numbers of the journals it has met."""

    def __init__(self, engine: Engine, process: str) -> None:
        self._engine = engine
        self._process = process
        self._journals: dict[str, int] = {}
        self._frames: list[FrameTuple] = []
        self._events: list[EventTuple] = []
        self._into_frames = _insert_sql(FrameRow, engine)
        self._into_events = _insert_sql(EventRow, engine)
        self._connection: Connection

    def write(self, items: list[Item]) -> None:
        """All of it or, when that fails, nothing."""
        try:
            with self._engine.begin() as self._connection:
                for key, what in items:
                    if isinstance(what, FrameSeen | EventSeen):
                        self._record(key, what)
                    else:
                        what(self)
                self._put()
        except BaseException:
            self._journals.clear()  # some of these may have been undone
            raise
        finally:
            self._frames.clear()
            self._events.clear()

    def case(self, run_id: str, position: int, case: CaseOutcome) -> None:
        """Keep how a case came out, instead of what was kept for it before."""
        self._put()
        place = (CaseRow.run == run_id) & (CaseRow.position == position)
        self._connection.execute(delete(CaseRow).where(place))
        self._connection.execute(insert(CaseRow), case_values(run_id, position, case))
        found = [finding_values(run_id, position, number, each) for number, each in enumerate(case.findings)]
        if found:
            self._connection.execute(insert(FindingRow), found)

    def run(self, outcome: RunOutcome) -> None:
        """Keep how a run came out; it need not have opened a journal."""
        profile = msgspec.to_builtins(outcome.profile)
        self._begin_run(outcome.run_id, profile, outcome.timezone, iso_micros(outcome.started))
        for position, case in enumerate(outcome.cases):
            self.case(outcome.run_id, position, case)
        ended = {"ended": iso_micros(outcome.ended or outcome.started), "verdict": outcome.verdict.value}
        self._connection.execute(update(RunRow).where(RunRow.id == outcome.run_id).values(ended))

    def _record(self, key: str, record: Record) -> None:
        journal = self._journals.get(key)
        if journal is None:
            journal = self._journals[key] = self._find_journal(key, record)
        if type(record) is FrameSeen:
            self._frames.append(frame_tuple(journal, record))
        elif isinstance(record, EventSeen):
            self._events.append(event_tuple(journal, record))
            if isinstance(record.event, Closed):
                self._close(journal, record.event)

    def _find_journal(self, key: str, record: Record) -> int:
        """The number of a journal: taken up again, or opened by this record."""
        number = self._connection.scalar(select(JournalRow.id).where(JournalRow.key == key))
        if number is not None:
            return number
        if not (isinstance(record, EventSeen) and isinstance(record.event, Opened)):
            raise HarnessFault(f"journal {key} does not begin with Opened")
        opened = record.event
        values = journal_values(key, opened, self._process)
        if opened.run_id:
            self._begin_run(opened.run_id, opened.profile, opened.timezone, values["opened"])
        inserted = self._connection.execute(insert(JournalRow).values(values))
        return int(inserted.inserted_primary_key[0])  # type: ignore[index]

    def _begin_run(self, run_id: str, profile: Mapping[str, Any], timezone: str, started: int) -> None:
        if self._connection.scalar(select(RunRow.id).where(RunRow.id == run_id)) is not None:
            return
        values = {
            "id": run_id,
            "process": self._process,
            "pile_code": str(profile.get("pile_code", "")),
            "profile": msgspec.json.encode(profile).decode(),
            "timezone": timezone,
            "started": started,
            "adrift": False,
        }
        self._connection.execute(insert(RunRow).values(values))

    def _close(self, journal: int, closed: Closed) -> None:
        self._connection.execute(update(JournalRow).where(JournalRow.id == journal).values(closed=closed.how))

    def _put(self) -> None:
        if self._frames:
            self._connection.exec_driver_sql(self._into_frames, self._frames)
            self._frames.clear()
        if self._events:
            self._connection.exec_driver_sql(self._into_events, self._events)
            self._events.clear()


def _insert_sql(row: type[Base], engine: Engine) -> str:
    """The insert of a table's columns in order, with the driver's own marks."""
    table = row.__table__
    assert isinstance(table, Table)
    mark = "?" if engine.dialect.paramstyle == "qmark" else "%s"
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join(mark for _ in table.columns)})'
