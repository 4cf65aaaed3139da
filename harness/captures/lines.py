"""Lines of a text file of whatever encoding, however long: a line too long comes in parts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST = 1 << 16  # characters read at once
WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARK = b"\xef\xbb\xbf"
SEPARATORS = " \t,;"
NEAR_END = 256  # characters from the end in which a cut is looked for


class Line(NamedTuple):
    """A line, or a part of a very long one; `goes_on`: not its first part."""

    number: int
    text: str
    goes_on: bool = False


def lines_of(stream: BinaryIO, head: bytes) -> Iterator[Line]:
    """All lines; `head` is what the stream begins with."""
    is_wide = head[:2] in WIDE
    end = None if _ends_in_returns(head.decode("utf-16", "replace") if is_wide else head.decode("latin-1")) else "\n"
    parts = _wide(stream, end) if is_wide else _narrow(stream, end)
    number, rest, goes_on = 1, "", False
    for part in parts:
        text, rest = _cut(rest + part)
        yield Line(number, text.rstrip("\r\n"), goes_on)
        goes_on = not text.endswith("\n")
        number += not goes_on
    if rest:
        yield Line(number, rest, goes_on)


def _cut(text: str) -> tuple[str, str]:
    """What is shown now and what is kept: a part of a line does not end amid a number."""
    if text.endswith("\n") or len(text) < LONGEST:
        return text, ""
    at = max(text.rfind(separator, len(text) - NEAR_END) for separator in SEPARATORS)
    return (text, "") if at < 0 else (text[: at + 1], text[at + 1 :])


def _ends_in_returns(head: str) -> bool:
    """Do its lines end in CR alone, as on old Macs?"""
    return "\n" not in head and "\r" in head[:-1]


def _wide(stream: BinaryIO, end: str | None) -> Iterator[str]:
    wrapped = io.TextIOWrapper(stream, encoding="utf-16", errors="replace", newline=end)
    while part := wrapped.readline(LONGEST):
        yield part


def _narrow(stream: BinaryIO, end: str | None) -> Iterator[str]:
    first = True
    for part in iter(lambda: stream.readline(LONGEST), b"") if end else _returned(stream):
        yield decoded(part.removeprefix(MARK) if first else part)
        first = False


def _returned(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a file that end in CR; a byte is a character here."""
    wrapped = io.TextIOWrapper(stream, encoding="latin-1", newline=None)
    while part := wrapped.readline(LONGEST):
        yield part.encode("latin-1")


def decoded(raw: bytes) -> str:
    """Text of a line: UTF-8, else what Chinese computers wrote before it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


__all__ = ["Line", "decoded", "lines_of"]
