"""What a link hands inwards: a decoded message, or bytes that made none, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from harness.core.frame import FrameType

Sender = Literal["pile", "platform"]


class Remark(NamedTuple):
    """Something odd about a message that was kept all the same."""

    field: str  # "" when it is about the frame as a whole
    code: str
    text_zh: str
    text_en: str


class Unknown(msgspec.Struct, frozen=True):
    """The values of a frame whose type the catalogue does not list."""

    code: int
    body: bytes


class Message(msgspec.Struct, frozen=True, gc=False):
    """One decoded frame; never changed after it is made. The name is "" for a type not in the catalogue.

    Remarks are worked out when asked for: most messages are never asked.
    """

    name: str
    values: Any
    raw: bytes
    serial: bytes
    sender: Sender

    @property
    def frame_type(self) -> FrameType | None:
        """The declaration this message was read by, None for an unknown type."""
        return getattr(self.values, "frame_type", None)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What was odd about it but kept."""
        frame_type = self.frame_type
        if frame_type is None:
            return (Remark("", "unknown_type", "未知的帧类型", "this frame type is not in the catalogue"),)
        return frame_type.catalogue.remarks(self)


class Damage(msgspec.Struct, frozen=True, gc=False):
    """Bytes that made no message, and why; the offset counts from the first byte of the connection or text."""

    reason: str
    offset: int
    raw: bytes
