"""Files of tcpdump and Wireshark, pcap and pcapng, packet by packet. A file that breaks off is read up to there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from harness.captures.tally import Tally

# What a pcap begins with: byte order, and how many of its units make a second.
PCAP_MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}
PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"
LONGEST = 64 << 20  # bytes of one packet or block; more is no packet but a broken file

SECTION, INTERFACE, OLD_PACKET, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 2, 3, 6
ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
END_OF_OPTIONS, RESOLUTION, OFFSET = 0, 9, 14


class Packet(NamedTuple):
    """One packet as captured; `size` is what it had on the wire, `stamp` seconds since 1970."""

    stamp: float | None
    link_type: int
    data: bytes
    size: int


class Interface(NamedTuple):
    """What a pcapng says of one interface: its link type, units in a second, seconds to add, most bytes kept."""

    link_type: int
    units: int
    offset: int
    most: int


class BrokenOff(Exception):
    """The file ends in the middle of something, or goes on with nonsense."""


def pcap_packets(stream: BinaryIO, tally: Tally) -> Iterator[Packet]:
    """The packets of a pcap; where the file breaks off stands in the tally."""
    head = stream.read(24)
    order, units = PCAP_MAGIC[head[:4]]
    if len(head) < 24:
        tally.breaks = "head"
        return
    link_type = struct.unpack_from(order + "I", head, 20)[0] & 0xFFFF  # above it: what is appended to each packet
    entry = struct.Struct(order + "IIII")
    try:
        while begin := stream.read(16):
            seconds, part, kept, size = entry.unpack(_whole(begin, 16))
            yield Packet(seconds + part / units, link_type, _whole(stream.read(_sane(kept)), kept), size)
    except BrokenOff as error:
        tally.breaks = str(error)


def pcapng_packets(stream: BinaryIO, tally: Tally) -> Iterator[Packet]:
    """The packets of a pcapng, of all its interfaces and sections."""
    interfaces: list[Interface] = []
    order = "<"
    try:
        while begin := stream.read(8):
            _whole(begin, 8)
            if begin[:4] == PCAPNG_MAGIC:
                order = _order(stream, begin)
                interfaces = []
                continue
            kind, size = struct.unpack(order + "II", begin)
            body = _block(stream, size)
            if kind == INTERFACE:
                interfaces.append(_interface(body, order))
            elif kind in (ENHANCED, SIMPLE, OLD_PACKET):
                yield _packet(kind, body, order, interfaces)
    except BrokenOff as error:
        tally.breaks = str(error)


def _order(stream: BinaryIO, begin: bytes) -> str:
    """The byte order of a section, whose first block is read to its end."""
    magic = _whole(stream.read(4), 4)
    if magic not in ORDERS:
        raise BrokenOff("nonsense")
    order = ORDERS[magic]
    _block(stream, struct.unpack(order + "I", begin[4:])[0] - 4)
    return order


def _block(stream: BinaryIO, size: int) -> bytes:
    """The body of a block whose first 8 bytes are read, without the length that is said again at its end."""
    if size < 12 or size % 4:
        raise BrokenOff("nonsense")
    return _whole(stream.read(_sane(size - 8)), size - 8)[:-4]


def _interface(body: bytes, order: str) -> Interface:
    if len(body) < 8:
        raise BrokenOff("nonsense")
    link_type, _, most = struct.unpack_from(order + "HHI", body)
    units, offset = 1_000_000, 0
    for code, value in _options(body[8:], order):
        if code == RESOLUTION and value:
            units = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
        elif code == OFFSET and len(value) == 8:
            offset = struct.unpack(order + "q", value)[0]
    return Interface(link_type, units, offset, most)


def _options(raw: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(raw):
        code, size = struct.unpack_from(order + "HH", raw, at)
        if code == END_OF_OPTIONS:
            return
        yield code, raw[at + 4 : at + 4 + size]
        at += 4 + (size + 3 & ~3)


def _packet(kind: int, body: bytes, order: str, interfaces: list[Interface]) -> Packet:
    """A packet of any of the three blocks that hold one."""
    if len(body) < (4 if kind == SIMPLE else 20):
        raise BrokenOff("nonsense")
    number, high, low, kept, size = (0, 0, 0, 0, 0) if kind == SIMPLE else struct.unpack_from(order + "IIIII", body)
    if kind == OLD_PACKET:
        number = struct.unpack_from(order + "H", body)[0]
    if number >= len(interfaces):
        raise BrokenOff("nonsense")
    from_ = interfaces[number]
    if kind == SIMPLE:  # no moment, no length of its own
        size = struct.unpack_from(order + "I", body)[0]
        return Packet(None, from_.link_type, body[4 : 4 + min(size, from_.most or size)], size)
    stamp = (high << 32 | low) / from_.units + from_.offset
    return Packet(stamp, from_.link_type, body[20 : 20 + kept], size)


def _whole(raw: bytes, size: int) -> bytes:
    if len(raw) < size:
        raise BrokenOff("cut")
    return raw


def _sane(size: int) -> int:
    if size > LONGEST:
        raise BrokenOff("nonsense")
    return size


__all__ = ["PCAPNG_MAGIC", "PCAP_MAGIC", "Packet", "pcap_packets", "pcapng_packets"]
