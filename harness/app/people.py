"""Who stands beside the pile: a script, a file of answers, the person at the terminal, or nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import msgspec

from harness.app.plan import Plan
from harness.app.virtual_pile import VirtualPile
from harness.core.clock import Clock
from harness.core.errors import HarnessFault
from harness.core.operator import Firmware, Operator
from harness.engine.desk import Nobody
from harness.pictures import read_qr
from harness.sim.script import FileOperator, ScriptedOperator

DEMO_VERSION, SPARE_VERSION = "V2.0.1", "V2.0.2"  # the other is for a pile that runs the first already


class Room(msgspec.Struct, frozen=True):
    """Where the run takes place: clock and zone, where pictures are kept, the simulated pile if any, the terminal."""

    clock: Clock
    timezone: str
    pictures: Path
    pile: VirtualPile | None
    out: TextIO
    hold: Callable[[], None]  # let the screen be, a person types
    go_on: Callable[[], None]

    def keep_picture(self, picture: bytes) -> str:
        """Keep a picture as evidence; gives its name, made of its contents."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        suffix = ".png" if picture.startswith(b"\x89PNG") else ".jpg"
        name = f"{hashlib.sha256(picture).hexdigest()[:16]}{suffix}"
        (self.pictures / name).write_bytes(picture)
        return name


def operator_for(asked: Plan, room: Room, firmware: Path) -> Operator:
    """The operator that was asked for."""
    if asked.operator == "none":
        return Nobody()
    if asked.operator == "ask":
        from harness.app.terminal import terminal_operator

        return terminal_operator(room)
    hands = room.pile.hands if room.pile is not None else None
    if asked.script is not None:
        return FileOperator(asked.script, room.clock, read_picture=read_qr, keep_picture=room.keep_picture, hands=hands)
    if hands is None:
        raise HarnessFault("a script acts on a simulated pile only")
    return ScriptedOperator(
        hands,
        room.clock,
        read_picture=read_qr,
        firmware=demo_firmware(firmware),
        spare=demo_firmware(firmware, SPARE_VERSION),
        keep_picture=room.keep_picture,
        seed=asked.seed,
    )


def demo_firmware(folder: Path, version: str = DEMO_VERSION) -> Firmware:
    """One of the two versions that ship for the simulated pile."""
    path = folder / f"demo-{version}.bin"
    return Firmware(str(path), version, path.stat().st_size)
