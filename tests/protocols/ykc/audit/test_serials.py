"""Serials that piles count in odd ways, and replies when only a part of a session is known."""

from __future__ import annotations

import msgspec
import pytest

from harness.core.journal import PILE, FrameSeen, LinkChanged
from harness.protocols.ykc.audit.rules.serials import LARGEST_STEP
from harness.protocols.ykc.crc import crc
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle


def renumbered(session: Edited, step: int, first: int = 0) -> Edited:
    """Every frame of the pile with a serial of its own, so much higher than the one before."""
    serial = first
    for place, record in enumerate(session.records):
        if isinstance(record, FrameSeen) and record.sender == PILE:
            raw = record.raw[:2] + serial.to_bytes(2, "little") + record.raw[4:-2]
            raw += crc(raw[2:]).to_bytes(2, "little")
            session.records[place] = msgspec.structs.replace(record, raw=raw)
            serial += step
    return session


@pytest.mark.parametrize(("step", "told"), [(0, True), (1, False), (LARGEST_STEP, False), (300, True), (256, False)])
def test_a_pile_counts_its_frames_one_by_one_in_either_byte_order(step: int, told: bool) -> None:
    assert ("serial_count" in checks(renumbered(idle(400), step).audit())) == told


def test_the_first_login_of_a_connection_begins_at_zero() -> None:
    assert "serial_start" in checks(renumbered(idle(400), 1, first=5).audit())
    again = idle(400)
    again.up(100, "login", b"\x05\x00", **again.fields("login"))
    assert "serial_start" not in checks(again.audit())


def test_a_first_frame_that_is_no_login_has_another_fault() -> None:
    session = idle(60).event(100, LinkChanged("lost")).event(101, LinkChanged("connected"))
    session.up(102, "heartbeat", b"\x05\x00", gun_no="01")
    assert "serial_start" not in checks(session.audit())


def test_a_reply_to_what_was_asked_before_the_records_begin_is_not_compared_with_a_later_request() -> None:
    session = idle()
    begin = (session.at("time_sync") + session.at("time_sync_reply")) / 2
    session.down(begin + 0.001, "time_sync", b"\x77\x00", current_time="2026-04-17T10:00:00")
    session.records = [record for record in session.records if record.at > begin]
    found = session.audit()
    assert not checks(found) & {"serial_not_echoed", "reply_repeated", "reply_unasked"}


def test_a_reply_nobody_asked_for_is_told_once_the_session_is_known_long_enough() -> None:
    session = good("reboot")
    early, late = session.at("remote_reboot_reply"), session.end + 100
    session.up(late, "remote_reboot_reply", set_result=1)
    session.drop("login").drop("login_reply").drop("remote_reboot")
    found = [f for f in session.audit().findings if f.check == "reply_unasked"]
    assert [finding.at for finding in found] == [late]
    assert early < 60
