"""Logs of vendors: what stands in a line besides hex, and what the hex looks like."""

from __future__ import annotations

import json

import pytest

from harness.core.capture import Hole, Piece
from tests.captures.reading import happened, opened, pieces

BEAT = "680D00010003320102000000010100F11A"
ANSWER = "680D0001000432010200000001010040C0"
SPACED = " ".join(BEAT[at : at + 2] for at in range(0, len(BEAT), 2))
DATA = bytes.fromhex(BEAT)


@pytest.mark.parametrize(
    "shape",
    [
        BEAT,
        BEAT.lower(),
        SPACED,
        f"  {SPACED}  ",
        SPACED.replace(" ", ","),
        SPACED.replace(" ", ", "),
        SPACED.replace(" ", "-"),
        SPACED.replace(" ", ":"),
        "0x" + BEAT,
        "0x" + SPACED.replace(" ", " 0x"),
        "0x" + SPACED.replace(" ", ",0x"),
        "[0x" + SPACED.replace(" ", ", 0x") + "]",
        "\\x" + SPACED.replace(" ", "\\x"),
        "68 0D 0001 00 03 32010200000001 01 00 F11A",
        f'"{BEAT}"',
        f"{BEAT}H",
        f"data={BEAT};",
        f"报文{BEAT}。",
        f"len=17 crc=F11A pile 32010200000001: {SPACED} (heartbeat, gun 01)",
    ],
)
def test_hex_of_every_shape_is_read(shape: str) -> None:
    assert [piece.data for piece in pieces(shape)] == [DATA]


@pytest.mark.parametrize(
    ("before", "way"),
    [
        ("发送", "out"),
        ("[接收]", "in"),
        ("收到报文：", "in"),
        ("上行", "up"),
        ("下行：", "down"),
        ("平台下发", "down"),
        ("send", "out"),
        ("SEND:", "out"),
        ("recv(17)", "in"),
        ("Received", "in"),
        ("TX", "out"),
        ("RX>", "in"),
        ("up", "up"),
        ("down", "down"),
        ("-->", "out"),
        ("<--", "in"),
        (">>>", "out"),
        ("<<", "in"),
        ("桩->平台", "up"),
        ("平台 --> 桩", "down"),
        ("充电桩→平台：", "up"),
        ("server->charger", "down"),
        ("client => server", "up"),
        ("[tcp-recv-3] c.x.Link - send", "out"),
        ("【发】", "out"),
        ("", ""),
        ("setup updated", ""),
    ],
)
def test_the_word_before_the_hex_tells_the_way(before: str, way: str) -> None:
    assert [piece.way for piece in pieces(f"10:00:01.5 {before} {SPACED}")] == [way]


def test_the_word_may_stand_behind() -> None:
    assert pieces(f"{BEAT} 上行")[0].way == "up"


def test_times_count_from_the_first_line() -> None:
    found = pieces(f"10:00:01.5 send {BEAT}\n10:00:03 recv {ANSWER}\n")
    assert [(piece.at, piece.way, piece.place) for piece in found] == [(0.0, "out", 1), (1.5, "in", 2)]


def test_the_time_may_stand_behind_the_hex() -> None:
    assert [piece.at for piece in pieces(f"{BEAT},10:00:01\n{ANSWER},10:00:02\n")] == [0.0, 1.0]


def test_a_log_without_times_has_none() -> None:
    assert [piece.at for piece in pieces(f"send {BEAT}\nrecv {ANSWER}\n")] == [None, None]


def test_one_time_in_a_head_is_no_time_of_the_frames() -> None:
    lines = [f"log of 2026-04-17 10:00:01, {BEAT}", *[BEAT] * 20]
    assert {piece.at for piece in pieces("\n".join(lines))} == {None}


def test_a_line_here_and_there_without_time_takes_that_of_the_line_before() -> None:
    lines = [f"10:00:{second:02d} {BEAT}" for second in range(20)]
    lines[10] = BEAT
    assert [piece.at for piece in pieces("\n".join(lines))][9:12] == [9.0, 9.0, 11.0]


def test_time_and_way_may_stand_on_the_line_above() -> None:
    text = f"10:00:01 接收 17 字节\n{SPACED}\n\n10:00:02 发送 17 字节\n{ANSWER}\n"
    assert [(piece.at, piece.way) for piece in pieces(text)] == [(0.0, "in"), (1.0, "out")]


@pytest.mark.parametrize("words", ["sending of the record was put off", "已发送给后台的记录共三条，稍后再接收它的应答"])
def test_words_without_a_time_are_about_something_else(words: str) -> None:
    assert [piece.way for piece in pieces(f"{words}\n{BEAT}\n10:00:01 {BEAT}\n")] == ["", ""]


def test_what_stands_above_holds_no_longer_than_to_the_next_words() -> None:
    text = f"10:00:01 接收\n{SPACED}\ncharging 12 kW\n{ANSWER}\n"
    assert [piece.way for piece in pieces(text)] == ["in", ""]


def test_a_frame_may_run_over_several_lines() -> None:
    text = f"{SPACED[:24]}\n{SPACED[24:]}\n"
    assert b"".join(piece.data for piece in pieces(text)) == DATA


def test_a_drawn_dump_is_read() -> None:
    text = (
        "10:00:01.250 DEBUG [id: 0x6f2a] READ: 17B\n"
        "         +-------------------------------------------------+\n"
        "         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |\n"
        "+--------+-------------------------------------------------+----------------+\n"
        "|00000000| 68 0d 00 01 00 03 32 01 02 00 00 00 01 01 00 f1 |h.....2.........|\n"
        "|00000010| 1a                                              |.               |\n"
        "+--------+-------------------------------------------------+----------------+\n"
    )
    found = pieces(text)
    assert b"".join(piece.data for piece in found) == DATA
    assert {(piece.at, piece.way) for piece in found} == {(0.0, "in")}


def test_a_plain_dump_is_read() -> None:
    text = "0000   68 0d 00 01 00 03 32 01 02 00 00 00 01 01 00 f1   h.....2.........\n0010   1a   .\n"
    assert b"".join(piece.data for piece in pieces(text)) == DATA


def test_two_frames_on_a_line_are_both_read() -> None:
    assert pieces(f"recv {BEAT} | {ANSWER}")[0].data == DATA + bytes.fromhex(ANSWER)


def test_lines_of_words_are_counted_and_passed_over() -> None:
    capture = opened(f"INFO booting, firmware 6.8\n{BEAT}\nWARN battery 68 %\n\n")
    assert len(list(capture.happenings)) == 1
    assert dict(capture.tally.counts) == {"other_lines": 2}


def test_hex_with_a_wrong_letter_is_counted() -> None:
    capture = opened(f"{BEAT}\n{BEAT[:20]}O{BEAT[21:]}\n")
    assert [type(happening) for happening in capture.happenings] == [Piece, Hole]
    assert capture.tally.counts["broken_lines"] == 1
    assert capture.tally.counts["broken_bytes"] == 16


def test_a_clock_that_is_set_is_a_hole() -> None:
    text = f"2000-01-01 00:00:10 {BEAT}\n2026-04-17 10:00:01 {BEAT}\n2026-04-17 10:00:05 {BEAT}\n"
    found = happened(text)
    assert [type(each).__name__ for each in found] == ["Piece", "Hole", "Piece", "Piece"]
    assert isinstance(found[1], Hole)
    assert found[-1].at == 4.0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_of_every_encoding_is_read(encoding: str, end: str) -> None:
    text = end.join([f"10:00:01 接收 {BEAT}", f"10:00:02 发送 {ANSWER}", ""])
    assert [(piece.at, piece.way) for piece in pieces(text.encode(encoding))] == [(0.0, "in"), (1.0, "out")]


@pytest.mark.parametrize("separator", ["", " "])
def test_a_line_of_megabytes_is_read_in_parts(separator: str) -> None:
    line = separator.join(BEAT[at : at + 2] for at in range(0, len(BEAT), 2)) + separator
    found = pieces(line * 20_000)
    assert b"".join(piece.data for piece in found) == DATA * 20_000
    assert len(found) > 1


def test_lines_of_json_are_read() -> None:
    lines = [
        json.dumps({"ts": "2026-04-17T10:00:01Z", "dir": "up", "raw": SPACED}),
        json.dumps({"timestamp": 1776420003500, "direction": "down", "data": ANSWER, "len": 17}),
        json.dumps({"time": "2026-04-17T10:00:04Z", "方向": "平台", "报文": ANSWER}, ensure_ascii=False),
        '{"level": "info"}',
    ]
    found = pieces("\n".join(lines))
    assert [(piece.at, piece.way) for piece in found] == [(0.0, "up"), (2.5, "down"), (3.0, "down")]


def test_hex_that_begins_no_frame_is_not_sure() -> None:
    assert [(piece.sure, piece.data) for piece in pieces("DE AD BE EF\n" + BEAT)] == [
        (False, b"\xde\xad\xbe\xef"),
        (True, DATA),
    ]


def test_a_log_of_which_half_the_lines_have_times_is_timed_there() -> None:
    timed = [f"2026-04-17 10:00:{second:02d} {BEAT}" for second in range(40)]
    happenings = list(opened("\n".join([*timed, *[BEAT] * 40]) + "\n").happenings)
    assert [each.why for each in happenings if isinstance(each, Hole)] == ["times"]
    assert [each.at is not None for each in happenings if isinstance(each, Piece)] == [True] * 40 + [False] * 40
