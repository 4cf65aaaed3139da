"""What is known by a name that people type."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

from harness.core.errors import PersonError
from harness.core.pairs import Pair

Known = TypeVar("Known")
LISTED: Pair = ("harness faults 列出全部", "harness faults lists them")


def named(table: Mapping[str, Known], name: str, what: Pair) -> Known:
    """What is known by a name; an unknown one is an error that offers the nearest."""
    if name in table:
        return table[name]
    near = get_close_matches(name, table, 1)
    hint_zh, hint = (f"是否指 {near[0]}？", f"did you mean {near[0]}?") if near else LISTED
    raise PersonError(f"there is no {what[1]} named {name!r}; {hint}", f"没有名为 {name!r} 的{what[0]}；{hint_zh}")
