"""Frames as such, their serials, and replies."""

from harness.protocols.ykc.crc import crc
from tests.protocols.ykc.audit.edited import ALL, Edited, good, idle
from tests.protocols.ykc.audit.sessions import Sessions


def _sealed(raw: bytes) -> bytes:
    """Bytes of a frame with the CRC they ought to have."""
    return raw[:-2] + crc(raw[2:-2]).to_bytes(2, "little")


def _swapped(raw: bytes) -> bytes:
    """The CRC with its high byte first."""
    return raw[:-2] + raw[:-3:-1]


def _typed(code: int) -> bytes:
    """A frame of a type, with the pile code and eight bytes more."""
    body = bytes.fromhex("32010600019236") + bytes(8)
    return _sealed(bytes((0x68, len(body) + 4, 0, 0, 0, code)) + body + b"\0\0")


def retyped(raw: bytes, code: int) -> bytes:
    """The same frame under another type."""
    return _sealed(raw[:5] + bytes([code]) + raw[6:])


def _longer(raw: bytes, more: int) -> bytes:
    return _sealed(bytes((0x68, raw[1] + more)) + raw[2:-2] + bytes(more) + b"\0\0")


def _frame(at: float, raw: bytes) -> Edited:
    """A pile at rest that sends these bytes."""
    session = idle()
    session.up(at, "heartbeat", gun_no="09")
    return session.bytes_of("heartbeat", lambda v: v.gun_no == "09", lambda _: raw)


def _numbered(session: Edited, number: bytes) -> Edited:
    """Every frame of the pile's own with this serial."""
    for name in ("login", "heartbeat", "realtime_data", "billing_model_verify"):
        session.bytes_of(name, ALL, lambda raw: _sealed(raw[:2] + number + raw[4:]))
    return session


def _high_first(raw: bytes) -> bytes:
    """The serial with its high byte first."""
    return _sealed(raw[:2] + raw[3:1:-1] + raw[4:])


def _counts_high_first() -> Edited:
    session = idle()
    for name in ("login", "heartbeat", "realtime_data", "billing_model_verify"):
        session.bytes_of(name, ALL, _high_first)
    return session


SESSIONS = {
    "garbage": Sessions(
        breaks=lambda: idle().damage(100, b"\x00\x01\x02", "garbage"),
        legal=lambda: idle().move("heartbeat", 0.4, 5),
    ),
    "length_wrong": Sessions(
        breaks=lambda: idle().damage(100, bytes.fromhex("6803000000"), "length"),
        legal=lambda: idle().change("realtime_data", 0, gun_cable_code=bytes.fromhex("6868686868686868")),
    ),
    "body_short": Sessions(
        breaks=lambda: _frame(100, _sealed(bytes.fromhex("680C000000033201060001923601") + b"\0\0")),
        legal=lambda: idle().change("realtime_data", 0, gun_cable_code=bytes(7) + b"\1"),
    ),
    "body_long": Sessions(
        breaks=lambda: good().bytes_of("remote_start_reply", 0, lambda raw: _longer(raw, 3)),
        legal=lambda: good().bytes_of("heartbeat_reply", 0, lambda raw: _longer(raw, 3)),
        strict=True,
    ),
    "length_limit": Sessions(
        breaks=lambda: good().bytes_of("transaction_record", 0, lambda raw: _longer(raw, 60)),
        legal=lambda: idle().bytes_of("heartbeat_reply", 2, lambda raw: _longer(raw, 200)),
        strict=True,
    ),
    "encrypt_flag": Sessions(
        breaks=lambda: _frame(100, _sealed(bytes.fromhex("680D00000703320106000192360100") + b"\0\0")),
        legal=lambda: _frame(100, _sealed(bytes.fromhex("680D00000103320106000192360100") + b"\0\0")),
    ),
    "encrypted": Sessions(
        breaks=lambda: _frame(100, _sealed(bytes.fromhex("680D00000103320106000192360100") + b"\0\0")),
        legal=lambda: idle().bytes_of("heartbeat_reply", 2, lambda raw: _sealed(raw[:4] + b"\1" + raw[5:])),
    ),
    "crc_wrong": Sessions(
        breaks=lambda: idle().damage(100, bytes.fromhex("680D0000000332010600019236010000AAAA"), "crc"),
        legal=lambda: idle().bytes_of("time_sync", ALL, _swapped),
    ),
    "crc_high_first": Sessions(
        breaks=lambda: idle().bytes_of("heartbeat", 3, _swapped),
        legal=lambda: idle().bytes_of("heartbeat_reply", ALL, _swapped),
    ),
    "wrong_way": Sessions(
        breaks=lambda: _frame(100, _typed(0x30)),
        legal=lambda: idle().bytes_of("heartbeat_reply", 2, lambda _: _typed(0x31)),
    ),
    "unknown_type": Sessions(
        breaks=lambda: _frame(100, _typed(0x37)),
        legal=lambda: idle().bytes_of("heartbeat_reply", 2, lambda _: _typed(0x38)),
        strict=True,
    ),
    "type_of_other_edition": Sessions(
        breaks=lambda: _frame(100, _typed(0x37)).change("login", protocol_version="1.7"),
        legal=lambda: _frame(100, _typed(0x37)).change("login", protocol_version="2.1"),
    ),
    "serial_start": Sessions(
        breaks=lambda: idle().bytes_of("login", 0, lambda raw: _sealed(raw[:2] + b"\x05\x00" + raw[4:])),
        legal=lambda: _numbered(idle(), b"\0\0"),
    ),
    "serial_count": Sessions(
        breaks=lambda: _numbered(idle(), b"\0\0"),
        legal=_counts_high_first,
    ),
    "serial_not_echoed": Sessions(
        breaks=lambda: good().bytes_of("remote_start_reply", 0, lambda raw: _sealed(raw[:2] + b"\x77\x77" + raw[4:])),
        legal=lambda: good("upgrade").bytes_of(
            "remote_update_reply", 0, lambda raw: _sealed(raw[:2] + b"\x77\x77" + raw[4:])
        ),
    ),
    "reply_unasked": Sessions(
        breaks=lambda: idle().up(100, "remote_reboot_reply", set_result=1),
        legal=lambda: good("upgrade").again("remote_update_reply", 3),
    ),
    "reply_repeated": Sessions(
        breaks=lambda: good("reboot").again("remote_reboot_reply", 0.2),
        legal=lambda: good().again("remote_start_reply", 0.5),
    ),
}
