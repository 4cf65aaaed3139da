"""Sessions of the simulated pile, as logs and under other names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from harness.core.journal import PILE, FrameSeen, Record
from harness.protocols.ykc.crc import crc
from tests.protocols.ykc.audit.edited import Edited, good

ECHOES = (0x33, 0x35, 0x55, 0x57)
NOON = datetime(2026, 4, 17, 12)


def silent() -> Edited:
    """A session with a breach: no heartbeats for half a minute. What was never sent was never counted either."""
    session = good("single_tariff")
    gone = [record.raw[2:4] for record in session.frames("heartbeat") if 20 <= record.at <= 60]
    session.drop("heartbeat", since=20, until=60).drop("heartbeat_reply", since=20, until=60)
    return Edited([_counted(record, gone) if isinstance(record, FrameSeen) else record for record in session.records])


def _counted(record: FrameSeen, gone: list[bytes]) -> FrameSeen:
    """A frame of the pile with the serial that it has when others were never sent; replies echo theirs."""
    serial = int.from_bytes(record.raw[2:4], "little")
    less = sum(int.from_bytes(each, "little") < serial for each in gone)
    if record.sender != PILE or not less or record.raw[5] in ECHOES:
        return record
    raw = record.raw[:2] + (serial - less).to_bytes(2, "little") + record.raw[4:-2]
    return msgspec.structs.replace(record, raw=raw + crc(raw[2:]).to_bytes(2, "little"))


def lines(records: Iterable[Record], up: str = "发送", down: str = "接收", times: bool = True) -> str:
    """A log of a journal, as a pile may write it."""
    return "".join(
        f"{NOON + timedelta(seconds=record.at) if times else ''} {up if record.sender == PILE else down}"
        f" {record.raw.hex(' ')}\n"
        for record in records
        if isinstance(record, FrameSeen)
    )


def frames_of(records: Iterable[Record]) -> list[FrameSeen]:
    return [record for record in records if isinstance(record, FrameSeen)]


def other(records: Iterable[Record], code: str) -> list[Record]:
    """The same session of another pile."""
    old = bytes.fromhex(good("qr_set").values("login").pile_code)
    return [
        msgspec.structs.replace(record, raw=renamed(record.raw, old, bytes.fromhex(code)))
        for record in records
        if isinstance(record, FrameSeen)
    ]


def renamed(raw: bytes, old: bytes, new: bytes) -> bytes:
    raw = raw.replace(old, new)
    return raw[:-2] + crc(raw[2:-2]).to_bytes(2, "little")
