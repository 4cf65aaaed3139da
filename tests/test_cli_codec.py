"""decode, encode and frames, as a person types them."""

import argparse
import io
import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from harness.cli_codec import add_commands
from harness.core.errors import PersonError
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import build_frame

HEARTBEAT = "680D00010003320102000000010100F11A"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    code: int = args.run(args)
    return code


def decoded(capsys: pytest.CaptureFixture[str], *words: str) -> list[Any]:
    assert run("decode", "--json", *words) == 0
    return [json.loads(line, parse_float=Decimal) for line in capsys.readouterr().out.splitlines()]


def test_a_frame_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert decoded(capsys, HEARTBEAT) == [
        {
            "ok": True,
            "frame_type": "0x03",
            "name": "heartbeat",
            "direction": "up",
            "serial": "0001",
            "encrypted": False,
            "crc": {"ok": True, "order": "low"},
            "length_ok": True,
            "fields": {"pile_code": "32010200000001", "gun_no": "01", "gun_status": 0},
            "damage": None,
        }
    ]


def test_spaces_lower_case_and_several_frames_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    spaced = " ".join(HEARTBEAT[at : at + 2] for at in range(0, 34, 2)).lower()
    assert [each["name"] for each in decoded(capsys, *spaced.split(), HEARTBEAT)] == ["heartbeat"] * 2


def test_lines_come_from_stdin_one_object_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [HEARTBEAT, "", HEARTBEAT[:-2] + "1B", "68FF0102"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    found = decoded(capsys, "-")
    assert [each["ok"] for each in found] == [True, False, False]
    assert [each["damage"] and each["damage"]["reason"] for each in found] == [None, "crc", "length"]


def test_a_wrong_crc_keeps_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = decoded(capsys, HEARTBEAT[:-4] + "6890")
    assert found["fields"]["pile_code"] == "32010200000001"
    assert (found["ok"], found["crc"], found["length_ok"]) == (False, {"ok": False, "order": None}, True)
    assert found["damage"] == {"reason": "crc", "offset": 0, "hex": HEARTBEAT[:-4] + "6890"}


def test_a_swapped_crc_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = decoded(capsys, HEARTBEAT[:-4] + "1AF1")
    assert (found["ok"], found["crc"]) == (True, {"ok": True, "order": "high"})


def test_rubbish_between_frames_is_told_with_its_offset(capsys: pytest.CaptureFixture[str]) -> None:
    found = decoded(capsys, "0102" + HEARTBEAT + "68FF" + HEARTBEAT)
    assert [each["name"] for each in found] == [None, "heartbeat", None, "heartbeat"]
    assert [each["damage"] and each["damage"]["offset"] for each in found] == [0, None, 19, None]


def test_values_are_written_as_said(capsys: pytest.CaptureFixture[str]) -> None:
    values = {
        "energy": "1.5",
        "gun_cable_code": "d14b0a54",
        "hardware_fault": {"door_open": 1},
        "gun_cable_temperature": 20,
        "status": 3,
    }
    assert run("encode", "realtime_data", "--values", json.dumps(values), "--serial", "1a03") == 0
    (found,) = decoded(capsys, capsys.readouterr().out.strip())
    fields = found["fields"]
    assert (found["serial"], fields["energy"], fields["output_voltage"]) == ("1A03", "1.5000", "0.0")
    assert (fields["gun_cable_code"], fields["gun_cable_temperature"]) == ("00000000D14B0A54", 20)
    assert (fields["hardware_fault"]["door_open"], fields["hardware_fault"]["undefined"]) == (1, 0)
    assert fields["status"] == 3


def test_times_are_iso_with_their_bytes_beside(capsys: pytest.CaptureFixture[str]) -> None:
    run("encode", "time_sync", "--values", '{"current_time": "2020-03-16T17:14:47"}')
    (found,) = decoded(capsys, capsys.readouterr().out.strip())
    assert found["fields"]["current_time"] == "2020-03-16T17:14:47.000"
    assert found["fields"]["current_time_hex"] == "98B70E11100314"


def test_groups_are_lists_of_objects(capsys: pytest.CaptureFixture[str]) -> None:
    run("encode", "offline_card_query_reply", "--values", '{"cards": [{"physical_card_no": "D14B0A54"}]}')
    (found,) = decoded(capsys, capsys.readouterr().out.strip())
    assert found["fields"]["cards"] == [{"physical_card_no": "00000000D14B0A54", "query_result": 0}]


@pytest.mark.parametrize("frame", list(CATALOGUE), ids=lambda frame: frame.name)
def test_encode_takes_back_what_decode_gave(frame: Any, capsys: pytest.CaptureFixture[str]) -> None:
    wire = CATALOGUE.encode(frame.name, frame.sample(), b"\x1a\x03").hex().upper()
    (found,) = decoded(capsys, wire)
    assert run("encode", frame.name, "--values", json.dumps(found["fields"]), "--serial", found["serial"]) == 0
    assert capsys.readouterr().out.strip() == wire


def test_an_unknown_type_has_a_body_and_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = decoded(capsys, "68060000007701020000")
    assert (found["name"], found["frame_type"], found["body"], found["fields"]) == (None, "0x77", "0102", {})


def test_a_short_body_is_damage(capsys: pytest.CaptureFixture[str]) -> None:
    raw = build_frame(0x01, bytes(10))
    (found,) = decoded(capsys, raw.hex())
    assert (found["name"], found["ok"], found["fields"]) == ("login", False, {})
    assert found["damage"] == {"reason": "body_short", "offset": 0, "hex": raw.hex().upper()}


def test_an_encrypted_frame_is_damage_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = decoded(capsys, build_frame(0x03, bytes(9), flag=1).hex())
    assert (found["encrypted"], found["ok"], found["damage"]["reason"]) == (True, False, "encrypted")


def test_a_frame_whose_length_byte_is_wrong_is_read_as_far_as_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = decoded(capsys, "680E" + HEARTBEAT[4:])
    assert (found["ok"], found["length_ok"], found["crc"]["ok"]) == (False, False, True)
    assert (found["damage"]["reason"], found["fields"]["gun_no"]) == ("length", "01")


def test_the_table_shows_offsets_titles_readings_and_remarks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decode", CATALOGUE.encode("heartbeat", {"gun_no": "0A", "gun_status": 9}).hex()) == 0
    shown = capsys.readouterr().out
    for wanted in ("heartbeat 充电桩心跳包", "桩编码", "gun_status", "枪状态", "十六进制", "未列出 0x09", "CRC 正确"):
        assert wanted in shown


def test_tables_show_damage_and_unknown_types_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decode", "0102", HEARTBEAT[:-2] + "00", "6806000000770102", "E8E0") == 0
    shown = capsys.readouterr().out
    assert "garbage @0" in shown
    assert "crc @2" in shown
    assert "未知 (unknown)" in shown


def test_the_catalogue_lists_all_frames(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("frames") == 0
    shown = capsys.readouterr().out
    assert [frame.name for frame in CATALOGUE if frame.name not in shown or frame.title not in shown] == []


@pytest.mark.parametrize("frame", list(CATALOGUE), ids=lambda frame: frame.name)
def test_the_catalogue_shows_each_frame(frame: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("frames", f"0x{frame.code:02x}") == 0
    shown = capsys.readouterr().out
    assert frame.name in shown
    assert [field.name for field in frame.fields if field.name not in shown] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["decode", "68zz"], "line 1: 'z' at character 3"),
        (["decode", "680"], "3 hex digits make no whole bytes"),
        (["encode", "heartbeet"], "did you mean heartbeat"),
        (["encode", "0x77"], "no frame named '0x77'"),
        (["encode", "0x"], "no frame named '0x'"),
        (["frames", "0xZZ"], "no frame named"),
        (["encode", "heartbeat", "--values", "{"], "--values is no JSON"),
        (["encode", "heartbeat", "--values", "[]"], "--values takes an object"),
        (["encode", "heartbeat", "--serial", "123"], "--serial: 3 hex digits"),
        (["encode", "heartbeat", "--serial", "123456"], "--serial takes 4 hex digits"),
        (["encode", "heartbeat", "--values", '{"gun_status": 256}'], r"heartbeat\.gun_status cannot hold 256"),
        (["encode", "heartbeat", "--values", '{"gun": 1}'], "heartbeat has no field 'gun'"),
        (["encode", "realtime_data", "--values", '{"energy": 1.00001}'], "at most 4 places"),
        (["encode", "realtime_data", "--values", '{"energy": {"kWh": 1}}'], "at most 4 places"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(PersonError, match=sentence) as caught:
        run(*words)
    assert caught.value.text_zh


def test_the_codec_commands_load_neither_twisted_nor_sqlalchemy() -> None:
    code = (
        "import sys, argparse; from harness.cli_codec import add_commands; parser = argparse.ArgumentParser();"
        "add_commands(parser.add_subparsers()); args = parser.parse_args(['frames']); args.run(args);"
        "assert not {'twisted', 'sqlalchemy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_what_was_odd_but_kept_stands_under_remarks(capsys: pytest.CaptureFixture[str]) -> None:
    body = bytes.fromhex("320102000000010100AABB")
    (shown,) = decoded(capsys, build_frame(0x03, body, b"\0\1").hex())
    assert shown["ok"]
    assert shown["remarks"] == [{"field": "", "code": "surplus"}]
    assert shown["surplus"] == "AABB"
