"""Frames as people read them."""

import re
from typing import Any

import pytest

from harness.core.frame import FrameType
from harness.core.lens import FieldPart, Lens
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import build_frame
from harness.protocols.ykc.lens import YkcLens

CJK = re.compile(r"[　-鿿＀-￯]")
LENS: Lens = YkcLens()
CODE = "32010600417702"
ALL = [pytest.param(frame, id=frame.name) for frame in CATALOGUE]


def made(name: str, **values: Any) -> bytes:
    if "pile_code" in CATALOGUE.by_name(name).by_name:
        values = {"pile_code": CODE, **values}
    return CATALOGUE.encode(name, values, bytes.fromhex("4A00"))


def part(raw: bytes, name: str) -> FieldPart:
    return next(each for each in LENS.opened(raw).parts if each.name == name)


def broken(raw: bytes) -> bytes:
    return raw[:-1] + bytes((raw[-1] ^ 1,))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("0x01", "电桩登录"),
        ("0x02", "电桩登录回复"),
        ("0x56", "对时设置"),
        ("0x5A", "二维码设置"),
        ("0xF0", "二维码设置"),
        ("0x13", "实时监测数据"),
        ("0x09", "充电桩计费模型请求"),
    ],
)
def test_a_type_is_found_by_the_name_vendors_know(code: str, name: str) -> None:
    kind = next(kind for kind in LENS.kinds() if kind.code == code)
    assert name in (kind.title[0], kind.alias[0])
    assert kind.title[0] == CATALOGUE.by_name(kind.name).title
    assert kind.alias == ("", "") or kind.alias[0] != kind.title[0]


def test_types_come_in_the_documents_order_and_those_it_does_not_know_last() -> None:
    names = [kind.name for kind in LENS.kinds()]
    assert len(names) == len(CATALOGUE)
    assert names.index("balance_update") < names.index("offline_card_sync") < names.index("remote_reboot")
    assert set(names[-4:]) == {"qr_set", "qr_set_reply", "qr_prefix_set", "qr_prefix_set_reply"}


@pytest.mark.parametrize("frame", ALL)
def test_english_readings_hold_no_chinese(frame: FrameType) -> None:
    opened = LENS.opened(CATALOGUE.encode(frame.name, frame.sample()))
    texts = [opened.line.title[1], opened.line.reading[1], *(text for kind in LENS.kinds() for text in kind.alias[1:])]
    for each in opened.parts:
        texts += [each.title[1], each.reading[1], each.remark[1], each.how]
    assert [text for text in texts if CJK.search(text)] == []
    assert opened.line.title[1]


@pytest.mark.parametrize("frame", ALL)
def test_every_byte_belongs_to_a_field(frame: FrameType) -> None:
    raw = CATALOGUE.encode(frame.name, frame.sample())
    opened = LENS.opened(raw)
    covered = {place for each in opened.parts for place in range(each.start, each.end)}
    assert covered == set(range(len(raw)))
    assert all(each.at is None or each.at == each.start - 6 for each in opened.parts)
    assert opened.section == frame.section


@pytest.mark.parametrize("frame", ALL)
def test_every_sample_says_something_in_both_languages(frame: FrameType) -> None:
    line = LENS.line(CATALOGUE.encode(frame.name, frame.make(pile_code=CODE) if "pile_code" in frame.by_name else {}))
    assert (line.kind, line.code, line.damage) == (frame.name, f"0x{frame.code:02X}", ("", ""))
    assert line.title[0] == frame.title
    assert all(line.reading)


def test_a_report_of_a_gun_says_what_counts() -> None:
    raw = made(
        "realtime_data",
        gun_no="01",
        status=3,
        output_voltage="401.2",
        output_current="149.3",
        energy="1.6816",
        amount="2.3873",
    )
    line = LENS.line(raw)
    assert line.reading == (
        "1枪 · 充电 · 401.2 V · 149.3 A · 1.6816 kWh · 2.3873 元",
        "Gun 1 · charging · 401.2 V · 149.3 A · 1.6816 kWh · 2.3873 CNY",
    )
    assert line.gun_no == "01"


def test_a_raised_fault_is_said_in_the_line() -> None:
    line = LENS.line(made("realtime_data", gun_no="02", status=1, hardware_fault=1))
    assert line.reading[0].endswith("急停按钮动作故障")
    assert line.reading[1].endswith("emergency stop")


def test_a_record_says_energy_money_and_why_it_stopped() -> None:
    line = LENS.line(
        made("transaction_record", gun_no="01", total_energy="3.0456", total_amount="4.2638", stop_reason=0x72)
    )
    assert "3.0456 kWh · 4.2638 元" in line.reading[0]
    assert line.reading[0].endswith("停止 充电异常中止，急停开入")
    assert line.reading[1].endswith("Stop abnormal stop: emergency stop input active")


def test_replies_say_their_result_and_a_reason_only_when_there_is_one() -> None:
    assert LENS.line(made("remote_start_reply", gun_no="01", start_result=1)).reading[0] == "1枪 · 启动结果 成功"
    refused = LENS.line(made("remote_start_reply", gun_no="01", start_result=0, fail_reason=5)).reading
    assert refused == ("1枪 · 启动结果 失败 · 失败原因 未插枪", refused[1])
    assert refused[1] == "Gun 1 · Start result failure · Fail reason gun not plugged in"


def test_what_a_pile_sent_as_text_is_shown_as_it_came() -> None:
    assert LENS.line(made("login", program_version="<b>1.4")).reading[1].startswith("<b>1.4 · DC pile")


def test_a_field_shows_where_its_value_comes_from() -> None:
    current = part(made("realtime_data", output_current="149.3"), "output_current")
    assert (current.start, current.end, current.at) == (35, 37, 29)
    assert current.reading == ("149.3 A", "149.3 A")
    assert current.how == "0x05D5 = 1493 × 0.1"
    assert part(made("realtime_data", gun_cable_temperature=31), "gun_cable_temperature").how == "0x51 = 81 − 50"
    assert part(made("realtime_data", status=3), "status").reading == ("3 充电", "3 charging")
    assert part(made("realtime_data", amount="2.3873"), "amount").reading == ("2.3873 元", "2.3873 CNY")


def test_a_bit_lights_the_bytes_of_its_number() -> None:
    raw = made("realtime_data", hardware_fault=2)
    number, bit = part(raw, "hardware_fault"), part(raw, "hardware_fault.no_rectifier_module")
    assert (bit.start, bit.end) == (number.start, number.end)
    assert bit.reading == ("1", "1")


def test_a_tariff_slot_names_its_half_hour() -> None:
    slot = part(made("billing_model_set", tariff_slots=[0] * 48), "tariff_slots[47].tariff_no")
    assert slot.title == ("时段费率号 23:30–24:00", "Tariff No. 23:30–24:00")
    assert slot.reading == ("0 尖费率", "0 sharp")


def test_odd_values_are_remarked_beside_their_field() -> None:
    assert part(made("realtime_data", status=9), "status").remark == ("取值 0x09 未列出", "code 0x09 is not listed")
    raw = made("heartbeat", gun_no="01")
    swapped = raw[:-2] + raw[-1:] + raw[-2:-1]
    assert part(swapped, "crc").remark[1] == "CRC with its high byte first"


def test_bytes_beyond_the_table_are_a_part_of_their_own() -> None:
    raw = build_frame(0x03, bytes.fromhex(CODE) + b"\x01\x00" + b"\xaa\xbb")
    surplus = part(raw, "surplus")
    assert (surplus.start, surplus.end, surplus.reading[0]) == (15, 17, "2 字节")


def test_a_wrong_crc_says_what_came_and_what_should_have() -> None:
    raw = broken(made("heartbeat", gun_no="01"))
    opened = LENS.opened(raw, "crc")
    due = made("heartbeat", gun_no="01")[-2:].hex(" ").upper()
    assert opened.line.title[0] == "不成报文"
    assert opened.line.reading[0] == f"收到 {raw[-2:].hex(' ').upper()}，应为 {due} · 17 字节"
    assert opened.line.damage[0] == "CRC 校验错误"
    assert opened.line.kind == opened.line.code == ""
    assert opened.parts == ()


@pytest.mark.parametrize("damage", ["garbage", "length", "unfinished", "crc", "something new"])
@pytest.mark.parametrize("raw", [b"", b"\x68", b"\x00\x01\x02", b"\x68\xff" + bytes(20)])
def test_bytes_that_make_no_frame_are_told_as_such(raw: bytes, damage: str) -> None:
    opened = LENS.opened(raw, damage)
    assert opened.line.kind == ""
    assert all(opened.line.damage)
    assert f"{len(raw)} bytes" in opened.line.reading[1]
    assert opened.parts == ()


def test_an_encrypted_frame_keeps_its_type_and_hides_its_body() -> None:
    raw = build_frame(0x13, bytes(60), flag=1)
    opened = LENS.opened(raw, "encrypted")
    assert (opened.line.kind, opened.line.code) == ("realtime_data", "0x13")
    assert opened.line.damage[0] == "消息体加密，无法解读"
    body = next(each for each in opened.parts if each.at is not None)
    assert (body.name, body.start, body.end) == ("body", 6, 66)
    assert LENS.line(raw).damage == opened.line.damage


def test_a_body_that_is_too_short_is_shown_whole() -> None:
    opened = LENS.opened(build_frame(0x13, bytes(10)))
    assert opened.line.damage[0] == "消息体比协议规定的短"
    assert [each.name for each in opened.parts if each.at is not None] == ["body"]


def test_a_type_that_the_catalogue_does_not_know_shows_its_bytes() -> None:
    opened = LENS.opened(build_frame(0x77, b"\x01\x02"))
    assert (opened.line.kind, opened.line.code, opened.line.title[1]) == ("", "0x77", "Unknown type of frame")
    assert [each.name for each in opened.parts if each.at is not None] == ["body"]


@pytest.mark.parametrize("frame", ALL)
def test_a_filter_by_type_keeps_that_type_and_nothing_else(frame: FrameType) -> None:
    raw = CATALOGUE.encode(frame.name, frame.sample())
    assert LENS.keeps(frozenset({frame.name}), "").test(raw)
    others = frozenset(other.name for other in CATALOGUE if other is not frame)
    assert not LENS.keeps(others, "").test(raw)
    assert LENS.keeps(frozenset(), "").test(raw)
    assert not LENS.keeps(frozenset({frame.name}), "").test(broken(raw))


@pytest.mark.parametrize("name", ["heartbeat", "realtime_data", "ground_lock_report", "remote_stop"])
def test_a_filter_by_gun_reads_the_gun_where_it_stands(name: str) -> None:
    raw = made(name, gun_no=2 if name == "ground_lock_report" else "02")
    assert LENS.line(raw).gun_no == "02"
    assert LENS.keeps(frozenset(), "02").test(raw)
    assert not LENS.keeps(frozenset(), "01").test(raw)
    assert LENS.keeps(frozenset({name}), "02").test(raw)


def test_frames_without_a_gun_pass_no_filter_by_gun() -> None:
    keep = LENS.keeps(frozenset(), "01").test
    assert not keep(made("login"))
    assert not keep(build_frame(0x13, bytes(10)))
    assert not keep(build_frame(0x77, bytes(10)))
    assert not keep(b"\x00\x01")
    assert not LENS.keeps(frozenset(), "00").test(build_frame(0x13, bytes(60), flag=1))


def test_a_frame_read_as_another_is_kept_as_that_other() -> None:
    raw = build_frame(0x32, CATALOGUE.by_name("parallel_start_confirm").encode({"gun_no": "01"}))
    assert LENS.line(raw).kind == "parallel_start_confirm"
    assert LENS.keeps(frozenset({"parallel_start_confirm"}), "01").test(raw)
    assert not LENS.keeps(frozenset({"start_confirm"}), "").test(raw)


@pytest.mark.parametrize("frame", ALL)
def test_what_passes_has_one_of_the_marks_where_the_filter_says(frame: FrameType) -> None:
    raw = CATALOGUE.encode(frame.name, frame.sample())
    keep = LENS.keeps(frozenset({frame.name}), "")
    assert raw[keep.place : keep.place + 1] in keep.marks
    assert len(keep.marks) <= 2
    assert LENS.keeps(frozenset(), "").marks == ()


def test_bytes_beyond_a_counted_text_are_no_part_of_it() -> None:
    frame = CATALOGUE.by_name("qr_prefix_set")
    body = frame.encode(frame.make(pile_code=CODE, qr_prefix="https://a.example"))
    parts = LENS.opened(build_frame(frame.code, body + b"\x01\x02\x03")).parts
    text, surplus = (next(part for part in parts if part.name == name) for name in ("qr_prefix", "surplus"))
    assert (text.end - text.start, surplus.start, surplus.end) == (17, text.end, text.end + 3)
