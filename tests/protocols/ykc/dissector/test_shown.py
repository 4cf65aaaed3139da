"""What Wireshark shows of any frame, whole, split or joined, is what we read of it ourselves: bytes, values, words."""

import re
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from harness.core.fields import Field
from harness.core.message import Message
from harness.core.parts import Bits, BitsValue, Repeat
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.kinds import Cp56Time2a
from harness.protocols.ykc.lens import YkcLens
from harness.protocols.ykc.shown import gun_of, one_line
from tests.helpers.capture import Capture, cut
from tests.helpers.shark import Item, Shown, find_tshark, visible
from tests.protocols.ykc.dissector.bodies import frames_of

BODIES = 20
ELSEWHERE = 9100  # no port that anybody told the dissector of
SEED = 20_251_107
ENGLISH = 1

LENS = YkcLens()
CUT = " [truncated]"
BLANK = re.compile(r"[\t\n\r]")
PICTURE = re.compile(r"^[.01 ]+ = ")
NOT_OURS = ("ykc.sender", "ykc.summary", "ykc.pile_code", "ykc.gun_no", "ykc.transaction_serial")


def every_frame() -> list[bytes]:
    """Of each type, and of types that nobody knows."""
    random = Random(SEED)
    known = [raw for frame in CATALOGUE for raw in frames_of(frame, BODIES, random)]
    random.shuffle(known)
    return known


@pytest.fixture(scope="module")
def sent() -> list[bytes]:
    """The frames that go over each of the connections."""
    return every_frame()


@pytest.fixture(scope="module")
def shown(sent: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Shown]]:
    """What tshark shows of them, by how they were sent: one in a segment, split anywhere, many in a segment."""
    folder = tmp_path_factory.mktemp("shark")
    capture, random, stream = Capture(), Random(SEED), b"".join(sent)
    ways = {
        "whole": capture.talk(*sent, port=ELSEWHERE),
        "split": capture.talk(*cut(stream, random, 90)),
        "joined": capture.talk(*cut(stream, random, 1400)),
    }
    path = capture.write(folder / "every.pcap")
    found = find_tshark(folder).frames(path)
    by_way = {way: [each for each in found if each.packet in packets] for way, packets in ways.items()}
    english = find_tshark(folder, "en").frames(path, "-Y", f"tcp.port == {ELSEWHERE}")
    return {**by_way, "english": english}


@pytest.mark.parametrize("way", ["whole", "split", "joined"])
def test_every_frame_is_found_once_and_in_order(way: str, sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    assert len(sent) > BODIES * len(CATALOGUE)
    assert [each.raw for each in shown[way]] == sent


@pytest.mark.parametrize("way", ["whole", "split", "joined"])
def test_every_field_reads_as_we_read_it(way: str, sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    for raw, each in zip(sent, shown[way], strict=True):
        wanted = list(expected(raw))
        found = [as_read(item, *words) for item, (_, *words, _, _) in zip(ours_of(each), wanted, strict=True)]
        assert found == wanted, raw.hex()


def test_in_english_every_field_reads_as_our_english(sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    for raw, each in zip(sent, shown["english"], strict=True):
        wanted = list(expected(raw, ENGLISH))
        found = [as_read(item, *words) for item, (_, *words, _, _) in zip(ours_of(each), wanted, strict=True)]
        assert found == wanted, raw.hex()
        message = CATALOGUE.decode(raw)
        assert isinstance(message, Message)
        summary = f"Summary: {visible(one_line(message)[ENGLISH])}"
        assert in_full(each.item("ykc.summary").label, summary) == summary


def test_every_value_that_a_filter_compares_is_ours(sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    compared = 0
    for raw, each in zip(sent, shown["whole"], strict=True):
        for (name, value), item in zip(values_of(raw), fields_of(each), strict=True):
            assert (item.name, as_compared(item.value, value)) == (name, compared_by(value)), raw.hex()
            compared += 1
    assert compared > 10 * len(sent)


def test_every_remark_is_an_expert_information(sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    odd = 0
    for raw, each in zip(sent, shown["whole"], strict=True):
        found = sorted(text for item in each.items for text in item.remarks)
        wanted = sorted(remarks_of(raw))
        assert found == wanted, raw.hex()
        odd += len(wanted)
    assert odd > len(sent)


def test_the_summary_is_the_line_of_our_own_list(sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    for raw, each in zip(sent, shown["whole"], strict=True):
        message = CATALOGUE.decode(raw)
        assert isinstance(message, Message)
        summary = visible(one_line(message)[0])
        assert in_full(each.item("ykc.summary").label, f"摘要: {summary}") == f"摘要: {summary}", raw.hex()
        assert in_full(each.label, f"YKC {kind_of(raw)} · {summary}") == f"YKC {kind_of(raw)} · {summary}", raw.hex()


def test_one_filter_finds_all_of_a_pile_a_gun_and_a_charge(sent: list[bytes], shown: dict[str, list[Shown]]) -> None:
    for raw, each in zip(sent, shown["whole"], strict=True):
        message = CATALOGUE.decode(raw)
        assert isinstance(message, Message)
        common = {"pile_code": getattr(message.values, "pile_code", ""), "gun_no": gun_of(message)}
        common["transaction_serial"] = getattr(message.values, "transaction_serial", "")
        found = {item.name.removeprefix("ykc."): item.value for item in each.items if item.name in NOT_OURS[2:]}
        assert found == {name: value for name, value in common.items() if value}


def kind_of(raw: bytes) -> str:
    """The type as the tree names it."""
    return LENS.opened(raw).parts[4].reading[0]


def ours_of(shown: Shown) -> list[Item]:
    """The lines that stand for parts of the frame."""
    bodies = {f"ykc.{frame.name}" for frame in CATALOGUE}
    return [item for item in shown.items if item.name not in (*NOT_OURS, *bodies)]


def as_read(item: Item, wanted: str) -> tuple[str, str, int, int]:
    """Name, words and place; which bits are meant is drawn before their words."""
    label = wanted if item.name == "ykc.surplus" else in_full(item.label, wanted)
    return item.name, PICTURE.sub("", label), item.start, item.start + item.size


def in_full(label: str, wanted: str) -> str:
    """Wireshark cuts the longest lines: what is left of one has to be the beginning of what we want."""
    begin = label.removeprefix(CUT)
    return wanted if begin != label and len(begin) > 70 and wanted.startswith(begin) else label


def expected(raw: bytes, language: int = 0) -> Iterator[tuple[str, str, int, int]]:
    """The parts of a frame as the desk shows them."""
    opened = LENS.opened(raw)
    message = CATALOGUE.decode(raw)
    assert isinstance(message, Message)
    place = 0
    for part in opened.parts:
        name = re.sub(r"\[\d+\]", "", part.name)
        head = part.at is None or name == "surplus"
        name = f"ykc.{name}" if head else f"ykc.{message.name}.{name}"
        empty = isinstance(getattr(message.values, part.name, None), tuple | str) and is_empty(message, part.name)
        start, end = (place, place) if empty else (part.start, part.end)
        yield name, f"{part.title[language]}: {visible(part.reading[language])}", start, end
        place = end


def is_empty(message: Message, name: str) -> bool:
    """Is it a list or text of no bytes at all?"""
    frame = message.frame_type
    return frame is not None and frame.tail is frame.by_name[name] and not getattr(message.values, name)


def values_of(raw: bytes) -> Iterator[tuple[str, Any]]:
    """All values of a frame with the names that filters know."""
    message = CATALOGUE.decode(raw)
    assert isinstance(message, Message)
    assert message.frame_type is not None
    yield from _values(message.frame_type.fields, message.values, f"ykc.{message.name}")


def _values(fields: Any, values: Any, path: str) -> Iterator[tuple[str, Any]]:
    for field in fields:
        value = getattr(values, field.name)
        if value is None:
            continue
        if isinstance(field, Repeat):
            for item in value:
                yield from _values(field.fields, item, f"{path}.{field.name}")
            continue
        yield f"{path}.{field.name}", plain(field, value)
        if isinstance(field, Bits):
            for bit in field.bits:
                number = bit.of(value.raw)
                scaled = Decimal(number).scaleb(-bit.places) if bit.places else number
                yield f"{path}.{field.name}.{bit.name}", scaled


def plain(field: Field, value: Any) -> Any:
    if isinstance(value, BitsValue):
        return value.raw
    if isinstance(value, Decimal):
        return value
    return field.show(value) if isinstance(field, Cp56Time2a) else field.plain(value)


def compared_by(value: Any) -> str:
    """Our value as a filter compares it; tshark has its own way to write signs that nobody sees."""
    if isinstance(value, str):
        text = "" if value == "无 (none)" else BLANK.sub(" ", value)
        return re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\x{ord(found[0]):x}", text)
    return f"{float(value):.14g}"


def as_compared(shown: str, value: Any) -> str:
    """The same of what tshark shows."""
    if isinstance(value, str):
        return shown
    return f"{float(int(shown, 16) if shown.startswith('0x') else shown):.14g}"


def fields_of(shown: Shown) -> list[Item]:
    """The lines of single fields."""
    lists = {f"ykc.{frame.name}.{f.name}" for frame in CATALOGUE for f in frame.fields if isinstance(f, Repeat)}
    return [item for item in ours_of(shown) if item.name.count(".") > 1 and item.name not in lists]


def remarks_of(raw: bytes) -> Iterator[str]:
    """What we say is odd, as the dissector says it: of a field with its title."""
    message = CATALOGUE.decode(raw)
    assert isinstance(message, Message)
    titles = {part.name: part.title[0] for part in LENS.opened(raw).parts}
    for remark in message.remarks:
        yield f"{titles[remark.field]}: {remark.text_zh}" if remark.field else remark.text_zh
