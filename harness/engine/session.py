"""The session of the pile under test: its own journal from when the port is open, and what an audit says of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harness.core.journal import EventSeen, Memory, Opened, Record
from harness.core.outcome import RunOutcome, SessionJournal
from harness.core.ports import Language


class PileSession(Memory):
    """A sink for the journal of the pile under test: every frame, also before, between and after the cases."""

    def __init__(self) -> None:
        super().__init__()
        self.key = ""

    def __call__(self, key: str, record: Record) -> None:
        """A record of the pile's journal."""
        self.key = key
        super().__call__(key, record)

    def audited(self, outcome: RunOutcome, language: Language, strict: bool = False) -> RunOutcome:
        """The run with what the audit of the pile's session finds in all that has been heard by now."""
        records = tuple(self.records)
        journal = SessionJournal(self.key, opened(records), records[-1].n)
        return msgspec.structs.replace(outcome, session=language.audit(records, strict), session_of=journal)


def opened(records: Sequence[Record]) -> str:
    """When a journal was opened, ISO 8601."""
    first = records[0]
    assert isinstance(first, EventSeen)
    assert isinstance(first.event, Opened)
    return first.event.wall


__all__ = ["PileSession", "opened"]
