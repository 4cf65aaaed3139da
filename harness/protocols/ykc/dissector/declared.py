"""The frames of the catalogue as the dissector's tables: everything stands in the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.core.fields import Bcd, Choice, Field, Opaque, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.meaning import Labels
from harness.core.parts import Bit, Bits, Repeat
from harness.core.texts import Text
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.kinds import Cp56Time2a
from harness.protocols.ykc.lens import item_number
from harness.protocols.ykc.shown import UNITS_ZH, english, said_of

Table = dict[str, Any]


def frames(language: int) -> dict[int, Table]:
    """All frames by their code; language 0 is Chinese, 1 English."""
    return {frame.code: Declared(frame, language).table() for frame in CATALOGUE}


class Declared:
    """One frame with its fields in one language."""

    def __init__(self, frame: FrameType, language: int) -> None:
        self.frame = frame
        self.language = language

    def table(self) -> Table:
        """All that the dissector knows of the frame."""
        frame = self.frame
        out: Table = {
            "name": frame.name,
            "title": self.title(frame.title, frame.name),
            "up": frame.sender == "pile",
            "head": frame.head,
        }
        if frame.tail is None:
            out["length"] = frame.length
        else:
            out["tail"] = frame.tail.count
            if frame.tail.count in frame.by_name:
                out["count_at"] = frame.place_of(str(frame.tail.count))
        out["tolerated"] = {size: dict.fromkeys(absent, True) for size, absent in frame.tolerated.items()}
        out["read_as"] = {size: CATALOGUE.by_name(name).code for size, name in frame.read_as.items()}
        out["said"] = [{"name": each.field.name, "title": each.title[self.language]} for each in said_of(frame)]
        out["fields"] = self.fields(frame.fields)
        return out

    def title(self, zh: str, name: str) -> str:
        """A title in the language asked for."""
        return english(name) if self.language else zh

    def fields(self, fields: Iterable[Field]) -> list[Table]:
        """Fields in the order of the wire."""
        return [self.field(field) for field in fields]

    def field(self, field: Field) -> Table:
        """One field: what kind it is, and what that kind wants to know."""
        out: Table = {"kind": kind_of(field), "name": field.name, "size": field.length}
        out["title"] = self.title(field.title, field.name)
        if field.unit:
            out["unit"] = self.unit(field.unit)
        if isinstance(field, Uint | Scaled):
            out |= self.number(field)
        elif isinstance(field, Text):
            out |= {name: True for name in ("reversed", "shrinks") if getattr(field, name)}
            out |= {"counted": True} if field.count else {}
        elif isinstance(field, Bits):
            out["bits"] = [self.bit(bit) for bit in field.bits]
        elif isinstance(field, Repeat):
            out |= self.items(field)
        return out

    def number(self, field: Uint | Scaled) -> Table:
        """Scale, offset, range and meanings; what does not apply is left out."""
        places = field.places if isinstance(field, Scaled) else 0
        out: Table = {"places": places} if places else {}
        if field.offset:
            out |= {"offset": field.offset, "shift": field.offset * 10**places}
        if field.wanted is not None:
            out["low"], out["high"] = field.wanted
        if isinstance(field, Uint) and field.const is not None:
            out["const"] = field.const
        if isinstance(field, Choice):
            out["choices"] = self.labels(field.choices)
        return out

    def bit(self, bit: Bit) -> Table:
        """A few bits; `said` is how the line that sums a frame up names them."""
        out: Table = {"name": bit.name, "title": self.title(bit.title, bit.name), "lsb": bit.lsb, "width": bit.width}
        out["said"] = bit.name.replace("_", " ") if self.language else bit.title
        if bit.choices is not None:
            out["choices"] = self.labels(bit.choices)
        if bit.places:
            out["places"] = bit.places
        if bit.unit:
            out["unit"] = bit.unit
        if bit.name.startswith(("reserved", "undefined")):
            out["reserved"] = True
        return out

    def items(self, field: Repeat) -> Table:
        """Items that repeat, and what each is called where it has a name of its own."""
        out: Table = {"item_length": field.item_length, "fields": self.fields(field.fields)}
        if isinstance(field.count, int):
            out["labels"] = [item_number(field.name, number) for number in range(field.count)]
        return out

    def labels(self, choices: Labels | None) -> dict[int, str]:
        """What codes mean."""
        return {code: pair[self.language] for code, pair in (choices or {}).items()}

    def unit(self, unit: str) -> str:
        """A unit, in Chinese where it has a Chinese name."""
        return unit if self.language else UNITS_ZH.get(unit, unit)


def kind_of(field: Field) -> str:
    """The kind of a field as the dissector calls it."""
    kinds: dict[type[Field], str] = {Bcd: "bcd", Opaque: "hex", Text: "text", Bits: "bits", Repeat: "items"}
    if isinstance(field, Uint | Scaled):
        return "number"
    return "time" if isinstance(field, Cp56Time2a) else kinds[type(field)]
