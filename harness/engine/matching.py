"""What an author wrote against what came over the wire: both are read and shown by the field they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.core.fields import Field
from harness.core.literals import Unfit
from harness.core.message import Message
from harness.core.pairs import Pair
from harness.core.parts import Bit, Bits
from harness.core.rows import both_readings

Wanted = Mapping[str, str]
ABSENT: Pair = ("没有", "none")  # a frame that came shorter lacks its last fields


class Difference(NamedTuple):
    """A field that is not what was wanted, both as each language shows it."""

    field: str
    wanted: Pair
    got: Pair


class Place(NamedTuple):
    """A field, or of its bits those that a path such as `hardware_fault.emergency_stop` names."""

    field: Field
    bit: Bit | None

    def fit(self, text: str) -> Any:
        """What an author wrote as a value of the field; Unfit when the field cannot hold it."""
        return self.field.fit(text if self.bit is None else {self.bit.name: text})

    def plain(self, value: Any) -> Any:
        """What is compared: numbers by value, texts without regard to case."""
        plain = self.field.plain(value) if self.bit is None else self.bit.of(value.raw)
        return plain.upper() if isinstance(plain, str) else plain

    def shown(self, value: Any) -> Pair:
        """A value as people read it."""
        if value is None:
            return ABSENT
        if self.bit is not None:
            return both_readings(self.bit.show(value.raw), self.bit.choices)
        return both_readings(self.field.show(value), self.field.choices)


def place_of(message: Message, path: str) -> Place:
    """The place that a path names; the loader has seen to it that there is one."""
    name, _, bit = path.partition(".")
    assert message.frame_type is not None
    field = message.frame_type.by_name[name]
    bits = field.bits if isinstance(field, Bits) else ()
    return Place(field, next((each for each in bits if each.name == bit), None))


def differences(wanted: Wanted, message: Message) -> list[Difference]:
    """All fields of the message that are not what was wanted."""
    found = []
    for path, text in wanted.items():
        place = place_of(message, path)
        got = getattr(message.values, place.field.name)
        try:
            value = place.fit(text)
        except Unfit:  # a `$name` of the run; what an author wrote was refused when the case was read
            found.append(Difference(path, (text, text), place.shown(got)))
            continue
        if got is None or place.plain(got) != place.plain(value):
            found.append(Difference(path, place.shown(value), place.shown(got)))
    return found
