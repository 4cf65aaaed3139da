"""Every case that any test plays is judged twice: live, and from its journal as the store gives it back."""

from __future__ import annotations

from collections.abc import Sequence

from harness.core.journal import EventSeen, FrameSeen, Record
from harness.core.outcome import CaseOutcome
from harness.core.ports import Language
from harness.engine.again import judge_again
from harness.engine.judge import judge
from harness.store.rows import event_seen, event_tuple, frame_seen, frame_tuple
from tests.helpers.evidence import lacking, misplaced, unattended

troubles: list[str] = []  # of the test that runs; whoever judges may swallow an exception


def judge_twice(records: Sequence[Record], language: Language, strict: bool = False) -> CaseOutcome:
    """What the judge says; that it says so again, and what its findings rest on, is looked at meanwhile."""
    outcome = judge(records, language, strict)
    again = judge_again(outcome, [stored(record) for record in records], language)
    troubles.extend(f"{outcome.id}: judged again, {what} differs" for what in again.differs)
    troubles.extend(f"{what} lacks something" for what in lacking([outcome]))
    troubles.extend(f"{outcome.id}: {finding} has bytes that are not there" for finding in misplaced(outcome, records))
    absent = unattended(outcome, records, language)
    troubles.extend(f"{outcome.id}: {finding.code} lacks heartbeats of its window: {finding}" for finding in absent)
    return outcome


def stored(record: Record) -> Record:
    """A record as the store gives it back."""
    if isinstance(record, FrameSeen):
        return frame_seen(*frame_tuple(1, record)[1:])
    assert isinstance(record, EventSeen)
    return event_seen(*event_tuple(1, record)[1:])


def told() -> list[str]:
    """What was wrong since the last time, once."""
    found = list(troubles)
    troubles.clear()
    return found
