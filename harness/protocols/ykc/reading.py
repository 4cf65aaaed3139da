"""Text or a file of bytes cut into frames for a person to look at, where everything is shown and nothing dropped.

Unlike the framer of a connection this one sees all bytes at once: a frame whose CRC is wrong keeps its fields, and what
cannot be a frame is one piece of damage up to the next sound frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harness.core.message import Damage, Message, Unknown
from harness.protocols.ykc.catalogue import YkcCatalogue
from harness.protocols.ykc.framing import HEADER, LEAST, OVERHEAD, START, CrcOrder, crc_order


class Piece(msgspec.Struct, frozen=True):
    """Some bytes of the text: a frame, sound or damaged, or bytes that are none. `message` is there if it can be read."""

    offset: int
    raw: bytes
    is_frame: bool
    length_ok: bool
    order: CrcOrder | None
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
        return Piece(offset, raw, False, False, None, None, Damage(reason, offset, raw))
    length_ok = raw[1] + 4 == len(raw)
    order = crc_order(raw)
    read = catalogue.unchecked(raw)
    message = read if isinstance(read, Message) else None
    damage = None if message else Damage(read.reason if isinstance(read, Damage) else "", offset, raw)
    if not length_ok:
        damage = Damage("length", offset, raw)
    elif order is None:
        damage = Damage("crc", offset, raw)
    return Piece(offset, raw, True, length_ok, order, message, damage)


def as_json(piece: Piece) -> dict[str, Any]:
    """A piece as one JSON object."""
    raw, message, damage = piece.raw, piece.message, piece.damage
    out: dict[str, Any] = {
        "ok": damage is None,
        "frame_type": f"0x{raw[5]:02X}" if piece.is_frame else None,
        "name": (message.name or None) if message else None,
        "direction": ("up" if raw[5] & 1 else "down") if piece.is_frame else None,
        "serial": raw[2:4].hex().upper() if piece.is_frame else None,
        "encrypted": piece.is_frame and raw[4] != 0,
        "crc": {"ok": piece.order is not None, "order": piece.order},
        "length_ok": piece.length_ok,
        "fields": {},
        "damage": None,
    }
    frame = message.frame_type if message else None
    if message and frame:
        out["direction"] = "up" if frame.sender == "pile" else "down"
        out["fields"] = frame.plain(message.values)
    elif piece.is_frame and (message is None or isinstance(message.values, Unknown)):
        out["body"] = piece.body.hex().upper()
    if damage:
        out["damage"] = {"reason": damage.reason, "offset": damage.offset, "hex": damage.raw.hex().upper()}
    return out
