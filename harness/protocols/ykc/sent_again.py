"""In what a frame that is sent again differs from the one sent before (8.7)."""

from __future__ import annotations

from collections.abc import Iterator

from harness.core.fields import Field
from harness.core.message import Message
from harness.core.pairs import Pair
from harness.core.ports import Differing
from harness.core.rows import both_readings
from harness.protocols.ykc import CATALOGUE

BODY = slice(6, -2)
MAY_DIFFER = frozenset({"trade_time"})  # the document does not say whether it is that of the first sending


def differing_fields(one: Message, other: Message) -> list[Field]:
    """The fields that say something else in the other of two frames of one type, but for the time of the booking."""
    if one.raw[BODY] == other.raw[BODY]:
        return []
    fields = (field for field in CATALOGUE.by_name(one.name).fields if field.name not in MAY_DIFFER)
    return [field for field in fields if getattr(one.values, field.name) != getattr(other.values, field.name)]


def differing(one: Message, other: Message) -> Iterator[Differing]:
    """The same with what each of them says."""
    for field in differing_fields(one, other):
        yield Differing(field.name, *(_shown(field, getattr(each.values, field.name)) for each in (one, other)))


def _shown(field: Field, value: object) -> Pair:
    return ("—", "—") if value is None else both_readings(field.show(value), field.choices)


__all__ = ["differing", "differing_fields"]
