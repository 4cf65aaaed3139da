"""Logs of others: lines with a time, a word for the direction and hex, or with hex alone; JSON lines too.

A time or a direction may stand on a line of its own above the hex. Lines that hold no hex are passed over.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from harness.captures.grain import grain_of, is_doubled, opening_of, without_copies
from harness.captures.hexes import all_hex, bytes_in, dumped_in, looks_broken
from harness.captures.lines import Line
from harness.captures.objects import HEX_KEYS
from harness.captures.stamps import DATED, TIMED, Clock, Stamp, date_in, stamp_in
from harness.captures.tally import Tally
from harness.captures.words import way_in, way_of
from harness.core.capture import LOG, Happening, Hole, Piece
from harness.core.errors import PersonError

LOOKED_AT = 20  # lines with hex at a time by which is decided whether they have times
MOSTLY = 0.9
BACKWARDS = 5  # times as many steps back as ahead: the newest line stands first
HEAD, TAIL = 160, 80  # characters at both ends of a line in which its time is looked for
SHORT = 20  # a longer line without a time is about something else, whatever words are in it
DRAWN = re.compile(r"[\s+|\-=_*#.:0-9a-fA-F]*")  # lines of a drawn table, above a dump

MASKS = ("**", "＊＊", "××")
MOST_AT_ONCE = 1500  # bytes: more than a packet holds were not written at one moment
TO_MINUTES = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3])[:：时][0-5]\d(?![\d:])")

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
    cut: bool = False  # the line leaves out what follows
    is_broken: bool = False  # there was a frame that cannot be read
    to_minutes: bool = False  # there was a time, but it has no seconds
    day: float | None = None  # the midnight of the last date that stood alone


class Above(NamedTuple):
    """What a line said about the hex below it. A line with hex of its own speaks only for what goes on there.

    `said` is its text, in which its way is looked for only when hex follows: below most lines none does.
    """

    stamp: Stamp | None = None
    known: str = ""
    had_hex: bool = False
    said: str = ""

    @property
    def way(self) -> str:
        """Which way it says that bytes went."""
        return self.known or (way_in(self.said) if self.said else "")


NOTHING = Above()
Timed = tuple[Stamp | None, str]  # the time of a line, and the line without it
NO_TIME: Timed = (None, "")


class Backwards(PersonError):
    """A log whose newest line stands first."""

    def __init__(self) -> None:
        super().__init__(
            "the newest line of this log stands first; turn it round (tac FILE) and audit it again",
            "日志是倒序的（最新的在最前）：先倒过来（tac 文件）再核对",
        )


def log_happenings(lines: Iterable[Line], tally: Tally, start: int) -> Iterator[Happening]:
    """The pieces of a log; `start` is the byte a frame begins with."""
    clock = Clock()
    found = _found(lines, tally, start)
    first = opening_of(found)
    tally.grain = grain_of(first)
    found = itertools.chain(first, found)
    if is_doubled(first):
        found = without_copies(found, tally)
    at: float | None = None
    timed: bool | None = None
    while some := list(itertools.islice(found, LOOKED_AT)):
        if timed is None and _is_backwards(some):
            raise Backwards
        was, timed = timed, not tally.grain and _is_timed(some)
        if was not in (None, timed):
            yield Hole(LOG, at if timed else None, "", 0, some[0].number, "times")
        for each in some:
            if timed and each.stamp is not None:
                at, jumped = _moment(each, each.stamp, clock, tally)
                if jumped:
                    yield Hole(LOG, at, "", 0, each.number, "clock_set")
            yield _happening(each, at if timed else None)


def _happening(found: Found, at: float | None) -> Happening:
    if found.is_broken:
        return Hole(LOG, at, "", 0, found.number)
    return Piece(LOG, at, found.way, found.data, found.number, "", found.sure, found.cut)


def _is_timed(found: Iterable[Found]) -> bool:
    """Do nearly all of these lines have a time? What lies between times nobody knows is not judged by times."""
    sound = [each for each in found if not each.is_broken]
    return sum(each.stamp is not None for each in sound) >= MOSTLY * len(sound)


def _is_backwards(found: Iterable[Found]) -> bool:
    moments = [each.stamp.seconds for each in found if each.stamp is not None]
    steps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    back, ahead = sum(step < 0 for step in steps), sum(step > 0 for step in steps)
    return back >= BACKWARDS and back >= BACKWARDS * ahead


def _moment(found: Found, stamp: Stamp, clock: Clock, tally: Tally) -> tuple[float, bool]:
    if found.day is not None:
        clock.day = found.day
    at, jumped = clock.read(stamp)
    _date(clock, tally)
    tally.count("jumps", int(jumped))
    return at, jumped


def _date(clock: Clock, tally: Tally) -> None:
    """When the log began, if it tells the date."""
    if tally.first_stamp is None and clock.first is not None and clock.first.dated and clock.first.year:
        tally.first_stamp, tally.local = clock.first.seconds, clock.first.local


def _found(lines: Iterable[Line], tally: Tally, start: int) -> Iterator[Found]:
    above = NOTHING
    day: float | None = None
    for line in lines:
        found = _in_json(line) if line.text.lstrip().startswith("{") else None
        timed = NO_TIME if found is not None else _without_stamp(line.text)
        found = found or _in_line(line, timed, above, start)
        if found is not None:
            if found.cut and _is_masked(line.text):
                tally.count("masked_lines")
            above = Above(found.stamp, found.way, above.had_hex or found.own)
            yield found if day is None else found._replace(day=day)
            continue
        above = _said_above(line.text, timed, above)
        if above.stamp is None and (named := date_in(line.text[:HEAD])) is not None:
            day = named
        if looks_broken(line.text):
            _count_broken(line.text, tally)
            if _is_masked(line.text):
                tally.count("masked_lines")
            yield Found(line.number, None, "", b"", False, is_broken=True)
        elif line.text.strip():
            tally.count("other_lines")


def _in_line(line: Line, timed: Timed, above: Above, start: int) -> Found | None:
    """The hex of a line, with what the line itself says, else what stood above it."""
    if (dumped := dumped_in(line.text)) is not None:
        return Found(line.number, above.stamp, above.way, dumped.data, dumped.sure)
    stamp, text = timed
    found = None if line.goes_on else bytes_in(text, start)
    if found is not None:
        if found.between and TIMED.search(text, found.span[0]):
            return _several(line.number, text, start)
        way = way_in(text[: found.span[0]], text[found.span[1] :])
        own = stamp is not None or bool(way)
        above = NOTHING if above.had_hex or stamp is not None else above
        stamp = None if len(found.data) > MOST_AT_ONCE else stamp or above.stamp
        to_minutes = stamp is None and TO_MINUTES.search(text, 0, found.span[0]) is not None
        return Found(line.number, stamp, way or above.way, found.data, True, own, found.cut, to_minutes=to_minutes)
    data = all_hex(text)
    if data is None:
        return None
    return Found(line.number, None if line.goes_on else stamp or above.stamp, above.way, data, False)


def _several(number: int, text: str, start: int) -> Found | None:
    """A line of several records: their times are no hex, and none is that of all; nor is their way."""
    for stamp in (DATED, TIMED):
        text = stamp.sub(lambda found: "\u00b7" * len(found[0]), text)
    found = bytes_in(text, start)
    return None if found is None else Found(number, None, "", found.data, True, cut=found.cut)


def _is_masked(text: str) -> bool:
    return any(mask in text for mask in MASKS)


def _without_stamp(text: str) -> Timed:
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


def _said_above(text: str, timed: Timed, above: Above) -> Above:
    """What this line says about the hex that may follow; a drawn line leaves it as it was."""
    stamp, rest = timed
    if stamp is None and (len(text.strip()) > SHORT or not way_in(rest[:HEAD])):
        return above if DRAWN.fullmatch(text) else NOTHING
    return Above(stamp, said=rest[:HEAD])


def _count_broken(text: str, tally: Tally) -> None:
    tally.count("broken_lines")
    tally.count("broken_bytes", sum(letter in "0123456789abcdefABCDEF" for letter in text) // 2)


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
