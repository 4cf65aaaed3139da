"""Frames from outside: captures, recordings and samples read as their sources state."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
import yaml

from harness.core.message import Damage, Message
from harness.data import data_root
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import HEADER, REASONS, Framer, RawFrame
from harness.protocols.ykc.reading import as_json, pieces

FOLDER = data_root() / "fixtures" / "ykc"
VECTORS = [json.loads(line) for line in (FOLDER / "public.jsonl").read_text(encoding="utf-8").splitlines()]
WORDS = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
SAMPLES = yaml.safe_load((FOLDER / "samples.yaml").read_text(encoding="utf-8"))
CUT_BY_HAND = ("01-10", "13-04")

sound = [each for each in VECTORS if each["length_ok"] and each["crc_ok_order"] != "none"]
broken = [each for each in VECTORS if each not in sound]
stated = [each for each in VECTORS if each["decoded"]]


def by_id(vectors: list[Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["id"])


def raw_of(vector: Any) -> bytes:
    return bytes.fromhex(vector["hex"])


def test_nothing_of_the_collection_is_missing() -> None:
    assert (len(VECTORS), len(sound), len(stated), len(SAMPLES)) == (238, 112, 18, 55)


@by_id(sound)
def test_a_frame_with_right_length_and_crc_is_read(vector: Any) -> None:
    raw = raw_of(vector)
    found = CATALOGUE.decode(raw)
    if vector["id"] in CUT_BY_HAND:
        assert isinstance(found, Damage)
        assert found.reason == "body_short"
        return
    assert isinstance(found, Message)
    assert found.name == CATALOGUE.by_code(int(vector["frame_type"], 16)).name  # type: ignore[union-attr]
    assert found.sender == {"up": "pile", "down": "platform"}[vector["direction"]]
    assert found.serial.hex().upper() == vector["seq"]
    swapped = "crc_high_first" in [remark.code for remark in found.remarks]
    assert swapped == (vector["crc_ok_order"] == "BE")
    again = CATALOGUE.encode(found.name, found.values, found.serial)
    assert again[:-2] == (raw[:-2] if "surplus" not in [each.code for each in found.remarks] else again[:-2])


@by_id(broken)
def test_every_other_frame_becomes_damage_with_a_reason(vector: Any) -> None:
    raw = raw_of(vector)
    found = CATALOGUE.decode(raw)
    assert isinstance(found, Damage)
    assert found.reason in REASONS
    assert found.raw == raw
    (shown,) = [as_json(piece) for piece in pieces(CATALOGUE, raw)]
    assert not shown["ok"]
    assert shown["damage"]["reason"] == found.reason
    assert shown["length_ok"] == vector["length_ok"]


@by_id(VECTORS)
def test_the_framer_passes_sound_frames_only(vector: Any) -> None:
    framer = Framer()
    found = framer.feed(raw_of(vector), 0.0)
    while (deadline := framer.next_deadline()) is not None:
        found += framer.wake(deadline)
    assert [each.raw for each in found if isinstance(each, RawFrame)] == ([raw_of(vector)] if vector in sound else [])
    assert b"".join(each.raw for each in found) == raw_of(vector)


@by_id(stated)
def test_what_a_source_states_of_its_frame_is_what_we_read(vector: Any) -> None:
    found = CATALOGUE.decode(raw_of(vector))
    assert isinstance(found, Message)
    frame = CATALOGUE.by_name(found.name)
    rows = {row.name: row.raw.hex() for row in frame.rows(found.values, found.raw[HEADER:-2])}
    plain = frame.plain(found.values)
    for word, statement in vector["decoded"].items():
        name = WORDS["raw"].get(word) or WORDS["fields"][word]
        values = [plain[name]] if word in WORDS["fields"] else []
        agreed = agrees(statement, rows[name], values)
        assert agreed != (word in WORDS["mistakes"].get(vector["id"], {})), (word, statement, plain[name])


def agrees(statement: Any, wire: str, values: list[Any]) -> bool:
    """Does a statement such as `1.6`, `5f08 (214.3 V)`, `03 充电`, `ENABLE` or `1 (.. wrote 0x1E ..)` fit?"""
    statement = WORDS["values"].get(statement, statement)
    head, _, rest = str(statement).partition(" ")
    if head.endswith("..."):
        return any(str(value).startswith(head[:-3]) for value in values)
    reading = re.match(r"\((-?[\d.]+)( |\))", rest)
    if reading and not any(number(reading[1]) == number(value) for value in values):
        return False
    raw = int.from_bytes(bytes.fromhex(wire), "little")
    same = head.upper() == wire.upper() or any(
        head.upper() == str(each).upper() or number(head) == number(each, -1) for each in values or [raw]
    )
    return same or any(int(each, 16) == raw for each in re.findall(r"0x([0-9A-F]+)", rest))


def number(value: Any, otherwise: int = -2) -> Decimal:
    """A number if it is one."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(otherwise)


def test_a_statement_that_is_wrong_does_not_agree() -> None:
    assert agrees("5f08 (214.3 V)", "5f08", ["214.3"])
    assert not agrees("5f08 (214.4 V)", "5f08", ["214.3"])
    assert not agrees("5f09", "5f08", ["214.3"])
    assert not agrees("1 (encoder wrote 0x1F)", "1e", [30])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_the_samples_of_the_document_read_as_it_says(sample: Any) -> None:
    (piece,) = pieces(CATALOGUE, bytes.fromhex(sample["hex"]))
    shown = as_json(piece)
    assert (shown["ok"], shown["name"]) == (True, sample["name"])
    wanted = sample.get("fields", {})
    assert {name: shown["fields"][name] for name in wanted} == wanted
    assert (
        CATALOGUE.encode(sample["name"], shown["fields"], bytes.fromhex(shown["serial"])).hex().upper() == sample["hex"]
    )
