"""All YKC messages with what wraps them on the wire: whole frames to messages and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.core.frame import Catalogue, FrameType
from harness.core.message import Damage, Message, Remark, Sender, Unknown
from harness.protocols.ykc.framing import HEADER, LEAST, OVERHEAD, START, RawFrame, build_frame, crc_order


class YkcCatalogue(Catalogue):
    """The catalogue of the TCP link. Codes of the pile are odd, of the platform even (R-FR-5)."""

    def __init__(self, frames: Iterable[FrameType]) -> None:
        super().__init__(frames)
        self._kinds = {frame.code: frame for frame in self}

    def message(self, frame: RawFrame) -> Message | Damage:
        """A frame that the framer has checked, as a message."""
        raw = frame.raw
        kind = self._kinds.get(frame.code)
        if kind is not None and len(raw) - OVERHEAD == kind.length and not frame.encrypt_flag:
            return Message(kind.name, kind.unpack(raw, HEADER), raw, frame.serial, kind.sender)
        return self._message(raw, frame.code, frame.serial, frame.encrypt_flag, frame.offset)

    def decode(self, raw: bytes) -> Message | Damage:
        """One whole frame, checked from start byte to CRC."""
        if len(raw) < OVERHEAD or raw[0] != START:
            return Damage("garbage", 0, raw)
        if raw[1] < LEAST or raw[1] + 4 != len(raw):
            return Damage("length", 0, raw)
        if crc_order(raw) is None:
            return Damage("crc", 0, raw)
        return self._message(raw, raw[5], raw[2:4], raw[4], 0)

    def unchecked(self, raw: bytes) -> Message | Damage:
        """One frame of at least 8 bytes whose length and CRC are somebody else's concern."""
        return self._message(raw, raw[5], raw[2:4], raw[4], 0)

    def encode(self, name: str, values: Any, serial: bytes = b"\0\0") -> bytes:
        """A whole frame, CRC low byte first; values are a mapping by name or made by the frame's `make`."""
        frame = self.by_name(name)
        return build_frame(frame.code, frame.encode(typed(frame, values)), serial)

    def remarks(self, message: Message) -> tuple[Remark, ...]:
        """What is odd about a message: its CRC order, its length, its values."""
        found: list[Remark] = []
        if crc_order(message.raw) == "high":
            found.append(Remark("", "crc_high_first", "CRC 高字节在前", "CRC with its high byte first"))
        frame = self.by_name(message.name)
        if frame.code != message.raw[5]:
            text = f"帧类型 0x{message.raw[5]:02X} 按 0x{frame.code:02X} 解读"
            found.append(Remark("", "read_as", text, f"type 0x{message.raw[5]:02X} read as 0x{frame.code:02X} (E-A2)"))
        found += frame.remarks(message.values, len(message.raw) - OVERHEAD)
        return tuple(found)

    def _message(self, raw: bytes, code: int, serial: bytes, flag: int, offset: int) -> Message | Damage:
        if flag:
            return Damage("encrypted", offset, raw)
        frame = self._kinds.get(code)
        if frame is None:
            sender: Sender = "pile" if code & 1 else "platform"
            return Message("", Unknown(code, raw[HEADER:-2]), raw, serial, sender)
        size = len(raw) - OVERHEAD
        if size == frame.length:
            return Message(frame.name, frame.unpack(raw, HEADER), raw, serial, frame.sender)
        other = frame.read_as.get(size)
        if other is not None:
            frame = self.by_name(other)
        values = frame.decode(raw, HEADER, len(raw) - 2)
        if isinstance(values, Damage):
            return Damage(values.reason, offset, raw)
        return Message(frame.name, values, raw, serial, frame.sender)


def typed(frame: FrameType, values: Any) -> Any:
    """A mapping that names all fields as values, which are written the quick way when exact; others as they are."""
    if not isinstance(values, Mapping) or len(values) != len(frame.fields):
        return values
    try:
        return frame.values_type(**values)
    except TypeError:  # names that are no fields: `encode` says which
        return values
