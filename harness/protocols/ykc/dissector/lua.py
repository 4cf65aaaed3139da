"""Plain values as Lua source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}
WIDE = 110  # a table that fits a line of so many characters stays on it


def literal(value: Any, indent: str = "") -> str:
    """Source of a text, number, truth, list or mapping."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(ESCAPES.get(sign, sign) for sign in value) + '"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return _table([f"{_key(key)} = {literal(each, indent + '  ')}" for key, each in value.items()], indent)
    if isinstance(value, Sequence):
        return _table([literal(each, indent + "  ") for each in value], indent)
    raise TypeError(f"{value!r} has no form in Lua")


def _key(key: object) -> str:
    return str(key) if isinstance(key, str) and key.isidentifier() else f"[{literal(key)}]"


def _table(items: list[str], indent: str) -> str:
    line = "{ " + ", ".join(items) + " }" if items else "{}"
    if len(indent + line) <= WIDE and "\n" not in line:
        return line
    return "{\n" + "".join(f"{indent}  {item},\n" for item in items) + indent + "}"
