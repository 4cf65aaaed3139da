"""Source text for whole numbers of any length, low byte first: what the templates of fields are made of."""

from __future__ import annotations

INT_CODES = {1: "B", 2: "H", 3: "HB", 4: "I", 5: "IB", 6: "IH", 8: "Q"}
BITS = {"H": 16, "I": 32}  # width of the lower part where a number is packed in two


def whole(items: tuple[str, ...], codes: str) -> str:
    """Source of one number from its packed items."""
    return items[0] if len(items) == 1 else f"{items[0]} + ({items[1]} << {BITS[codes[0]]})"


def split(value: str, codes: str) -> str:
    """Source of the packed items of one number; too large a number makes struct refuse the last of them."""
    if len(codes) == 1:
        return value
    bits = BITS[codes[0]]
    return f"{value} & {2**bits - 1}, {value} >> {bits}"


def plus(source: str, offset: int) -> str:
    """Source of a sum, left as it is when nothing is added."""
    return source if not offset else f"{source} {'+' if offset > 0 else '-'} {abs(offset)}"
