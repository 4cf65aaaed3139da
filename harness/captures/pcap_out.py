"""Files that Wireshark opens: pcap, and pcapng when packets carry comments. Moments to the microsecond."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from harness import __version__
from harness.captures.packets import ETHERNET
from harness.captures.pcap import ENHANCED, INTERFACE, SECTION

SNAP_LENGTH = 262_144
MICROS = 1_000_000
END_OF_OPTIONS, COMMENT, NAME, APPLICATION = 0, 1, 2, 4  # options of pcapng; microseconds are its usual moments


class Packet(NamedTuple):
    """A packet and its moment, in microseconds since 1970 (UTC)."""

    at: int
    data: bytes
    comment: str = ""


def to_pcap(packets: Iterable[Packet]) -> Iterator[bytes]:
    """A pcap in pieces; it has no place for comments."""
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAP_LENGTH, ETHERNET)
    for at, data, _ in packets:
        yield struct.pack("<IIII", *divmod(at, MICROS), len(data), len(data)) + data


def to_pcapng(packets: Iterable[Packet]) -> Iterator[bytes]:
    """A pcapng in pieces."""
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    yield _block(SECTION, section + _option(APPLICATION, f"charger-harness {__version__}".encode()))
    yield _block(INTERFACE, struct.pack("<HHI", ETHERNET, 0, SNAP_LENGTH) + _option(NAME, b"ykc"))
    for at, data, comment in packets:
        head = struct.pack("<IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(data), len(data))
        yield _block(ENHANCED, head + _padded(data) + (_option(COMMENT, comment.encode()) if comment else b""))


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def _option(code: int, value: bytes) -> bytes:
    """One option and the end of options."""
    return struct.pack("<HH", code, len(value)) + _padded(value) + struct.pack("<HH", END_OF_OPTIONS, 0)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


FORMS: Mapping[str, Callable[[Iterable[Packet]], Iterator[bytes]]] = MappingProxyType(
    {"pcap": to_pcap, "pcapng": to_pcapng}
)


__all__ = ["FORMS", "Packet", "to_pcap", "to_pcapng"]
