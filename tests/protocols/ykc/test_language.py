"""What YKC messages mean, told to an engine that knows none of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from harness.core.message import Message
from harness.core.ports import Bench, Language
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.bench import GunBench
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.pairing import Questions
from harness.protocols.ykc.roles import RESULTS, ROLES
from harness.protocols.ykc.tariffs import half_hour_tariff, nearest_half_hour, tariff_values, two_period_tariff
from tests.helpers.wire import PILE, VIN

LANGUAGE = YkcLanguage()


def message(name: str, serial: bytes = b"\0\0", **values: Any) -> Message:
    read = LANGUAGE.read(CATALOGUE.encode(name, {"pile_code": PILE, **values} if name != "x" else values, serial))
    assert isinstance(read, Message)
    return read


def test_it_keeps_the_contract() -> None:
    language: Language = LANGUAGE
    asked = {name for name in vars(Language) if not name.startswith("_")}
    assert asked <= set(dir(language))
    assert {name for name in vars(Bench) if not name.startswith("_")} <= set(dir(GunBench))


def test_every_frame_with_a_role_or_a_result_is_in_the_catalogue() -> None:
    for name in (*ROLES, *RESULTS):
        assert LANGUAGE.has_frame(name)
    for name, (field, success) in RESULTS.items():
        assert success in (CATALOGUE.by_name(name).by_name[field].choices or {})


def test_all_replies_that_carry_a_result_are_listed() -> None:
    reporting = ("_result", "auth_success", "update_status")
    carrying = {
        frame.name: {field.name for field in frame.fields if field.choices and field.name.endswith(reporting)}
        for frame in CATALOGUE
    }
    assert {name for name, fields in carrying.items() if fields} == set(RESULTS) != set()
    assert all(field in carrying[name] for name, (field, _) in RESULTS.items())


@pytest.mark.parametrize(
    ("name", "values", "succeeded"),
    [
        ("remote_start_reply", {"start_result": 1}, True),
        ("remote_start_reply", {"start_result": 0, "fail_reason": 5}, False),
        ("remote_update_reply", {"update_status": 0}, True),
        ("remote_update_reply", {"update_status": 2}, False),
        ("qr_set_reply", {"set_result": 1}, True),
        ("qr_prefix_set_reply", {"set_result": 0}, True),
        ("qr_prefix_set_reply", {"set_result": 1}, False),
        ("heartbeat", {}, None),
    ],
)
def test_replies_report_success_each_in_their_own_way(
    name: str, values: dict[str, int], succeeded: bool | None
) -> None:
    assert LANGUAGE.succeeded(message(name, **values)) is succeeded


def test_the_reason_of_a_negative_reply_is_a_text() -> None:
    assert LANGUAGE.fail_reason(message("remote_start_reply", fail_reason=5))[0] == "未插枪"
    assert LANGUAGE.fail_reason(message("remote_update_reply", update_status=3))[0] == "下载更新文件超时"
    assert LANGUAGE.fail_reason(message("remote_start_reply", fail_reason=0x77))[1] == "code 0x77, not listed"
    assert LANGUAGE.fail_reason(message("heartbeat")) == ("", "")


def test_a_report_is_read_as_a_reading() -> None:
    read = LANGUAGE.reading(
        message(
            "realtime_data",
            transaction_serial="1" * 32,
            gun_no="02",
            status=3,
            gun_plugged=1,
            output_voltage="400.5",
            output_current="100.0",
            energy="1.2345",
        )
    )
    assert read is not None
    assert (read.serial, read.gun_no, read.status, read.plugged) == ("1" * 32, "02", "charging", True)
    assert read.power == Decimal("40.05")
    assert LANGUAGE.reading(message("heartbeat")) is None


@pytest.mark.parametrize(("bits", "estop"), [(1, True), (2, True), (4, False), (0, False)])
def test_the_emergency_stop_bit_is_taken_in_either_reading(bits: int, estop: bool) -> None:
    read = LANGUAGE.reading(message("realtime_data", hardware_fault=bits))
    assert read is not None
    assert read.estop is estop


def test_a_serial_of_zeros_is_none() -> None:
    assert LANGUAGE.serial(message("realtime_data")) == ""
    assert LANGUAGE.serial(message("realtime_data", transaction_serial="5" * 32)) == "5" * 32
    assert LANGUAGE.serial(message("heartbeat")) == ""


def test_a_record_is_read_as_a_bill() -> None:
    bill = LANGUAGE.bill(
        message(
            "transaction_record",
            transaction_serial="1" * 32,
            gun_no="01",
            start_time=datetime(2026, 4, 17, 10, 0),
            sharp_unit_price="1.73400",
            sharp_energy="2.0000",
            sharp_amount="3.4680",
            meter_start="100.0000",
            meter_end="102.0000",
            total_energy="2.0000",
            total_amount="3.4680",
            vin=VIN,
            trade_flag=5,
            stop_reason=0x40,
            physical_card_no="32095DF0",
        )
    )
    assert bill is not None
    assert [part.label for part in bill.parts] == ["sharp", "peak", "flat", "valley"]
    assert (bill.parts[0].energy, bill.parts[0].amount) == (Decimal("2.0000"), Decimal("3.4680"))
    assert (bill.metered, bill.start, bill.end) == (Decimal("2.0000"), datetime(2026, 4, 17, 10, 0), None)
    assert (bill.vin, bill.card, bill.trade_flag) == (VIN, "0000000032095DF0", 5)


def test_a_tariff_survives_both_frames_that_carry_it() -> None:
    for name in ("billing_model_request_reply", "billing_model_set"):
        assert LANGUAGE.tariff(message(name, **tariff_values(half_hour_tariff()))) == half_hour_tariff()
    slots = {"tariff_slots": [9] * 48}
    assert LANGUAGE.tariff(message("billing_model_set", **slots)) is None
    assert LANGUAGE.tariff(message("heartbeat")) is None


@pytest.mark.parametrize(
    ("hour", "minute", "boundary"), [(10, 14, "10:00"), (10, 16, "10:30"), (0, 1, "00:30"), (23, 59, "23:30")]
)
def test_two_periods_part_at_the_nearest_half_hour(hour: int, minute: int, boundary: str) -> None:
    local = datetime(2026, 4, 17, hour, minute)
    assert f"{nearest_half_hour(local):%H:%M}" == boundary
    model = two_period_tariff(local)
    assert len({*model.slots}) == 2
    change = model.next_change(datetime(2026, 4, 17, 0, 0))
    assert f"{change:%H:%M}" == boundary


def test_times_cards_and_vins() -> None:
    noon = datetime(2026, 4, 17, 12, 0)
    assert LANGUAGE.told_time(message("time_sync", current_time=noon)) == noon
    assert LANGUAGE.told_time(message("time_sync_reply")) is None
    assert LANGUAGE.told_time(message("heartbeat")) is None
    card = message("start_request", start_mode=1, account_or_physical_card_no="32095DF0")
    assert (LANGUAGE.shown_card(card), LANGUAGE.shown_vin(card)) == ("0000000032095DF0", "")
    vin = message("start_request", start_mode=3, vin=VIN)
    assert (LANGUAGE.shown_card(vin), LANGUAGE.shown_vin(vin)) == ("", VIN)
    assert VIN[::-1].encode() in vin.raw


def test_stop_reasons() -> None:
    assert LANGUAGE.is_platform_stop(0x40)
    assert LANGUAGE.is_emergency_stop(0x72, starting=False)
    assert LANGUAGE.is_emergency_stop(0x50, starting=True)
    assert not LANGUAGE.is_emergency_stop(0x50, starting=False)
    assert [LANGUAGE.is_start_failure(code) for code in (0x49, 0x4A, 0x69, 0x6A)] == [False, True, True, False]
    assert "0xF3" in LANGUAGE.stop_reason(0xF3)[0]


def test_other_words() -> None:
    assert LANGUAGE.title("heartbeat") == ("充电桩心跳包", "heartbeat")
    assert LANGUAGE.field_names("heartbeat") == ("pile_code", "gun_no", "gun_status")
    assert [LANGUAGE.trade_flag(means) for means in ("app", "card", "vin")] == [1, 2, 5]
    assert LANGUAGE.label("peak") == ("峰", "peak")
    assert LANGUAGE.program_version(message("login", program_version="V4.1.50")) == "V4.1.50"
    assert LANGUAGE.frame_of("stop") == "remote_stop"


def stop(gun_no: str, serial: bytes) -> Message:
    return message("remote_stop", serial, gun_no=gun_no)


def test_a_reply_is_paired_by_type_pile_and_gun() -> None:
    questions = Questions()
    questions.ask(stop("01", b"\1\0"), 0.0)
    questions.ask(stop("02", b"\2\0"), 0.0)
    found = questions.answered_by(message("remote_stop_reply", b"\1\0", gun_no="02"))
    assert found is not None
    assert found.request.values.gun_no == "02"
    assert questions.answered_by(message("remote_stop_reply", gun_no="02")) is None
    assert questions.answered_by(message("time_sync_reply")) is None


def test_a_reply_is_paired_by_its_transaction_serial() -> None:
    questions = Questions()
    for serial in ("1" * 32, "2" * 32):
        questions.ask(message("remote_start", gun_no="01", transaction_serial=serial), 0.0)
    found = questions.answered_by(message("remote_start_reply", gun_no="01", transaction_serial="2" * 32))
    assert found is not None
    assert found.request.values.transaction_serial == "2" * 32
    assert questions.answered_by(message("remote_start_reply", gun_no="01", transaction_serial="3" * 32)) is None


def test_among_equals_the_frame_serial_decides_else_the_oldest() -> None:
    questions = Questions()
    for serial in (b"\1\0", b"\2\0", b"\3\0"):
        questions.ask(stop("01", serial), 0.0)
    reply = message("remote_stop_reply", b"\2\0", gun_no="01")
    paired = [questions.answered_by(reply) for _ in range(3)]
    assert [asked.request.serial for asked in paired if asked] == [b"\2\0", b"\1\0", b"\3\0"]


def test_questions_that_nothing_answers_are_not_kept_and_the_others_are_bounded() -> None:
    questions = Questions()
    questions.ask(message("heartbeat_reply"), 0.0)
    assert questions.waiting == []
    for _ in range(100):
        questions.ask(stop("01", b"\0\0"), 0.0)
    assert len(questions.waiting) == 32
    questions.forget()
    assert questions.waiting == []
