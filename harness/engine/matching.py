"""What an author wrote against what came over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from harness.core.message import Message

Wanted = Mapping[str, str]


class Difference(NamedTuple):
    """A field that is not what was wanted."""

    field: str
    wanted: str
    got: str


def value_at(message: Message, path: str) -> Any:
    """The value of a field; `hardware_fault.emergency_stop` reaches into bit fields."""
    value = message.values
    for name in path.split("."):
        value = getattr(value, name)
    return value


def shown(value: Any) -> str:
    """A value as people read it: bytes as hex, the rest as text."""
    return value.hex().upper() if isinstance(value, bytes) else str(value)


def equal(wanted: str, got: Any) -> bool:
    """Is the value what the author wrote? Numbers compare by value, hex and digits without regard to case."""
    try:
        if isinstance(got, bool):
            return wanted.lower() == str(got).lower()
        if isinstance(got, int):
            return int(wanted, 0) == got if wanted.startswith("0x") else int(wanted) == got
        if isinstance(got, Decimal):
            return Decimal(wanted) == got
    except (ValueError, InvalidOperation):
        return False
    if isinstance(got, bytes):
        return wanted.upper().rjust(len(got) * 2, "0") == got.hex().upper()
    return wanted.upper() == str(got).upper()


def differences(wanted: Wanted, message: Message) -> list[Difference]:
    """All fields of the message that are not what was wanted."""
    found = []
    for path, text in wanted.items():
        got = value_at(message, path)
        if not equal(text, got):
            found.append(Difference(path, text, shown(got)))
    return found
