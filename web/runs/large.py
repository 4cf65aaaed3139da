"""The large line of a prompt, cut into rows that fit across a phone at arm's length."""

from __future__ import annotations

import re

from harness.core.pairs import Pair

ZH_ROW, EN_ROW = 4, 10  # characters


def rows_of(line: Pair, zh: bool) -> list[str]:
    """The large line of a prompt in rows: where it says so, else as it fits."""
    text = line[0 if zh else 1]
    if "\n" in text:
        return text.split("\n")
    return _chinese(text) if zh else _packed(re.split(r" (?!\d)", text), EN_ROW)


def _chinese(text: str) -> list[str]:
    """First what to do (请拍下) or who says so (桩报上), then the thing; numbers stay with their word."""
    rows = []
    for part in _joined(text.split(" ")):
        if len(part) > ZH_ROW and part.startswith(("请", "桩报上")):
            rows += [part[:3], *_cut(part[3:])]
        else:
            rows += _cut(part)
    return rows


def _joined(parts: list[str]) -> list[str]:
    """A number or a Latin word stands with the word after it, as long as it fits."""
    rows: list[str] = []
    for part in parts:
        if rows and re.fullmatch(r"[\w.]+", rows[-1], re.ASCII) and len(rows[-1]) + len(part) < ZH_ROW + 1:
            rows[-1] = f"{rows[-1]} {part}"
        else:
            rows.append(part)
    return rows


def _cut(text: str) -> list[str]:
    if " " in text or text.isascii():
        return [text]
    size = ZH_ROW if len(text) in (6, 7) else -(-len(text) // -(-len(text) // ZH_ROW))
    return [text[at : at + size] for at in range(0, len(text), size)]


def _packed(words: list[str], most: int) -> list[str]:
    rows: list[str] = []
    for word in words:
        if rows and len(rows[-1]) + 1 + len(word) <= most:
            rows[-1] = f"{rows[-1]} {word}"
        else:
            rows.append(word)
    return rows
