"""Logs of others: lines with a time, a word for the direction and hex, or with hex alone; JSON lines too.

A time or a direction may stand on a line of its own above the hex. Lines that hold no hex are passed over.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from harness.captures.hexes import all_hex, bytes_in, dumped_in, looks_broken
from harness.captures.lines import Line
from harness.captures.stamps import Clock, Stamp, date_in, stamp_in
from harness.captures.tally import Tally
from harness.captures.words import way_in, way_of
from harness.core.capture import LOG, Happening, Hole, Piece

LOOKED_AT = 100  # lines with hex by which is decided whether the log has times
MOSTLY = 0.9
HEAD, TAIL = 160, 80  # characters at both ends of a line in which its time is looked for
SHORT = 20  # a longer line without a time is about something else, whatever words are in it
DRAWN = re.compile(r"[\s+|\-=_*#.:0-9a-fA-F]*")  # lines of a drawn table, above a dump

HEX_KEYS = ("hex", "raw", "data", "payload", "frame", "msg", "message", "content", "报文", "报文内容", "数据")
TIME_KEYS = ("time", "timestamp", "ts", "at", "date", "datetime", "@timestamp", "时间")
WAY_KEYS = ("direction", "dir", "way", "sender", "from", "type", "方向")


class Found(NamedTuple):
    """Hex of one line, with its time and its way, which may have stood above it."""

    number: int
    stamp: Stamp | None
    way: str
    data: bytes
    sure: bool
    own: bool = False  # time and way stood beside it


class Above(NamedTuple):
    """What a line said about the hex below it. A line with hex of its own speaks only for what goes on there."""

    stamp: Stamp | None = None
    way: str = ""
    had_hex: bool = False


NOTHING = Above()


def log_happenings(lines: Iterable[Line], tally: Tally, start: int) -> Iterator[Happening]:
    """The pieces of a log; `start` is the byte a frame begins with."""
    clock = Clock()
    found = _found(lines, tally, start, clock)
    first = list(itertools.islice(found, LOOKED_AT))
    timed = sum(each.stamp is not None for each in first) >= MOSTLY * len(first)
    return _with_times(itertools.chain(first, found), clock, tally) if timed else _without_times(first, found)


def _without_times(*found: Iterable[Found]) -> Iterator[Happening]:
    for each in itertools.chain(*found):
        yield Piece(LOG, None, each.way, each.data, each.number, "", each.sure)


def _with_times(found: Iterable[Found], clock: Clock, tally: Tally) -> Iterator[Happening]:
    at = 0.0
    for each in found:
        if each.stamp is not None:
            at, jumped = clock.read(each.stamp)
            _date(clock, tally)
            if jumped:
                tally.count("jumps")
                yield Hole(LOG, at, "", 0, each.number)
        yield Piece(LOG, at, each.way, each.data, each.number, "", each.sure)


def _date(clock: Clock, tally: Tally) -> None:
    """When the log began, if it tells the date."""
    if tally.first_stamp is None and clock.first is not None and clock.first.dated and clock.first.year:
        tally.first_stamp, tally.local = clock.first.seconds, clock.first.local


def _found(lines: Iterable[Line], tally: Tally, start: int, clock: Clock) -> Iterator[Found]:
    above = NOTHING
    for line in lines:
        found = _in_json(line) if line.text.lstrip().startswith("{") else None
        found = found or _in_line(line, above, start)
        if found is not None:
            above = Above(found.stamp, found.way, above.had_hex or found.own)
            yield found
            continue
        above = _said_above(line.text, above)
        if above.stamp is None and (day := date_in(line.text[:HEAD])) is not None:
            clock.day = day
        _count(line.text, tally)


def _in_line(line: Line, above: Above, start: int) -> Found | None:
    """The hex of a line, with what the line itself says, else what stood above it."""
    text = line.text
    if (dumped := dumped_in(text)) is not None:
        return Found(line.number, above.stamp, above.way, dumped.data, dumped.sure)
    stamp, text = _without_stamp(text)
    found = None if line.goes_on else bytes_in(text, start)
    if found is not None:
        way = way_in(text[: found.span[0]], text[found.span[1] :])
        own = stamp is not None or bool(way)
        above = NOTHING if above.had_hex or stamp is not None else above
        return Found(line.number, stamp or above.stamp, way or above.way, found.data, True, own)
    data = all_hex(text)
    return None if data is None else Found(line.number, stamp or above.stamp, above.way, data, False)


def _without_stamp(text: str) -> tuple[Stamp | None, str]:
    """The time of a line, and the line with blanks in its place: its digits are no hex."""
    stamp = stamp_in(text[:HEAD])
    shift = 0
    if stamp is None and len(text) > HEAD:
        shift = len(text) - TAIL
        stamp = stamp_in(text[shift:])
    if stamp is None:
        return None, text
    begin, end = stamp.span[0] + shift, stamp.span[1] + shift
    return stamp, text[:begin] + " " * (end - begin) + text[end:]


def _said_above(text: str, above: Above) -> Above:
    """What this line says about the hex that may follow; a drawn line leaves it as it was."""
    stamp, rest = _without_stamp(text)
    way = way_in(rest[:HEAD])
    if stamp is None and (not way or len(text.strip()) > SHORT):
        return above if DRAWN.fullmatch(text) else NOTHING
    return Above(stamp, way)


def _count(text: str, tally: Tally) -> None:
    if looks_broken(text):
        tally.count("broken_lines")
        tally.count("broken_bytes", sum(letter in "0123456789abcdefABCDEF" for letter in text) // 2)
    elif text.strip():
        tally.count("other_lines")


def _in_json(line: Line) -> Found | None:
    """A line that is one JSON object with hex in it."""
    try:
        data = json.loads(line.text)
    except ValueError:
        return None
    raw = _value(data, HEX_KEYS)
    found = all_hex(raw) if isinstance(raw, str) else None
    if not found:
        return None
    time, way = _value(data, TIME_KEYS), _value(data, WAY_KEYS)
    return Found(line.number, None if time is None else stamp_in(str(time)), way_of(str(way or "")), found, True)


def _value(data: dict[str, Any], keys: Iterable[str]) -> Any:
    return next((data[key] for key in keys if data.get(key) is not None), None)


__all__ = ["log_happenings"]
