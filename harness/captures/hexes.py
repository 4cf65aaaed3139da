"""Bytes in a line of text: hex with spaces, without, with 0x, commas, dashes; and dumps with offset and letters."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LEAST = 8  # bytes: fewer in a line of words are a number, not a frame

# Pairs of hex digits, alone or glued, with little between them; not part of a word or number.
RUN = re.compile(
    r"(?<![0-9A-Za-z_.])(?:0x|\\x)?(?:[0-9A-Fa-f]{2})+(?:[ \t,;:|\-]{0,2}\s?(?:0x|\\x)(?:[0-9A-Fa-f]{2})+"
    r"|[ \t,;:\-]{1,3}(?:[0-9A-Fa-f]{2})+(?![0-9A-Za-z_]))*(?:[hH](?![0-9A-Za-z_])|(?![0-9A-Za-z_]))"
)
PREFIX = re.compile(r"0x|\\x", re.IGNORECASE)
NOTHING_BETWEEN = dict.fromkeys(map(ord, " \t,;:|-hH\r\n\f\v\u3000\xa0"))
TOKEN = re.compile(r"(?:0x|\\x)?((?:[0-9A-Fa-f]{2})+)")
# What writers put where they left out the rest of a frame: dots, stars, or words for it.
CUT = re.compile(
    r"[ \t]*[0-9A-Fa-f]?[ \t]*(?:\.{2,}|…|\*{2,}|x{3,}"
    r"|[(（<\[]\s*(?:省略|截断|略|脱敏|truncated|omitted|\d+\s+more))",
    re.IGNORECASE,
)
# 00000010| 68 0d 07 ... |h...|  and  0010   68 0d 07 ...  h...
DUMP = re.compile(
    r"^[\s|]*(?:0x)?(?P<offset>[0-9A-Fa-f]{4,8})[|:]?\s{1,3}"
    r"(?P<bytes>(?:[0-9A-Fa-f]{2}[ \-]{1,2}){1,16})(?:\s*\|.*\||\s.{0,20}|)\s*$"
)
BROKEN = re.compile(r"(?<![0-9A-Za-z_])(?:0x)?68[ ,]?(?:0x)?[0-9A-Fa-f]{2}[ ,0-9A-Za-z*.…]{16,}")


class Bytes(NamedTuple):
    """Bytes found in a line, and where: a span of it. `sure` when they begin as a frame does.

    `cut`: the line says that it leaves out what follows. `between`: what stands between the first two runs of them.
    """

    data: bytes
    span: tuple[int, int]
    sure: bool
    cut: bool = False
    between: str = ""


def bytes_in(text: str, start: int) -> Bytes | None:
    """The bytes that a line carries. `start` is the first byte of a frame: by it a frame is told from other numbers."""
    begins = f"{start:02x}"
    first = text.lower().find(begins)
    if first < 0:
        return None  # most lines of most logs
    if (plain := _plain(begins).match(text, first)) and begins not in text[plain.end() :].lower():
        cut = CUT.match(text, plain.end()) is not None
        return Bytes(bytes.fromhex(plain[0]), plain.span(), True, cut)  # the usual line of a log
    found: list[Bytes] = []
    cut = False
    for run in RUN.finditer(text):
        data, offset = _from_start(run[0], start)
        if len(data) >= LEAST:
            found.append(Bytes(data, (run.start() + offset, run.end()), True))
            if cut := CUT.match(text, run.end()) is not None:
                break
    if found:
        between = text[found[0].span[1] : found[1].span[0]] if len(found) > 1 else ""
        return Bytes(b"".join(each.data for each in found), (found[0].span[0], found[-1].span[1]), True, cut, between)
    return None


@cache
def _plain(begins: str) -> re.Pattern[str]:
    """Pairs of hex digits from the first byte of a frame on, all glued or all with a blank, and nothing more behind."""
    return re.compile(
        rf"(?<![0-9A-Za-z_.]){begins}(?:(?: [0-9A-Fa-f]{{2}}){{{LEAST - 1},}}|(?:[0-9A-Fa-f]{{2}}){{{LEAST - 1},}})"
        r"(?![0-9A-Za-z_]|[ \t,;:|\-]{0,3}\s?(?:0x|\\x)?[0-9A-Fa-f]{2})",
        re.IGNORECASE,
    )


def dumped_in(text: str) -> Bytes | None:
    """The bytes of one line of a hex dump, and at offset 0 the beginning of one (`sure`)."""
    found = DUMP.match(text)
    if found is None:
        return None
    return Bytes(bytes.fromhex(found["bytes"].replace("-", " ")), found.span("bytes"), int(found["offset"], 16) == 0)


def all_hex(text: str) -> bytes | None:
    """The bytes of a line that holds hex and nothing else; None when it holds something else."""
    run = RUN.fullmatch(text.strip().strip("[](){}<>,;:\"'` "))
    return None if run is None else b"".join(bytes.fromhex(token) for token in TOKEN.findall(run[0]))


def looks_broken(text: str) -> bool:
    """Does a line hold what began as a frame and then has letters or odd digits in it?"""
    return BROKEN.search(text) is not None


def _from_start(run: str, start: int) -> tuple[bytes, int]:
    """The bytes of a run from the token on that begins as a frame does, and where that stands in the run."""
    cleaned = (PREFIX.sub("", run) if "x" in run.lower() else run).translate(NOTHING_BETWEEN)
    if cleaned[:2].lower() == f"{start:02x}":
        return bytes.fromhex(cleaned), 0  # the usual line, all at once
    begun: list[bytes] = []
    offset = len(run)
    for token in TOKEN.finditer(run):
        data = bytes.fromhex(token[1])
        if not begun and data[0] != start:
            continue
        offset = min(offset, token.start())
        begun.append(data)
    return b"".join(begun), offset


__all__ = ["Bytes", "all_hex", "bytes_in", "dumped_in", "looks_broken"]
