"""JSON as people save it: arrays on one line or indented, objects over several lines, objects within others."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.captures.lines import Line
from harness.captures.objects import MOST, are_objects, objects_of
from tests.captures.reading import opened, pieces

BEAT = "680D00010003320102000000010100F11A"
FIRST = datetime(2026, 4, 17, 10)
OBJECTS: list[dict[str, Any]] = [
    {"time": f"{FIRST + timedelta(seconds=10 * n)}", "direction": "up" if n % 2 else "down", "hex": BEAT}
    for n in range(30)
]
WAYS = ["up" if n % 2 else "down" for n in range(30)]
AROUND = {"took": 3, "hits": {"total": 30, "hits": [{"_id": n, "_source": each} for n, each in enumerate(OBJECTS)]}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, separators=(",", ":")),
        json.dumps(OBJECTS, indent=2),
        json.dumps(OBJECTS, indent=4, ensure_ascii=False) + "\n",
        "[\n" + ",\n".join(json.dumps(each) for each in OBJECTS) + "\n]\n",
        "".join(json.dumps(each) + "\n" for each in OBJECTS),
        "".join(json.dumps(each, indent=2) + "\n" for each in OBJECTS),
        "\n\n".join(json.dumps(each, indent="\t") for each in OBJECTS),
        json.dumps(AROUND),
        json.dumps(AROUND, indent=1),
        json.dumps({"data": OBJECTS, "note": "a {brace} and a ] in a string \\ "}),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_object_has_its_own_time_and_way(text: str, end: str) -> None:
    found = pieces(text.replace("\n", end))
    assert [(piece.at, piece.way) for piece in found] == [(10.0 * n, way) for n, way in enumerate(WAYS)]


def test_an_object_stands_on_the_line_that_it_begins_on() -> None:
    assert [piece.place for piece in pieces(json.dumps(OBJECTS, indent=2))] == [2 + 5 * n for n in range(30)]
    assert {piece.place for piece in pieces(json.dumps(OBJECTS))} == {1}


def test_an_array_of_megabytes_on_one_line_is_read() -> None:
    many = [OBJECTS[n % 30] | {"time": f"{FIRST + timedelta(seconds=n)}"} for n in range(30_000)]
    found = pieces(json.dumps(many))
    assert [piece.at for piece in found] == [float(n) for n in range(30_000)]


def test_an_array_that_was_cut_off_gives_what_there_is() -> None:
    text = json.dumps(OBJECTS, indent=2)
    assert len(pieces(text[: text.index(BEAT, len(text) // 2) - 3])) == 15


def test_what_is_no_json_within_an_array_is_passed_over() -> None:
    some = ",\n".join(json.dumps(each) for each in OBJECTS[:5])
    text = f"[\n{some},\n{{broken: {BEAT[:6]}}}\n, oops\n{json.dumps(OBJECTS[5])}\n]"
    assert [piece.at for piece in pieces(text)] == [10.0 * n for n in range(6)]


def test_other_values_of_an_object_do_not_hide_its_hex() -> None:
    odd = [each | {"tags": [{"a": 1}], "text": 'said "{"'} for each in OBJECTS]
    assert len(pieces(json.dumps(odd, indent=2))) == 30
    nameless = [{"at": each["time"], "bytes": each["hex"], "of": {"a": 1}} for each in OBJECTS]
    assert [piece.at for piece in pieces(json.dumps(nameless, indent=2))] == [10.0 * n for n in range(30)]


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("[", True),
        ('[{"a": 1}', True),
        ("  [ {", True),
        ("{", True),
        ('{"data": [{"hex": "68', True),
        ('{"hex": "68"}', False),
        ('{"level": "info"}', False),
        ('{"msg": {"hex": "68"}}', True),
        ("[2026-04-17 10:00:01] 68 0D", False),
        ("[INFO] {x}", False),
        ("{INFO} booting", False),
        ("", False),
    ],
)
def test_a_log_is_not_taken_for_an_array(first: str, told: bool) -> None:
    assert are_objects(first) is told


def test_an_object_without_an_end_is_given_up() -> None:
    lines = [Line(1, "{"), *(Line(n, '"a": "}' + "x" * 1000 + '",') for n in range(2, 2 + MOST // 900))]
    found = list(objects_of([*lines, Line(9999, json.dumps(OBJECTS[0]))]))
    assert found[-1].text == json.dumps(OBJECTS[0])


def test_an_array_of_something_else_is_no_log() -> None:
    assert list(opened('[{"name": "a"}, {"name": "b"}]').happenings) == []
