"""Where the fields of a frame stand in its bytes, also those that a word of the engine's means."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from harness.core.frame import FrameType
from harness.core.message import Message
from harness.core.ports import FieldPlace
from harness.core.rows import body_places
from harness.protocols.ykc.framing import HEADER, OVERHEAD
from harness.protocols.ykc.roles import RESULTS
from harness.protocols.ykc.tariffs import LABELS

# Words of the engine (core/ports.py) as fields; a frame has those of them that it has.
MEANS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "serial": ("transaction_serial",),
        "energy": ("energy", "meter_start", "meter_end", "total_energy"),
        "energies": ("energy", *(f"{label}_energy" for label in LABELS), "meter_start", "meter_end", "total_energy"),
        "amounts": (
            *(f"{label}_{what}" for label in LABELS for what in ("unit_price", "energy", "amount")),
            "total_amount",
        ),
        "prices": (
            *(f"{label}_{what}_price" for label in LABELS for what in ("energy", "service")),
            "loss_ratio",
            "tariff_slots",
        ),
        "card": ("physical_card_no", "account_or_physical_card_no"),
        "qr": ("qr_content", "qr_prefix", "qr_format"),
        "version": ("program_version",),
        "estop": ("hardware_fault",),
        "plugged": ("gun_plugged",),
        "flow": ("status", "output_current"),
        "time": ("current_time",),
    }
)


def places_of(message: Message, name: str) -> list[FieldPlace]:
    """The places of a field (`hardware_fault.emergency_stop` stands where its number does) or of a word's fields."""
    frame = message.frame_type
    if frame is None:
        return []
    if name == "result":
        wanted: tuple[str, ...] = (*RESULTS.get(message.name, ())[:1], "fail_reason")
    else:
        wanted = MEANS.get(name, (name.split(".")[0],))
    size = len(message.raw) - OVERHEAD
    places = _usual(frame) if size == frame.length else _places(frame, message.values, size)
    return [place for place in places if place.field in wanted and place.start < place.end]


@cache
def _usual(frame: FrameType) -> Sequence[FieldPlace]:
    """A body of the usual length is laid out the same whatever its values are."""
    return _places(frame, frame.sample(), frame.length)


def _places(frame: FrameType, values: Any, size: int) -> Sequence[FieldPlace]:
    places = body_places(frame, values, size)
    return tuple(FieldPlace(field.name, HEADER + start, HEADER + end) for field, start, end in places)
