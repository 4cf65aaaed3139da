"""A frame's body line by line, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from harness.core.fields import Field
from harness.core.meaning import Labels
from harness.core.parts import Bits, Repeat

if TYPE_CHECKING:
    from harness.core.frame import FrameType, Row


def body_rows(frame: FrameType, values: Any, body: bytes, at: int) -> Iterator[Row]:
    """Every field with its bytes; bits and repeated items follow their field."""
    end = 0
    for field, start, end in body_places(frame, values, len(body)):
        yield from field_rows(field, getattr(values, field.name), body[start:end], at + start, "", "")
    if end < len(body):
        yield _row(at + end, body[end:], "", "多余字节", "(surplus)", "多余 (surplus)")


def body_places(frame: FrameType, values: Any, size: int) -> Iterator[tuple[Field, int, int]]:
    """Where each field stands in a body of `size` bytes that was read as these values: from, up to."""
    place = 0
    for field in frame.fields:
        value = getattr(values, field.name)
        if value is None:
            continue
        length = len(value) * field.item_length if isinstance(field, Repeat) else field.length
        if field is frame.tail and not isinstance(field, Repeat):
            length = min(size - place, getattr(values, str(frame.tail.count)))  # what is beyond is surplus
        yield field, place, place + length
        place += length


def field_rows(field: Field, value: Any, raw: bytes, at: int, prefix: str, path: str) -> Iterator[Row]:
    """One field, then its parts."""
    own = [] if isinstance(field, Bits | Repeat) else list(field.remarks(value))
    remark = "; ".join(f"{each.text_zh} ({each.text_en})" for each in own)
    yield _row(at, raw, prefix + path + field.name, field.title, field.show(value), remark)
    if isinstance(field, Bits):
        by_name = {each.field: f"{each.text_zh} ({each.text_en})" for each in field.remarks(value)}
        for bit in field.bits:
            name = f"{field.name}.{bit.name}"
            yield _row(at, b"", prefix + path + name, bit.title, bit.show(value.raw), by_name.get(name, ""))
    if isinstance(field, Repeat):
        for number, item in enumerate(value):
            start = number * field.item_length
            for part in field.fields:
                inner = f"{field.name}[{number}]."
                yield from field_rows(
                    part, getattr(item, part.name), raw[start : start + part.length], at + start, path, inner
                )
                start += part.length


def both_readings(reading: str, choices: Labels | None) -> tuple[str, str]:
    """What a row reads in each language: a code has a meaning in both, all else reads the same."""
    value, _, rest = reading.partition(" ")
    if choices is None or not value.isdigit():
        same = reading.replace("无 (none)", "—")
        return (same, same) if not rest.startswith("项") else (f"{value} 项", f"{value} items")
    zh, en = choices.get(int(value), (f"未列出 0x{int(value):02X}", "not listed"))
    return f"{value} {zh}", f"{value} {en}"


@lru_cache(maxsize=256)
def meanings_of(frame: FrameType) -> dict[str, Labels | None]:
    """What the codes of each row of a frame mean, by the row's name with the numbers of items left out."""
    return dict(_choices(frame.fields, ""))


def _choices(fields: Iterable[Field], path: str) -> Iterator[tuple[str, Labels | None]]:
    for field in fields:
        yield path + field.name, field.choices
        if isinstance(field, Bits):
            yield from ((f"{path}{field.name}.{bit.name}", bit.choices) for bit in field.bits)
        if isinstance(field, Repeat):
            yield from _choices(field.fields, f"{field.name}[].")


def _row(offset: int, raw: bytes, name: str, title: str, reading: str, remark: str) -> Row:
    from harness.core.frame import Row

    return Row(offset, raw, name, title, reading, remark)
