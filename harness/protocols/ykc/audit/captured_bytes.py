"""Bytes of a capture that are no sound frame: what they would say, what is wrong, whether they go on."""

from __future__ import annotations

from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import OVERHEAD, START, crc_order


def spoilt(raw: bytes) -> Message | None:
    """What a frame would say if its CRC were right; None when it has not the form of any, or is encrypted."""
    if len(raw) <= OVERHEAD or raw[0] != START or raw[1] + 4 != len(raw) or raw[4]:
        return None
    kind = CATALOGUE.by_code(raw[5])
    if kind is None or len(raw) - OVERHEAD != kind.length:
        return None
    read = CATALOGUE.unchecked(raw)
    return read if isinstance(read, Message) else None


def wrong_with(raw: bytes) -> str:
    """Why bytes that hold just one frame are none; "" when they are only the beginning of one."""
    if len(raw) <= OVERHEAD or raw[0] != START:
        return ""
    if raw[1] + 4 == len(raw):
        return "crc"
    return "length" if crc_order(raw) is not None else ""


def begins(pending: bytes, data: bytes) -> bool:
    """Does a line begin a frame of its own, not go on with the one that is not whole yet?"""
    if is_sound(data):
        return True
    if len(data) < OVERHEAD or data[0] != START or data[4] > 1 or CATALOGUE.by_code(data[5]) is None:
        return False
    if len(pending) < 2:  # which says nothing of where its frame would end
        return True
    size = pending[1] + 4
    whole = (pending + data)[:size]
    return len(whole) < size or crc_order(whole) is None


def is_sound(data: bytes) -> bool:
    """Just one whole frame?"""
    return len(data) >= OVERHEAD and data[0] == START and data[1] + 4 == len(data) and crc_order(data) is not None


__all__ = ["begins", "is_sound", "spoilt", "wrong_with"]
