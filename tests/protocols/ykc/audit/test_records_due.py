"""Which records are owed when several charges, or frames of several, meet at one gun."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from harness.protocols.ykc.audit.rules.due import FAILED_START, NEVER, RAMP_DOWN, SETTLED
from harness.protocols.ykc.codes import OFFLINE_CARD
from harness.protocols.ykc.kinds import Moment
from tests.protocols.ykc.audit.edited import ALL, Edited, checks, good, idle
from tests.protocols.ykc.audit.record_sessions import CONFIRM, RECORD
from tests.protocols.ykc.audit.start_sessions import OTHER, charging, flow, ordered, plug
from tests.protocols.ykc.audit.test_records import two_charges

GUN: dict[str, Any] = {"gun_no": "01"}
DUE = {"record_overdue", "record_absent"}


def last_charging(session: Edited) -> float:
    return max(r.at for r in session.frames("realtime_data") if charging(session.read(r).values))


def foreign(session: Edited, at: float, **fields: Any) -> Edited:
    """The charge's record under another serial, as the only one."""
    known = session.fields(RECORD)
    session.drop(RECORD).drop(CONFIRM)
    session.up(at, RECORD, **known | {"transaction_serial": OTHER} | fields)
    return session.down(at + 0.1, CONFIRM, transaction_serial=OTHER)


def test_stored_data_just_before_the_end_of_a_charge_owe_no_record() -> None:
    session = good("single_tariff", after=100)
    session.up(last_charging(session) + 0.01, "realtime_data", **GUN, transaction_serial=OTHER, **flow(0.5))
    assert not DUE & checks(session.audit())


def test_a_charge_that_nobody_ordered_and_that_goes_on_after_an_idle_report_owes_nothing_yet() -> None:
    session = idle(400)
    for at in (100, 115, 145, 160, 175, 190):
        session.up(at, "realtime_data", **GUN, transaction_serial=OTHER, **flow(at / 100))
    session.up(130, "realtime_data", **GUN, **plug(1))
    assert not DUE & checks(session.cut(199).audit())


def test_a_charge_that_was_stopped_before_it_began_is_not_late_with_its_record() -> None:
    session = ordered((1, 1, 0))
    session.down(105, "remote_stop", b"\1\1", **GUN)
    session.up(105.1, "remote_stop_reply", b"\1\1", **GUN, stop_result=1, fail_reason=0)
    assert "record_overdue" not in checks(session.audit())


def test_a_record_under_another_serial_is_that_of_a_charge_that_is_over() -> None:
    session = good("single_tariff", after=100)
    assert not DUE & checks(foreign(session, session.at(RECORD)).audit())


def test_the_record_of_a_stored_card_is_not_that_of_a_charge_that_we_ordered() -> None:
    session = good("single_tariff", after=100)
    assert "record_overdue" in checks(foreign(session, session.at(RECORD), trade_flag=OFFLINE_CARD).audit())


def test_a_record_whose_serial_reports_bore_before_is_that_of_a_charge_that_is_over() -> None:
    session = good("single_tariff", after=100)
    session.up(last_charging(session) - 20, "realtime_data", **GUN, transaction_serial=OTHER, **flow(0.5))
    assert not DUE & checks(foreign(session, session.at(RECORD)).audit())


def test_a_record_of_another_charge_settles_none_that_has_not_ended() -> None:
    session = idle(700, "ac")
    order = {**GUN, "transaction_serial": str(session.values("login").pile_code) + "012604171001400001"}
    session.down(100, "remote_start", b"\1\1", **order, physical_card_no=bytes(8))
    session.up(101, "remote_start_reply", b"\1\1", **order, start_result=1, fail_reason=0)
    session.up(103, RECORD, **GUN, transaction_serial=OTHER, trade_flag=1).down(
        103.1, CONFIRM, transaction_serial=OTHER
    )
    assert "record_absent" in checks(session.audit())


def test_a_record_that_comes_after_that_of_the_next_charge_was_late_and_not_missing() -> None:
    found = checks(two_charges(250).audit())
    assert DUE & found == {"record_overdue"}


@pytest.mark.parametrize(("after", "late"), [(RAMP_DOWN, True), (RAMP_DOWN + 1, False)])
def test_a_gun_that_charges_on_after_its_time_to_ramp_down_is_not_late_with_its_record(
    after: float, late: bool
) -> None:
    session = good("single_tariff", "ac", after=120)
    stopped, serial = session.at("remote_stop_reply"), session.values(RECORD).transaction_serial
    energy = float(session.values(RECORD).total_energy)
    session.drop("realtime_data", since=stopped).drop(RECORD).drop(CONFIRM)
    session.up(stopped + after, "realtime_data", **GUN, transaction_serial=serial, **flow(energy, 16))
    assert ("record_overdue" in checks(session.audit())) == late


def away(gone: float, back: float) -> Edited:
    """A start is confirmed at 101 s and comes to nothing; the pile is away from one moment to another."""
    session = idle(90, "ac").drop("heartbeat", since=80)
    order = {**GUN, "transaction_serial": str(session.values("login").pile_code) + "012604171001400001"}
    session.down(100, "remote_start", b"\1\1", **order, physical_card_no=bytes(8))
    session.up(101, "remote_start_reply", b"\1\1", **order, start_result=1, fail_reason=0)
    session.back(gone, back)
    for at in range(int(back) + 10, 1500, 10):
        session.up(at, "heartbeat", **GUN)
    return session


FIRST = 101 + FAILED_START + NEVER


@pytest.mark.parametrize(
    ("gone", "back", "told"),
    [
        (200, 300, FIRST),  # long enough on the new connection
        (200, 500, FIRST + SETTLED),  # only just back
        (200, 600, FIRST + 2 * SETTLED),  # away when it was due, then only just back
    ],
)
def test_a_pile_that_was_away_has_time_to_send_its_record(gone: float, back: float, told: float) -> None:
    found = [each for each in away(gone, back).audit().findings if each.check == "record_absent"]
    assert [each.at for each in found] == [told]


def pauses(ended: float, booked: float, *, stop: float = 0.0) -> Edited:
    """A car that takes no current any more, while the gun goes on to report a charge, until the record comes.

    The record comes `booked` s after the last current, and says that the charge ended after `ended` s. `stop`: 0x36.
    """
    session, before = good("single_tariff"), good("single_tariff")
    last, bill = last_charging(session), session.fields(RECORD)
    report = next(r for r in session.frames("realtime_data") if r.at == last)
    flowing = msgspec.structs.asdict(session.read(report).values)
    session.cut(last + 0.01).drop("remote_stop")
    for seconds in range(5, int(booked), 15):
        session.up(last + seconds, "realtime_data", **flowing | {"output_current": 0})
    if stop:
        session.down(last + stop, "remote_stop", **GUN)
    over = bill["end_time"].time + timedelta(seconds=last + ended - before.at("remote_stop"))
    return session.up(last + booked, RECORD, **bill | {"end_time": Moment.at(over)})


@pytest.mark.parametrize(
    ("ended", "booked", "late"),
    [
        (5, 36, False),  # in time
        (5, 200, True),
        (190, 200, False),  # the car paused, and ended by itself later
        (110, 200, False),  # clocks may be off by a minute
    ],
)
def test_a_record_long_after_the_last_current_is_late_when_it_says_so_itself(
    ended: float, booked: float, late: bool
) -> None:
    assert ("record_overdue" in checks(pauses(ended, booked).audit())) is late


def test_a_late_record_without_an_idle_report_cites_when_the_current_went_away() -> None:
    session = pauses(5, 200)
    finding = next(each for each in session.audit().findings if each.check == "record_overdue")
    seen = {record.n: session.read(record) for record in session.journal() if record.n in finding.frames}
    assert [message.name for message in seen.values()] == ["realtime_data", "realtime_data", RECORD]
    assert [m.values.output_current for m in seen.values() if m.name == "realtime_data"] == [0, 0]


def test_a_pause_that_our_stop_ends_makes_no_record_late() -> None:
    assert "record_overdue" not in checks(pauses(5, 200, stop=190).audit())


def test_without_times_no_pause_makes_a_record_late() -> None:
    assert "record_overdue" not in checks(pauses(5, 200).audit(times=False))


def test_a_car_that_never_took_current_makes_no_record_late() -> None:
    session = pauses(5, 200).change("realtime_data", ALL, output_current=0)
    assert "record_overdue" not in checks(session.audit())


def test_a_pause_is_not_judged_by_the_record_of_another_charge() -> None:
    session = pauses(5, 200).change(RECORD, transaction_serial=OTHER)
    assert "record_overdue" not in checks(session.audit())


def test_a_charge_that_goes_on_when_a_second_order_was_confirmed_owes_one_record() -> None:
    session, order = good("single_tariff", after=100), {**GUN, "transaction_serial": OTHER}
    at = session.at("bms_info", 1)
    session.down(at, "remote_start", b"\1\1", **order, physical_card_no=bytes(8))
    session.up(at + 0.1, "remote_start_reply", b"\1\1", **order, start_result=1, fail_reason=0)
    assert "record_overdue" not in checks(session.audit())
