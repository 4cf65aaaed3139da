"""Records that come in other orders than one would think."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from harness.core.journal import EventSeen, FrameSeen, LoopLate, Misbehaved, Opened
from tests.engine.playing import Playing
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle
from tests.protocols.ykc.audit.parallel_sessions import PARALLEL, SERIALS
from tests.protocols.ykc.audit.record_sessions import CONFIRM, RECORD, SESSIONS
from tests.protocols.ykc.audit.start_sessions import OTHER, flow

TEN = datetime(2026, 4, 17, 10)


def two_charges(first_record_after: float | None) -> Edited:
    """Two charges of one gun, the second of which begins 10 s after the first; the first record comes so much later."""
    session = good("single_tariff", "ac", after=500)
    serial = session.values(RECORD).transaction_serial
    following = serial[:-4] + "0009"
    begin, end = session.at("remote_start"), session.at(CONFIRM)
    shift = session.at("remote_stop") + 15 - begin
    charge = [r for r in session.records if begin <= r.at <= end and session_name(session, r) not in QUIET]
    if first_record_after is None:
        session.drop(RECORD).drop(CONFIRM)
    else:
        session.move(RECORD, first_record_after).move(CONFIRM, first_record_after)
    session.records = [
        r for r in session.records if r.at <= end or session_name(session, r) in (*QUIET, RECORD, CONFIRM)
    ]
    for record in charge:
        assert isinstance(record, FrameSeen)
        message = session.read(record)
        kind = message.frame_type
        assert kind is not None
        values: dict[str, Any] = {field.name: getattr(message.values, field.name) for field in kind.fields}
        if values.get("transaction_serial") == serial:
            values["transaction_serial"] = following
        for name in ("start_time", "end_time", "trade_time"):
            if name in values:
                values[name] = values[name].time.replace(minute=values[name].time.minute + int(shift // 60))
        side = session.up if record.sender == "pile" else session.down
        side(record.at + shift, message.name, message.serial, **values)
    return session


QUIET = ("", "heartbeat", "heartbeat_reply", "realtime_read")


def session_name(session: Edited, record: Any) -> str:
    return session.read(record).name if isinstance(record, FrameSeen) else ""


def test_a_record_in_time_may_come_when_the_next_charge_of_its_gun_has_begun() -> None:
    assert not {"record_absent", "record_overdue"} & checks(two_charges(15).audit())


def test_a_record_that_the_next_charge_overtook_is_late_all_the_same() -> None:
    assert "record_overdue" in checks(two_charges(40).audit())


def test_a_record_that_never_comes_is_missing_whatever_came_after_it() -> None:
    found = two_charges(None).audit()
    assert {"record_absent", "record_overdue"} <= checks(found)


def test_without_times_a_record_is_missing_once_that_of_the_next_charge_has_come() -> None:
    assert "record_absent" in checks(two_charges(None).audit(times=False))
    assert "record_absent" not in checks(two_charges(15).audit(times=False))


def test_nothing_is_judged_by_time_where_there_are_no_times() -> None:
    found = good(after=60).audit(times=False)
    assert checks(found) == set()
    assert {"record_overdue", "record_times", "start_reply_missing"} <= {each.check for each in found.not_judged}


def test_a_record_is_late_after_a_stop_that_no_report_followed() -> None:
    session = good("single_tariff", "ac", after=120)
    stop = session.at("remote_stop_reply")
    session.drop("realtime_data", since=stop).drop(RECORD).drop(CONFIRM)
    late = next(f for f in session.audit().findings if f.check == "record_overdue")
    assert 46 <= late.at - stop <= 48


def test_a_pause_of_the_car_ends_no_charge() -> None:
    """Reports of a charge without current go on for minutes; nobody stopped anything."""
    session = good("single_tariff", "ac")
    session.change("realtime_data", lambda v: v.status == 3, output_current=0)
    assert "record_overdue" not in checks(session.audit())


def test_a_record_of_another_charge_confirms_nothing_about_this_one() -> None:
    """Stored data and their record come up while a charge runs (R-RT-10): neither is taken for this one's."""
    session = good()
    now = session.at("bms_info", 2)
    session.up(now + 1, "realtime_data", gun_no="01", transaction_serial=OTHER, **flow(0.5))
    assert not {"serial_differs", "record_absent", "record_overdue"} & checks(session.audit())


def test_one_direction_of_a_capture_says_nothing_about_repeats() -> None:
    session = good(after=500)
    session.records = [r for r in session.records if isinstance(r, EventSeen) or r.sender == "pile"]
    assert "record_not_repeated" not in checks(session.audit())


def test_the_repeats_of_a_record_that_we_did_not_confirm_are_right_by_either_reading() -> None:
    for seconds in ((30.0,), (30.0, 60.0, 90.0), (300.0,)):
        session = good("link_record_unconfirmed", after=400)
        assert any(isinstance(getattr(r, "event", None), Misbehaved) for r in session.records)
        first = session.at(RECORD)
        session.drop(RECORD, slice(1, None)).drop(CONFIRM)
        for after in seconds:
            session.again(RECORD, after)
        serial = session.values(RECORD).transaction_serial
        session.down(first + seconds[-1] + 1, CONFIRM, transaction_serial=serial)
        assert checks(session.audit()) == set(), seconds


def test_a_record_is_dated_by_the_moved_clock_or_by_the_true_time_and_no_other() -> None:
    session = good("cross_tariff")
    assert checks(session.audit()) == set()
    ordered = timedelta(seconds=session.at("remote_start"))
    assert "record_times" not in checks(session.change(RECORD, start_time=TEN + ordered).audit())
    assert "record_times" in checks(session.change(RECORD, start_time=TEN + timedelta(hours=1)).audit())


def test_a_case_that_begins_amid_things_knows_no_earlier_serials() -> None:
    """The record of a charge just before the case comes again in it: no sign of another serial."""
    playing = Playing(("card", "vin"))
    lost: set[str] = set()
    confirmed = playing.pile.records.confirmed

    def confirm(serial: str, result: int) -> None:
        if serial in lost:
            confirmed(serial, result)
        lost.add(serial)

    playing.pile.records.confirmed = confirm  # type: ignore[method-assign]
    playing.play()
    for records in playing.journals.values():
        assert isinstance(records[0], EventSeen)
        assert isinstance(records[0].event, Opened)
        assert "serial_differs" not in checks(Edited(records).audit())


def test_a_new_price_taken_during_the_charge_may_count_or_not() -> None:
    assert "unit_price" not in checks(good("link_tariff_charging").audit())


def test_energies_in_hundredths_are_no_gross_error() -> None:
    session = good()
    coarse = Decimal("0.01")
    names = ("sharp_energy", "sharp_loss_energy", "total_energy", "total_loss_energy")
    session.change(RECORD, **dict.fromkeys(names, lambda value: value.quantize(coarse)))
    assert "sums_far_off" not in checks(session.audit())


def test_a_record_that_is_sent_again_is_judged_once() -> None:
    session = good(after=60).change(RECORD, trade_flag=4)
    session.again(RECORD, 1.0)
    found = session.audit()
    assert found.counts["trade_flag_unfit"] == 1
    assert msgspec.structs.asdict(found)["frames"] > 0


def test_a_record_that_our_late_loop_read_late_is_not_repeated_too_soon() -> None:
    session = SESSIONS["record_repeat_interval"].breaks()
    session.event(session.at(RECORD) - 0.01, LoopLate(seconds=15.0))
    assert "record_repeat_interval" not in checks(session.audit())


APP_STOP, SOC_REACHED, FAILED_START, BY_HAND = 0x40, 0x41, 0x4B, 0x45


def unfit(session: Edited, *, times: bool = True) -> bool:
    return "stop_reason_not_fitting" in checks(session.audit(times=times))


def test_a_charge_that_ran_did_not_fail_to_start() -> None:
    assert unfit(good("estop").change(RECORD, stop_reason=FAILED_START))
    nothing = good("estop").change("realtime_data", lambda values: values.status == 3, energy=0)
    assert not unfit(nothing.change(RECORD, stop_reason=FAILED_START))


def test_without_times_nobody_says_that_a_stop_was_obeyed() -> None:
    session = good().change(RECORD, stop_reason=BY_HAND)
    assert unfit(session)
    assert not unfit(session, times=False)


def soc_reached(before_stop: float, result: int) -> Edited:
    """The battery is full and the charge ends, so long before a 0x36 that it then answers with a result."""
    session = good().change(RECORD, stop_reason=SOC_REACHED).change("remote_stop_reply", stop_result=result)
    ends = session.at("charge_end")
    session.move("charge_end", session.at("remote_stop") - before_stop - ends)
    return session


@pytest.mark.parametrize(("before", "result", "told"), [(0.3, 1, False), (-5, 0, False), (-5, 1, True)])
def test_a_stop_that_came_too_late_or_was_refused_did_not_stop_the_charge(
    before: float, result: int, told: bool
) -> None:
    assert unfit(soc_reached(before, result)) == told


def stopped_together(stopped: str, parallel: str) -> Edited:
    """Two guns that were ordered to charge, the second by a parallel serial of its own; one of them is stopped."""
    session = idle()
    for gun, group in (("01", PARALLEL), ("02", parallel)):
        order = {"gun_no": gun, "transaction_serial": SERIALS[gun]}
        session.down(100, "parallel_remote_start", **order, parallel_serial=group)
        session.up(101, "parallel_remote_start_reply", **order, start_result=1, parallel_serial=group)
        for at in (110, 125):
            session.up(at, "realtime_data", **order, **flow(at / 100))
        session.up(132, "realtime_data", gun_no=gun, status=2, gun_plugged=1)
        session.up(133, RECORD, **order, trade_flag=1, stop_reason=APP_STOP)
    return session.down(130, "remote_stop", gun_no=stopped)


@pytest.mark.parametrize(
    ("stopped", "parallel", "told"), [("01", PARALLEL, 0), ("02", PARALLEL, 0), ("01", "260417100141", 1)]
)
def test_a_stop_of_one_gun_stops_all_that_charge_together(stopped: str, parallel: str, told: int) -> None:
    found = stopped_together(stopped, parallel).audit()
    assert found.counts.get("stop_reason_not_fitting", 0) == told
