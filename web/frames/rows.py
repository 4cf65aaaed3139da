"""A frame as the list of 查看报文 shows it, in both languages: the same from the store and from the live feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from harness.core.journal import PILE
from harness.core.lens import Lens
from harness.core.pairs import Pair
from harness.report.lines import tenths
from harness.store.frame_log import LogFrame
from web.frames.notes import Marking, Note
from web.services import NOTHING, Services

SHOWN_BYTES = 40  # of a frame in a row; the open frame shows all


class FrameRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row; `time` is local to the desk, to a tenth of a second, `day` its date."""

    place: str
    n: int
    day: str
    time: str
    up: bool
    kind: str
    code: str
    title: Pair
    reading: Pair
    gun_no: str
    hex: str
    damage: Pair
    notes: tuple[Note, ...] = ()  # what findings that end on it say


def frame_row(
    lens: Lens,
    zone: ZoneInfo,
    place: str,
    at: datetime,
    sender: str,
    raw: bytes,
    damage: str,
    notes: tuple[Note, ...] = (),
) -> FrameRow:
    """The row of a frame."""
    line = lens.line(raw, damage)
    local = at.astimezone(zone)
    return FrameRow(
        place=place,
        n=int(place.rpartition(":")[2]),
        day=f"{local:%Y-%m-%d}",
        time=tenths(local),
        up=sender == PILE,
        kind=line.kind,
        code=line.code,
        title=line.title,
        reading=line.reading,
        gun_no=line.gun_no,
        hex=raw[:SHOWN_BYTES].hex(" ").upper() + (" …" if len(raw) > SHOWN_BYTES else ""),
        damage=line.damage if line.damage != NOTHING or not damage else (damage, damage),
        notes=notes,
    )


def rows_of(services: Services, frames: Iterable[LogFrame], marking: Marking) -> list[FrameRow]:
    """The rows of stored frames, with what was found about them."""
    zone = ZoneInfo(services.settings.timezone)
    return [
        frame_row(services.lens, zone, str(f.place), f.at, f.sender, f.raw, f.damage, marking.of(f.key).notes(f.n))
        for f in frames
    ]
