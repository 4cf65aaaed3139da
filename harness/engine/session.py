"""The session of the pile under test: its own journal from when the port is open, and what an audit says of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from harness.core.auditing import Auditor
from harness.core.journal import EventSeen, Memory, Opened, Record
from harness.core.outcome import RunOutcome, SessionJournal


class PileSession(Memory):
    """A sink for the journal of the pile under test: every frame, also before, between and after the cases.

    Each record is audited as it comes: a run ends without a wait however long it was.
    """

    def __init__(self, auditor: Auditor) -> None:
        super().__init__()
        self.key = ""
        self._auditor = auditor

    def __call__(self, key: str, record: Record) -> None:
        """A record of the pile's journal."""
        self.key = key
        super().__call__(key, record)
        self._auditor.see(record)

    def audited(self, outcome: RunOutcome) -> RunOutcome:
        """The run with what the audit of the pile's session finds in all that has been heard by now."""
        journal = SessionJournal(self.key, opened(self.records), self.records[-1].n)
        return msgspec.structs.replace(outcome, session=self._auditor.result(), session_of=journal)


def opened(records: Sequence[Record]) -> str:
    """When a journal was opened, ISO 8601."""
    first = records[0]
    assert isinstance(first, EventSeen)
    assert isinstance(first.event, Opened)
    return first.event.wall
