"""Packets taken apart: what the capture says of the wire below, then IPv4 or IPv6, then TCP. Checksums are ignored.

Nothing here raises on what a file holds: what is no TCP is told by name and left.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10

NULL, ETHERNET, RAW, LOOP, SLL, IPV4, IPV6, SLL2 = 0, 1, 101, 108, 113, 228, 229, 276
BSD_RAW = (12, 14)  # what raw IP was called on some systems
LINK_TYPES = (NULL, ETHERNET, *BSD_RAW, RAW, LOOP, SLL, IPV4, IPV6, SLL2)
LINK_NAMES = {105: "802.11", 127: "802.11 radiotap", 189: "USB", 195: "802.15.4", 220: "USB", 227: "CAN", 249: "USB"}

ETHER_IPV4, ETHER_IPV6 = 0x0800, 0x86DD
VLANS = (0x8100, 0x88A8, 0x9100)
TCP = 6
EXTENSIONS = (0, 43, 60, 135, 139, 140)  # of IPv6: they all say their length in units of 8 bytes less one
AUTHENTICATION, FRAGMENT = 51, 44
PROTOCOLS = {1: "icmp", 17: "udp", 58: "icmp"}

_PORTS_SEQ_ACK = struct.Struct(">HHIIBB")


class Segment(NamedTuple):
    """One TCP segment; `missing` bytes at its end were sent but not captured."""

    source: str
    target: str
    seq: int
    ack: int | None
    flags: int
    data: bytes
    missing: int = 0


def segment_of(packet: bytes, link_type: int, size: int) -> Segment | str:
    """The TCP segment in a packet, or a word for what it holds instead; `size` is what it had on the wire."""
    below = _below_ip(packet, link_type)
    if isinstance(below, str):
        return below
    kind, at = below
    size = max(size, len(packet)) - at
    if kind == ETHER_IPV4:
        return _from_ipv4(packet, at, size)
    return _from_ipv6(packet, at, size) if kind == ETHER_IPV6 else "other"


def _below_ip(packet: bytes, link_type: int) -> tuple[int, int] | str:
    """What is carried (as an Ethernet type) and where it begins."""
    if link_type == ETHERNET:
        return _past_vlans(packet, 12)
    if link_type == SLL:
        return _past_vlans(packet, 14)
    if link_type == SLL2:
        return _past_vlans(packet, 0, 20)
    at = 4 if link_type in (NULL, LOOP) else 0  # the family differs between systems: what follows tells
    if len(packet) <= at:
        return "cut"
    version = packet[at] >> 4
    return {4: ETHER_IPV4, 6: ETHER_IPV6}.get(version, 0), at


def _past_vlans(packet: bytes, at: int, body: int | None = None) -> tuple[int, int] | str:
    """The Ethernet type at a place, with the tags of VLANs behind it skipped."""
    body = at + 2 if body is None else body
    if len(packet) < body:
        return "cut"
    kind = packet[at] << 8 | packet[at + 1]
    while kind in VLANS and len(packet) >= body + 4:
        kind = packet[body + 2] << 8 | packet[body + 3]
        body += 4
    return kind, body


def _from_ipv4(packet: bytes, at: int, size: int) -> Segment | str:
    if len(packet) < at + 20:
        return "cut"
    head = (packet[at] & 0x0F) * 4
    if packet[at] >> 4 != 4 or head < 20:
        return "other"
    if (packet[at + 6] << 8 | packet[at + 7]) & 0x3FFF:
        return "fragment"
    if packet[at + 9] != TCP:
        return PROTOCOLS.get(packet[at + 9], "other")
    total = packet[at + 2] << 8 | packet[at + 3]
    end = at + (total or size)  # 0: the card was to cut it into packets later, so all of it is here
    return _tcp(packet, at + head, end, packet[at + 12 : at + 16], packet[at + 16 : at + 20])


def _from_ipv6(packet: bytes, at: int, size: int) -> Segment | str:
    if len(packet) < at + 40:
        return "cut"
    if packet[at] >> 4 != 6:
        return "other"
    length = packet[at + 4] << 8 | packet[at + 5]
    end = at + (length + 40 if length else size)
    found = _past_extensions(packet, packet[at + 6], at + 40)
    if isinstance(found, str):
        return found
    return _tcp(packet, found, end, packet[at + 8 : at + 24], packet[at + 24 : at + 40])


def _past_extensions(packet: bytes, kind: int, at: int) -> int | str:
    """Where TCP begins behind the extension headers of IPv6."""
    while kind != TCP:
        if len(packet) < at + 8:
            return "cut"
        if kind == FRAGMENT:
            if (packet[at + 2] << 8 | packet[at + 3]) & 0xFFF9:
                return "fragment"
            kind, at = packet[at], at + 8
        elif kind == AUTHENTICATION:
            kind, at = packet[at], at + (packet[at + 1] + 2) * 4
        elif kind in EXTENSIONS:
            kind, at = packet[at], at + (packet[at + 1] + 1) * 8
        else:
            return PROTOCOLS.get(kind, "other")
    return at


def _tcp(packet: bytes, at: int, end: int, source: bytes, target: bytes) -> Segment | str:
    """The segment from a place to where IP says that it ends, which may lie behind what was captured."""
    if len(packet) < at + 14:
        return "cut"
    from_port, to_port, seq, ack, offset, flags = _PORTS_SEQ_ACK.unpack_from(packet, at)
    body = at + (offset >> 4) * 4
    if body < at + 20 or end < body:
        return "other"
    data = packet[body:end]
    return Segment(
        _end(source, from_port),
        _end(target, to_port),
        seq,
        ack if flags & ACK else None,
        flags,
        data,
        end - body - len(data),
    )


@lru_cache(1 << 14)
def _end(address: bytes, port: int) -> str:
    host = ip_address(address)
    return f"{host}:{port}" if host.version == 4 else f"[{host}]:{port}"


__all__ = ["ACK", "FIN", "LINK_NAMES", "LINK_TYPES", "RST", "SYN", "Segment", "segment_of"]
