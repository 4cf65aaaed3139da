"""Frames outside of runs as files: the same lines as those of a run, one frame at a time, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from harness.core.journal import FrameSeen
from harness.core.message import Damage
from harness.report.csv import csv_head, csv_line
from harness.report.frames import Frame
from harness.report.jsonl import jsonl_line
from harness.report.lines import frame_line, tenths
from harness.report.outcome import Read
from harness.report.txt import txt_lines

Logged = tuple[datetime, FrameSeen]  # the moment is local


def log_text(form: str, logged: Iterable[Logged], read: Read, case: str = "") -> Iterator[str]:
    """The text of a file in pieces; `form` is one of FORMS."""
    return FORMS[form](logged, read, case)


def _txt(logged: Iterable[Logged], read: Read, case: str) -> Iterator[str]:
    """A line says when a new day begins: frames have the time of day alone."""
    day = ""
    for moment, record in logged:
        if f"{moment:%Y-%m-%d}" != day:
            day = f"{moment:%Y-%m-%d}"
            yield f"===== {day} {case} =====\n"
        line = frame_line(record, tenths(moment), read, fields=False)
        yield "\n".join(txt_lines(record, line)) + "\n"


def _csv(logged: Iterable[Logged], read: Read, case: str) -> Iterator[str]:
    yield csv_head()
    for moment, record in logged:
        yield csv_line(_frame(moment, record, read, case))


def _jsonl(logged: Iterable[Logged], read: Read, case: str) -> Iterator[str]:
    for moment, record in logged:
        yield jsonl_line(_frame(moment, record, read, case))


def _frame(moment: datetime, record: FrameSeen, read: Read, case: str) -> Frame:
    message = Damage(record.damage, 0, record.raw) if record.damage else read(record.raw)
    return Frame(case, record, moment.isoformat(timespec="milliseconds"), message)


FORMS: Mapping[str, Callable[[Iterable[Logged], Read, str], Iterator[str]]] = MappingProxyType(
    {"txt": _txt, "csv": _csv, "jsonl": _jsonl}
)
