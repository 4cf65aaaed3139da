"""A file of whatever kind, opened: what it is, and what happened in it, piece by piece."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import BinaryIO

from harness.captures.exports import export_happenings, is_ours
from harness.captures.journals import journal_happenings
from harness.captures.lines import WIDE, lines_of
from harness.captures.logs import log_happenings
from harness.captures.objects import are_objects, objects_of
from harness.captures.packets import LINK_NAMES, LINK_TYPES, Segment, segment_of
from harness.captures.pcap import PCAP_MAGIC, PCAPNG_MAGIC, Packet, pcap_packets, pcapng_packets
from harness.captures.streams import Streams
from harness.captures.tally import Tally
from harness.core.capture import Happening
from harness.core.errors import PersonError
from harness.core.journal_file import is_journal

HEAD = 4096  # bytes that are looked at to tell what a file is
MOST_CONTROL = 0.02  # of them may be no text: a log may hold a few stray bytes
KINDS = {
    b"\xff\xd8\xff": ("JPEG 图片，不是抓包或日志", "a JPEG picture, no capture"),
    b"\x89PNG": ("PNG 图片，不是抓包或日志", "a PNG picture, no capture"),
    b"%PDF": ("PDF 文档，不是抓包或日志", "a PDF document, no capture"),
    b"PK\x03\x04": ("压缩包，请先解压", "an archive; unpack it first"),
    b"\x1f\x8b": ("压缩包，请先解压", "an archive; unpack it first"),
    b"SQLite format 3": ("数据库文件，不是抓包或日志", "a database, no capture"),
}
BINARY = (
    "二进制文件：可读 pcap、pcapng 和写着十六进制的文本",
    "a binary file, no capture; pcap, pcapng and text with hex are read",
)
PAGE = (
    "网页：如果是本工具的报告，请用同目录的 journal.jsonl",
    "a web page; if it is a report of the harness, take the journal.jsonl beside it",
)


class Capture:
    """A capture that is read once: its kind, what happened in it, and what else was met on the way."""

    def __init__(self, kind: str, happenings: Iterator[Happening], tally: Tally) -> None:
        self.kind = kind  # pcap, pcapng, export, journal or log
        self.happenings = happenings
        self.tally = tally


class Unusable(PersonError):
    """A file in which there is nothing to judge."""


def open_capture(raw: BinaryIO, name: str, start: int) -> Capture:
    """A stream as a capture; `start` is the byte that frames begin with. Unusable when it is of no known kind."""
    head = raw.read(HEAD)
    if not head.strip():
        raise Unusable(f"{name}: the file is empty", f"{name}：文件是空的")
    stream = io.BufferedReader(_Joined(head, raw), 1 << 18)
    tally = Tally()
    if head[:4] in PCAP_MAGIC:
        return Capture("pcap", _of_packets(pcap_packets, stream, tally), tally)
    if head[:4] == PCAPNG_MAGIC:
        return Capture("pcapng", _of_packets(pcapng_packets, stream, tally), tally)
    if (trouble := _no_text(head)) is not None:
        raise Unusable(f"{name}: this is {trouble[1]}", f"{name}：这是{trouble[0]}")
    lines = lines_of(stream, head)
    first = next(lines, None)
    if first is not None and is_journal(first.text):
        return Capture("journal", journal_happenings(lines, tally), tally)
    if first is not None and is_ours(first.text):
        return Capture("export", export_happenings(chain([first], lines), first.text, tally), tally)
    lines = chain([first] if first else [], lines)
    if first is not None and are_objects(first.text):
        lines = objects_of(lines)
    return Capture("log", log_happenings(lines, tally, start), tally)


def _no_text(head: bytes) -> tuple[str, str] | None:
    """What a file is that is no text, zh and en; None when it may be one."""
    for magic, kind in KINDS.items():
        if head.startswith(magic):
            return kind
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:14].lower().startswith((b"<!doctype html", b"<html")):
        return PAGE
    if head[:2] in WIDE:
        return None
    control = sum(byte < 32 and byte not in b"\t\r\n\x1b\f" for byte in head)
    return BINARY if control > MOST_CONTROL * len(head) else None


def _of_packets(
    packets: Callable[[BinaryIO, Tally], Iterator[Packet]], stream: BinaryIO, tally: Tally
) -> Iterator[Happening]:
    """Packets to what happened on their connections. Moments count from the first packet."""
    streams = Streams()
    for place, packet in enumerate(packets(stream, tally), 1):
        at = _since_first(packet, tally)
        if packet.link_type not in LINK_TYPES:
            tally.count(f"link_type {LINK_NAMES.get(packet.link_type, packet.link_type)}")
            continue
        segment = segment_of(packet.data, packet.link_type, packet.size)
        if isinstance(segment, Segment):
            tally.count("truncated", int(segment.missing > 0))
            yield from streams.take(segment, at, place)
        else:
            tally.count(f"packets {segment}")
        tally.count("packets")
    yield from streams.finish()
    tally.count("repeated", streams.repeated)


def _since_first(packet: Packet, tally: Tally) -> float | None:
    if packet.stamp is None:
        return None
    if tally.first_stamp is None:
        tally.first_stamp = packet.stamp
    return round(packet.stamp - tally.first_stamp, 6)


class _Joined(io.RawIOBase):
    """What was read of a stream already, and then the rest of it: pipes cannot go back."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        view = memoryview(into).cast("B")  # type: ignore[arg-type]
        data = self._head[: len(view)] or self._rest.read(len(view))
        self._head = self._head[len(view) :]
        view[: len(data)] = data
        return len(data)


__all__ = ["Capture", "Unusable", "open_capture"]
