"""One transaction's worth of records and outcomes as rows.

Frames and events go in by statements of up to a thousand rows. The driver's `executemany` gives the interpreter away
and asks for it back once a row: that takes longer, and beside a busy reactor it takes forever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from operator import itemgetter
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
    run_body,
)
from harness.store.tables import Base, CaseRow, EventRow, FindingRow, FrameRow, JournalRow, RunRow

AT_ONCE = (1000, 100, 10, 1)  # rows of one statement; few different ones, so that they stay prepared

JOURNAL = itemgetter(0)

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
        self._into_frames = {count: _insert_sql(FrameRow, engine, count) for count in AT_ONCE}
        self._into_events = {count: _insert_sql(EventRow, engine, count) for count in AT_ONCE}
        self._connection: Connection
        self.afterwards: list[Callable[[], None]] = []  # what the last items want called once they are on disk

    def write(self, items: list[Item]) -> None:
        """All of it or, when that fails, nothing."""
        self.afterwards = []
        try:
            with self._engine.begin() as self._connection:
                for key, what in items:
                    if type(what) is FrameSeen:  # nearly all of them, so this way is short
                        journal = self._journals.get(key) or self._find_journal(key, what)
                        self._frames.append(frame_tuple(journal, what))
                    elif isinstance(what, EventSeen):
                        self._event(self._journals.get(key) or self._find_journal(key, what), what)
                    else:
                        what(self)  # type: ignore[operator]
                self._put()
        except BaseException:
            self._journals.clear()  # some of these may have been undone
            raise
        finally:
            self._frames.clear()
            self._events.clear()

    def case(self, run_id: str, position: int, case: CaseOutcome) -> None:
        """Keep how a case came out, instead of what was kept for it before.

        Before a run has opened its first journal it is not known: then its end brings the case.
        """
        if not self._known(run_id):
            return
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
        ended = {
            "ended": iso_micros(outcome.ended or outcome.started),
            "verdict": outcome.verdict.value,
            "body": run_body(outcome),
        }
        self._connection.execute(update(RunRow).where(RunRow.id == outcome.run_id).values(ended))

    def own(self, write: Callable[[Connection], None]) -> None:
        """Let somebody else write into the same transaction."""
        write(self._connection)

    def _event(self, journal: int, seen: EventSeen) -> None:
        self._events.append(event_tuple(journal, seen))
        if isinstance(seen.event, Closed):
            self._close(journal, seen.event)

    def _find_journal(self, key: str, record: Record) -> int:
        """The number of a journal: taken up again, or opened by this record."""
        number = self._connection.scalar(select(JournalRow.id).where(JournalRow.key == key))
        self._journals[key] = number = number or self._open_journal(key, record)
        return number

    def _open_journal(self, key: str, record: Record) -> int:
        if not (isinstance(record, EventSeen) and isinstance(record.event, Opened)):
            raise HarnessFault(f"journal {key} does not begin with Opened")
        opened = record.event
        values = journal_values(key, opened, self._process)
        if opened.run_id:
            self._begin_run(opened.run_id, opened.profile, opened.timezone, values["opened"])
        inserted = self._connection.execute(insert(JournalRow).values(values))
        return int(inserted.inserted_primary_key[0])  # type: ignore[index]

    def _begin_run(self, run_id: str, profile: Mapping[str, Any], timezone: str, started: int) -> None:
        if self._known(run_id):
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

    def _known(self, run_id: str) -> bool:
        return self._connection.scalar(select(RunRow.id).where(RunRow.id == run_id)) is not None

    def _close(self, journal: int, closed: Closed) -> None:
        self._connection.execute(update(JournalRow).where(JournalRow.id == journal).values(closed=closed.how))

    def _put(self) -> None:
        self._frames.sort(key=JOURNAL)  # side by side in the table: with many piles each page is fetched once a batch
        self._insert(self._into_frames, self._frames)
        self._insert(self._into_events, self._events)

    def _insert(self, statements: Mapping[int, str], rows: list[FrameTuple] | list[EventTuple]) -> None:
        at = 0
        for count, statement in statements.items():
            while len(rows) - at >= count:
                values = tuple(chain.from_iterable(rows[at : at + count]))
                self._connection.exec_driver_sql(statement, values)
                at += count
        rows.clear()


def _insert_sql(row: type[Base], engine: Engine, count: int) -> str:
    """The insert of so many rows, their columns in order, with the driver's own marks."""
    table = row.__table__
    assert isinstance(table, Table)
    mark = "?" if engine.dialect.paramstyle == "qmark" else "%s"
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join(mark for _ in table.columns)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ' + ", ".join([f"({marks})"] * count)
