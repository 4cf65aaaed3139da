"""frames.jsonl: every frame of a run, one JSON object a line."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.core.outcome import RunOutcome
from harness.report.frames import Frame, frames
from harness.report.lines import plain
from harness.report.outcome import Journals, Read


def to_jsonl(outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """frames.jsonl: one object a line."""
    return "".join(jsonl_line(frame) for frame in frames(outcome, journals, read))


def jsonl_line(frame: Frame) -> str:
    """One frame."""
    data: dict[str, Any] = {
        "n": frame.record.n,
        "time": frame.time,
        "direction": frame.way,
        "hex": frame.record.raw.hex().upper(),
        "name": frame.name,
        "fields": plain(frame.message),
        "case": frame.case,
        "damage": frame.damage or None,
    }
    return msgspec.json.encode(data).decode() + "\n"
