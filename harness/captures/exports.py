"""What the harness itself wrote: frames of a run or of the desk's log, as JSON lines, CSV or text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from harness.captures.lines import Line
from harness.captures.stamps import Clock, date_in, stamp_in
from harness.captures.tally import Tally
from harness.core.capture import COLUMNS, EXPORT, Happening, Hole, WholeFrame

SENDER_OF = {"up": "pile", "down": "platform", "桩→平台": "pile", "平台→桩": "platform"}
CSV_HEAD = ",".join(COLUMNS)
TITLE = re.compile(r"联调报告 .*|===== 20\d\d-\d\d-\d\d.*=====")
RECORD = re.compile(r"#(?P<n>\d+) (?P<time>\d\d:\d\d:\d\d\.\d) (?P<way>桩→平台|平台→桩|\*)(?P<what>.*)")
CASE = re.compile(r"===== (?P<title>.*) =====")
DAMAGED = re.compile(r"不是完整的帧：(?P<reason>\w+)")


class Written(NamedTuple):
    """One frame as it was written down."""

    n: int
    number: int
    time: str
    way: str
    hex: str
    damage: str
    case: str


def is_ours(first: str) -> bool:
    """Does a file of the harness begin like this?"""
    if first.startswith(CSV_HEAD) or TITLE.fullmatch(first):
        return True
    return first.startswith("{") and all(f'"{key}":' in first for key in ("n", "direction", "hex", "damage", "case"))


def export_happenings(lines: Iterable[Line], first: str, tally: Tally) -> Iterator[Happening]:
    """The frames of a file of ours. Between two cases is what nobody kept: that is told as a hole."""
    clock = Clock()
    case = None
    for frame in _written(lines, first, clock, tally):
        at, jumped = _moment(frame, clock, tally)
        if jumped or case not in (None, frame.case):
            yield Hole(EXPORT, at, "", 0, frame.number, "clock_set" if jumped else "between_cases")
        case = frame.case
        try:
            data = bytes.fromhex(frame.hex)
        except ValueError:
            tally.count("broken_lines")
            yield Hole(EXPORT, at, "", 0, frame.number)
            continue
        yield WholeFrame(EXPORT, at, SENDER_OF[frame.way], data, frame.number, frame.damage, frame.n)


def _written(lines: Iterable[Line], first: str, clock: Clock, tally: Tally) -> Iterator[Written]:
    if first.startswith("{"):
        return _from_json(lines, tally)
    return _from_csv(lines, tally) if first.startswith(CSV_HEAD) else _from_text(lines, clock)


def _moment(frame: Written, clock: Clock, tally: Tally) -> tuple[float | None, bool]:
    stamp = stamp_in(frame.time)
    if stamp is None:
        return None, False
    at, jumped = clock.read(stamp)
    if tally.first_stamp is None and clock.first is not None and clock.first.dated:
        tally.first_stamp, tally.local = clock.first.seconds, clock.first.local
    return at, jumped


def _from_json(lines: Iterable[Line], tally: Tally) -> Iterator[Written]:
    for line in lines:
        try:
            data = json.loads(line.text)
            if data["direction"] in SENDER_OF:
                yield Written(
                    int(data["n"]),
                    line.number,
                    data["time"],
                    data["direction"],
                    data["hex"],
                    data["damage"] or "",
                    data["case"],
                )
        except (ValueError, KeyError, TypeError):
            if line.text.strip():
                tally.count("broken_lines")


def _from_csv(lines: Iterable[Line], tally: Tally) -> Iterator[Written]:
    for line in lines:
        cells = next(csv.reader([line.text]), [])
        if len(cells) == len(COLUMNS) and cells[3] in SENDER_OF:
            yield Written(
                int(cells[0]) if cells[0].isdigit() else 0,
                line.number,
                cells[1],
                cells[3],
                cells[7],
                cells[9],
                cells[2],
            )
        elif cells and line.text != CSV_HEAD:
            tally.count("broken_lines")


def _from_text(lines: Iterable[Line], clock: Clock) -> Iterator[Written]:
    """A line says what the frame is, the next one has its bytes; days and cases stand on lines of their own."""
    frame: re.Match[str] | None = None
    case = ""
    for line in lines:
        if title := CASE.fullmatch(line.text):
            day = date_in(title["title"])
            clock.day = clock.day if day is None else day
            case = case if day is not None else title["title"]
        elif line.number == 2:  # when the run began
            clock.day = date_in(line.text) or clock.day
        if frame is not None and line.text.startswith("    ") and frame["way"] in SENDER_OF:
            damage = DAMAGED.search(frame["what"])
            yield Written(
                int(frame["n"]),
                line.number,
                frame["time"],
                frame["way"],
                line.text,
                damage["reason"] if damage else "",
                case,
            )
        frame = RECORD.fullmatch(line.text)
        if frame is not None and (stamp := stamp_in(frame["time"])) is not None:
            clock.read(stamp)  # events count too: one of them may be the first after midnight


__all__ = ["export_happenings", "is_ours"]
