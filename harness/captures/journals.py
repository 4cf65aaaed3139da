"""Journals that the harness kept, record by record: what was known when they were written is all there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from harness.captures.lines import Line
from harness.captures.tally import Tally
from harness.core.capture import EXPORT, Happening, Recorded
from harness.core.journal_file import KINDS, record_of


def journal_happenings(lines: Iterable[Line], tally: Tally) -> Iterator[Happening]:
    """The records of all cases; each case begins with the opening of its journal."""
    for line in lines:
        try:
            data = msgspec.json.decode(line.text)
            if "sender" in data or "event" in data:
                record = record_of(data)
                yield Recorded(EXPORT, record.at, record, line.number)
            elif not any(kind in data for kind in KINDS):
                tally.count("broken_lines")
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError):
            tally.count("broken_lines")


__all__ = ["journal_happenings"]
