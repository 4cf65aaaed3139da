"""Times as people's logs write them, turned into seconds; and a clock of the file that never runs backwards."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

DAY = 86_400.0
EARLIEST, LATEST = 946_684_800, 4_102_444_800  # 2000 to 2100: other numbers are no epoch seconds
SHAKE = 2.0  # s by which lines of several threads may be out of order
NO_YEAR = 2000  # a leap year: stands in where the log names none

# A comma may also separate the time from hex: then what follows are not just three or six digits.
_FRACTION = r"(?:\.(?P<fraction>\d{1,9})(?!\d)|[,:](?P<comma>\d{3}(?:\d{3})?)(?![0-9A-Fa-f]))?"
_CLOCK = rf"(?P<hour>[01]?\d|2[0-3])(?P<colon>[:：时])(?P<minute>[0-5]\d)[:：分](?P<second>[0-5]\d|60)秒?{_FRACTION}"
_DATE = r"(?:(?P<year>20\d\d)(?P<dash>[-/.年]))?(?P<month>0?[1-9]|1[0-2])[-/.月](?P<day>[0-2]?\d|3[01])日?"
_ZONE = r"(?:\s?(?P<zone>Z|[+-]\d\d:?\d\d)(?![\d:]))?"

DATED = re.compile(rf"(?<![\d.]){_DATE}[T\s_,]{{1,3}}{_CLOCK}{_ZONE}")
PACKED = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])[T\s_-]?"
    r"(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)(?:[.,](?P<fraction>\d{1,9}))?(?!\d)(?P<zone>Z)?"
)
TIMED = re.compile(rf"(?<![\d:.]){_CLOCK}(?![\d:])")
DATE = re.compile(r"(?<![\d.])(?P<year>20\d\d)[-/.年](?P<month>0?[1-9]|1[0-2])[-/.月](?P<day>[0-2]?\d|3[01])(?!\d)")
EPOCH = re.compile(
    r"^\W{0,3}(?P<whole>\d{10})(?:\.(?P<fraction>\d{1,9})|(?P<milli>\d{3})|(?P<micro>\d{6}))?(?=[\s,;|\])\"]|$)"
)
# Seconds since some beginning, alone or in brackets at the start of a line, as kernels and serial monitors write them.
SINCE = re.compile(r"^\s*(?:\[\s*(?P<boxed>\d{1,9}\.\d{3,9})\s*\]|(?P<bare>\d{1,9}\.\d{3,9})(?=\s))")


class Stamp(NamedTuple):
    """A moment as a line gives it: seconds since 1970, or since midnight (`dated` False). Where it stands: a span."""

    seconds: float
    dated: bool
    local: bool  # of whatever zone the writer was in
    year: bool
    span: tuple[int, int]


def stamp_in(text: str) -> Stamp | None:
    """The first moment in a line; None when it has none."""
    if found := EPOCH.match(text):
        return _epoch(found)
    found = DATED.search(text) or PACKED.search(text)
    if found is not None and (stamp := _dated(found)) is not None:
        return stamp
    if (found := TIMED.search(text)) is not None:
        return Stamp(_of_day(found), False, True, False, found.span())
    found = SINCE.match(text)
    return None if found is None else Stamp(float(found["boxed"] or found["bare"]), False, True, False, found.span())


def date_in(text: str) -> float | None:
    """The midnight of a date that a line names, as local seconds since 1970."""
    found = DATE.search(text)
    return None if found is None else _midnight(found["year"], found["month"], found["day"])


def _epoch(found: re.Match[str]) -> Stamp | None:
    whole = int(found["whole"])
    if not EARLIEST <= whole < LATEST:
        return None
    if found["milli"]:
        part = int(found["milli"]) / 1e3
    elif found["micro"]:
        part = int(found["micro"]) / 1e6
    else:
        part = _fraction(found)
    return Stamp(whole + part, True, False, True, found.span())


def _dated(found: re.Match[str]) -> Stamp | None:
    midnight = _midnight(found["year"], found["month"], found["day"])
    if midnight is None:
        return None
    seconds = midnight + _of_day(found) - _offset(found["zone"])
    return Stamp(seconds, True, found["zone"] is None, found["year"] is not None, found.span())


@lru_cache(maxsize=64)
def _midnight(year: str | None, month: str, day: str) -> float | None:
    try:
        return datetime(int(year or NO_YEAR), int(month), int(day), tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _of_day(found: re.Match[str]) -> float:
    return int(found["hour"]) * 3600 + int(found["minute"]) * 60 + int(found["second"]) + _fraction(found)


def _fraction(found: re.Match[str]) -> float:
    digits = found["fraction"] or ("comma" in found.re.groupindex and found["comma"])
    return int(digits) / 10 ** len(digits) if digits else 0.0


def _offset(zone: str | None) -> float:
    """Seconds by which a zone is ahead of UTC."""
    if zone is None or zone == "Z":
        return 0.0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return float(-minutes * 60 if zone[0] == "-" else minutes * 60)


class Clock:
    """Turns the stamps of a file into seconds since its first: over midnight, and never backwards.

    `read` says besides whether the clock was set in between, so that nobody knows how much time went by.
    """

    def __init__(self) -> None:
        self.first: Stamp | None = None
        self.day: float | None = None  # the midnight of the last date that stood alone
        self._shift = 0.0
        self._last = 0.0
        self._now = 0.0

    def read(self, stamp: Stamp) -> tuple[float, bool]:
        """Seconds since the first stamp, and whether the clock jumped."""
        seconds = stamp.seconds if stamp.dated or self.day is None else stamp.seconds + self.day
        if self.first is None:
            self.first = stamp._replace(seconds=seconds, dated=stamp.dated or self.day is not None)
            self._shift = -seconds
        elif not stamp.dated and self._last - seconds > DAY / 2:  # past midnight
            self._shift += DAY
        moment = round(seconds + self._shift, 6)
        self._last = seconds
        if moment < self._now - SHAKE or moment > self._now + DAY:
            self._shift += self._now - moment
            return self._now, True
        self._now = max(self._now, moment)
        return self._now, False


__all__ = ["DATED", "TIMED", "Clock", "Stamp", "date_in", "stamp_in"]
