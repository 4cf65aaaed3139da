"""What a person, a YAML file or JSON writes for a value, read as numbers and bytes; and how a value is refused."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any


class Unfit(ValueError):
    """A value does not fit; carries what would, zh and en. FrameType turns it into Misfit, which names the field."""

    def __init__(self, limit_zh: str, limit: str, value: object, path: str = "") -> None:
        super().__init__(limit)
        self.limit_zh = limit_zh
        self.limit = limit
        self.value = value
        self.path = path


class NotThere(Unfit):
    """A name that no field has."""


def as_int(value: Any) -> int | None:
    """A whole number from an int, or from digits or 0x.. in text; None for anything else."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, str) and _is_plain(value):
        try:
            return int(value, 16) if value.lower().startswith("0x") else int(value)
        except ValueError:
            return None
    return None


def as_decimal(value: Any) -> Decimal | None:
    """A finite Decimal from an int, a Decimal or text; a float is no exact number and gives None."""
    if isinstance(value, float) or (isinstance(value, str) and not _is_plain(value)):
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return number if number.is_finite() else None


def _is_plain(text: str) -> bool:
    """Whether a number is written as people write it: Python takes 1_000 and the digits of every script as well."""
    return text.isascii() and "_" not in text


def as_bytes(value: Any) -> bytes | None:
    """Bytes from bytes or from hex digits in text; None for anything else."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str) and is_hex(digits := "".join(value.split())) and len(digits) % 2 == 0:
        return bytes.fromhex(digits)
    return None


def is_hex(digits: str) -> bool:
    """Hex digits only (or nothing at all)?"""
    return all(digit in "0123456789abcdefABCDEF" for digit in digits)
