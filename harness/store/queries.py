"""Rows read back as plain values: runs, their outcomes, and the records of a journal with their moments."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from harness.core.errors import PersonError
from harness.core.journal import MICRO, EventSeen, FrameSeen, Record
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Verdict
from harness.store.database import shown
from harness.store.rows import case_outcome, event_seen, frame_seen, moment, run_facts
from harness.store.tables import CaseRow, EventRow, FindingRow, FrameRow, JournalRow, RunRow

LATEST = "latest"
PAGE = 10000
AT_ONCE = 500  # numbers that one statement names
ON_THE_WIRE = ("opened", "link", "tariff", "step")  # events that captures are made from
OPENED = 1  # the first record of a journal says whose it is, and when it was opened


@dataclass(frozen=True)
class RunLine:
    """A run as a list shows it; `verdict` is None while it goes on."""

    id: str
    pile_code: str
    model: str
    timezone: str
    started: datetime
    ended: datetime | None
    verdict: Verdict | None
    cases: tuple[tuple[str, Verdict], ...]
    frames: int


@dataclass(frozen=True)
class JournalLine:
    """A journal: whose it is, when it was opened, and the number of its last record."""

    key: str
    run_id: str
    scenario: str
    pile_code: str
    gun_no: str
    opened: datetime
    closed: str
    last: int


def runs(engine: Engine, limit: int = 50, before: str = "") -> list[RunLine]:
    """The newest runs first; `before` is the id of a run to go on from."""
    query = select(RunRow).order_by(RunRow.started.desc(), RunRow.id.desc()).limit(limit)
    with Session(engine) as session:
        last = session.get(RunRow, before) if before else None
        if last is not None:
            older = (RunRow.started < last.started) | ((RunRow.started == last.started) & (RunRow.id < last.id))
            query = query.where(older)
        return [_run_line(session, row) for row in session.scalars(query)]


def find_run(engine: Engine, name: str) -> str:
    """The id of a run: given whole, or as a beginning that fits only one, or as "latest"."""
    newest_first = select(RunRow.id).order_by(RunRow.started.desc(), RunRow.id.desc())
    with Session(engine) as session:
        if name == LATEST:
            found = list(session.scalars(newest_first.limit(1)))
        else:
            found = list(session.scalars(newest_first.where(RunRow.id.startswith(name, autoescape=True)).limit(5)))
    if name in found or len(found) == 1:
        return name if name in found else found[0]
    if found:
        several = ", ".join(found)
        raise PersonError(f"{name!r} fits several runs: {several}", f"{name!r} 对应多次运行：{several}")
    raise PersonError(
        f"there is no run {name!r} in the database {shown(engine.url)}; `harness runs` lists them",
        f"数据库 {shown(engine.url)} 里没有运行 {name!r}；`harness runs` 可列出全部",
    )


def run_outcome(engine: Engine, run_id: str) -> RunOutcome:
    """What came of a run, as far as it has come."""
    with Session(engine) as session:
        row = session.get_one(RunRow, run_id)
        kept = run_facts(row.body)
        return RunOutcome(
            run_id=row.id,
            pile_code=row.pile_code,
            profile=msgspec.convert(_profile(row), PileProfile),
            timezone=row.timezone,
            started=_stamp(row.started),
            ended=_stamp(row.ended) if row.ended is not None else "",
            cases=tuple(_cases(session, run_id)),
            session=kept.session if kept is not None else None,
            session_of=kept.session_of if kept is not None else None,
            known=kept.known if kept is not None else (),
        )


def case_of(engine: Engine, run_id: str, key: str) -> CaseOutcome | None:
    """How the case of a journal came out, without its findings; None while it goes on."""
    query = select(CaseRow.body).where(CaseRow.run == run_id, CaseRow.journal == key)
    with Session(engine) as session:
        body = session.scalar(query)
        return None if body is None else case_outcome(body, [])


def journals(engine: Engine, run_id: str) -> list[JournalLine]:
    """The journals of a run, in the order they were opened."""
    with Session(engine) as session:
        return [_journal_line(session, row) for row in session.scalars(_journals_of(run_id))]


def journal(engine: Engine, key: str) -> JournalLine | None:
    """One journal by its key."""
    with Session(engine) as session:
        row = session.scalar(select(JournalRow).where(JournalRow.key == key))
        return None if row is None else _journal_line(session, row)


def records(engine: Engine, key: str) -> list[Record]:
    """All records of a journal in order: what the judge judged."""
    with Session(engine) as session:
        number = session.scalar(select(JournalRow.id).where(JournalRow.key == key))
        if number is None:
            return []
        frames = [frame_seen(*row) for row in session.execute(_frames_of(number))]
        events = [event_seen(*row) for row in session.execute(_events_of(number))]
        return sorted((*frames, *events), key=lambda record: record.n)


def some_records(engine: Engine, key: str, numbers: Collection[int]) -> list[Record]:
    """Some records of a journal by their numbers, and its first, which dates them all; in order."""
    wanted = sorted({OPENED, *numbers})
    found: list[Record] = []
    with Session(engine) as session:
        number = session.scalar(select(JournalRow.id).where(JournalRow.key == key))
        if number is None:
            return []
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            found += (frame_seen(*row) for row in session.execute(_frames_of(number).where(FrameRow.n.in_(some))))
            found += (event_seen(*row) for row in session.execute(_events_of(number).where(EventRow.n.in_(some))))
    return sorted(found, key=lambda record: record.n)


def records_after(engine: Engine, key: str, after: int, most: int) -> tuple[list[Record], bool]:
    """The next records of a journal in order, about so many at most; whether it ends there at present.

    Where it ends is asked first: up to there all is written, whatever comes meanwhile.
    """
    found: list[Record] = []
    with Session(engine) as session:
        number = session.scalar(select(JournalRow.id).where(JournalRow.key == key))
        first, last = _ends(session, number or 0, after)
        upto = min(first + most - 1, last)
        frames, events = _frames_of(number or 0), _events_of(number or 0)
        found += (frame_seen(*row) for row in session.execute(frames.where(FrameRow.n > after, FrameRow.n <= upto)))
        found += (event_seen(*row) for row in session.execute(events.where(EventRow.n > after, EventRow.n <= upto)))
    return sorted(found, key=lambda record: record.n), upto == last


def pile_journal(engine: Engine, run_id: str) -> JournalLine | None:
    """The journal in which all frames of the pile stand that a run was played with, those outside its cases too."""
    with Session(engine) as session:
        run = session.get_one(RunRow, run_id)
        same = (JournalRow.pile_code == run.pile_code) & (JournalRow.process == run.process)
        before = same & JournalRow.run.is_(None) & (JournalRow.opened <= run.started)
        row = session.scalar(select(JournalRow).where(before).order_by(JournalRow.opened.desc()).limit(1))
        return None if row is None else _journal_line(session, row)


def wire_events(engine: Engine, key: str) -> list[EventSeen]:
    """The events of a journal that say when frames went over which connection: captures are made from them."""
    with Session(engine) as session:
        number = session.scalar(select(JournalRow.id).where(JournalRow.key == key))
        if number is None:
            return []
        told = or_(*(EventRow.body.startswith(f'{{"type":"{tag}"') for tag in ON_THE_WIRE))
        return [event_seen(*row) for row in session.execute(_events_of(number).where(told).order_by(EventRow.n))]


def frames_between(engine: Engine, key: str, first: float, last: float) -> Iterator[FrameSeen]:
    """The frames of a journal from a moment to another, in order."""
    with Session(engine) as session:
        number = session.scalar(select(JournalRow.id).where(JournalRow.key == key))
        low, high = round(first * MICRO), round(last * MICRO)
        query = _frames_of(number or 0).where(FrameRow.at.between(low, high)).execution_options(yield_per=PAGE)
        for row in session.execute(query):
            yield frame_seen(*row)


def run_records(engine: Engine, run_id: str) -> dict[str, list[Record]]:
    """The records of all journals of a run, by journal key."""
    return {line.key: records(engine, line.key) for line in journals(engine, run_id)}


def session_records(engine: Engine, outcome: RunOutcome) -> dict[str, list[Record]]:
    """The pile's own journal as far as it was audited with a run, by its key; empty when it was not."""
    journal = outcome.session_of
    if journal is None:
        return {}
    return {journal.key: [record for record in records(engine, journal.key) if record.n <= journal.last]}


def _frames_of(journal_number: int) -> Select[int, int, int, bytes, str | None]:
    columns = select(FrameRow.n, FrameRow.at, FrameRow.sender, FrameRow.raw, FrameRow.damage)
    return columns.where(FrameRow.journal == journal_number).order_by(FrameRow.n)


def _events_of(journal_number: int) -> Select[int, int, str]:
    return select(EventRow.n, EventRow.at, EventRow.body).where(EventRow.journal == journal_number)


def _journals_of(run_id: str) -> Select[JournalRow]:
    return select(JournalRow).where(JournalRow.run == run_id).order_by(JournalRow.id)


def _run_line(session: Session, row: RunRow) -> RunLine:
    cases = session.execute(select(CaseRow.id, CaseRow.verdict).where(CaseRow.run == row.id).order_by(CaseRow.position))
    owned = select(JournalRow.id).where(JournalRow.run == row.id)
    return RunLine(
        id=row.id,
        pile_code=row.pile_code,
        model=str(_profile(row).get("model", "")),
        timezone=row.timezone,
        started=moment(row.started),
        ended=None if row.ended is None else moment(row.ended),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        cases=tuple((case, Verdict(verdict)) for case, verdict in cases),
        frames=session.scalar(select(func.count()).select_from(FrameRow).where(FrameRow.journal.in_(owned))) or 0,
    )


def _ends(session: Session, number: int, after: int = 0) -> tuple[int, int]:
    """The numbers of the first and the last record of a journal after one; the last is 0 when there is none.

    Each is asked for by itself: only so the database takes it from the index.
    """
    lows, highs = [], []
    for table in (EventRow, FrameRow):
        rest = (table.journal == number) & (table.n > after)
        lows.append(session.scalar(select(func.min(table.n)).where(rest)))
        highs.append(session.scalar(select(func.max(table.n)).where(rest)))
    return min((low for low in lows if low), default=1), max(high or 0 for high in highs)


def _journal_line(session: Session, row: JournalRow) -> JournalLine:
    return JournalLine(
        key=row.key,
        run_id=row.run or "",
        scenario=row.scenario,
        pile_code=row.pile_code,
        gun_no=row.gun_no,
        opened=moment(row.opened),
        closed=row.closed or "",
        last=_ends(session, row.id)[1],
    )


def _cases(session: Session, run_id: str) -> Iterator[CaseOutcome]:
    found: dict[int, list[str]] = {}
    bodies = select(FindingRow.case, FindingRow.body).where(FindingRow.run == run_id)
    for case, body in session.execute(bodies.order_by(FindingRow.case, FindingRow.position)):
        found.setdefault(case, []).append(body)
    for row in session.scalars(select(CaseRow).where(CaseRow.run == run_id).order_by(CaseRow.position)):
        yield case_outcome(row.body, found.get(row.position, []))


def _profile(row: RunRow) -> dict[str, object]:
    profile: dict[str, object] = msgspec.json.decode(row.profile)
    return profile


def _stamp(stamp: int) -> str:
    return moment(stamp).isoformat()
