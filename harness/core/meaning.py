"""What a value means and whether it lies in its list or range: told, never enforced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.core.message import Remark

Labels = Mapping[int, tuple[str, str]]


def label(choices: Labels | None, value: int) -> str:
    """What a code means, Chinese first; an unlisted one says so and names itself in hex."""
    zh, en = (choices or {}).get(value, (f"未列出 0x{value:02X}", "not listed"))
    return f"{zh} ({en})"


def unlisted(name: str, value: int, choices: Labels | None) -> Iterator[Remark]:
    """A remark when a code is not in its list."""
    if choices is not None and value not in choices:
        yield Remark(name, "unlisted", f"取值 0x{value:02X} 未列出", f"code 0x{value:02X} is not listed")


def outside(name: str, value: Any, wanted: tuple[Any, Any] | None) -> Iterator[Remark]:
    """A remark when a value lies outside its printed range."""
    if wanted and not wanted[0] <= value <= wanted[1]:
        low, high = wanted
        yield Remark(name, "out_of_range", f"超出范围 {low} 至 {high}", f"outside {low} to {high}")
