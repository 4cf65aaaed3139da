"""Where fields stand in a frame: flip a byte there and that field alone reads otherwise."""

import ast
from pathlib import Path

import pytest

from harness import engine
from harness.core.frame import FrameType
from harness.core.message import Message
from harness.core.ports import PLACE_WORDS
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import HEADER, OVERHEAD, build_frame
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.places import MEANS
from harness.protocols.ykc.roles import RESULTS

LANGUAGE = YkcLanguage()
ALL = [pytest.param(frame, id=frame.name) for frame in CATALOGUE]


def message(frame: FrameType, body: bytes) -> Message:
    read = LANGUAGE.read(build_frame(frame.code, body, b"\0\0"))
    assert isinstance(read, Message)
    return read


def body_of(frame: FrameType) -> bytes:
    return bytes(frame.encode(frame.sample()))


@pytest.mark.parametrize("frame", ALL)
def test_the_places_of_all_fields_follow_each_other_and_cover_the_body(frame: FrameType) -> None:
    read = message(frame, body_of(frame))
    places = [place for field in frame.fields for place in LANGUAGE.places(read, field.name)]
    assert [place.start for place in places] == [HEADER, *(place.end for place in places[:-1])]
    assert places[-1].end == len(read.raw) - OVERHEAD + HEADER


@pytest.mark.parametrize("frame", ALL)
def test_a_byte_that_changes_changes_the_field_that_stands_there_and_no_other(frame: FrameType) -> None:
    body = body_of(frame)
    before = message(frame, body)
    counts = {frame.tail.count} if frame.tail else set()  # when one changes, all that it counts moves
    for field in [field for field in frame.fields if field.name not in counts]:
        for _, start, _ in LANGUAGE.places(before, field.name):
            at = start - HEADER
            after = message(frame, body[:at] + bytes((body[at] ^ 1,)) + body[at + 1 :])
            changed = [f.name for f in frame.fields if getattr(after.values, f.name) != getattr(before.values, f.name)]
            assert changed in ([field.name], []), field.name  # a bit that means nothing changes nothing


def test_fields_that_a_shorter_body_leaves_out_stand_nowhere_and_the_others_where_they_are() -> None:
    for frame in CATALOGUE:
        for size, absent in frame.tolerated.items():
            read = message(frame, bytes(size))
            places = [place for field in frame.fields for place in LANGUAGE.places(read, field.name)]
            assert [place.field for place in places] == [f.name for f in frame.fields if f.name not in absent]
            assert places[-1].end == HEADER + size


def test_every_word_means_fields_of_some_frame() -> None:
    known = {field.name for frame in CATALOGUE for field in frame.fields}
    assert {name for names in MEANS.values() for name in names} - known == set()


def test_the_result_of_a_reply_stands_where_it_says_yes_or_no() -> None:
    for name, (field, _) in RESULTS.items():
        frame = CATALOGUE.by_name(name)
        assert LANGUAGE.places(message(frame, body_of(frame)), "result")[0].field == field


def test_a_bit_stands_where_its_number_does() -> None:
    frame = CATALOGUE.by_name("realtime_data")
    read = message(frame, body_of(frame))
    (place,) = LANGUAGE.places(read, "hardware_fault.emergency_stop")
    assert [place] == LANGUAGE.places(read, "estop")
    assert (place.field, place.end - place.start) == ("hardware_fault", 2)


def test_what_a_frame_does_not_have_stands_nowhere() -> None:
    frame = CATALOGUE.by_name("heartbeat")
    assert LANGUAGE.places(message(frame, body_of(frame)), "serial") == []


def test_every_frame_names_its_section() -> None:
    assert LANGUAGE.section("transaction_record") == "§8.7"
    assert LANGUAGE.section("qr_set") == "§二维码设置"
    assert all(LANGUAGE.section(frame.name) for frame in CATALOGUE)


def test_every_word_a_finding_may_cite_stands_in_some_frame_and_no_other_word_is_known() -> None:
    read = [message(frame, body_of(frame)) for frame in CATALOGUE]
    assert set(MEANS) <= set(PLACE_WORDS)
    assert [word for word in PLACE_WORDS if not any(LANGUAGE.places(each, word) for each in read)] == []


def test_what_the_checks_cite_is_a_word_or_a_field() -> None:
    known = {*PLACE_WORDS, *(field.name for frame in CATALOGUE for field in frame.fields)}
    cited = {
        word.value
        for path in Path(engine.__path__[0]).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.keyword) and call.arg == "fields"
        for words in ast.walk(call.value)
        if isinstance(words, ast.List)
        for word in words.elts
        if isinstance(word, ast.Constant)
    }
    assert {"serial", "energies"} <= cited
    assert cited - known == set()
