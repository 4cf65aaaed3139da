"""Journals that the harness kept, record by record: what was known when they were written is all there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harness.captures.lines import Line
from harness.captures.tally import Tally
from harness.core.capture import EXPORT, Happening, Hole, Recorded
from harness.core.journal_file import KINDS, record_of


def journal_happenings(lines: Iterable[Line], tally: Tally) -> Iterator[Happening]:
    """The records of the pile's session, else those of all cases; each begins with the opening of its journal."""
    at, ended = 0.0, False
    in_session = whole = False  # a session holds what its cases hold
    for line in lines:
        try:
            data = msgspec.json.decode(line.text)
            if whole and "case" in data:
                return
            in_session = "session" in data or (in_session and "case" not in data)
            if "sender" in data or "event" in data:
                record, whole = record_of(data), in_session
                at = record.at
                yield Recorded(EXPORT, at, record, line.number)
                continue
            ended = ended or "end" in data
            if any(kind in data for kind in KINDS):
                continue
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError):
            pass
        tally.count("broken_lines")
        yield Hole(EXPORT, at, "", 0, line.number)
    if not ended:
        tally.breaks = "short"


__all__ = ["journal_happenings"]
