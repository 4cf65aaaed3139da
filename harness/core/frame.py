"""One message as data (FrameType), and all messages of one protocol (Catalogue)."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from harness.core.errors import HarnessFault, Misfit, NoSuchField, PersonError
from harness.core.fields import Field
from harness.core.layout import Layout, Pack, Unpack, values_type
from harness.core.literals import NotThere, Unfit
from harness.core.message import Damage, Message, Remark, Sender
from harness.core.parts import Repeat, fit_fields, plain_fields
from harness.core.texts import Text


class Row(NamedTuple):
    """One line of a frame shown to people."""

    offset: int
    raw: bytes
    name: str
    title: str
    reading: str
    remark: str


class FrameType:
    """A message declared once; everything else (reading, writing, showing) comes from the declaration.

    `unpack(buf, at)` is generated for the body of exactly `length` bytes, `decode` takes any. `encode` is generated too
    and takes any values. `tolerated` are other body lengths with the fields they leave out; `read_as` names the frame
    that a body of another length really is.
    """

    catalogue: Catalogue

    def __init__(
        self,
        *,
        code: int,
        name: str,
        title: str,
        sender: Sender,
        section: str,
        fields: Sequence[Field],
        answered_by: str | None = None,
        tolerated: Mapping[int, tuple[str, ...]] | None = None,
        read_as: Mapping[int, str] | None = None,
        sent: str = "",
        purpose: str = "",
        dialect: str = "",
    ) -> None:
        self.code = code
        self.name = name
        self.title = title
        self.sender = sender
        self.section = section
        self.fields = tuple(fields)
        self.answered_by = answered_by
        self.tolerated = dict(tolerated or {})
        self.read_as = dict(read_as or {})
        self.sent = sent
        self.purpose = purpose
        self.dialect = dialect
        last = self.fields[-1]
        self.tail = last if isinstance(last, Text | Repeat) and isinstance(last.count, str) and last.count else None
        self.head = sum(field.length for field in (self.fields[:-1] if self.tail else self.fields))
        self.length = -1 if self.tail else self.head
        # The type of its values takes them in the order of the fields. Made at once: threads share it.
        self.values_type: Any = values_type(name, self.fields, frame_type=self)
        self._layouts: dict[int, Layout] = {}

    @property
    def title_en(self) -> str:
        """The English title: its name in words."""
        return self.name.replace("_", " ")

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Its fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def unpack(self) -> Unpack:
        """Generated: the values of a body of exactly the table's length, found at an offset."""
        return self.layout(self.length).unpack

    @cached_property
    def encode(self) -> Pack:
        """Call it with values (made by `make`) or a mapping by name: gives the body, Misfit when it cannot hold one."""
        return self.layout(self.length).pack if self.tail is None else self._encode_tail

    def layout(self, size: int) -> Layout:
        """The layout of a body of so many bytes; made once for each length that occurs."""
        found = self._layouts.get(size)
        if found is None:
            absent = self.tolerated.get(size, ())
            fields = self.fields
            if size != self.length and not absent:
                room = size - sum(field.length for field in fields[:-1])
                fields = (*fields[:-1], fields[-1].sized(room))
            found = self._layouts[size] = Layout(self.name, self.values_type, fields, self._encode_slowly, absent)
        return found

    def described(self, raw: bytes, at: int, size: int) -> int | None:
        """How many of the `size` bytes at an offset the table describes; None when they are too few."""
        if self.tail is None:
            if size >= self.length or size in self.tolerated:
                return size if size in self.tolerated else self.length
            return size if self.shrinks and size > self.length - self.fields[-1].length else None
        unit = self.tail.item_length if isinstance(self.tail, Repeat) else 1
        if size < self.head:
            return None
        if self.tail.count == "rest":
            return size - (size - self.head) % unit
        wanted = self.head + unit * raw[at + self.place_of(str(self.tail.count))]
        return wanted if size >= wanted else None

    @property
    def shrinks(self) -> bool:
        """May the last field come shorter, without its zeros?"""
        last = self.fields[-1]
        return isinstance(last, Text) and last.shrinks

    def place_of(self, name: str) -> int:
        """Offset of a field in the body."""
        place = 0
        for field in self.fields:
            if field.name == name:
                return place
            place += field.length
        raise KeyError(name)

    def decode(self, raw: bytes, at: int = 0, end: int | None = None) -> Any:
        """The values of the body between two offsets, or Damage `body_short`; bytes beyond the table are left."""
        size = (len(raw) if end is None else end) - at
        described = self.described(raw, at, size)
        if described is None:
            return Damage("body_short", 0, raw[at : at + size])
        return self.layout(described).unpack(raw, at)

    def make(self, **given: Any) -> Any:
        """Values from names; what is not named is zero, counts count, Misfit names what does not fit."""
        try:
            fitted = fit_fields(self.fields, given)
        except NotThere as unfit:
            raise NoSuchField(self.name, unfit.path, unfit.limit) from None
        except Unfit as unfit:
            raise Misfit(self.name, unfit.path, unfit.limit, unfit.value, unfit.limit_zh) from None
        if self.tail is not None and self.tail.count in fitted and self.tail.count not in given:
            fitted[str(self.tail.count)] = self._count(fitted[self.tail.name])
        return self.values_type(**fitted)

    def sample(self) -> Any:
        """Values to begin with."""
        sampled = {field.name: field.sample() for field in self.fields}
        if self.tail is not None:
            sampled.pop(str(self.tail.count), None)
        return self.make(**sampled)

    def plain(self, values: Any) -> dict[str, Any]:
        """Values as JSON carries them; `make` reads them back to the same bytes."""
        return plain_fields(self.fields, values)

    def remarks(self, values: Any, size: int) -> Iterator[Remark]:
        """What is odd about values that came in a body of `size` bytes."""
        for field in self.fields:
            value = getattr(values, field.name)
            if value is not None:
                yield from field.remarks(value)
        usual = self.length if self.tail is None else len(self.encode(values))
        if size > usual:
            yield Remark("", "surplus", f"消息体多出 {size - usual} 字节", f"{size - usual} bytes beyond the table")
        elif size < usual:
            yield Remark(
                "", "tolerated_length", f"消息体短 {usual - size} 字节", f"{usual - size} bytes short, tolerated"
            )

    def rows(self, values: Any, body: bytes, at: int = 0) -> Iterator[Row]:
        """A body line by line: offset, bytes, name, title, reading, remark."""
        from harness.core.rows import body_rows

        return body_rows(self, values, body, at)

    def _count(self, value: Any) -> int:
        return len(value) if isinstance(self.tail, Repeat) else len(self.tail.bytes_of(value))  # type: ignore[union-attr]

    def _encode_tail(self, values: Any) -> bytes:
        """A frame that varies: the length of its last field picks the layout."""
        if not isinstance(values, self.values_type):
            values = self.make(**values)
        assert self.tail is not None
        unit = self.tail.item_length if isinstance(self.tail, Repeat) else 1
        return self.layout(self.head + unit * self._count(getattr(values, self.tail.name))).pack(values)

    def _encode_slowly(self, values: Any) -> bytes:
        """Values that are not exact, or a mapping: made to fit, or Misfit. Fields given as None may be left out."""
        given = msgspec.structs.asdict(values) if isinstance(values, self.values_type) else dict(values)
        absent = tuple(field.name for field in self.fields if field.name in given and given[field.name] is None)
        made = self.make(**{name: value for name, value in given.items() if value is not None})
        if repr(made) == repr(values):  # equal is not enough: 77 kWh are 77.0 kWh, but only one has the places
            raise HarnessFault(f"{self.name} cannot be written though all its values fit: {values}")
        if self.tail is not None:
            return self._encode_tail(made)
        size = next((size for size, left_out in self.tolerated.items() if left_out == absent), self.length)
        return self.layout(size).pack(made)


class Catalogue(ABC):
    """All messages of one protocol, by code and by name. What wraps a body is the protocol's own matter."""

    def __init__(self, frames: Iterable[FrameType]) -> None:
        self._frames = tuple(frames)
        self._by_name = {frame.name: frame for frame in self._frames}
        self._by_code = {(frame.code, frame.sender): frame for frame in self._frames}
        for frame in self._frames:
            frame.catalogue = self

    def __iter__(self) -> Iterator[FrameType]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def by_name(self, name: str) -> FrameType:
        """The frame of a name; an unknown one is an error that offers the nearest."""
        frame = self._by_name.get(name)
        if frame is None:
            near = difflib.get_close_matches(name, self._by_name, 1)
            en = f"did you mean {near[0]}?" if near else "`harness frames` lists them"
            zh = f"是 {near[0]} 吗" if near else "`harness frames` 列出全部"
            raise PersonError(f"there is no frame named {name!r}; {en}", f"没有名为 {name!r} 的帧；{zh}")
        return frame

    def by_code(self, code: int, sender: Sender | None = None) -> FrameType | None:
        """The frame of a code, of either sender unless one is named."""
        if sender is not None:
            return self._by_code.get((code, sender))
        return self._by_code.get((code, "pile")) or self._by_code.get((code, "platform"))

    @abstractmethod
    def decode(self, raw: bytes) -> Message | Damage:
        """One whole frame as a message, or as damage with its reason."""

    def read(self, raw: bytes) -> Message | Damage:
        """Stored bytes shown again: the same as decode."""
        return self.decode(raw)

    @abstractmethod
    def encode(self, name: str, values: Any, serial: bytes = b"\0\0") -> bytes:
        """A whole frame from a name and values."""

    @abstractmethod
    def remarks(self, message: Message) -> tuple[Remark, ...]:
        """What is odd about a message but was kept."""
