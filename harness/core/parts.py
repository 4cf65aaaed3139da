"""Fields made of parts: bits of a number, and items that repeat."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from harness.core.errors import HarnessFault
from harness.core.fields import Field
from harness.core.layout import Layout, values_type
from harness.core.literals import NotThere, Unfit, as_int
from harness.core.meaning import Labels, label, unlisted
from harness.core.message import Remark
from harness.core.numbers import INT_CODES


class Bit(msgspec.Struct, frozen=True):
    """A few bits of a number; lsb 0 is the lowest bit."""

    name: str
    title: str
    lsb: int
    width: int = 1
    choices: Labels | None = None
    places: int = 0
    unit: str = ""
    note: str = ""

    def of(self, raw: int) -> int:
        """The value of these bits in a number."""
        return raw >> self.lsb & (1 << self.width) - 1

    def show(self, raw: int) -> str:
        """Their value for people."""
        value = self.of(raw)
        if self.choices is not None:
            return f"{value} {label(self.choices, value)}"
        unit = f" {self.unit}" if self.unit else ""
        return (f"{value / 10**self.places:.{self.places}f}" if self.places else str(value)) + unit


class BitsValue(msgspec.Struct, frozen=True, gc=False):
    """A number whose bits have names; each name is an attribute, `raw` is the number as sent."""

    raw: int


class Bits(Field):
    """An unsigned number, low byte first, split into named bits."""

    def __init__(self, name: str, length: int, title: str, *, bits: Sequence[Bit], note: str = "") -> None:
        super().__init__(name, length, title, note=note)
        self.codes = INT_CODES[length]
        self.bits = tuple(bits)

    @cached_property
    def values_type(self) -> Callable[[int], Any]:
        """The type of its values."""
        properties = {bit.name: bit_property(bit) for bit in self.bits}
        return msgspec.defstruct(
            self.name.title().replace("_", ""), (), bases=(BitsValue,), namespace=properties, frozen=True, gc=False
        )

    def constants(self) -> dict[str, Any]:
        return {f"BITS_{self.name}": self.values_type}

    def read(self, *items: str) -> str:
        return f"BITS_{self.name}({items[0]})"

    def write(self, value: str) -> str:
        return f"{value}.raw"

    def zero(self) -> Any:
        return self.values_type(0)

    def fit(self, value: Any) -> Any:
        if isinstance(value, BitsValue):
            value = value.raw
        raw = self.gather(value) if isinstance(value, Mapping) else as_int(value)
        if raw is None or not 0 <= raw < 256**self.length:
            most = 256**self.length - 1
            raise Unfit(f"按位名给出的值或 0 至 {most} 的整数", f"bits by name or a number from 0 to {most}", value)
        return self.values_type(raw)

    def gather(self, given: Mapping[str, Any]) -> int:
        """A number from bits by name; bits nobody names are 0."""
        known = {bit.name: bit for bit in self.bits}
        raw = 0
        for name, value in given.items():
            bit = known.get(name)
            if bit is None:
                raise Unfit(f"位名之一：{', '.join(known)}", f"bits named {', '.join(known)}", name)
            number = as_int(value)
            if number is None or not 0 <= number < 1 << bit.width:
                most = (1 << bit.width) - 1
                raise Unfit(f"0 至 {most} 的整数", f"a whole number from 0 to {most}", value, f".{name}")
            raw |= number << bit.lsb
        return raw

    def plain(self, value: Any) -> dict[str, int]:
        return {bit.name: bit.of(value.raw) for bit in self.bits}

    def show(self, value: Any) -> str:
        return f"0x{value.raw:0{2 * self.length}X}"

    def remarks(self, value: Any) -> Iterator[Remark]:
        for bit in self.bits:
            yield from unlisted(f"{self.name}.{bit.name}", bit.of(value.raw), bit.choices)
            if bit.name.startswith(("reserved", "undefined")) and bit.of(value.raw):
                yield Remark(f"{self.name}.{bit.name}", "reserved_set", "保留位不为 0", "reserved bits are not 0")


def bit_property(bit: Bit) -> property:
    """An attribute that reads some bits of `raw`."""
    return property(lambda self: bit.of(self.raw))


class Repeat(Field):
    """Items of the same fields, one after the other: a fixed count, as many as a field says, or "rest"."""

    def __init__(
        self, name: str, title: str, *, count: int | str, fields: Sequence[Field], most: int = 0, note: str = ""
    ) -> None:
        self.item_length = sum(field.length for field in fields)
        super().__init__(name, count * self.item_length if isinstance(count, int) else 0, title, note=note)
        self.count = count
        self.most = most
        self.fields = tuple(fields)
        self.item_type: Any = values_type(name.removesuffix("s"), self.fields)
        self.codes = f"{self.length}s"

    def sized(self, length: int) -> Repeat:
        assert self.item  # made first, so that all sizes share the type of their items
        other = copy.copy(self)
        other.length = length
        other.codes = f"{length}s"
        return other

    @cached_property
    def item(self) -> Layout:
        """The layout of one item."""
        return Layout(self.name, self.item_type, self.fields, self.pack_slowly)

    def constants(self) -> dict[str, Any]:
        return {f"ITEMS_{self.name}": self.read_items, f"BYTES_{self.name}": self.write_items, "len": len}

    def read(self, *items: str) -> str:
        return f"ITEMS_{self.name}({items[0]})"

    def guard(self, value: str) -> str:
        return f"len({value} := BYTES_{self.name}({value})) == {self.length}"

    def write(self, value: str) -> str:
        return value

    def read_items(self, raw: bytes) -> tuple[Any, ...]:
        """The items in some bytes; what does not make a whole item is left."""
        unpack = self.item.unpack
        size = self.item_length
        return tuple([unpack(raw, at) for at in range(0, len(raw) - size + 1, size)])

    def write_items(self, items: Sequence[Any]) -> bytes:
        """The bytes of items one after the other."""
        return b"".join([self.item.pack(item) for item in items])

    def pack_slowly(self, item: Any) -> bytes:
        """An item that is not exact: made to fit, or Unfit."""
        fitted = self.fit_item(item, 0)
        if repr(fitted) == repr(item):  # 77 equals 77.0, but only one has the places
            raise HarnessFault(f"an item of {self.name} cannot be written though all its values fit: {item}")
        return self.item.pack(fitted)

    def zero(self) -> tuple[Any, ...]:
        return self.read_items(bytes(self.length))

    def sample(self) -> tuple[Any, ...]:
        count = self.count if isinstance(self.count, int) else 1
        return (self.item_type(*(field.sample() for field in self.fields)),) * count

    def fit(self, value: Any) -> tuple[Any, ...]:
        wanted = self.count if isinstance(self.count, int) else None
        if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != (wanted or len(value)):
            raise Unfit(f"{wanted or '若干'} 项的列表", f"a list of {wanted or 'some'} items", value)
        return tuple(self.fit_item(item, number) for number, item in enumerate(value))

    def fit_item(self, item: Any, number: int) -> Any:
        """One item from names and values, or from a bare value when an item has but one field."""
        if isinstance(item, msgspec.Struct):
            item = msgspec.structs.asdict(item)
        if not isinstance(item, Mapping):
            item = {self.fields[0].name: item} if len(self.fields) == 1 else {}
        try:
            return self.item_type(**fit_fields(self.fields, item))
        except Unfit as unfit:
            unfit.path = f"[{number}].{unfit.path}"
            raise

    def plain(self, value: Any) -> list[dict[str, Any]]:
        return [plain_fields(self.fields, item) for item in value]

    def show(self, value: Any) -> str:
        return f"{len(value)} 项 ({len(value)} items)"

    def remarks(self, value: Any) -> Iterator[Remark]:
        for number, item in enumerate(value):
            for field in self.fields:
                for remark in field.remarks(getattr(item, field.name)):
                    yield remark._replace(field=f"{self.name}[{number}].{remark.field}")


def fit_fields(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values for all fields from what a person or JSON gives; fields not named get their zero."""
    known = {field.name for field in fields} | {f"{field.name}_hex" for field in fields}
    for name in given:
        if name not in known:
            names = ", ".join(field.name for field in fields)
            raise NotThere(names, names, name, name)
    return {field.name: fit_field(field, given) for field in fields}


def fit_field(field: Field, given: Mapping[str, Any]) -> Any:
    """One value, from its name or from the bytes beside it (`<name>_hex`)."""
    hexed = given.get(f"{field.name}_hex")
    try:
        if hexed is not None:
            return field.fit_beside(given.get(field.name), hexed)
        return field.fit(given[field.name]) if field.name in given else field.zero()
    except Unfit as unfit:
        unfit.path = field.name + unfit.path
        raise


def plain_fields(fields: Sequence[Field], values: Any) -> dict[str, Any]:
    """Values as JSON carries them, the bytes beside where a value does not say all."""
    plain: dict[str, Any] = {}
    for field in fields:
        value = getattr(values, field.name)
        plain[field.name] = None if value is None else field.plain(value)
        beside = field.beside(value)
        if beside is not None:
            plain[f"{field.name}_hex"] = beside
    return plain
