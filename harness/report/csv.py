"""The frames of a run as a table for spreadsheets, which shall neither guess the encoding nor work anything out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import msgspec

from harness.core.capture import COLUMNS
from harness.core.cells import harmless
from harness.core.message import Message
from harness.core.outcome import RunOutcome
from harness.report.frames import Frame, frames
from harness.report.lines import plain
from harness.report.outcome import Journals, Read

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for the local code page


def to_csv(outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """A line for each frame."""
    return csv_head() + "".join(csv_line(frame) for frame in frames(outcome, journals, read))


def csv_head() -> str:
    """What the file begins with."""
    return BOM + _line(COLUMNS)


def csv_line(frame: Frame) -> str:
    """One frame."""
    return _line([harmless(cell) for cell in _cells(frame)])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cells(frame: Frame) -> tuple[str, ...]:
    kind = frame.message.frame_type if isinstance(frame.message, Message) else None
    fields = msgspec.json.encode(plain(frame.message)).decode() if kind else ""
    return (
        str(frame.record.n),
        frame.time,
        frame.case,
        frame.way,
        f"0x{kind.code:02X}" if kind else "",
        frame.name or "",
        kind.title if kind else "",
        frame.record.raw.hex(" ").upper(),
        fields,
        frame.damage,
    )
