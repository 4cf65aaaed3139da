"""Starts and stops in their odder forms."""

from __future__ import annotations

from harness.core.journal import EventSeen, LinkChanged, LoopLate, Misbehaved
from tests.protocols.ykc.audit.edited import checks, good, idle
from tests.protocols.ykc.audit.start_sessions import BUSY, NOT_PLUGGED, SESSIONS, charging, flow, ordered, plug, starts

ORDER = "remote_start"


def test_a_start_command_sent_twice_is_answered_twice() -> None:
    assert checks(good("link_start_twice", after=100).audit()) == set()


def test_a_late_answer_is_ours_when_our_own_loop_was_late() -> None:
    session = ordered((12, 0, BUSY))
    assert "no_start_reply" in checks(session.audit())
    assert "no_start_reply" not in checks(session.event(105, LoopLate(seconds=5.0)).audit())


def test_what_falls_due_while_our_own_loop_stands_still_is_ours() -> None:
    session = ordered((12, 0, BUSY))  # 0x34 at 100, the answer is due by 110 and was read at 112
    assert "no_start_reply" not in checks(session.event(111.99, LoopLate(seconds=1.8)).audit())


def test_what_was_due_before_our_own_loop_stood_still_is_late_all_the_same() -> None:
    session = ordered((15, 0, BUSY))
    assert "no_start_reply" in checks(session.event(114.99, LoopLate(seconds=3.0)).audit())


def test_a_command_that_left_in_pieces_is_not_due_from_its_first_byte() -> None:
    session = ordered((12, 0, BUSY))
    n = next(r.n for r in session.journal() if r.at == 100.0)
    session.event(100.0, Misbehaved(what="split", frame=ORDER, gun_no="01", seconds=4.0, frames=(n,)))
    assert "no_start_reply" not in checks(session.audit())


def test_an_answer_that_the_broken_connection_swallowed_is_not_missed() -> None:
    session = ordered(reports=((0.5, plug(1)), starts(7), starts(100)))
    session.event(105, LinkChanged("lost"))
    assert not {"no_start_reply", "charging_unconfirmed"} & checks(session.audit())


def test_a_gun_without_a_sensor_for_its_plug_is_not_said_to_be_unplugged() -> None:
    session = ordered((1, 1, 0), reports=((-50, plug(0)), (10, plug(0)))).cut(185)
    assert "start_unplugged" not in checks(session.audit())


def test_what_a_gun_without_a_plug_said_counts_once_its_sensor_shows() -> None:
    session = ordered((1, 1, 0), reports=((-50, plug(0)), (10, plug(0)), (60, plug(1)))).cut(185)
    assert "start_unplugged" in checks(session.audit())


def test_a_second_confirmation_after_a_fault_comes_too_late() -> None:
    session = ordered((1, 0, NOT_PLUGGED), (40, 1, 0), reports=((20, plug(0, status=1)), (39, plug(1)))).cut(200)
    assert "grace_over" in checks(session.audit())


def test_a_second_confirmation_after_a_relogin_comes_too_late() -> None:
    session = ordered((1, 0, NOT_PLUGGED), (40, 1, 0), reports=((39, plug(1)),)).cut(200)
    session.event(120, LinkChanged("lost"))
    assert "grace_over" in checks(session.audit())


def test_who_pulls_the_gun_again_within_the_minute_is_not_waited_for() -> None:
    session = ordered((1, 0, NOT_PLUGGED), reports=((30, plug(1)), (35, plug(0))))
    assert "grace_missed" not in checks(session.audit())


def test_a_stop_of_an_idle_gun_ends_nothing() -> None:
    assert checks(good("link_stop_idle", after=60).audit()) == set()


def test_energy_that_rises_after_a_stop_is_a_charge_that_goes_on_even_without_current() -> None:
    session = good("single_tariff", "ac", after=100)
    stop = session.at("remote_stop")
    serial, kwh = session.values("remote_start").transaction_serial, 2.0
    for name in ("realtime_data", "transaction_record", "transaction_record_confirm"):
        session.drop(name, since=stop + 0.001)
    for after, energy in ((16, kwh), (31, kwh + 0.2)):
        session.up(stop + after, "realtime_data", gun_no="01", transaction_serial=serial, **flow(energy, 0))
    assert "charging_after_stop" in checks(session.cut(stop + 35).audit())


def test_a_charge_by_card_that_the_app_could_not_end_is_told_as_such() -> None:
    found = SESSIONS["app_stop_refused"].breaks().audit()
    told = next(finding for finding in found.findings if finding.check == "app_stop_refused")
    assert told.rule == "R-ST-8"
    assert len(told.frames) == 3


def test_one_direction_of_a_capture_accuses_no_serial_of_being_invented() -> None:
    for case in ("single_tariff", "card"):
        session = good(case)
        session.records = [r for r in session.records if isinstance(r, EventSeen) or r.sender == "pile"]
        assert not {"serial_invented", "serial_changed", "charging_ungranted"} & checks(session.audit())


def test_a_serial_that_changes_in_the_midst_of_a_charge_is_told_with_its_record() -> None:
    session = good()
    half = session.values("realtime_data", -2).energy / 2
    other = session.values("remote_start").transaction_serial[:-4] + "7777"
    session.change("realtime_data", lambda v: charging(v) and v.energy > half, transaction_serial=other)
    told = [f for f in session.audit().findings if f.check == "serial_changed"]
    assert len(told) == 1
    assert told[0].seen == other


def test_a_gun_number_is_told_once_for_each_connection() -> None:
    session = idle()
    for at in (101, 111, 121):
        session.up(at, "charge_end", gun_no="09")
    assert session.audit().counts["gun_unknown"] == 1
