"""Cells of tables for spreadsheets, which take a text that begins like a formula for one and work it out."""

from __future__ import annotations

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"  # spreadsheets show what stands after it and work nothing out
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def harmless(cell: str) -> str:
    """A cell that is shown as it is; a number stays one. What begins with a quote gets one more, to mean itself."""
    return QUOTE + cell if cell.startswith((*FORMULA, QUOTE)) and not _NUMBER.fullmatch(cell) else cell


def meant(cell: str) -> str:
    """What a harmless cell stands for."""
    return cell.removeprefix(QUOTE) if harmless(cell.removeprefix(QUOTE)) == cell else cell
