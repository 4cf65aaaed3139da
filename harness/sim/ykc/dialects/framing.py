"""Unusual but legal: bytes, serials and pieces."""

from __future__ import annotations

from harness.protocols.ykc.framing import build_frame
from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.pile import Pile

CODE = 5  # where the type stands in a frame


def crc_high_first(pile: Pile) -> None:
    pile.habits.rewrites.append(lambda frame: frame[:-2] + frame[-1:] + frame[-2:-1])


def serial_zero(pile: Pile) -> None:
    pile.habits.rewrites.append(lambda frame: build_frame(frame[CODE], frame[CODE + 1 : -2]))


def serial_own(pile: Pile) -> None:
    pile.habits.echoes = False


def frames_split(pile: Pile) -> None:
    pile.habits.packing = "split"


def frames_joined(pile: Pile) -> None:
    pile.habits.packing = "joined"


DIALECTS = (
    Dialect(
        name="crc_high_first",
        apply=crc_high_first,
        zh="校验码高字节在前",
        en="the CRC has its high byte first",
        also=("crc_high_first",),
    ),
    Dialect(
        name="serial_zero",
        apply=serial_zero,
        zh="序列号总是 0000",
        en="the frame serial is always 0000",
        also=("serial_count", "serial_not_echoed"),
    ),
    Dialect(
        name="serial_own",
        apply=serial_own,
        zh="应答用自己的序列号，不重复请求的",
        en="replies carry a serial of their own, not that of the request",
        also=("serial_not_echoed",),
    ),
    Dialect(
        name="frames_split",
        apply=frames_split,
        zh="每帧分两次发出，中间隔 0.2 秒",
        en="every frame leaves in two pieces 0.2 s apart",
    ),
    Dialect(
        name="frames_joined",
        apply=frames_joined,
        zh="攒半秒的帧一次发出",
        en="the frames of half a second leave in one piece",
    ),
)
