"""Records and outcomes turned into rows, and back: the one place that knows both sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from harness.core.journal import MICRO, PILE, PLATFORM, AnyEvent, EventSeen, FrameSeen, Opened
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.verdict import Finding
from harness.store.tables import BY_PILE, BY_PLATFORM

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_events = msgspec.json.Decoder(AnyEvent)
_cases = msgspec.json.Decoder(CaseOutcome)
_runs = msgspec.json.Decoder(RunOutcome)
_findings = msgspec.json.Decoder(Finding)

FrameTuple = tuple[int, int, int, int, bytes, str | None]
EventTuple = tuple[int, int, int, str]


def micros(moment: datetime) -> int:
    """An aware moment as whole microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment(stamp: int) -> datetime:
    """And back, in UTC."""
    return EPOCH + stamp * MICROSECOND


def iso_micros(text: str) -> int:
    """An ISO 8601 stamp as microseconds; one without a zone is UTC."""
    read = datetime.fromisoformat(text)
    return micros(read if read.tzinfo else read.replace(tzinfo=UTC))


def frame_tuple(journal: int, frame: FrameSeen) -> FrameTuple:
    """A frame as the values of its row, in the order of the table."""
    sender = BY_PILE if frame.sender == PILE else BY_PLATFORM
    return (journal, frame.n, round(frame.at * MICRO), sender, frame.raw, frame.damage or None)


def frame_seen(n: int, at: int, sender: int, raw: bytes, damage: str | None) -> FrameSeen:
    """And back."""
    return FrameSeen(n, at / MICRO, PILE if sender == BY_PILE else PLATFORM, bytes(raw), damage or "")


def event_tuple(journal: int, seen: EventSeen) -> EventTuple:
    """An event as the values of its row."""
    return journal, seen.n, round(seen.at * MICRO), msgspec.json.encode(seen.event).decode()


def event_seen(n: int, at: int, body: str) -> EventSeen:
    """And back."""
    return EventSeen(n, at / MICRO, _events.decode(body))


def journal_values(key: str, opened: Opened, process: str) -> dict[str, Any]:
    """The row of a journal, from its first event."""
    return {
        "key": key,
        "run": opened.run_id or None,
        "scenario": opened.scenario,
        "pile_code": str(opened.profile.get("pile_code", "")),
        "gun_no": opened.gun_no,
        "process": process,
        "opened": iso_micros(opened.wall),
    }


def run_body(outcome: RunOutcome) -> str:
    """A run as its row keeps it; its cases have rows of their own."""
    return msgspec.json.encode(msgspec.structs.replace(outcome, cases=())).decode()


def run_facts(body: str | None) -> RunOutcome | None:
    """And back, as far as it was kept."""
    return None if body is None else _runs.decode(body)


def case_values(run_id: str, position: int, case: CaseOutcome) -> dict[str, Any]:
    """The row of a case; its findings have rows of their own."""
    body = msgspec.json.encode(msgspec.structs.replace(case, findings=())).decode()
    return {
        "run": run_id,
        "position": position,
        "id": case.id,
        "verdict": case.verdict.value,
        "journal": case.key,
        "body": body,
    }


def finding_values(run_id: str, case: int, position: int, finding: Finding) -> dict[str, Any]:
    """The row of a finding."""
    return {
        "run": run_id,
        "case": case,
        "position": position,
        "code": finding.code,
        "verdict": finding.verdict.value,
        "body": msgspec.json.encode(finding).decode(),
    }


def case_outcome(body: str, findings: list[str]) -> CaseOutcome:
    """A case from its row and those of its findings."""
    found = tuple(_findings.decode(finding) for finding in findings)
    return msgspec.structs.replace(_cases.decode(body), findings=found)
