"""Journals by hand, and what a capture made of them says when it is read again."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import NamedTuple

from harness.captures.journal_out import Ours, packets
from harness.captures.opening import open_capture
from harness.captures.packets import ETHERNET, FIN, RST, SYN, Segment, segment_of
from harness.captures.pcap_out import Packet, to_pcap
from harness.core.capture import Piece
from harness.core.journal import PILE, PLATFORM, AnyEvent, EventSeen, FrameSeen, LinkChanged, Opened, Record

OPENED = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
OURS = Ours("192.0.2.1", 5456)
PEER = "192.0.2.20:41234"
NEXT = "192.0.2.20:41235"


class Said(NamedTuple):
    """Bytes of a capture: who said them, and on which connection, counted from 0."""

    sender: str
    data: bytes
    link: int


def journal(*records: AnyEvent | tuple[str, bytes], run_id: str = "") -> list[Record]:
    """Records a second apart, the opening first; frames are (sender, bytes)."""
    events: list[AnyEvent | tuple[str, bytes]] = [Opened(wall=OPENED.isoformat(), run_id=run_id), *records]
    return [
        FrameSeen(n, float(n), *each) if isinstance(each, tuple) else EventSeen(n, float(n), each)
        for n, each in enumerate(events, 1)
    ]


def link(what: str, peer: str = PEER) -> LinkChanged:
    """Something that the connection did."""
    return LinkChanged(what, peer)


def up(data: bytes) -> tuple[str, bytes]:
    """Bytes of the pile."""
    return PILE, data


def down(data: bytes) -> tuple[str, bytes]:
    """Bytes of ours."""
    return PLATFORM, data


def captured(records: list[Record], ours: Ours = OURS) -> list[Packet]:
    """The packets of a journal."""
    events = [record for record in records if isinstance(record, EventSeen)]
    return list(packets(OPENED, events, [record for record in records if isinstance(record, FrameSeen)], ours))


def said(found: list[Packet], port: int = 5456) -> list[Said]:
    """What a reader of captures finds in packets; ours is the end with this port."""
    capture = open_capture(io.BytesIO(b"".join(to_pcap(found))), "made", 0x68)
    pieces = [each for each in capture.happenings if isinstance(each, Piece)]
    links = list(dict.fromkeys(piece.link for piece in pieces))
    senders = [PLATFORM if piece.way.endswith(f":{port}") else PILE for piece in pieces]
    return [Said(who, piece.data, links.index(piece.link)) for who, piece in zip(senders, pieces, strict=True)]


def segments(found: list[Packet]) -> list[Segment]:
    """Packets taken apart."""
    apart = [segment_of(packet.data, ETHERNET, len(packet.data)) for packet in found]
    assert all(isinstance(each, Segment) for each in apart)
    return [each for each in apart if isinstance(each, Segment)]


def marks(found: list[Packet]) -> str:
    """The course of connections in signs: S a handshake begins, d data, F a goodbye, R broken off."""
    signs = ""
    for each in segments(found):
        first = each.flags & SYN and each.ack is None
        signs += "S" if first else "F" if each.flags & FIN else "R" if each.flags & RST else "d" if each.data else ""
    return signs
