"""Starts and stops in their odder forms."""

from __future__ import annotations

import pytest

from harness.core.journal import EventSeen, LinkChanged, LoopLate, Misbehaved
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle
from tests.protocols.ykc.audit.start_sessions import (
    BUSY,
    NOT_PLUGGED,
    OTHER,
    SESSIONS,
    charging,
    flow,
    ordered,
    plug,
    starts,
)

ORDER = "remote_start"


def test_a_start_command_sent_twice_is_answered_twice() -> None:
    assert checks(good("link_start_twice", after=100).audit()) == set()


def test_a_late_answer_is_ours_when_our_own_loop_was_late() -> None:
    session = ordered((12, 0, BUSY))
    assert "start_reply_missing" in checks(session.audit())
    assert "start_reply_missing" not in checks(session.event(105, LoopLate(seconds=5.0)).audit())


def test_what_falls_due_while_our_own_loop_stands_still_is_ours() -> None:
    session = ordered((12, 0, BUSY))  # 0x34 at 100, the answer is due by 110 and was read at 112
    assert "start_reply_missing" not in checks(session.event(111.99, LoopLate(seconds=1.8)).audit())


def test_what_was_due_before_our_own_loop_stood_still_is_late_all_the_same() -> None:
    session = ordered((15, 0, BUSY))
    assert "start_reply_missing" in checks(session.event(114.99, LoopLate(seconds=3.0)).audit())


def test_a_command_that_left_in_pieces_is_not_due_from_its_first_byte() -> None:
    session = ordered((12, 0, BUSY))
    n = next(r.n for r in session.journal() if r.at == 100.0)
    session.event(100.0, Misbehaved(what="split", frame=ORDER, gun_no="01", seconds=4.0, frames=(n,)))
    assert "start_reply_missing" not in checks(session.audit())


def test_an_answer_that_the_broken_connection_swallowed_is_not_missed() -> None:
    session = ordered(reports=((0.5, plug(1)), starts(7), starts(100)))
    session.event(105, LinkChanged("lost"))
    assert not {"start_reply_missing", "charges_unconfirmed"} & checks(session.audit())


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
        assert not {"serial_invented", "serial_differs", "charging_ungranted"} & checks(session.audit())


def test_a_serial_that_changes_in_the_midst_of_a_charge_is_told_with_its_record() -> None:
    session = good()
    half = session.values("realtime_data", -2).energy / 2
    other = session.values("remote_start").transaction_serial[:-4] + "7777"
    session.change("realtime_data", lambda v: charging(v) and v.energy > half, transaction_serial=other)
    told = [f for f in session.audit().findings if f.check == "serial_differs"]
    assert len(told) == 1
    assert told[0].seen == other


def test_a_gun_number_is_told_once_for_each_connection() -> None:
    session = idle()
    for at in (101, 111, 121):
        session.up(at, "charge_end", gun_no="09")
    assert session.audit().counts["gun_unknown"] == 1


def runs(until: int) -> tuple[tuple[float, dict[str, object]], ...]:
    """Reports of a charge every 15 s."""
    return tuple(starts(after, after / 1000) for after in range(7, until, 15))


def another(session: Edited, at: float) -> Edited:
    """0x34 once more, under another serial, and a positive 0x33."""
    order = {"gun_no": "01", "transaction_serial": OTHER}
    session.down(at, ORDER, b"\2\2", **order, physical_card_no=bytes(8))
    return session.up(at + 1, "remote_start_reply", b"\2\2", **order, start_result=1, fail_reason=0)


def test_a_start_of_a_gun_that_charges_already_begins_nothing() -> None:
    assert "charging_overdue" in checks(another(ordered(), 150).cut(260).audit())
    busy = ordered((1, 1, 0), reports=((0.5, plug(1)), *runs(160)))
    assert "charging_overdue" not in checks(another(busy, 150).cut(260).audit())


@pytest.mark.parametrize(("what", "told"), [("late", True), ("split", False)])
def test_only_what_left_in_pieces_is_not_due_from_its_first_byte(what: str, told: bool) -> None:
    session = ordered((12, 0, BUSY))
    n = next(r.n for r in session.journal() if r.at == 100.0)
    session.event(100.0, Misbehaved(what=what, frame=ORDER, gun_no="01", seconds=4.0, frames=(n,)))
    assert ("start_reply_missing" in checks(session.audit())) == told


def test_who_takes_a_start_back_need_not_charge() -> None:
    session = ordered((1, 1, 0), (30, 0, BUSY), reports=((0.5, plug(1)),))
    assert "charging_overdue" not in checks(session.audit())


@pytest.mark.parametrize(("own", "told"), [(True, False), (False, True)])
def test_a_start_is_over_with_its_own_record(own: bool, told: bool) -> None:
    session = ordered((1, 1, 0), reports=((0.5, plug(1)),))
    serial = session.values(ORDER).transaction_serial if own else OTHER
    session.up(150, "transaction_record", gun_no="01", transaction_serial=serial)
    assert ("charging_overdue" in checks(session.audit())) == told


@pytest.mark.parametrize(("confirmed", "told"), [(False, True), (True, False)])
def test_without_times_the_record_of_a_charge_tells_that_nobody_confirmed_it(confirmed: bool, told: bool) -> None:
    session = ordered(*([(1, 1, 0)] if confirmed else []), reports=((0.5, plug(1)), *runs(60))).cut(159)
    serial = session.values(ORDER).transaction_serial
    session.up(160, "transaction_record", gun_no="01", transaction_serial=serial)
    assert ("charges_unconfirmed" in checks(session.audit(times=False))) == told


def test_with_times_a_charge_is_unconfirmed_when_its_time_is_over_and_not_before() -> None:
    session = ordered(reports=((0.5, plug(1)), *runs(60)))
    serial = session.values(ORDER).transaction_serial
    session.up(160, "transaction_record", gun_no="01", transaction_serial=serial)
    told = next(each for each in session.audit().findings if each.check == "charges_unconfirmed")
    assert told.at > 190


@pytest.mark.parametrize(("back", "told"), [(False, True), (True, False)])
def test_an_answer_that_comes_after_a_login_may_have_been_on_its_way(back: bool, told: bool) -> None:
    session = ordered((95, 1, 0), reports=((0.5, plug(1)),))
    if back:
        session.back(lost=150, login=152)
    assert ("start_reply_too_late" in checks(session.audit())) == told


@pytest.mark.parametrize(("is_ordered", "told"), [(False, False), (True, True)])
def test_a_charge_under_a_serial_that_nobody_gave_is_the_one_that_was_started(is_ordered: bool, told: bool) -> None:
    session = ordered((1, 1, 0), reports=((0.5, plug(1)),))
    if is_ordered:
        session.down(95, ORDER, b"\2\2", gun_no="01", transaction_serial=OTHER, physical_card_no=bytes(8))
    session.up(107, "realtime_data", gun_no="01", transaction_serial=OTHER, **flow(0, 16))
    assert ("charging_overdue" in checks(session.audit())) == told


@pytest.mark.parametrize(("back", "told"), [(False, True), (True, False)])
def test_a_charge_that_begins_late_and_unconfirmed_may_have_been_confirmed_while_the_pile_was_away(
    back: bool, told: bool
) -> None:
    session = ordered(reports=((0.5, plug(1)), starts(95)))
    if back:
        session.back(lost=150, login=152)
    assert ("charges_unconfirmed" in checks(session.audit())) == told


def test_a_charge_that_was_told_to_be_unconfirmed_is_not_told_to_be_confirmed_too_late() -> None:
    counts = ordered((120, 1, 0), reports=((0.5, plug(1)), *runs(180))).audit().counts
    assert counts["charges_unconfirmed"] == 1
    assert "start_reply_too_late" not in counts
