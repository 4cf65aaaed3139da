"""Which bytes of a log are a frame, begin one, or go on with one."""

from __future__ import annotations

import pytest

from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.captured_bytes import begins, is_sound, spoilt, wrong_with
from harness.protocols.ykc.framing import OVERHEAD, build_frame
from tests.protocols.ykc.audit.test_captured import judged

FRAME = CATALOGUE.encode("heartbeat", {"pile_code": "32010600019236", "gun_no": "01"}, b"\1\0")
HEAD = FRAME[: OVERHEAD + 4]
WITHIN = build_frame(0x3B, bytes(20) + HEAD + bytes(20), b"\2\0")  # what looks like a frame begins within it
BEFORE, AFTER = WITHIN[: 6 + 20], WITHIN[6 + 20 :]


def changed(raw: bytes, place: int, value: int) -> bytes:
    return raw[:place] + bytes([value]) + raw[place + 1 :]


NO_FRAMES = {
    "nothing": b"",
    "too short": FRAME[:7],
    "cut": FRAME[:-1],
    "too long": FRAME + b"\0",
    "another first byte": changed(FRAME, 0, 0x67),
    "another length": changed(FRAME, 1, FRAME[1] + 1),
    "another checksum": changed(FRAME, -1 + len(FRAME), FRAME[-1] ^ 0xFF),
}


def test_a_frame_is_sound() -> None:
    assert is_sound(FRAME)
    assert begins(b"", FRAME)
    assert begins(BEFORE, FRAME)
    assert wrong_with(FRAME[:-2] + b"\0\0") == "crc"


@pytest.mark.parametrize("raw", NO_FRAMES.values(), ids=NO_FRAMES)
def test_anything_else_is_not(raw: bytes) -> None:
    assert not is_sound(raw)


def test_a_line_that_looks_like_the_beginning_of_a_frame_begins_one() -> None:
    assert begins(b"\x68", HEAD)
    assert begins(FRAME[:2], HEAD)
    assert begins(FRAME[:10], HEAD)


def test_a_line_that_makes_a_frame_whole_goes_on_with_it_however_it_looks() -> None:
    assert AFTER.startswith(HEAD)
    assert not begins(BEFORE, AFTER)
    assert begins(changed(BEFORE, 10, 0xFF), AFTER)  # together they make none
    assert begins(BEFORE, AFTER[:-1])  # nor do these


@pytest.mark.parametrize(
    "head",
    [HEAD[: OVERHEAD - 1], changed(HEAD, 0, 0x67), changed(HEAD, 4, 2), changed(HEAD, 5, 0xEE), b""],
    ids=["short", "first byte", "encryption", "type", "nothing"],
)
def test_a_line_that_does_not_look_like_one_goes_on(head: bytes) -> None:
    assert not begins(FRAME[:10], head)


def test_a_spoilt_frame_tells_what_it_would_say_when_it_has_the_form_of_one() -> None:
    read = spoilt(NO_FRAMES["another checksum"])
    assert read is not None
    assert read.name == "heartbeat"
    for name in set(NO_FRAMES) - {"another checksum"}:
        assert spoilt(NO_FRAMES[name]) is None, name
    assert spoilt(build_frame(0xEE, bytes(10), b"\0\0")) is None
    assert spoilt(build_frame(0x03, bytes(2), b"\0\0")) is None


def test_what_is_wrong_with_bytes_that_hold_a_frame() -> None:
    wrong = {name: wrong_with(raw) for name, raw in NO_FRAMES.items()}
    told = {name: what for name, what in wrong.items() if what}
    assert told == {"too long": "length", "another length": "length", "another checksum": "crc"}


def test_a_log_with_one_byte_too_many_before_a_line_that_is_cut_is_judged() -> None:
    heads = [FRAME, FRAME + b"\x68", HEAD, FRAME]
    found = judged("".join(f"2026-04-17 12:00:0{n} 发送 {raw.hex(' ')}\n" for n, raw in enumerate(heads)))
    assert (found.frames, found.rest) == (3, {"cut_off": 1 + len(HEAD)})
