"""What belongs to a charge: which record, when it ended, which gun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.core.journal import PILE, PLATFORM, EventSeen, FrameSeen, Opened, Record
from harness.engine.charge import Charge
from harness.engine.view import View
from harness.protocols.ykc import CATALOGUE
from tests.engine.playing import LANGUAGE

PILE_CODE = "32010600019236"
SERIAL = PILE_CODE + "01" + "2604171000000001"
OTHER = PILE_CODE + "01" + "2604170900000007"
TEN = datetime(2026, 4, 17, 10, 0)
Line = tuple[float, str, str, Mapping[str, Any]]


def start(at: float = 10) -> Line:
    return at, PLATFORM, "remote_start", {"transaction_serial": SERIAL}


def stop(at: float) -> Line:
    return at, PLATFORM, "remote_stop", {}


def stopped(at: float, result: int = 1) -> Line:
    return at, PILE, "remote_stop_reply", {"stop_result": result}


def reading(at: float, status: int = 3, current: int = 100, **values: Any) -> Line:
    known = {"transaction_serial": SERIAL, "status": status, "output_current": current, "output_voltage": 400}
    return at, PILE, "realtime_data", known | values


def record(at: float, serial: str = SERIAL, began: datetime = TEN, **values: Any) -> Line:
    known = {"transaction_serial": serial, "start_time": began, "end_time": began + timedelta(minutes=1)}
    return at, PILE, "transaction_record", known | values


def view_of(*lines: Line, gun_no: str = "01") -> View:
    records: list[Record] = [EventSeen(1, 0.0, Opened(wall="2026-04-17T02:00:00+00:00", gun_no=gun_no))]
    for n, (at, sender, name, values) in enumerate(lines, start=2):
        known = {"pile_code": PILE_CODE, "gun_no": "01"} | dict(values)
        fields = CATALOGUE.by_name(name).by_name
        raw = CATALOGUE.encode(name, {key: value for key, value in known.items() if key in fields}, b"\0\0")
        records.append(FrameSeen(n, at, sender, raw))
    return View(records, LANGUAGE)


def charge_of(*lines: Line) -> Charge:
    return view_of(*lines).charge


def number(charge: Charge) -> int | None:
    return charge.record.n if charge.record else None


def test_without_a_start_there_is_no_charge() -> None:
    charge = charge_of(reading(1), record(2))
    assert (charge.start, charge.reports, charge.record) == (None, (), None)


def test_the_record_under_our_serial_is_ours_whenever_it_began() -> None:
    assert number(charge_of(start(), record(60, began=TEN - timedelta(days=1)))) == 3


def test_a_record_of_an_earlier_charge_is_not_ours() -> None:
    assert number(charge_of(start(), record(20, OTHER, began=TEN - timedelta(minutes=50)))) is None


def test_a_record_under_another_serial_from_the_time_of_the_charge_is_ours_and_wrong() -> None:
    charge = charge_of(start(), record(60, OTHER, began=TEN + timedelta(seconds=15)))
    assert number(charge) == 3
    assert charge.bill is not None
    assert charge.bill.serial == OTHER


def test_the_record_under_our_serial_goes_before_any_other() -> None:
    assert number(charge_of(start(), record(20, OTHER), record(60), record(90))) == 4


def test_a_record_whose_serial_was_seen_before_the_start_is_of_that_charge() -> None:
    assert number(charge_of(record(1, OTHER), start(), record(20, OTHER))) is None
    assert number(charge_of(reading(1, transaction_serial=OTHER), start(), record(20, OTHER))) is None


def test_a_record_without_times_may_be_ours() -> None:
    timeless = (60, PILE, "transaction_record", {"transaction_serial": OTHER})
    assert number(charge_of(start(), timeless)) == 3


def test_frames_of_another_gun_are_not_there() -> None:
    lines = (start(), reading(15, gun_no="02"), record(20, gun_no="02"), reading(16))
    assert [report.n for report in charge_of(*lines).reports] == [5]
    assert number(charge_of(*lines)) is None
    assert [seen.message.name for seen in view_of(*lines).frames] == ["remote_start", "realtime_data"]


Course = Sequence[Line]


@pytest.mark.parametrize(
    ("why", "course", "end"),
    [
        ("nothing was stopped and it goes on", [reading(15), reading(30)], None),
        ("nothing was ever heard", [], None),
        ("it ended by itself", [reading(15), reading(30), reading(40, 2)], 40),
        ("one idle report in between ends nothing", [reading(15), reading(20, 2), reading(30)], None),
        ("the first report without current", [reading(15), stop(50), stopped(51), reading(55, current=0)], 55),
        ("the first report that is not charging", [reading(15), stop(50), stopped(51), reading(58, 2)], 58),
        ("current still flows", [reading(15), stop(50), stopped(51), reading(53)], 66),
        ("fifteen seconds after the reply", [reading(15), stop(50), stopped(51)], 66),
        ("the reply says no", [reading(15), stop(50), stopped(51, 0)], 75),
        ("no reply at all", [reading(15), stop(50)], 75),
        ("stopped before it charged", [stop(50), stopped(51)], 66),
        ("an idle report before the stop is not its end", [reading(15), reading(49, 2), stop(50), stopped(51)], 66),
    ],
)
def test_a_charge_ends(why: str, course: Course, end: float | None) -> None:
    assert charge_of(start(), *course).end() == end, why


def test_the_last_start_counts() -> None:
    second = PILE_CODE + "01" + "2604171005000002"
    charge = charge_of(start(), reading(15), record(20), (30, PLATFORM, "remote_start", {"transaction_serial": second}))
    assert charge.serial == second
    assert number(charge) is None
    assert charge.reports == ()


def granted(at: float, **values: Any) -> Line:
    known = {"transaction_serial": SERIAL, "auth_success": 1}
    return at, PLATFORM, "start_confirm", known | values


@pytest.mark.parametrize(
    ("lines", "serial"),
    [
        ((granted(5),), SERIAL),
        ((granted(5, auth_success=0),), ""),
        ((granted(5, gun_no="02"),), ""),
    ],
)
def test_a_granted_request_at_the_pile_is_a_start(lines: Course, serial: str) -> None:
    assert charge_of(*lines).serial == serial


def test_a_bit_that_was_set_from_the_beginning_tells_nothing() -> None:
    pressed = {"hardware_fault": 1}
    assert charge_of(start(), reading(15, **pressed), reading(30, **pressed)).bit_always_set
    assert not charge_of(start(), reading(15), reading(30, 1, **pressed)).bit_always_set
