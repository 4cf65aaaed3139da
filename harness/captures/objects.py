"""JSON that is not one object a line: arrays, on one line or indented, and objects written over several lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from harness.captures.lines import Line

MOST = 1 << 20  # characters that one object may have
NEAR_END = 8  # characters before the end of a text at which an object may be cut amid a word
BETWEEN = re.compile(r"[\s,\[\]]*")
HEX_KEYS = ("hex", "raw", "data", "payload", "frame", "msg", "message", "content", "报文", "报文内容", "数据")
_DECODER = json.JSONDecoder(strict=False)


def are_objects(first: str) -> bool:
    """Does a file begin like an array of objects, or like an object that is written over several lines?"""
    text = first.strip()
    if text.startswith("["):
        rest = text[1:].lstrip()
        return not rest or rest.startswith("{")
    if not text.startswith("{") or len(text) == 1:
        return text == "{"
    try:
        return _is_around(json.loads(text))
    except ValueError:
        return re.match(r'\{\s*"[^"]*"\s*:', text) is not None


def objects_of(lines: Iterable[Line]) -> Iterator[Line]:
    """Each object with hex as a line of its own, numbered by the line that it begins on; other text as it stood."""
    text, number, tried = "", 1, 0
    for line in lines:
        if not text.strip():
            text, number = line.text, line.number
        else:
            text += line.text if line.goes_on else "\n" + line.text
        if "}" in line.text and len(text) >= tried:
            found, text, number = _taken(text, number)
            yield from found
            tried = 2 * len(text)  # an object that goes on is not read again for each of its lines
    while text:
        found, text, number = _taken(text, number, is_whole=True)
        yield from found


def _taken(text: str, number: int, is_whole: bool = False) -> tuple[list[Line], str, int]:
    """The objects that a text holds, what is left of it, and the line on which that begins."""
    found: list[Line] = []
    at = done = 0
    while True:
        at = _skipped(text, at)
        number += text.count("\n", done, at)
        done = at
        if at == len(text):
            return found, "", number
        end = _end_of(text, at) if text[at] == "{" else -1
        if end is None and not is_whole and len(text) - at <= MOST:
            return found, text[at:], number
        if end is not None and end > 0:
            found.append(Line(number, text[at:end].replace("\n", " ")))
        elif end == 0:  # what is around objects
            end = at + 1
        else:
            end = _next(text, at)
            found.append(Line(number, text[at:end].rstrip()))
        number += text.count("\n", at, end)
        at = done = end


def _skipped(text: str, at: int) -> int:
    between = BETWEEN.match(text, at)
    return at if between is None else between.end()


def _next(text: str, at: int) -> int:
    """Where text that is no object ends: at the end of its line, or before the next object."""
    ends = [found for found in (text.find("\n", at), text.find("{", at + 1)) if found > 0]
    return min(ends, default=len(text))


def _end_of(text: str, at: int) -> int | None:
    """Where an object ends: 0 when others are within, which have the hex; -1 when it is none; None when it goes on."""
    try:
        data, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        goes_on = error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip()) - NEAR_END
        return None if goes_on else -1
    except RecursionError:
        return -1
    return 0 if _is_around(data) else end


def _is_around(data: Any) -> bool:
    """Has an object no hex itself, but some within it?"""
    return isinstance(data, dict) and not has_hex(data) and any(_holds(value) for value in data.values())


def _holds(value: Any) -> bool:
    if isinstance(value, dict):
        return has_hex(value) or any(_holds(each) for each in value.values())
    return isinstance(value, list) and any(_holds(each) for each in value)


def has_hex(data: dict[str, Any]) -> bool:
    """Has an object a value by one of the names that logs have for hex?"""
    return any(isinstance(data.get(key), str) for key in HEX_KEYS)


__all__ = ["HEX_KEYS", "are_objects", "has_hex", "objects_of"]
