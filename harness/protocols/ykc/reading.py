"""Text or a file of bytes cut into frames for a person to look at, where everything is shown and nothing dropped.

Unlike the framer of a connection this one sees all bytes at once: a frame whose CRC is wrong keeps its fields, and what
cannot be a frame is one piece of damage up to the next sound frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harness.core.frame import FrameType
from harness.core.message import Damage, Message
from harness.protocols.ykc.catalogue import YkcCatalogue
from harness.protocols.ykc.framing import HEADER, LEAST, OVERHEAD, START, CrcOrder, crc_order


class Piece(msgspec.Struct, frozen=True):
    """Some bytes of the text: a frame, sound or damaged, or bytes that are none. `message` is what can be read."""

    offset: int
    raw: bytes
    is_frame: bool
    length_ok: bool
    order: CrcOrder | None
    frame_type: FrameType | None  # by its code, also when it cannot be read
    message: Message | None
    damage: Damage | None

    @property
    def body(self) -> bytes:
        """The body of a frame."""
        return self.raw[HEADER:-2]


def pieces(catalogue: YkcCatalogue, data: bytes) -> Iterator[Piece]:
    """All bytes in order, none left out."""
    at = 0
    while at < len(data):
        size = frame_size(data, at)
        if size is None or not is_sound(data, at, size):
            size = damaged_size(data, at)
        yield read_piece(catalogue, data[at : at + size], at)
        at += size


def frame_size(data: bytes, at: int) -> int | None:
    """How long the frame that begins here says it is; None when it cannot be one or is not all there."""
    if data[at] != START or at + 1 >= len(data) or data[at + 1] < LEAST:
        return None
    size = data[at + 1] + 4
    return size if at + size <= len(data) else None


def is_sound(data: bytes, at: int, size: int) -> bool:
    """Is the CRC right?"""
    return crc_order(data[at : at + size]) is not None


def damaged_size(data: bytes, at: int) -> int:
    """How many bytes belong to the damage that begins here: to the next sound frame, or to the length that was said."""
    end = next_sound(data, at + 1)
    if data[at] != START:
        start = data.find(START, at, end)
        return (end if start < 0 else start) - at
    size = frame_size(data, at)
    if size is not None and at + size < end and data[at + size] == START:
        return size
    return end - at


def next_sound(data: bytes, at: int) -> int:
    """Where the next sound frame begins, or the end."""
    while at < len(data):
        size = frame_size(data, at)
        if size is not None and is_sound(data, at, size):
            return at
        at += 1
    return at


def read_piece(catalogue: YkcCatalogue, raw: bytes, offset: int) -> Piece:
    """One piece, with whatever can be read of it."""
    if raw[0] != START or len(raw) < OVERHEAD:
        reason = "garbage" if raw[0] != START else "length"
        return Piece(offset, raw, False, False, None, None, None, Damage(reason, offset, raw))
    length_ok = raw[1] + 4 == len(raw)
    order = crc_order(raw)
    read = catalogue.unchecked(raw)
    damage = Damage(read.reason, offset, raw) if isinstance(read, Damage) else None
    if not length_ok:
        damage = Damage("length", offset, raw)
    elif order is None:
        damage = Damage("crc", offset, raw)
    message = None if isinstance(read, Damage) else read
    frame = message.frame_type if message else catalogue.by_code(raw[5])
    return Piece(offset, raw, True, length_ok, order, frame, message, damage)


def as_json(piece: Piece) -> dict[str, Any]:
    """A piece as one JSON object; `remarks` and `surplus` only where something odd was kept."""
    raw, frame, message, damage = piece.raw, piece.frame_type, piece.message, piece.damage
    out: dict[str, Any] = {
        "ok": damage is None,
        "frame_type": f"0x{raw[5]:02X}" if piece.is_frame else None,
        "name": frame.name if frame else None,
        "direction": direction(piece),
        "serial": raw[2:4].hex().upper() if piece.is_frame else None,
        "encrypted": piece.is_frame and raw[4] != 0,
        "crc": {"ok": piece.order is not None, "order": piece.order},
        "length_ok": piece.length_ok,
        "fields": frame.plain(message.values) if frame and message else {},
        "damage": None,
    }
    if piece.is_frame and frame is None:
        out["body"] = piece.body.hex().upper()
    if frame and message and message.remarks:
        out["remarks"] = [{"field": remark.field, "code": remark.code} for remark in message.remarks]
        table = frame.length if frame.tail is None else len(frame.encode(message.values))
        if len(piece.body) > table:
            out["surplus"] = piece.body[table:].hex().upper()
    if damage:
        out["damage"] = {"reason": damage.reason, "offset": damage.offset, "hex": damage.raw.hex().upper()}
    return out


def direction(piece: Piece) -> str | None:
    """Up from the pile, down from the platform; by the rule that odd codes go up when the type is unknown (R-FR-5)."""
    if not piece.is_frame:
        return None
    up = piece.frame_type.sender == "pile" if piece.frame_type else piece.raw[5] & 1
    return "up" if up else "down"
