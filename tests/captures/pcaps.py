"""Captures built byte by byte: all kinds of links, TCP with whatever became of it, pcap and pcapng in any order."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from harness.core.journal import PILE, FrameSeen, Record

PILE_END, HOST_END = ("192.0.2.7", 40123), ("192.0.2.1", 5456)
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
STARTED = 1_776_391_201.0  # seconds since 1970 of the first packet
NULL, ETHERNET, RAW, LOOP, SLL, SLL2 = 0, 1, 101, 108, 113, 276

End = tuple[str, int]


class Tcp(NamedTuple):
    """A segment to come: `at` seconds after the first packet."""

    at: float
    source: End
    target: End
    seq: int
    ack: int
    flags: int
    data: bytes = b""


class Talk:
    """One connection as a well-behaved capture shows it."""

    def __init__(self, pile: End = PILE_END, host: End = HOST_END, *, seq: int = 1000, ack: int = 9000) -> None:
        self.pile, self.host = pile, host
        self.up, self.down = seq, ack
        self.packets: list[Tcp] = []

    def open(self, at: float = 0.0) -> Talk:
        self._add(at, True, SYN)
        self.up += 1
        self._add(at, False, SYN | ACK)
        self.down += 1
        self._add(at, True, ACK)
        return self

    def say(self, at: float, up: bool, data: bytes, *, acked: bool = True) -> Talk:
        """Data one way, and the acknowledgement back."""
        self._add(at, up, PSH | ACK, data)
        if up:
            self.up = self.up + len(data) & 0xFFFFFFFF
        else:
            self.down = self.down + len(data) & 0xFFFFFFFF
        if acked:
            self._add(at + 0.000_05, not up, ACK)
        return self

    def close(self, at: float, *, reset: bool = False) -> Talk:
        if reset:
            self._add(at, True, RST)
            return self
        self._add(at, True, FIN | ACK)
        self.up += 1
        self._add(at + 0.001, False, FIN | ACK)
        self.down += 1
        self._add(at + 0.002, True, ACK)
        return self

    def _add(self, at: float, up: bool, flags: int, data: bytes = b"") -> None:
        source, target = (self.pile, self.host) if up else (self.host, self.pile)
        seq, ack = (self.up, self.down) if up else (self.down, self.up)
        self.packets.append(Tcp(at, source, target, seq, ack if flags & ACK else 0, flags, data))


def talk_of(records: Iterable[Record], talk: Talk | None = None) -> Talk:
    """The frames of a journal as one connection, a segment each."""
    talk = talk or Talk().open()
    for record in records:
        if isinstance(record, FrameSeen):
            talk.say(record.at + 0.01, record.sender == PILE, record.raw)
    return talk


def tcp(segment: Tcp) -> bytes:
    """The TCP part, with a checksum that is wrong."""
    head = struct.pack(
        ">HHIIBBHHH",
        segment.source[1],
        segment.target[1],
        segment.seq & 0xFFFFFFFF,
        segment.ack & 0xFFFFFFFF,
        5 << 4,
        segment.flags,
        65535,
        0xBAD,
        0,
    )
    return head + segment.data


def ip(segment: Tcp, *, total: int | None = None, extensions: bool = False) -> bytes:
    """An IP packet; `total` is the length it claims, the true one when left out."""
    source, target = ip_address(segment.source[0]), ip_address(segment.target[0])
    body = tcp(segment)
    if source.version == 4:
        total = 20 + len(body) if total is None else total
        head = struct.pack(">BBHHHBBH", 0x45, 0, total, 1, 0x4000, 64, 6, 0xBAD)
        return head + source.packed + target.packed + body
    kind = 6
    if extensions:  # hop by hop, then destination options of 16 bytes
        body = bytes((60, 0, 1, 4, 0, 0, 0, 0)) + bytes((6, 1)) + bytes(14) + body
        kind = 0
    total = len(body) if total is None else total
    return struct.pack(">IHBB", 6 << 28, total, kind, 64) + source.packed + target.packed + body


def below(packet: bytes, link: int, *, vlans: int = 0) -> bytes:
    """An IP packet with what the link puts before it."""
    kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
    if link == ETHERNET:
        return bytes(12) + b"\x81\x00\x00\x05" * vlans + kind + packet + bytes(max(0, 46 - len(packet)))
    if link == SLL:
        return bytes((0, 0, 0, 1, 0, 6)) + bytes(8) + kind + packet
    if link == SLL2:
        return kind + bytes((0, 0, 0, 0, 0, 2, 0, 1, 0, 6)) + bytes(8) + packet
    if link in (NULL, LOOP):
        return (b"\x02\0\0\0" if link == NULL else b"\0\0\0\x02") + packet
    return packet


def pcap(
    packets: Sequence[Tcp],
    *,
    link: int = ETHERNET,
    order: str = "<",
    nano: bool = False,
    snap: int = 1 << 18,
    **how: int,
) -> bytes:
    """A pcap of these segments."""
    out = io.BytesIO()
    out.write(struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snap, link))
    for segment in packets:
        data = below(ip(segment), link, **how)
        write_packet(out, segment.at, data, order, nano, snap)
    return out.getvalue()


def write_packet(
    out: io.BytesIO, at: float, data: bytes, order: str = "<", nano: bool = False, snap: int = 1 << 18
) -> None:
    units = 1_000_000_000 if nano else 1_000_000
    stamp = round((STARTED + at) * 1_000_000) * (units // 1_000_000)
    kept = data[:snap]
    out.write(struct.pack(order + "IIII", stamp // units, stamp % units, len(kept), len(data)) + kept)


def pcapng(
    packets: Sequence[Tcp],
    *,
    links: Sequence[int] = (ETHERNET,),
    order: str = "<",
    resolution: int = 6,
    simple: bool = False,
) -> bytes:
    """A pcapng: its interfaces take the packets in turn."""
    out = io.BytesIO()
    out.write(block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)))
    for link in links:
        options = struct.pack(order + "HHB3xHH", 9, 1, resolution, 0, 0)
        out.write(block(order, 1, struct.pack(order + "HHI", link, 0, 0) + options))
    out.write(block(order, 5, bytes(12)))  # statistics, which nobody needs
    units = 2 ** (resolution & 0x7F) if resolution & 0x80 else 10**resolution
    for number, segment in enumerate(packets):
        interface = number % len(links)
        data = below(ip(segment), links[interface])
        padded = data + bytes(-len(data) % 4)
        if simple:
            out.write(block(order, 3, struct.pack(order + "I", len(data)) + padded))
            continue
        stamp = round((STARTED + segment.at) * units)
        head = struct.pack(order + "IIIII", interface, stamp >> 32, stamp & 0xFFFFFFFF, len(data), len(data))
        out.write(block(order, 6, head + padded))
    return out.getvalue()


def block(order: str, kind: int, body: bytes) -> bytes:
    """One block of a pcapng."""
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size
