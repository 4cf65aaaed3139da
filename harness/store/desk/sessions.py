"""Sessions that somebody ended by signing out: a copy of their cookie opens nothing any more."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from harness.store.desk.tables import EndedSessionRow
from harness.store.rows import micros


def end(engine: Engine, session_id: str, now: datetime, until: datetime) -> None:
    """Remember, `until` its cookie is worth nothing anyway, that a session was ended; older ones are forgotten."""
    with suppress(IntegrityError), Session(engine) as session, session.begin():  # it may be ended twice at once
        session.execute(delete(EndedSessionRow).where(EndedSessionRow.until < micros(now)))
        session.merge(EndedSessionRow(id=session_id, until=micros(until)))


def has_ended(engine: Engine, session_id: str) -> bool:
    """Was this session ended?"""
    with Session(engine) as session:
        return session.get(EndedSessionRow, session_id) is not None
