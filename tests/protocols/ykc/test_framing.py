"""The framer finds every sound frame, whatever lies around it and however it is cut, and tells what it dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import Misfit
from harness.core.message import Damage
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import LONGEST_DAMAGE, PATIENCE, REASONS, Framer, RawFrame, build_frame

HEARTBEAT = bytes.fromhex("680D00010003320102000000010100F11A")
SAMPLES = [CATALOGUE.encode(frame.name, frame.sample()) for frame in CATALOGUE]

pieces = st.one_of(
    st.sampled_from(SAMPLES),
    st.binary(max_size=40),
    st.sampled_from([b"\x68", b"\x68\xff", b"\x68\x00", HEARTBEAT[:-1], HEARTBEAT[:-1] + b"\0", HEARTBEAT[:9]]),
)
streams = st.lists(pieces, max_size=12).map(b"".join)


def whole(stream: bytes) -> list[RawFrame | Damage]:
    """All that is found when the stream comes at once and then nothing more."""
    framer = Framer()
    return framer.feed(stream, 0.0) + to_the_end(framer)


def bytewise(stream: bytes) -> list[RawFrame | Damage]:
    """The same, one byte at a time."""
    framer = Framer()
    return [found for at in range(len(stream)) for found in framer.feed(stream[at : at + 1], 0.0)] + to_the_end(framer)


def to_the_end(framer: Framer) -> list[RawFrame | Damage]:
    """Wake the framer whenever it asks, until nothing is left."""
    out: list[RawFrame | Damage] = []
    while (deadline := framer.next_deadline()) is not None:
        out += framer.wake(deadline)
    return out


def frames(found: list[RawFrame | Damage]) -> list[bytes]:
    return [each.raw for each in found if isinstance(each, RawFrame)]


def damage(found: list[RawFrame | Damage]) -> list[tuple[str, int, bytes]]:
    return [(each.reason, each.offset, each.raw) for each in found if isinstance(each, Damage)]


@given(streams)
def test_one_byte_at_a_time_is_the_same_as_all_at_once(stream: bytes) -> None:
    assert bytewise(stream) == whole(stream)


@given(streams, st.data())
def test_any_cut_is_the_same_as_all_at_once(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    framer = Framer()
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += framer.feed(stream[start:end], 0.0)
    assert found + to_the_end(framer) == whole(stream)


@given(streams)
def test_every_byte_ends_up_in_one_frame_or_one_damage(stream: bytes) -> None:
    found = whole(stream)
    assert b"".join(each.raw for each in found) == stream
    place = 0
    for each in found:
        assert each.offset == place
        place += len(each.raw)
    assert {each.reason for each in found if isinstance(each, Damage)} <= set(REASONS)


@given(st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\x68", b"\x67")), min_size=55, max_size=55))
def test_every_frame_type_is_found_between_rubbish(rubbish: list[bytes]) -> None:
    stream = b"".join(junk + frame for junk, frame in zip(rubbish, SAMPLES, strict=True))
    assert frames(whole(stream)) == SAMPLES


def test_a_frame_in_two_packets_is_whole_when_the_second_came() -> None:
    framer = Framer()
    assert framer.feed(HEARTBEAT[:16], 10.0) == []
    assert framer.next_deadline() == 10.0 + PATIENCE
    assert framer.wake(14.9) == []
    assert frames(framer.feed(HEARTBEAT[16:], 14.9)) == [HEARTBEAT]
    assert framer.next_deadline() is None


def test_a_lone_start_does_not_hold_back_the_good_heartbeats_behind_it() -> None:
    framer = Framer()
    assert framer.feed(b"\x68\xff", 0.0) == []
    assert framer.feed(HEARTBEAT, 1.0) == []
    assert framer.feed(HEARTBEAT, 2.0) == []
    found = framer.wake(5.0)
    assert damage(found) == [("unfinished", 0, b"\x68\xff")]
    assert frames(found) == [HEARTBEAT, HEARTBEAT]
    assert framer.next_deadline() is None


def test_what_lies_behind_an_unfinished_frame_has_its_own_five_seconds() -> None:
    framer = Framer()
    framer.feed(b"\x68\xff", 0.0)
    framer.feed(HEARTBEAT[:8], 3.0)
    assert damage(framer.wake(5.0)) == [("unfinished", 0, b"\x68\xff")]
    assert framer.next_deadline() == 8.0
    assert frames(framer.feed(HEARTBEAT[8:], 7.9)) == [HEARTBEAT]


def test_bytes_that_arrive_at_the_very_deadline_are_in_time() -> None:
    framer = Framer()
    framer.feed(HEARTBEAT[:8], 0.0)
    assert frames(framer.feed(HEARTBEAT[8:], PATIENCE)) == [HEARTBEAT]


def test_rubbish_is_told_at_the_latest_after_five_seconds() -> None:
    framer = Framer()
    assert framer.feed(b"\1\2", 0.0) == []
    assert framer.feed(b"\3", 1.0) == []
    assert framer.next_deadline() == 5.0
    assert damage(framer.wake(5.0)) == [("garbage", 0, b"\1\2\3")]


def test_a_wrong_crc_is_one_damage_and_the_next_frame_is_found() -> None:
    bad = HEARTBEAT[:-1] + b"\0"
    found = whole(bad + bad + HEARTBEAT)
    assert damage(found) == [("crc", 0, bad), ("crc", 17, bad)]
    assert frames(found) == [HEARTBEAT]


def test_a_frame_inside_the_length_of_a_broken_one_is_found() -> None:
    found = whole(b"\x68\x20" + HEARTBEAT + bytes(30))
    assert frames(found) == [HEARTBEAT]
    assert damage(found) == [("crc", 0, b"\x68\x20"), ("garbage", 19, bytes(30))]


def test_a_length_byte_below_four_is_damage() -> None:
    found = whole(b"\x68\x03" + HEARTBEAT)
    assert damage(found) == [("length", 0, b"\x68\x03")]
    assert frames(found) == [HEARTBEAT]


def test_length_bytes_up_to_255_are_taken() -> None:
    longest = build_frame(0x44, bytes(251))
    assert longest[1] == 255
    assert frames(whole(longest + HEARTBEAT)) == [longest, HEARTBEAT]
    with pytest.raises(Misfit):
        build_frame(0x44, bytes(252))


def test_either_byte_order_of_the_crc_is_taken_and_told() -> None:
    swapped = HEARTBEAT[:-2] + HEARTBEAT[:-3:-1]
    orders = [each.crc_order for each in whole(HEARTBEAT + swapped) if isinstance(each, RawFrame)]
    assert orders == ["low", "high"]
    message = CATALOGUE.decode(swapped)
    assert [remark.code for remark in message.remarks] == ["crc_high_first"]  # type: ignore[union-attr]


def test_a_frame_says_what_its_header_says() -> None:
    (found,) = whole(b"\0" + bytes.fromhex("680D36000004550314127823050100") + b"\x64\x22")[1:]
    assert found == RawFrame(found.raw, 0x04, b"\x36\x00", 0, "low", 1)


def test_a_flood_of_rubbish_is_told_in_parts() -> None:
    framer = Framer()
    found = framer.feed(bytes(3 * LONGEST_DAMAGE), 0.0)
    assert [len(each.raw) for each in found] == [LONGEST_DAMAGE] * 3
    assert framer.next_deadline() is None
