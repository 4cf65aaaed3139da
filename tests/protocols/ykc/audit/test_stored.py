"""Real-time data that were stored while the pile was offline: they tell what was, whenever they come (R-RT-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from harness.protocols.ykc.codes import IDLE, OFFLINE_CARD
from tests.protocols.ykc.audit.edited import Edited, checks, idle
from tests.protocols.ykc.audit.realtime_sessions import cut_off
from tests.protocols.ykc.audit.record_sessions import CONFIRM, OFFLINE_SERIAL, RECORD, offline_bill
from tests.protocols.ykc.audit.start_sessions import flow, plug

BACK = 700
GUN: dict[str, Any] = {"gun_no": "01"}
REPORT = "realtime_data"
HARMLESS = {"reconnect", "serial_count"}


def back_online(until: int = 1300) -> Edited:
    """Offline from 300 s to 700 s, then at rest and unplugged, with a heartbeat every 10 s."""
    session = idle(250).back(lost=300, login=BACK)
    for at in range(BACK + 2, int(until), 10):
        session.up(at, "heartbeat", gun_no="01").down(at + 0.1, "heartbeat_reply", gun_no="01")
        session.up(at, "heartbeat", gun_no="02").down(at + 0.1, "heartbeat_reply", gun_no="02")
    for at in (BACK + 1, BACK + 300):
        session.up(at, REPORT, gun_no="02", **plug(0))
    return session.up(BACK + 300, REPORT, **GUN, **plug(0))


def stored(session: Edited, moments: Sequence[float], kwh: float = 0) -> Edited:
    """Reports of the offline charge come up at these moments, each with so much more energy."""
    for number, at in enumerate(moments):
        session.up(at, REPORT, **GUN, transaction_serial=OFFLINE_SERIAL, **flow(number * kwh))
    return session


def recorded(session: Edited, at: float) -> Edited:
    session.up(at, RECORD, **offline_bill(timedelta(seconds=400), OFFLINE_CARD))
    return session.down(at + 0.1, CONFIRM, transaction_serial=OFFLINE_SERIAL)


def at_rest(session: Edited, *moments: float) -> Edited:
    for at in moments:
        session.up(at, REPORT, **GUN, **plug(0))
    return session


@pytest.mark.parametrize("pace", [0.1, 7.0, 19.0])
def test_reports_that_come_after_their_record_owe_no_other_one(pace: float) -> None:
    session = recorded(at_rest(back_online(), BACK + 1), BACK + 2)
    stored(session, [BACK + 3 + n * pace for n in range(4)])
    at_rest(session, BACK + 4 + 4 * pace)
    assert checks(session.audit()) <= HARMLESS


@pytest.mark.parametrize("rests", [(BACK + 1,), ()])
@pytest.mark.parametrize("pace", [0.5, 7.0])
def test_answers_of_a_gun_at_rest_between_stored_reports_are_no_pause_of_the_charge(
    pace: float, rests: tuple[float, ...]
) -> None:
    session = at_rest(back_online(), *rests)
    moments = [BACK + 2 + n * pace for n in range(9)]
    stored(session, moments)
    at_rest(session, *(at + pace / 3 for at in moments[3:]), *(at + pace / 2 for at in moments[3:]))
    assert checks(recorded(session, moments[-1] + 45).audit()) <= HARMLESS


def test_an_answer_between_stored_reports_shows_no_change_that_was_not_reported() -> None:
    session = stored(at_rest(back_online(), BACK + 1), [BACK + 2, BACK + 2.2])
    session.down(BACK + 3, "realtime_read", serial=b"\1\1", **GUN)
    session.up(BACK + 3.1, REPORT, serial=b"\1\1", **GUN, **plug(0))
    assert checks(recorded(session, BACK + 20).audit()) <= HARMLESS


def test_stored_reports_of_a_charge_that_was_cut_off_do_not_say_when_it_ended() -> None:
    session = cut_off(60).drop("time_sync", 1)  # that one has a wrong time
    values = [session.read(r).values for r in session.frames(REPORT) if r.at < 118][-1]
    said = {name: getattr(values, name) for name in ("transaction_serial", "gun_no", "status", "energy", "gun_plugged")}
    session.change(RECORD, end_time=lambda moment: moment.time - timedelta(seconds=30))
    for number in range(4):
        session.up(190 + number * 0.3, REPORT, **said)
    assert "record_times" not in checks(session.audit())


def test_stored_reports_that_come_in_a_burst_have_no_scale() -> None:
    session = stored(at_rest(back_online(), BACK + 1), [BACK + 2 + n * 0.5 for n in range(60)], kwh=0.4)
    assert "energy_scale" not in checks(recorded(session, BACK + 40).audit())


def test_stored_reports_are_no_start_of_the_charge_that_is_ordered_meanwhile() -> None:
    """Nor do they hide that charge: its stop is its own."""
    session = at_rest(back_online(), BACK + 1)
    order = {**GUN, "transaction_serial": OFFLINE_SERIAL[:-4] + "7777"}
    session.down(BACK + 10, "remote_start", b"\1\1", **order, account_balance=100)
    stored(session, [BACK + 11, BACK + 11.2])
    assert "model_not_verified" not in checks(session.audit())


def test_a_charge_that_runs_on_over_a_login_is_still_judged_by_its_pace() -> None:
    session = back_online()
    stored(session, [BACK + 1, BACK + 16, BACK + 31, BACK + 90])
    assert "realtime_gap" in checks(session.audit())


def test_stored_reports_that_come_slowly_are_no_charge_that_reports_too_rarely() -> None:
    session = stored(back_online(), [BACK + 2 + n * 19 for n in range(6)])
    assert checks(recorded(session, BACK + 105).audit()) <= HARMLESS


@pytest.mark.parametrize(("until", "told"), [(1290, False), (900, True)])
def test_a_charge_that_reports_more_often_than_it_must_over_a_login_runs_on(until: int, told: bool) -> None:
    """Its first report comes after the login, and no pace tells it from stored data."""
    session = back_online()
    order = {**GUN, "transaction_serial": OFFLINE_SERIAL}
    session.down(240, "remote_start", b"\1\1", **order, account_balance=100)
    session.up(241, "remote_start_reply", b"\1\1", **order, start_result=1, fail_reason=0)
    stored(session, range(BACK + 2, until, 2))
    session.drop(REPORT, lambda values: values.gun_no == "01" and values.status == IDLE, since=BACK)
    assert ("record_absent" in checks(session.audit())) == told


def test_a_charge_that_ended_offline_is_not_late_with_its_record_however_slowly_its_data_come() -> None:
    session = cut_off(300)
    values = [session.read(r).values for r in session.frames(REPORT) if r.at < 118][-1]
    said = {name: getattr(values, name) for name in ("transaction_serial", "gun_no", "status", "energy", "gun_plugged")}
    session.drop(REPORT, since=140)
    for number in range(4):
        session.up(145 + number * 7, REPORT, **said)
    assert "record_overdue" not in checks(at_rest(session, 180).audit())


def test_a_charge_that_runs_on_over_a_login_owes_its_record_all_the_same() -> None:
    session = at_rest(stored(back_online(), [BACK + 1 + n * 15 for n in range(6)]), BACK + 90)
    assert "record_absent" in checks(session.audit())
    assert "record_overdue" not in checks(session.audit())
