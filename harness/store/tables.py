"""The tables. Frames are kept as raw bytes and decoded when read: a better declaration improves old logs."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Batch migrations on SQLite find constraints by name only.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
WITHOUT_ROWID = {"sqlite_with_rowid": False}

BY_PILE = 0
BY_PLATFORM = 1


class Base(DeclarativeBase):
    """All our tables. Moments are whole microseconds, since 1970 in UTC or, as `at`, since the journal was opened."""

    metadata = MetaData(naming_convention=NAMES)


class ProcessRow(Base):
    """A process that writes here; while it lives it holds the lock of this name."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int | None] = mapped_column(BigInteger)


class RunRow(Base):
    """One run: a pile and its cases. `ended` empty while it goes on; `adrift` when its process died under it.

    `body` is the outcome as JSON without its cases; empty while it goes on, and for runs of before there was any.
    """

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    process: Mapped[str] = mapped_column(String(32), index=True)
    pile_code: Mapped[str] = mapped_column(String(32), index=True)
    profile: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(String(64))
    started: Mapped[int] = mapped_column(BigInteger, index=True)
    ended: Mapped[int | None] = mapped_column(BigInteger)
    verdict: Mapped[str | None] = mapped_column(String(16))
    adrift: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str | None] = mapped_column(Text)


class JournalRow(Base):
    """One journal: of a case in a run, or (`run` empty) of a pile outside runs."""

    __tablename__ = "journals"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    run: Mapped[str | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    scenario: Mapped[str] = mapped_column(String(64))
    pile_code: Mapped[str] = mapped_column(String(32))
    gun_no: Mapped[str] = mapped_column(String(8))
    process: Mapped[str] = mapped_column(String(32))
    opened: Mapped[int] = mapped_column(BigInteger)
    closed: Mapped[str | None] = mapped_column(String(16))


class CaseRow(Base):
    """How one case of a run came out; `body` is the outcome as JSON without its findings."""

    __tablename__ = "cases"

    run: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    journal: Mapped[str] = mapped_column(String(128))
    body: Mapped[str] = mapped_column(Text)


class FindingRow(Base):
    """One finding of a case, passed ones too; `body` is all of it as JSON."""

    __tablename__ = "findings"
    __table_args__ = (
        ForeignKeyConstraint(["run", "case"], ["cases.run", "cases.position"], ondelete="CASCADE"),
        Index(None, "code"),
        WITHOUT_ROWID,
    )

    run: Mapped[str] = mapped_column(String(64), primary_key=True)
    case: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)


class FrameRow(Base):
    """Bytes that went over the wire, by journal and number: its key is the only index, which keeps a million small.

    No foreign key: the look-up would cost as much as the row.
    """

    __tablename__ = "frames"
    __table_args__ = (WITHOUT_ROWID,)

    journal: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)
    sender: Mapped[int] = mapped_column(SmallInteger)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    damage: Mapped[str | None] = mapped_column(String(32))


class EventRow(Base):
    """Anything else in a journal, as tagged JSON."""

    __tablename__ = "events"
    __table_args__ = (WITHOUT_ROWID,)

    journal: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)
