"""The frames of a pile or of a case, page by page in either direction, and what a filter leaves of them.

A pile's journals (those of no run) hold every frame of it, those in runs too; each process that serves it opens one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Engine, Select, func, select

from harness.core.journal import PILE
from harness.core.lens import Keep
from harness.store.rows import frame_seen, moment
from harness.store.tables import BY_PILE, BY_PLATFORM, FrameRow, JournalRow

FIRST_CHUNK = 500  # rows fetched at first: enough for a page where nearly every row is wanted
CHUNK = 5000  # and then, while a filter looks for its own
MOST_SEEN = 300_000  # rows that a filter looks at for one page; then it says how far it came

Frames = Select[int, int, int, bytes, str | None]


class Place(msgspec.Struct, frozen=True):
    """A frame's place in the log: the journal and the number in it. As text it may stand in an address."""

    key: str
    n: int

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that a text names; None when it is no place."""
        key, colon, n = text.rpartition(":")
        return cls(key, int(n)) if colon and n.isascii() and n.isdecimal() and len(n) < 16 else None

    def __str__(self) -> str:
        return f"{self.key}:{self.n}"


class LogJournal(msgspec.Struct, frozen=True, kw_only=True):
    """A journal as the log needs it."""

    number: int
    key: str
    run_id: str
    scenario: str
    pile_code: str
    gun_no: str
    opened: datetime


class LogFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame, or bytes that made none, with its moment on our clock."""

    key: str
    n: int
    at: datetime
    sender: str
    raw: bytes
    damage: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.key, self.n)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a filter asks for: frames of one sender, those with damage, none before a moment, what `keep` lets pass.

    `only` gives the numbers of the frames of a journal that are wanted; it is asked when that journal's turn comes.
    """

    since: datetime | None = None
    sender: str = ""
    damaged: bool = False
    keep: Keep | None = None
    only: Callable[[str], Collection[int]] | None = None


class LogPage(msgspec.Struct, frozen=True):
    """Frames, newest first. `on` is where the search goes on in its direction; None when it came to the end."""

    frames: tuple[LogFrame, ...]
    on: Place | None


def pile_journals(engine: Engine, pile_code: str) -> list[LogJournal]:
    """The journals that hold all frames of a pile, newest first."""
    query = select(JournalRow).where(JournalRow.pile_code == pile_code, JournalRow.run.is_(None))
    return _journals(engine, query)


def case_journals(engine: Engine, pile_code: str) -> list[LogJournal]:
    """The journals of all cases that were played with a pile, newest first."""
    query = select(JournalRow).where(JournalRow.pile_code == pile_code, JournalRow.run.is_not(None))
    return _journals(engine, query)


def find_journal(engine: Engine, key: str) -> LogJournal | None:
    """One journal by its key."""
    return next(iter(_journals(engine, select(JournalRow).where(JournalRow.key == key))), None)


def count(engine: Engine, journals: Sequence[LogJournal], wanted: Wanted | None = None) -> int:
    """How many frames some journals hold, `keep` asked for its marks alone."""
    with engine.connect() as connection:
        queries = (_narrowed(_columns(journal), journal, wanted or Wanted()) for journal in journals)
        found = [connection.scalar(select(func.count()).select_from(query.subquery())) for query in queries]
    return sum(number or 0 for number in found)


def newest(engine: Engine, journals: Sequence[LogJournal]) -> Place | None:
    """Where the log ends at this moment."""
    with engine.connect() as connection:
        for journal in journals:
            n = connection.scalar(select(func.max(FrameRow.n)).where(FrameRow.journal == journal.number))
            if n is not None:
                return Place(journal.key, n)
    return None


def page(
    engine: Engine,
    journals: Sequence[LogJournal],
    *,
    wanted: Wanted | None = None,
    beyond: Place | None = None,
    newer: bool = False,
    limit: int = 200,
) -> LogPage:
    """The newest frames, or the next ones beyond a place: older ones, or newer ones when asked."""
    found: list[LogFrame] = []
    on: Place | None = None
    for frames, last in _search(engine, journals, wanted or Wanted(), beyond, newer):
        found += frames
        on = last
        if last is None or len(found) > limit:
            break
    if len(found) > limit:
        on = found[limit - 1].place
    return LogPage(tuple(found[:limit][:: -1 if newer else 1]), on)


def frame(engine: Engine, journal: LogJournal, n: int) -> LogFrame | None:
    """One frame by its number."""
    with engine.connect() as connection:
        row = connection.execute(_columns(journal).where(FrameRow.n == n)).first()
    return None if row is None else _frame(journal, *row)


def in_order(engine: Engine, journals: Sequence[LogJournal], wanted: Wanted | None = None) -> Iterator[LogFrame]:
    """All frames, oldest first; memory stays small however many there are.

    Whoever takes them may be slow: no connection is held meanwhile.
    """
    for journal in reversed(journals):
        for frames, _ in _chunks(engine, journal, wanted or Wanted(), 0, newer=True):
            yield from frames


def _search(
    engine: Engine, journals: Sequence[LogJournal], wanted: Wanted, beyond: Place | None, newer: bool
) -> Iterator[tuple[list[LogFrame], Place | None]]:
    """Chunk after chunk in one direction: what passes, and the last place looked at, None at the very end."""
    ordered = list(reversed(journals)) if newer else list(journals)
    keys = [journal.key for journal in ordered]
    first = keys.index(beyond.key) if beyond is not None and beyond.key in keys else 0
    seen = 0
    for number, journal in enumerate(ordered[first:]):
        start = beyond.n if beyond is not None and journal.key == beyond.key else None
        for frames, last in _chunks(engine, journal, wanted, start, newer):
            seen += CHUNK  # at most
            yield frames, last
            if seen >= MOST_SEEN:
                return
        if number == len(ordered) - first - 1:
            yield [], None


def _chunks(
    engine: Engine, journal: LogJournal, wanted: Wanted, beyond: int | None, newer: bool
) -> Iterator[tuple[list[LogFrame], Place]]:
    query = _narrowed(_columns(journal), journal, wanted).order_by(FrameRow.n if newer else FrameRow.n.desc())
    test = wanted.keep.test if wanted.keep is not None else None
    size = FIRST_CHUNK
    while True:
        further = query if beyond is None else query.where(FrameRow.n > beyond if newer else FrameRow.n < beyond)
        with engine.connect() as connection:
            rows = connection.execute(further.limit(size)).all()
        if rows:
            beyond = rows[-1].n
            yield [_frame(journal, *row) for row in rows if test is None or test(row[3])], Place(journal.key, beyond)
        if len(rows) < size:
            return
        size = CHUNK


def _columns(journal: LogJournal) -> Frames:
    columns = select(FrameRow.n, FrameRow.at, FrameRow.sender, FrameRow.raw, FrameRow.damage)
    return columns.where(FrameRow.journal == journal.number)


def _narrowed(query: Frames, journal: LogJournal, wanted: Wanted) -> Frames:
    if wanted.sender:
        query = query.where(FrameRow.sender == (BY_PILE if wanted.sender == PILE else BY_PLATFORM))
    if wanted.since is not None and wanted.since > journal.opened:
        query = query.where(FrameRow.at >= (wanted.since - journal.opened) // timedelta(microseconds=1))
    if wanted.only is not None:
        query = query.where(FrameRow.n.in_(sorted(wanted.only(journal.key))))
    if wanted.keep is not None and wanted.keep.marks:
        query = query.where(func.substr(FrameRow.raw, wanted.keep.place + 1, 1).in_(wanted.keep.marks))
    return query.where(FrameRow.damage.is_not(None)) if wanted.damaged else query


def _frame(journal: LogJournal, n: int, at: int, sender: int, raw: bytes, damage: str | None) -> LogFrame:
    seen = frame_seen(n, at, sender, raw, damage)
    return LogFrame(
        key=journal.key,
        n=n,
        at=journal.opened + timedelta(microseconds=at),
        sender=seen.sender,
        raw=seen.raw,
        damage=seen.damage,
    )


def _journals(engine: Engine, query: Select[JournalRow]) -> list[LogJournal]:
    columns = query.with_only_columns(
        JournalRow.id,
        JournalRow.key,
        JournalRow.run,
        JournalRow.scenario,
        JournalRow.pile_code,
        JournalRow.gun_no,
        JournalRow.opened,
    )
    with engine.connect() as connection:
        rows = connection.execute(columns.order_by(JournalRow.id.desc())).all()
    return [
        LogJournal(
            number=row.id,
            key=row.key,
            run_id=row.run or "",
            scenario=row.scenario,
            pile_code=row.pile_code,
            gun_no=row.gun_no,
            opened=moment(row.opened),
        )
        for row in rows
    ]
