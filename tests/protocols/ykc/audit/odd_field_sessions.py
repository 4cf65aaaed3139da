"""Values outside their lists, ranges and formats."""

from __future__ import annotations

from harness.protocols.ykc.crc import crc
from tests.protocols.ykc.audit.edited import Edited, idle
from tests.protocols.ykc.audit.sessions import Sessions


def _lock(**values: int) -> Edited:
    return idle().up(100, "ground_lock_report", gun_no=1, lock_status=0x55, **values)


SESSIONS = {
    "code_not_listed": Sessions(
        breaks=lambda: idle().change("login", 0, network_type=9),
        legal=lambda: idle().change("login", 0, carrier=4),
    ),
    "value_out_of_range": Sessions(breaks=lambda: _lock(lock_battery=101), legal=lambda: _lock(lock_battery=100)),
    "digits_not_decimal": Sessions(
        breaks=lambda: idle().change("login", 0, sim_card_no="89860A" + "0" * 14),
        legal=lambda: idle().change("login", 0, sim_card_no="0" * 20),
    ),
    "impossible_time": Sessions(
        breaks=lambda: idle().change("time_sync_reply", 0, current_time=bytes.fromhex("98B70E11100D14")),
        legal=lambda: idle().change("time_sync_reply", 0, current_time=bytes.fromhex("98B70E11F00314")),
    ),
    "zero_time": Sessions(
        breaks=lambda: idle().change("time_sync_reply", 0, current_time=bytes(7)),
        legal=lambda: idle().change("time_sync", 0, current_time=bytes(7)),
    ),
    "time_flags": Sessions(
        breaks=lambda: idle().change("time_sync_reply", 0, current_time=bytes.fromhex("98B78E11100314")),
        legal=lambda: idle().change("time_sync_reply", 0, current_time=bytes.fromhex("98B70E11F00314")),
    ),
    "reserved_set": Sessions(breaks=lambda: _lock(reserved=1), legal=lambda: _lock(alarm_status=0x55)),
    "text_not_filled": Sessions(
        breaks=lambda: idle().bytes_of("login", 0, lambda raw: _with_version(raw, b"V1\x00.0\x00\x00\x00")),
        legal=lambda: idle().change("login", 0, program_version="V1234567"),
    ),
}


def _with_version(raw: bytes, version: bytes) -> bytes:
    body = raw[:16] + version + raw[24:-2]
    return body + crc(body[2:]).to_bytes(2, "little")
