"""Bytes of a connection as packets again: Ethernet, IPv4 or IPv6, TCP, with numbers and checksums that add up."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from harness.captures.packets import ACK, ETHER_IPV4, ETHER_IPV6, FIN, RST, SYN, TCP

PUSH = 0x08
MOST = 1400  # bytes of one segment
UNHEARD = 16_384  # bytes after which the other end says that it has them: a window that never fills
WINDOW = 65_535
TTL = 64
DONT_FRAGMENT = 0x4000
PILE_MAC, OUR_MAC = b"\x02\0\0\0\0\x01", b"\x02\0\0\0\0\x02"  # nobody's: locally administered
MOST_SEGMENT_SIZE = struct.pack(">BBH", 2, 4, MOST)

Address = IPv4Address | IPv6Address


class End(NamedTuple):
    """One end of a connection."""

    host: Address
    port: int
    mac: bytes


class Side:
    """What an end has sent so far, and how much of the other end's it has said to have."""

    __slots__ = ("acked", "end", "next")

    def __init__(self, end: End, start: int) -> None:
        self.end = end
        self.next = start
        self.acked = 0


class Talk:
    """One connection: every call gives the packets it takes, each whole."""

    def __init__(self, pile: End, platform: End, number: int = 0) -> None:
        self.pile = Side(pile, (1000 + number * 100_000) & 0xFFFFFFFF)
        self.platform = Side(platform, (5000 + number * 100_000) & 0xFFFFFFFF)
        self._packets = 0

    def open(self) -> Iterator[bytes]:
        """The handshake; the pile begins."""
        yield self._packet(self.pile, SYN, options=MOST_SEGMENT_SIZE)
        self.pile.next = _plus(self.pile.next, 1)
        yield self._packet(self.platform, SYN | ACK, options=MOST_SEGMENT_SIZE)
        self.platform.next = _plus(self.platform.next, 1)
        yield self._packet(self.pile, ACK)

    def send(self, up: bool, data: bytes) -> Iterator[bytes]:
        """Bytes from the pile (`up`) or from the platform."""
        side, other = (self.pile, self.platform) if up else (self.platform, self.pile)
        for at in range(0, len(data), MOST):
            part = data[at : at + MOST]
            yield self._packet(side, ACK | PUSH, part)
            side.next = _plus(side.next, len(part))
            if (side.next - other.acked) & 0xFFFFFFFF > UNHEARD:
                yield self._packet(other, ACK)

    def close(self, up: bool) -> Iterator[bytes]:
        """One end says goodbye, the other too."""
        first, second = (self.pile, self.platform) if up else (self.platform, self.pile)
        for side in (first, second):
            yield self._packet(side, FIN | ACK)
            side.next = _plus(side.next, 1)
        yield self._packet(first, ACK)

    def reset(self, up: bool) -> Iterator[bytes]:
        """One end breaks it off."""
        yield self._packet(self.pile if up else self.platform, RST | ACK)

    def _packet(self, side: Side, flags: int, data: bytes = b"", options: bytes = b"") -> bytes:
        other = self.platform if side is self.pile else self.pile
        if flags & ACK:
            side.acked = other.next
        self._packets += 1
        head = struct.pack(
            ">HHIIBBHHH",
            side.end.port,
            other.end.port,
            side.next,
            side.acked if flags & ACK else 0,
            (20 + len(options)) // 4 << 4,
            flags,
            WINDOW,
            0,
            0,
        )
        return packet(side.end, other.end, head + options + data, self._packets)


def packet(source: End, target: End, segment: bytes, number: int) -> bytes:
    """A TCP segment, its checksum still 0, with all that goes around it."""
    addresses = source.host.packed + target.host.packed
    sum_of = checksum(addresses + struct.pack(">HH", TCP, len(segment)) + segment)
    segment = segment[:16] + struct.pack(">H", sum_of) + segment[18:]
    if source.host.version == 6:
        head = struct.pack(">IHBB", 6 << 28, len(segment), TCP, TTL) + addresses
        return target.mac + source.mac + struct.pack(">H", ETHER_IPV6) + head + segment
    size = 20 + len(segment)
    head = struct.pack(">BBHHHBBH", 0x45, 0, size, number & 0xFFFF, DONT_FRAGMENT, TTL, TCP, 0) + addresses
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return target.mac + source.mac + struct.pack(">H", ETHER_IPV4) + head + segment


def checksum(data: bytes) -> int:
    """The Internet checksum: ones' complement of the sum of 16-bit words."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _plus(number: int, more: int) -> int:
    return (number + more) & 0xFFFFFFFF


__all__ = ["MOST", "UNHEARD", "Address", "End", "Talk", "checksum"]
