"""What an author writes is compared by value, not by spelling, and as the field that it stands in reads it."""

from datetime import datetime
from typing import Any

import pytest

from harness.core.message import Message
from harness.core.parts import Bits
from harness.engine.matching import differences
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.kinds import Moment

PILE = "32010600019236"


def message(name: str, **values: Any) -> Message:
    read = CATALOGUE.decode(CATALOGUE.encode(name, values))
    assert isinstance(read, Message)
    return read


HEARTBEAT = message("heartbeat", pile_code=PILE, gun_no="02", gun_status=1)
REPORT = message("realtime_data", gun_no="01", energy="100.0", gun_cable_code="32095df0", hardware_fault=1, status=3)
RECORD = message("transaction_record", start_time="2026-04-17T10:05:00")
LOGIN = message("login", program_version="V1.2.3a")


@pytest.mark.parametrize(
    ("got", "path", "wanted"),
    [
        (HEARTBEAT, "gun_status", "1"),
        (HEARTBEAT, "gun_status", "0x01"),
        (HEARTBEAT, "gun_status", "0X01"),
        (HEARTBEAT, "gun_no", "02"),
        (HEARTBEAT, "gun_no", "2"),
        (REPORT, "energy", "100.00"),
        (REPORT, "gun_cable_code", "32095df0"),
        (REPORT, "gun_cable_code", "0000000032095DF0"),
        (REPORT, "hardware_fault", "1"),
        (REPORT, "hardware_fault.emergency_stop", "1"),
        (RECORD, "start_time", "2026-04-17T10:05:00"),
        (RECORD, "start_time", "2026-04-17T10:05:00.000"),
        (LOGIN, "program_version", "v1.2.3A"),
    ],
)
def test_equal_values_in_other_spelling_are_equal(got: Message, path: str, wanted: str) -> None:
    assert differences({path: wanted}, got) == []


@pytest.mark.parametrize(
    ("got", "path", "wanted"),
    [
        (HEARTBEAT, "gun_status", "2"),
        (HEARTBEAT, "gun_no", "1"),
        (REPORT, "energy", "100.01"),
        (REPORT, "gun_cable_code", "32095df1"),
        (REPORT, "hardware_fault", "0"),
        (REPORT, "hardware_fault.emergency_stop", "0"),
        (RECORD, "start_time", "2026-04-17T10:05:01"),
        (LOGIN, "program_version", "V1.2.3"),
    ],
)
def test_other_values_differ(got: Message, path: str, wanted: str) -> None:
    ((field, *_),) = differences({path: wanted}, got)
    assert field == path


def test_a_weekday_that_a_pile_adds_to_its_time_makes_no_other_time() -> None:
    raw = bytearray(Moment.at(datetime(2026, 4, 17, 10, 5)).raw)
    raw[4] |= 5 << 5
    with_weekday = message("transaction_record", start_time=Moment(bytes(raw)))
    assert with_weekday.values.start_time.weekday == 5
    assert differences({"start_time": "2026-04-17T10:05:00"}, with_weekday) == []


@pytest.mark.parametrize(
    ("got", "path", "wanted", "should_be", "was"),
    [
        (HEARTBEAT, "gun_no", "1", ("01", "01"), ("02", "02")),
        (HEARTBEAT, "gun_status", "0", ("0 正常", "0 normal"), ("1 故障", "1 fault")),
        (REPORT, "hardware_fault", "0", ("0x0000", "0x0000"), ("0x0001", "0x0001")),
        (REPORT, "hardware_fault.emergency_stop", "0", ("0", "0"), ("1", "1")),
        (REPORT, "energy", "7", ("7.0000 kWh", "7.0000 kWh"), ("100.0000 kWh", "100.0000 kWh")),
        (RECORD, "start_time", "2026-01-01", ("2026-01-01 00:00:00.000",) * 2, ("2026-04-17 10:05:00.000",) * 2),
        (HEARTBEAT, "gun_status", "$card", ("$card", "$card"), ("1 故障", "1 fault")),
    ],
)
def test_a_difference_shows_wanted_and_got_as_the_field_shows_them(
    got: Message, path: str, wanted: str, should_be: tuple[str, str], was: tuple[str, str]
) -> None:
    assert differences({path: wanted}, got) == [(path, should_be, was)]


def test_a_field_that_a_shorter_frame_leaves_out_differs_and_is_told_as_missing() -> None:
    frame = next(frame for frame in CATALOGUE if frame.tolerated)
    (size, absent), *_ = frame.tolerated.items()
    got = Message(frame.name, frame.decode(bytes(size)), b"", b"\0\0", frame.sender)
    name = absent[0]
    assert not isinstance(frame.by_name[name], Bits)
    ((_, _, was),) = differences({name: "1"}, got)
    assert was == ("没有", "none")
