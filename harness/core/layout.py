"""From a list of fields to a values type and two generated functions, one that reads bytes and one that writes them."""

from __future__ import annotations

import linecache
import struct
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from harness.core.fields import Field

Unpack = Callable[[bytes, int], Any]
Pack = Callable[[Any], bytes]


class Layout:
    """Fields that follow each other in a fixed number of bytes.

    `unpack(buf, at)` makes the values found at an offset, `pack(values)` the bytes. When a value is not exactly what
    its field holds, `pack` hands all of them to `slowly`, which mends them or finds out what does not fit. `absent`
    are fields of the values type that these bytes leave out: they read as None.
    """

    def __init__(
        self,
        name: str,
        values: type[msgspec.Struct],
        fields: Sequence[Field],
        slowly: Pack,
        absent: Sequence[str] = (),
    ) -> None:
        present = [field for field in fields if field.name not in absent]
        self.struct = struct.Struct("<" + "".join(field.codes for field in present))
        self.size = self.struct.size
        self.source = "\n".join(reader_lines(fields, absent) + writer_lines(present))
        space: dict[str, Any] = {"VALUES": values, "UNPACK": self.struct.unpack_from}
        space.update({"PACK": self.struct.pack, "SLOWLY": slowly})
        for field in present:
            space.update(field.constants())
        filename = f"<frame {name}{' without ' + ', '.join(absent) if absent else ''}>"
        linecache.cache[filename] = (len(self.source), None, self.source.splitlines(True), filename)
        exec(compile(self.source, filename, "exec"), space)
        self.unpack: Unpack = space["unpack"]
        self.pack: Pack = space["pack"]


def values_type(name: str, fields: Sequence[Field], **namespace: Any) -> type[msgspec.Struct]:
    """The type of a frame's values: frozen, one attribute for each field, in the order of the wire."""
    members: list[tuple[str, Any]] = [(field.name, Any) for field in fields]
    title = "".join(part.capitalize() for part in name.split("_"))
    return msgspec.defstruct(title, members, namespace=namespace, frozen=True, gc=False)


def reader_lines(fields: Sequence[Field], absent: Sequence[str]) -> list[str]:
    """Source of `unpack`: one struct call, then one expression for each field."""
    items: list[str] = []
    values: list[str] = []
    for number, field in enumerate(fields):
        if field.name in absent:
            values.append("None")
            continue
        own = [f"v{number}_{part}" for part in range(item_count(field.codes))]
        items += own
        values.append(field.read(*own))
    return [
        "def unpack(buf, at):",
        f"    {''.join(item + ', ' for item in items)} = UNPACK(buf, at)",
        "    return VALUES(",
        *(f"        {value}," for value in values),
        "    )",
    ]


def writer_lines(fields: Sequence[Field]) -> list[str]:
    """Source of `pack`: fetch all values, check them, turn them into numbers and bytes, one struct call."""
    names = [(f"v{number}", field) for number, field in enumerate(fields)]
    guards = [guard for name, field in names if (guard := field.guard(name))]
    prepared = [line for name, field in names if (line := field.prepare(name))]
    return [
        "def pack(values):",
        "    try:",
        *(f"        {name} = values.{field.name}" for name, field in names),
        f"        if {' and '.join(guards) or 'True'}:",
        *(f"            {line}" for line in prepared),
        "            return PACK(",
        *(f"                {field.write(name)}," for name, field in names),
        "            )",
        "    except Exception:",
        "        pass",
        "    return SLOWLY(values)",
    ]


def item_count(codes: str) -> int:
    """How many values a field's struct codes stand for."""
    return 1 if codes.endswith("s") else len(codes)
