"""The auditor beside plain decoding, over long sessions of a pile that charges again and again."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator

from harness.core.journal import EventSeen, FrameSeen, Record
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit import PileAuditor
from harness.protocols.ykc.crc import crc
from tests.bench.measure import Measure, judged
from tests.protocols.ykc.audit.edited import good

SIZE = 100_000
ROUNDS = 5
PAUSE = 5.0  # s between two sessions
SERIAL = bytes.fromhex(good("single_tariff").values("remote_start").transaction_serial)[:14]


def sessions() -> Iterator[Record]:
    """One session after the other, as one journal without end; each charge has a serial of its own."""
    records = good("single_tariff").journal()
    span, number = records[-1].at + PAUSE, 0
    while True:
        for record in records[min(number, 1) :]:
            n, at = record.n + number * len(records), record.at + number * span
            if isinstance(record, FrameSeen):
                yield FrameSeen(n, at, record.sender, _numbered(record.raw, number), record.damage)
            else:
                yield EventSeen(n, at, record.event)
        number += 1


def _numbered(raw: bytes, number: int) -> bytes:
    """The frame with another running number in its transaction serial, if it has one."""
    place = raw.find(SERIAL)
    if place < 0:
        return raw
    end = place + len(SERIAL)
    frame = raw[:end] + bytes.fromhex(f"{number % 10000:04d}") + raw[end + 2 : -2]
    return frame + crc(frame[2:]).to_bytes(2, "little")


def journal(frames: int) -> list[Record]:
    """So many frames, with the events between them."""
    kept: list[Record] = []
    for record in sessions():
        frames -= isinstance(record, FrameSeen)
        kept.append(record)
        if not frames:
            return kept
    raise AssertionError


def decoded(records: list[Record]) -> float:
    """Seconds that reading the frames takes by itself."""
    raws = [record.raw for record in records if isinstance(record, FrameSeen)]
    begin = time.perf_counter()
    for raw in raws:
        CATALOGUE.read(raw)
    return time.perf_counter() - begin


def audited(auditor: PileAuditor, records: list[Record]) -> float:
    """Seconds that the auditor takes for them."""
    begin = time.perf_counter()
    for record in records:
        auditor.see(record)
    return time.perf_counter() - begin


def measures() -> list[Measure]:
    """Rounds of both, side by side; the second half of the journal beside its first."""
    records = journal(2 * SIZE)
    half = len(records) // 2
    ratios, seconds, growth = [], [], []
    for _ in range(ROUNDS):
        gc.collect()
        auditor = PileAuditor()
        plain, first = decoded(records[:half]), audited(auditor, records[:half])
        second = audited(auditor, records[half:])
        ratios.append(first / plain)
        seconds.append((first + second) / 2)
        growth.append(second / first)
    return [
        judged("audit, per 100,000 frames", "<=", 6.0, statistics.median(seconds), "s", "a million in a minute"),
        judged("audit / plain decoding of the same frames", "<=", 40, statistics.median(ratios)),
        judged("audit, second 100,000 frames / first", "<=", 1.2, statistics.median(growth), note="linear"),
    ]
