"""Breaches that show by what never came, and others that are easily overlooked."""

from __future__ import annotations

import msgspec
import pytest

from harness.core.journal import EventSeen, Opened
from tests.protocols.ykc.audit.edited import ALL, Edited, checks, good, idle
from tests.protocols.ykc.audit.framing_sessions import _sealed
from tests.protocols.ykc.audit.upkeep_sessions import CARD


def _of_gun(session: Edited, gun: str) -> Edited:
    """As the journal of a run that holds one gun of several."""
    opened = session.records[0]
    assert isinstance(opened, EventSeen)
    assert isinstance(opened.event, Opened)
    session.records[0] = msgspec.structs.replace(opened, event=msgspec.structs.replace(opened.event, gun_no=gun))
    for frame in ("heartbeat", "realtime_data"):
        session.drop(frame, lambda values: values.gun_no != gun)
    return session


def test_a_pile_without_any_heartbeat_is_found() -> None:
    found = idle().drop("heartbeat").audit()
    assert checks(found) == {"heartbeat_gap"}
    assert len(found.findings[0].frames) == 2


def test_a_gun_without_any_report_is_found() -> None:
    session = idle().drop("heartbeat", lambda v: v.gun_no == "02").drop("realtime_data", lambda v: v.gun_no == "02")
    assert checks(session.audit()) == {"idle_realtime_gap"}


@pytest.mark.parametrize("gun", ["01", "02"])
def test_a_journal_of_one_gun_says_nothing_of_the_other(gun: str) -> None:
    assert not checks(_of_gun(idle(), gun).audit())


def test_a_log_without_heartbeats_does_not_say_that_there_were_none() -> None:
    session = idle().drop("heartbeat").drop("heartbeat_reply")
    session.records = [r for r in session.records if not isinstance(r, EventSeen) or isinstance(r.event, Opened)]
    assert not checks(session.audit())


@pytest.mark.parametrize("status", [1, 2])
def test_a_charge_that_no_report_calls_one_is_found_by_its_record(status: int) -> None:
    session = good().change("realtime_data", lambda values: values.status == 3, status=status)
    assert "realtime_gap" in checks(session.audit())


def test_a_short_charge_may_be_over_before_its_first_report() -> None:
    session = good().drop("realtime_data", lambda values: values.status == 3)
    start = session.values("transaction_record").start_time.time
    session.change("transaction_record", end_time=start.replace(second=59))
    seconds = 59 - start.second
    assert seconds < 45 or "realtime_gap" in checks(session.audit())
    session.change("transaction_record", end_time=start)
    assert "realtime_gap" not in checks(session.audit())


def test_result_and_reason_of_stored_cards_have_to_fit() -> None:
    session = idle().down(100, "offline_card_sync", cards=[{"physical_card_no": CARD}])
    session.up(101, "offline_card_sync_reply", save_result=1, fail_reason=2)
    assert checks(session.audit()) == {"reason_with_success"}


def test_a_reply_that_leaves_a_field_out_has_another_length_than_the_table() -> None:
    session = idle().down(100, "balance_update", gun_no="01", new_balance="50.00")
    session.up(101, "balance_update_reply", update_result=0)
    session.bytes_of("balance_update_reply", ALL, lambda raw: _sealed(raw[:1] + b"\x0c" + raw[2:13] + raw[21:]))
    assert checks(session.audit()) == {"body_long"}


def test_a_balance_for_another_card_is_found_in_a_charge_by_card() -> None:
    session = good("card")
    at = session.at("remote_stop") - 5
    session.down(at, "balance_update", gun_no="01", physical_card_no=bytes(7) + b"\1", new_balance="50.00")
    session.up(at + 0.2, "balance_update_reply", update_result=0)
    assert "balance_of_other_card" in checks(session.audit())


@pytest.mark.parametrize(("seconds", "silent"), [(40, False), (240, True)])
def test_a_lock_that_was_moved_says_so_at_once_and_not_with_its_next_report(seconds: int, silent: bool) -> None:
    session = idle(1400.0).up(50, "ground_lock_report", gun_no=1, lock_status=0xFF)
    session.down(100, "ground_lock_control", gun_no=1, lock_action=0x55)
    session.up(101, "ground_lock_control_reply", gun_no=1, control_result=1)
    session.up(101 + seconds, "ground_lock_report", gun_no=1, lock_status=0x55)
    assert ("lock_change_silent" in checks(session.audit())) is silent
