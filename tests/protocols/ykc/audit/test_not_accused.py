"""What legal piles, other platforms and our own lateness bring about is held against nobody, or only mildly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from harness.core.auditing import Audit, Level
from harness.core.journal import LinkChanged, LoopLate, Misbehaved, Opened, Record
from harness.protocols.ykc.audit import audit
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle
from tests.protocols.ykc.audit.parallel_sessions import PARALLEL, SERIALS
from tests.protocols.ykc.audit.record_sessions import CONFIRM, RECORD, offline_bill
from tests.protocols.ykc.audit.start_sessions import BUSY, ordered, plug, starts
from tests.protocols.ykc.audit.test_rules import SESSIONS
from tests.protocols.ykc.audit.upkeep_sessions import CARD, OTHER

SHOULD_AT_MOST = ("reply_unasked", "energy_falls", "clock_wrong", "sums_far_off", "record_repeat_interval")


def musts(found: Audit) -> set[str]:
    return {each.check for each in found.of(Level.MUST)}


def _charge(session: Edited) -> tuple[float, float]:
    """From the first report of the charge to the last."""
    found = [r.at for r in session.frames("realtime_data") if session.read(r).values.status == 3]
    return found[0], found[-1]


def _back(session: Edited, lost: float, back: float) -> Edited:
    """The connection breaks, and the pile logs in again as it did at first; nothing in between."""
    login = session.at("login")
    reports = {id(r) for r in session.frames("realtime_data")}
    begun = [r for r in session.records if login <= r.at <= login + 0.3 and id(r) not in reports]
    session.records = [r for r in session.records if not lost <= r.at < back]
    session.event(lost, LinkChanged("lost"))
    return session.add(begun, back - login)


# Logins


def test_a_frame_in_the_same_read_as_the_login_is_not_a_frame_before_it() -> None:
    session = idle()
    found = session.up(session.at("login"), "billing_model_verify").move("login_reply", 0.01).audit()
    assert "with_login" in checks(found)
    assert "before_login" not in checks(found)


def test_a_second_login_on_a_connection_need_not_silence_the_heartbeat() -> None:
    session = idle().up(203, "login", gun_count=2, protocol_version="1.6").up(203.2, "heartbeat", gun_no="01")
    session.down(203.4, "login_reply")
    assert "before_login" not in checks(session.audit())


def test_a_login_that_was_sent_twice_before_its_answer_needs_one_verification() -> None:
    session = good()
    reply = session.at("login_reply")
    session.again("login", 0.0001)
    session.again("login_reply", session.at("billing_model_verify_reply") - reply + 0.001)
    assert not musts(session.audit())


def test_a_second_login_answers_for_heartbeats_that_had_no_reply() -> None:
    session = idle(900).drop("heartbeat_reply", since=100)
    session.up(200, "login", gun_count=2, protocol_version="1.6").down(200.1, "login_reply")
    assert "heartbeats_unanswered" not in checks(session.audit())


def test_heartbeats_begin_anew_with_a_second_login() -> None:
    session = idle().drop("heartbeat", since=200, until=219)
    session.up(215, "login", gun_count=2, protocol_version="1.6").down(215.1, "login_reply")
    assert "heartbeat_interval" not in checks(session.audit())


def test_a_heartbeat_that_our_late_loop_saw_late_is_not_followed_too_soon() -> None:
    session = idle().move("heartbeat", 4.0, lambda v: False)
    late = [r for r in session.frames("heartbeat") if 100 <= r.at < 110]
    for record in late:
        session.records.remove(record)
        session.records.append(msgspec.structs.replace(record, at=record.at + 4.0))
    session.event(min(r.at for r in late) + 3.99, LoopLate(seconds=4.0))  # it stands before what came late
    assert "heartbeat_interval" not in checks(session.audit())


# A pile that can no longer be heard


def test_a_pile_whose_connection_died_unseen_is_not_said_to_be_late() -> None:
    session = good()
    died = _charge(session)[0] + 20
    session.cut(died).event(died + 30, LinkChanged("offline"))
    assert not {"realtime_late", "bms_gap"} & checks(session.audit())


def test_a_command_to_a_dead_connection_is_not_due() -> None:
    session = idle().cut(100).down(102, "work_param_set", max_output_power=80).event(130, LinkChanged("offline"))
    assert "param_reply_missing" not in checks(session.audit())


def test_a_pile_that_speaks_but_does_not_answer_is_late() -> None:
    session = idle().down(102, "work_param_set", max_output_power=80)
    assert "param_reply_missing" in checks(session.audit())


# Levels


@pytest.mark.parametrize("check", SHOULD_AT_MOST)
def test_what_the_document_leaves_open_is_at_most_a_should(check: str) -> None:
    found = SESSIONS[check].breaks().audit()
    assert check in checks(found)
    assert check not in musts(found)


def test_a_v2_pile_has_frame_types_of_its_own() -> None:
    for check in ("wrong_way", "unknown_type"):
        session = SESSIONS[check].breaks()
        assert check not in checks(session.change("login", 0, protocol_version="2.1").audit())


# Billing models


def _other_model(at: float) -> Edited:
    """At a moment the pile obtains a model with other prices."""
    session = good()
    given = session.values("billing_model_request_reply")
    kept = {field.name: getattr(given, field.name) for field in given.frame_type.fields}
    prices = {name: value + 1 for name, value in kept.items() if name.endswith("_energy_price")}
    return session.down(at, "billing_model_request_reply", **(kept | prices))


def test_a_charge_that_was_running_when_the_capture_began_may_follow_a_model_nobody_saw() -> None:
    begin = _charge(good())[0] + 30
    session = _other_model(begin + 5)
    session.records = [r for r in session.records if r.at > begin or isinstance(getattr(r, "event", None), Opened)]
    assert "unit_price" not in checks(session.audit())


def test_a_charge_is_priced_by_the_model_it_began_with() -> None:
    session = _other_model(good().at("remote_start") - 1)
    assert "unit_price" in checks(session.audit())


# Starts and stops


def test_a_refused_start_is_not_the_charge_that_runs_under_a_serial_of_the_pile() -> None:
    own = "3201060001923601" + "2604170930000001"
    session = ordered((1, 0, BUSY), reports=((0.5, plug(1)), starts(7))).cut(115)
    session.change("realtime_data", lambda v: v.status == 3, transaction_serial=own)
    assert "charging_refused" not in checks(session.audit())


def test_a_start_command_sent_again_does_not_forget_that_it_was_confirmed() -> None:
    session = ordered((1, 1, 0), (3, 0, BUSY), reports=((0.5, plug(1)), starts(7))).cut(115)
    again = session.frames("remote_start")[0]
    session.add([again], 2)
    assert not musts(session.audit())


def test_a_card_start_is_not_named_after_an_earlier_request() -> None:
    session = good("card", "ac")
    at = session.at("start_request")
    session.drop("start_request").up(at - 5, "start_request", gun_no="01", start_mode=3)
    session.down(at - 4, "start_confirm", gun_no="01", auth_success=0, fail_reason=1)
    assert "trade_flag_unfit" not in checks(session.audit())


# Replies over a new connection


def test_a_reply_that_comes_after_a_relogin_is_no_second_one() -> None:
    session = idle(900)
    session.down(199, "remote_stop", b"\1\1", gun_no="01")
    _back(session, 200, 260)
    session.up(262, "remote_stop_reply", b"\1\1", gun_no="01", stop_result=0, fail_reason=2)
    assert not {"reply_repeated", "reply_unasked"} & checks(session.audit())


# Records


def test_a_long_charge_is_not_forgotten_over_many_short_ones() -> None:
    session = good(after=100)
    at = session.at("remote_start_reply") + 0.5
    for number in range(60):
        serial = f"320106000192360226041710{number:02d}000001"
        session.down(at + number / 100, "remote_start", gun_no="02", transaction_serial=serial)
        session.up(
            at + number / 100 + 0.001,
            "remote_start_reply",
            gun_no="02",
            transaction_serial=serial,
            start_result=0,
            fail_reason=3,
        )
    assert "serial_invented" not in checks(session.audit())


def test_a_record_that_never_comes_is_told_once_however_many_charges_follow() -> None:
    session = _back(good(after=900), 500, 560)
    found = session.drop(RECORD).drop(CONFIRM)
    for number in range(2):
        serial = f"3201060001923601260417101{number}000001"
        for back in (600 + 70 * number,):
            _back(found, back, back + 30)
        at = 632 + 70 * number
        found.down(at, "remote_start", gun_no="01", transaction_serial=serial)
        found.up(at + 0.1, "remote_start_reply", gun_no="01", transaction_serial=serial, start_result=1)
    told = found.audit().counts
    assert told.get("stored_record_late", 0) <= 1


# Balance, cards, lock, restart


def _topped_up_after(card: bytes, by: float = 5.0) -> Edited:
    session = good(after=60)
    at = session.at(CONFIRM) + by
    session.down(at, "balance_update", gun_no="01", physical_card_no=card, new_balance="50.00")
    return session.up(at + 0.2, "balance_update_reply", physical_card_no=card, update_result=0)


def test_a_balance_for_a_charge_that_is_over_is_nobodys() -> None:
    assert "balance_of_other_card" not in checks(_topped_up_after(OTHER).audit())


def _cleared(asked: list[bytes], told: list[bytes]) -> Edited:
    session = idle().down(100, "offline_card_clear", cards=[{"physical_card_no": card} for card in asked])
    cards = [{"physical_card_no": card, "clear_result": 1} for card in told]
    return session.up(101, "offline_card_clear_reply", cards=cards)


def test_a_card_number_that_is_turned_round_is_the_same_card() -> None:
    turned = CARD[:4] + CARD[4:][::-1]
    assert "cards_answered_differ" not in checks(_cleared([CARD], [turned]).audit())


def test_a_long_list_of_cards_may_be_answered_in_two_frames() -> None:
    cards = [bytes(7) + bytes([number]) for number in range(1, 21)]
    assert "cards_answered_differ" not in checks(_cleared(cards, cards[:18]).audit())


def test_a_short_list_of_cards_is_answered_whole() -> None:
    assert "cards_answered_differ" in checks(_cleared([CARD, OTHER], [CARD]).audit())


def test_a_lock_that_is_where_it_shall_be_need_not_report_a_change() -> None:
    session = idle(1400.0).up(50, "ground_lock_report", gun_no=1, lock_status=0x55)
    session.down(100, "ground_lock_control", gun_no=1, lock_action=0x55)
    session.up(101, "ground_lock_control_reply", gun_no=1, control_result=1)
    assert "lock_change_silent" not in checks(session.audit())


def test_a_charge_that_goes_on_after_a_lost_connection_was_not_ended_by_a_restart() -> None:
    session = good(after=60)
    begun = _charge(session)[0]
    session.down(begun + 5, "remote_reboot", exec_control=2).up(begun + 5.1, "remote_reboot_reply", set_result=1)
    _back(session, begun + 6, begun + 20)
    assert "reboot_while_charging" not in checks(session.audit())


# Parallel charges


def _asks(session: Edited, at: float, gun: str, serial: str, flag: int) -> Edited:
    return session.up(
        at, "parallel_start_request", gun_no=gun, parallel_serial=serial, main_aux_flag=flag, start_mode=1
    )


def test_who_tries_a_parallel_charge_again_has_a_new_serial() -> None:
    session = idle()
    for at, serial in ((100, PARALLEL), (105, "260417100146")):
        for gun in ("01", "02"):
            _asks(session, at + int(gun) / 10, gun, serial, int(gun) - 1)
    assert "parallel_serials_differ" not in checks(session.audit())


def test_two_parallel_charges_may_begin_together() -> None:
    session = idle(name="four-guns")
    for number, serial in ((1, PARALLEL), (2, PARALLEL), (3, "260417100146"), (4, "260417100146")):
        _asks(session, 100 + number / 10, f"0{number}", serial, (number + 1) % 2)
    assert not {"parallel_serials_differ", "parallel_main_guns"} & checks(session.audit())


def test_a_gun_that_was_refused_first_and_granted_then_may_charge() -> None:
    session = idle()
    for gun in ("01", "02"):
        _asks(session, 100 + int(gun) / 10, gun, PARALLEL, int(gun) - 1)
    for at, gun, result in ((103, "01", 1), (103, "02", 0), (110, "02", 1)):
        values: dict[str, Any] = {"gun_no": gun, "transaction_serial": SERIALS[gun], "auth_success": result}
        session.down(at, "parallel_start_confirm", parallel_serial=PARALLEL, **values)
    session.up(115, "realtime_data", gun_no="01", transaction_serial=SERIALS["01"], status=3, gun_plugged=1)
    assert "parallel_started_partly" not in checks(session.cut(117).audit())


def test_a_first_answer_to_a_parallel_start_is_no_second_one() -> None:
    order: dict[str, Any] = {"gun_no": "01", "transaction_serial": SERIALS["01"], "parallel_serial": PARALLEL}
    session = idle().down(100, "parallel_remote_start", **order)
    session.up(170, "parallel_remote_start_reply", start_result=1, **order)
    assert "parallel_late_success" not in checks(session.cut(171).audit())


# Fields


def test_a_vin_that_is_not_asked_with_may_be_filled_with_zeros_as_characters() -> None:
    session = idle().up(100, "start_request", gun_no="01", start_mode=1, account_or_physical_card_no=CARD, vin="0" * 17)
    assert "vin_not_zero" not in checks(session.audit())


def test_a_gun_that_is_out_of_order_is_not_idle() -> None:
    session = idle(900)
    since = session.at("realtime_data", -1)
    session.change("realtime_data", slice(None), status=1).drop("realtime_data", since=since - 1)
    assert "idle_realtime_gap" not in checks(session.audit())


def test_a_card_that_charged_a_little_before_it_was_cleared_by_a_fast_clock_is_no_breach() -> None:
    session = _cleared([CARD], [CARD])
    values = offline_bill(timedelta(seconds=130), 4, physical_card_no=CARD)
    session.up(500, RECORD, **values)
    session.down(500.1, CONFIRM, transaction_serial=values["transaction_serial"])
    assert "cleared_card_charged" not in checks(session.audit())


def directed(records: list[Record], sender: str) -> list[Record]:
    """A capture of one direction."""
    return [r for r in records if getattr(r, "sender", sender) == sender]


def test_what_goes_down_alone_accuses_nobody() -> None:
    for case in ("single_tariff", "card", "reboot"):
        assert not checks(audit(directed(good(case).journal(), "platform")))


def test_a_start_that_the_car_broke_off_is_no_late_charge() -> None:
    serial = good().values("remote_start").transaction_serial
    session = good(after=200).drop("realtime_data", lambda values: values.status == 3).drop(RECORD).drop(CONFIRM)
    session.drop("remote_stop").drop("remote_stop_reply").drop("charge_end")
    assert "charging_overdue" in checks(session.audit())
    session.up(session.at("remote_start") + 85, "charger_abort", gun_no="01", transaction_serial=serial)
    assert "charging_overdue" not in checks(session.audit())


def test_a_tenth_gun_may_be_counted_in_binary() -> None:
    serial = "32010600019236102604171001400001"
    session = idle(300).change("login", 0, gun_count=12)
    session.down(100, "remote_start", b"\1\1", gun_no="10", transaction_serial=serial)
    session.up(101, "remote_start_reply", b"\1\1", gun_no="0A", transaction_serial=serial, start_result=1)
    for at in range(105, 135, 15):
        session.up(at, "realtime_data", gun_no="0A", transaction_serial=serial, status=3, gun_plugged=1)
    session.up(136, "realtime_data", gun_no="0A", status=2, gun_plugged=1)
    values = offline_bill(timedelta(seconds=104), 1) | {"gun_no": "0A", "transaction_serial": serial}
    values["end_time"] = values["trade_time"] = values["start_time"] + timedelta(seconds=30)
    session.up(137, RECORD, **values).down(137.1, CONFIRM, transaction_serial=serial)
    assert not musts(session.audit())


@pytest.mark.parametrize("wronged", [True, False])
def test_a_pile_that_our_platform_cut_off_on_purpose_may_come_back(wronged: bool) -> None:
    session = idle(120)
    if wronged:
        session.event(70, Misbehaved("cut"))
    session.event(70.1, LinkChanged("lost", "")).event(75, LinkChanged("connected", "")).again("login", 75)
    session.again("login_reply", 75)
    assert ("reconnect" in checks(session.audit())) is not wronged
