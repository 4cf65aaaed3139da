"""What holds for every frame type of the catalogue."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.frame import FrameType
from harness.core.layout import Layout, values_type
from harness.core.message import Damage, Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import build_frame

FRAMES = list(CATALOGUE)
every_frame = pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.name)
FIXED = [frame for frame in FRAMES if frame.tail is None]


def bodies(frame: FrameType) -> st.SearchStrategy[bytes]:
    """Any body of a right length."""
    if frame.tail is None:
        sizes = st.sampled_from([frame.length, *frame.tolerated])
        return sizes.flatmap(lambda size: st.binary(min_size=size, max_size=size))
    unit = getattr(frame.tail, "item_length", 1)
    return st.integers(0, 200 // unit).flatmap(lambda count: counted(frame, count, unit))


def counted(frame: FrameType, count: int, unit: int) -> st.SearchStrategy[bytes]:
    """Any body with so many items at its end; its count says so."""
    size = frame.head + count * unit
    body = st.binary(min_size=size, max_size=size)
    assert frame.tail is not None
    if frame.tail.count == "rest":
        return body
    place = frame.place_of(str(frame.tail.count))
    return body.map(lambda raw: raw[:place] + bytes([count]) + raw[place + 1 :])


def read(frame: FrameType, body: bytes) -> Message:
    message = CATALOGUE.decode(build_frame(frame.code, body))
    assert isinstance(message, Message)
    assert message.name == frame.name
    return message


def test_all_types_of_the_document_and_the_qr_dialects_are_there() -> None:
    assert len([frame for frame in FRAMES if frame.section]) == 51
    assert [frame.code for frame in FRAMES if frame.dialect] == [0x59, 0x5A, 0xF0, 0xF1]
    assert len(FIXED) == 51 - 5 + 3


@every_frame
def test_the_declaration_is_of_one_piece(frame: FrameType) -> None:
    names = [field.name for field in frame.fields]
    assert len(names) == len(set(names))
    assert all(field.title for field in frame.fields)
    assert frame.sender == ("pile" if frame.code % 2 else "platform")
    if frame.answered_by:
        assert CATALOGUE.by_name(frame.answered_by).sender != frame.sender


@every_frame
def test_a_sample_comes_back_as_it_went(frame: FrameType) -> None:
    sample = frame.sample()
    assert frame.decode(frame.encode(sample)) == sample
    assert read(frame, frame.encode(sample)).values == sample


@every_frame
@settings(max_examples=40)
@given(data=st.data())
def test_any_body_of_the_right_length_comes_back_byte_for_byte(frame: FrameType, data: st.DataObject) -> None:
    body = data.draw(bodies(frame))
    assert frame.encode(read(frame, body).values) == body


@every_frame
@settings(max_examples=40)
@given(data=st.data())
def test_json_of_any_body_is_read_back_to_the_same_bytes(frame: FrameType, data: st.DataObject) -> None:
    body = data.draw(bodies(frame))
    fields = json.loads(json.dumps(frame.plain(read(frame, body).values)), parse_float=Decimal)
    assert frame.encode(fields) == body


@every_frame
@settings(max_examples=40)
@given(data=st.data())
def test_any_body_can_be_shown_and_remarked_and_no_byte_is_missing(frame: FrameType, data: st.DataObject) -> None:
    body = data.draw(bodies(frame))
    message = read(frame, body)
    rows = list(frame.rows(message.values, body))
    shown = {row.offset + place: byte for row in rows for place, byte in enumerate(row.raw)}
    assert bytes(shown[place] for place in range(len(body))) == body
    assert all(remark.code and remark.text_zh and remark.text_en for remark in message.remarks)


@every_frame
@settings(max_examples=40)
@given(data=st.data())
def test_a_longer_body_is_read_with_a_remark(frame: FrameType, data: st.DataObject) -> None:
    unit = getattr(frame.tail, "item_length", 2)
    surplus = data.draw(st.binary(min_size=1, max_size=unit - 1))
    body = data.draw(bodies(frame).filter(lambda body: len(body) == frame.length or frame.tail is not None))
    if len(body + surplus) in frame.read_as:
        return
    message = CATALOGUE.decode(build_frame(frame.code, body + surplus))
    assert isinstance(message, Message)
    assert frame.encode(message.values) == body
    assert "surplus" in [remark.code for remark in message.remarks]


@every_frame
def test_a_shorter_body_is_damage(frame: FrameType) -> None:
    least = min([frame.head, *frame.tolerated])
    if frame.shrinks:
        least = frame.head - frame.fields[-1].length + 1
    for size in set(range(frame.head)) - set(frame.tolerated) - set(range(least, frame.head) if frame.shrinks else ()):
        damage = CATALOGUE.decode(build_frame(frame.code, bytes(size)))
        assert isinstance(damage, Damage)
        assert damage.reason == "body_short"


@pytest.mark.parametrize("frame", FIXED, ids=lambda frame: frame.name)
@settings(max_examples=40)
@given(data=st.data())
def test_a_whole_frame_reads_like_its_fields_one_by_one(frame: FrameType, data: st.DataObject) -> None:
    body = data.draw(st.binary(min_size=frame.length, max_size=frame.length))
    values = frame.unpack(body, 0)
    place = 0
    for field in frame.fields:
        alone = Layout(field.name, values_type(field.name, [field]), [field], refuse)
        assert getattr(alone.unpack(body, place), field.name) == getattr(values, field.name)
        place += field.length
    assert place == frame.length


def refuse(values: Any) -> bytes:
    raise AssertionError(values)


def test_a_frame_with_no_card_in_its_balance_reply_is_read() -> None:
    message = read(CATALOGUE.by_name("balance_update_reply"), bytes.fromhex("3201060001923600"))
    assert message.values.physical_card_no is None
    assert message.values.update_result == 0


def test_a_start_confirm_as_long_as_a_parallel_one_is_read_as_such() -> None:
    body = CATALOGUE.by_name("parallel_start_confirm").encode({"pile_code": "32010600019236", "auth_success": 1})
    message = CATALOGUE.decode(build_frame(0x32, body))
    assert isinstance(message, Message)
    assert message.name == "parallel_start_confirm"
    assert "read_as" in [remark.code for remark in message.remarks]


def test_a_shorter_qr_text_is_read() -> None:
    message = read(CATALOGUE.by_name("qr_set"), bytes.fromhex("3201060001923601") + b"https://ex.cn/q/1")
    assert message.values.qr_content == "https://ex.cn/q/1"
    assert "tolerated_length" in [remark.code for remark in message.remarks]


def test_counts_count_unless_they_are_given() -> None:
    cards = [{"physical_card_no": "D14B0A54"}, {"physical_card_no": "E14C0A54"}]
    frame = CATALOGUE.by_name("offline_card_clear")
    assert frame.encode({"cards": cards})[7] == 2
    assert frame.encode({"cards": cards, "card_count": 9})[7] == 9
    assert CATALOGUE.by_name("qr_prefix_set").make(qr_prefix="https://ex.cn/q/").prefix_length == 16


def test_an_unknown_type_is_a_message_without_a_name() -> None:
    message = CATALOGUE.decode(build_frame(0x77, b"\1\2"))
    assert isinstance(message, Message)
    assert (message.name, message.values.body, message.sender) == ("", b"\1\2", "pile")
    assert [remark.code for remark in message.remarks] == ["unknown_type"]


def test_an_encrypted_frame_is_damage() -> None:
    assert CATALOGUE.decode(build_frame(0x03, bytes(9), flag=1)).reason == "encrypted"  # type: ignore[union-attr]
