"""YKC frames as people read them: both names of a type, one line for a list, and each field beside its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from harness.core.fields import Field, Scaled, Uint
from harness.core.frame import FrameType, Row
from harness.core.lens import FieldPart, FrameKind, FrameLine, Keep, OpenFrame
from harness.core.message import Damage, Message
from harness.core.pairs import Pair
from harness.core.parts import Repeat
from harness.core.rows import both_readings, meanings_of
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.crc import crc
from harness.protocols.ykc.framing import HEADER, OVERHEAD, REASONS, START, crc_order
from harness.protocols.ykc.shown import english, gun_of, in_units, one_line

NOTHING: Pair = ("", "")
# The names in the vendors' mini-program, where they are not the document's.
ALIASES: dict[str, Pair] = {
    "login": ("电桩登录", "Pile login"),
    "login_reply": ("电桩登录回复", "Pile login reply"),
    "realtime_data": ("实时监测数据", "Real-time monitoring data"),
    "qr_prefix_set": ("二维码设置", "QR code setting"),
}
NO_FRAME: Pair = ("不成报文", "No frame")
NO_TYPE: Pair = ("未知的报文类型", "Unknown type of frame")
UNREADABLE = ("encrypted", "body_short")  # frames from start to CRC, whose body cannot be read
KIND_AT = 5  # the byte of a frame that says its type
HALF_HOUR = 30  # minutes that one slot of a tariff covers


class YkcLens:
    """The Lens of YKC V1.x."""

    def kinds(self) -> tuple[FrameKind, ...]:
        """All types of frames, in the document's order; what is not in it stands last."""
        return tuple(_kind(frame) for frame in sorted(CATALOGUE, key=_section))

    def line(self, raw: bytes, damage: str = "") -> FrameLine:
        """One line of the list."""
        return _line(raw, _read(raw, damage))

    def opened(self, raw: bytes, damage: str = "") -> OpenFrame:
        """Each field beside its bytes; of a body that cannot be read the bytes alone."""
        read = _read(raw, damage)
        line = _line(raw, read)
        if isinstance(read, Damage) and read.reason not in UNREADABLE:
            return OpenFrame(line=line, parts=())
        frame = read.frame_type if isinstance(read, Message) else CATALOGUE.by_code(raw[5])
        remarks = _remarks(read)
        body = _body(read, frame, remarks) if isinstance(read, Message) and frame else _closed_body(raw)
        parts = (*_head(raw, frame, remarks), *body, _tail(raw, remarks))
        return OpenFrame(line=line, parts=parts, section=frame.section if frame else "")

    def keeps(self, kinds: frozenset[str], gun_no: str) -> Keep:
        """A quick test for a filter; the CRC is looked at last and only of what would pass."""
        if not kinds and not gun_no:
            return Keep(lambda raw: True)
        places = _places(kinds, gun_no)
        gun_bytes = _gun_bytes(gun_no)

        def keep(raw: bytes) -> bool:
            if len(raw) < OVERHEAD or raw[0] != START:
                return False
            place = places.get((raw[5], len(raw)), places.get((raw[5], 0), -1))
            if place < 0:
                return False
            if place and (raw[4] or raw[place : place + 1] not in gun_bytes):
                return False
            return raw[1] + 4 == len(raw) and crc_order(raw) is not None

        marks = sorted({bytes((code,)) for (code, _), place in places.items() if place >= 0})
        return Keep(keep, KIND_AT, tuple(marks))


def _read(raw: bytes, damage: str) -> Message | Damage:
    return Damage(damage, 0, raw) if damage and damage not in UNREADABLE else CATALOGUE.read(raw)


def _kind(frame: FrameType) -> FrameKind:
    return FrameKind(
        name=frame.name,
        code=f"0x{frame.code:02X}",
        title=_title(frame),
        sender=frame.sender,
        alias=ALIASES.get(frame.name, NOTHING),
    )


def _title(frame: FrameType) -> Pair:
    return frame.title, english(frame.name)


def _section(frame: FrameType) -> tuple[list[int], int]:
    return [int(number) for number in frame.section.split(".")] if frame.section else [99], frame.code


def _line(raw: bytes, read: Message | Damage) -> FrameLine:
    if isinstance(read, Damage):
        return _damaged_line(raw, read.reason)
    frame = read.frame_type
    return FrameLine(
        kind=frame.name if frame else "",
        code=f"0x{raw[5]:02X}",
        title=_title(frame) if frame else NO_TYPE,
        reading=one_line(read),
        gun_no=gun_of(read),
    )


def _damaged_line(raw: bytes, reason: str) -> FrameLine:
    """A frame that cannot be read keeps its type; other bytes have none."""
    damage = REASONS.get(reason, (reason, reason))
    size = f"{len(raw)} 字节", f"{len(raw)} bytes"
    if reason not in UNREADABLE:
        reading = _wrong_crc(raw, size) if reason == "crc" else size
        return FrameLine(kind="", code="", title=NO_FRAME, reading=reading, damage=damage)
    frame = CATALOGUE.by_code(raw[5])
    return FrameLine(
        kind=frame.name if frame else "",
        code=f"0x{raw[5]:02X}",
        title=_title(frame) if frame else NO_TYPE,
        reading=size,
        damage=damage,
    )


def _wrong_crc(raw: bytes, size: Pair) -> Pair:
    """What the CRC is and should be, when the bytes are as many as their length byte says."""
    if len(raw) < OVERHEAD or raw[1] + 4 != len(raw):
        return size
    came = raw[-2:].hex(" ").upper()
    due = crc(raw[2:-2]).to_bytes(2, "little").hex(" ").upper()
    return f"收到 {came}，应为 {due} · {size[0]}", f"Got {came}, should be {due} · {size[1]}"


def _remarks(read: Message | Damage) -> dict[str, Pair]:
    """What is odd, by the field it is about; about the frame as a whole by its code."""
    if isinstance(read, Damage):
        return {}
    return {each.field or f"({each.code})": (each.text_zh, each.text_en) for each in read.remarks}


def _head(raw: bytes, frame: FrameType | None, remarks: dict[str, Pair]) -> Iterator[FieldPart]:
    title = _title(frame) if frame else NO_TYPE
    encrypted = ("加密", "encrypted") if raw[4] else ("不加密", "not encrypted")
    lengths = remarks.get("(tolerated_length)") or remarks.get("(surplus)") or NOTHING
    kinds = remarks.get("(read_as)") or remarks.get("(unknown_type)") or NOTHING
    yield _fixed("start", "起始标志", 0, 1, ("0x68", "0x68"))
    yield _fixed("length", "数据长度", 1, 2, (f"{raw[1]}", f"{raw[1]}"), lengths)
    yield _fixed("frame_serial", "序列号域", 2, 4, (raw[2:4].hex().upper(),) * 2)
    yield _fixed("encryption_flag", "加密标志", 4, 5, (f"{raw[4]} {encrypted[0]}", f"{raw[4]} {encrypted[1]}"))
    yield _fixed("frame_type", "帧类型标志", 5, 6, (f"0x{raw[5]:02X} {title[0]}", f"0x{raw[5]:02X} {title[1]}"), kinds)


def _tail(raw: bytes, remarks: dict[str, Pair]) -> FieldPart:
    end = len(raw)
    order = crc_order(raw)
    value = int.from_bytes(raw[-2:], "big" if order == "high" else "little")
    right = (
        (f"0x{value:04X} 正确", f"0x{value:04X} right") if order else (f"0x{value:04X} 不对", f"0x{value:04X} wrong")
    )
    return _fixed("crc", "帧校验域", end - 2, end, right, remarks.get("(crc_high_first)", NOTHING))


def _fixed(name: str, zh: str, start: int, end: int, reading: Pair, remark: Pair = NOTHING) -> FieldPart:
    title = zh, english(name)
    return FieldPart(name=name, title=title, start=start, end=end, at=None, reading=reading, remark=remark)


def _closed_body(raw: bytes) -> Iterator[FieldPart]:
    """A body that nobody can read, as one piece."""
    size = len(raw) - OVERHEAD
    if size:
        reading = f"{size} 字节", f"{size} bytes"
        yield FieldPart(name="body", title=("消息体", "Body"), start=HEADER, end=HEADER + size, at=0, reading=reading)


def _body(read: Message, frame: FrameType, remarks: dict[str, Pair]) -> Iterator[FieldPart]:
    """A row for each field; bits light the bytes of the number they are in."""
    raw = read.raw
    fields = _fields_of(frame)
    meanings = meanings_of(frame)
    start = end = HEADER
    for row in frame.rows(read.values, raw[HEADER:-2], HEADER):
        if row.raw:
            start, end = row.offset, row.offset + len(row.raw)
        name = re.sub(r"\[\d+\]", "[]", row.name)
        if not row.name:
            yield _surplus(row, remarks)
            continue
        field = fields.get(name)
        reading = both_readings(row.reading, meanings.get(name))
        yield FieldPart(
            name=row.name,
            title=_row_title(row),
            start=start,
            end=end,
            at=start - HEADER,
            reading=in_units(*reading, field.unit) if field is not None else reading,
            remark=remarks.get(row.name, NOTHING),
            how=_how(field, row.raw),
        )


def _surplus(row: Row, remarks: dict[str, Pair]) -> FieldPart:
    size = len(row.raw)
    return FieldPart(
        name="surplus",
        title=("多余字节", "Surplus bytes"),
        start=row.offset,
        end=row.offset + size,
        at=row.offset - HEADER,
        reading=(f"{size} 字节", f"{size} bytes"),
        remark=remarks.get("(surplus)", NOTHING),
    )


def _row_title(row: Row) -> Pair:
    """The name of a row in both languages; an item of a list says which one it is."""
    last = row.name.rpartition(".")[2]
    found = re.search(r"(\w+)\[(\d+)\]", row.name)
    if found is None:
        return row.title, english(last)
    which = item_number(found[1], int(found[2]))
    return f"{row.title} {which}", f"{english(last)} {which}"


def item_number(name: str, number: int) -> str:
    """Which item of a list it is, as people count; a slot of a tariff is the half hour it covers."""
    return _slot(number) if name == "tariff_slots" else str(number + 1)


def _slot(number: int) -> str:
    """The half hour of a tariff slot."""
    begin, end = number * HALF_HOUR, (number + 1) * HALF_HOUR
    return f"{begin // 60:02d}:{begin % 60:02d}–{end // 60:02d}:{end % 60:02d}"


def _how(field: Field | None, raw: bytes) -> str:
    """From the bytes to the value, where there is something to work out."""
    if not raw or not isinstance(field, Uint | Scaled) or field.choices is not None:
        return ""
    number = int.from_bytes(raw, "little")
    shown = f"0x{number:0{2 * len(raw)}X} = {number}"
    if isinstance(field, Scaled) and field.places:
        shown += f" × {field.step:f}"
    if field.offset:
        shown += f" {'+' if field.offset > 0 else '−'} {abs(field.offset)}"
    return shown


@cache
def _fields_of(frame: FrameType) -> dict[str, Field]:
    """Fields by the name of their row, the numbers of items left out."""
    found: dict[str, Field] = {}
    for field in frame.fields:
        found[field.name] = field
        if isinstance(field, Repeat):
            found.update({f"{field.name}[].{part.name}": part for part in field.fields})
    return found


def _places(kinds: frozenset[str], gun_no: str) -> dict[tuple[int, int], int]:
    """Where the gun stands in the frames that may pass, by code and size (0: any size); 0 when nobody asks for it."""
    places: dict[tuple[int, int], int] = {}
    for frame in CATALOGUE:
        for size, name in {0: frame.name, **{size + OVERHEAD: name for size, name in frame.read_as.items()}}.items():
            read_as = CATALOGUE.by_name(name)
            wanted = not kinds or name in kinds
            known = not gun_no or "gun_no" in read_as.by_name
            place = HEADER + read_as.place_of("gun_no") if gun_no and known else 0
            places[frame.code, size] = place if wanted and known else -1
    return places


def _gun_bytes(gun_no: str) -> tuple[bytes, ...]:
    """How a gun is written: packed decimal in most frames, a number in some; the same up to 9."""
    return (bytes.fromhex(gun_no), bytes((int(gun_no),))) if gun_no.isdecimal() and len(gun_no) == 2 else ()
