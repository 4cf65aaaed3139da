"""Files that people write: values stay as written, mistakes are told with file and line."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from harness.core.documents import DocumentError, line_of, load_document, parse, read_document, validate, wrong


class Expect(BaseModel):
    model_config = ConfigDict(extra="forbid")
    frame: str
    within: Decimal = Field(default=Decimal(1), gt=0)
    where: dict[str, str] = {}


class Case(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    kind: Literal["dc", "ac"] = "dc"
    guns: int = Field(default=1, ge=1, le=4)
    expect: Expect | None = None
    steps: list[Expect] = []

    @field_validator("title")
    @classmethod
    def not_shouted(cls, title: str) -> str:
        if title.isupper():
            raise wrong("不要全大写", "do not shout")
        return title


def mistakes(text: str, name: str = "start.yaml") -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load_document(text, Case, name)
    return caught.value.lines


def test_scalars_stay_as_they_were_written() -> None:
    data, _ = parse("code: 00000000123456\nsection: 8.10\nat: 12:30\nold: 012\nyes: on\nday: 2020-01-01\n", "x")
    assert data == {
        "code": "00000000123456",
        "section": "8.10",
        "at": "12:30",
        "old": "012",
        "yes": "on",
        "day": "2020-01-01",
    }


def test_an_empty_value_is_none_and_a_quoted_one_a_text() -> None:
    assert parse("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n", "x")[0] == {
        "a": None,
        "b": None,
        "c": None,
        "d": "",
        "e": "null",
    }


def test_every_place_has_the_line_of_its_key() -> None:
    _, marks = parse("a: 1\nb:\n  - x\n  - c:\n      d: 1\n", "x")
    assert marks[("a",)] == 1
    assert marks[("b",)] == 2
    assert marks[("b", 1)] == 4
    assert marks[("b", 1, "c", "d")] == 5
    assert line_of(marks, ("b", 1, "c", "nowhere")) == 4


def test_the_model_reads_the_texts() -> None:
    case = load_document("title: a\nguns: '3'\nexpect: {frame: login, within: 1.50}\n", Case, "x")
    assert case.guns == 3
    assert case.expect == Expect(frame="login", within=Decimal("1.50"))


def test_a_misspelt_key_is_told_with_the_keys_that_there_are() -> None:
    assert mistakes("title: a\nexpect:\n  frame: login\n  withn: 3\n") == [
        "start.yaml:4: expect has no 'withn'; it takes frame, within, where"
    ]


def test_a_misspelt_key_in_a_list_is_told_too() -> None:
    assert mistakes("title: a\nsteps:\n- {frame: login}\n- frame: login\n  wher: 3\n") == [
        "start.yaml:5: steps has no 'wher'; it takes frame, within, where"
    ]


def test_a_misspelt_key_at_the_top_is_told_too() -> None:
    assert mistakes("titel: a\n") == [
        "start.yaml:1: the file has no 'titel'; it takes title, kind, guns, expect, steps",
        "start.yaml:1: the file lacks 'title'",
    ]


def test_all_mistakes_of_a_file_are_told_at_once_in_both_languages() -> None:
    with pytest.raises(DocumentError) as caught:
        load_document("title: LOUD\nkind: xc\nguns: five\nexpect: {within: -1}\n", Case, "s.yaml")
    assert caught.value.lines == [
        "s.yaml:1: title: do not shout",
        "s.yaml:2: kind takes 'dc' or 'ac', not 'xc'",
        "s.yaml:3: guns takes a whole number, not 'five'",
        "s.yaml:4: expect lacks 'frame'",
        "s.yaml:4: within must be above 0, not '-1'",
    ]
    assert "s.yaml:3: guns 应为整数，不是 'five'" in caught.value.lines_zh


def test_what_is_empty_is_told_so_in_each_language() -> None:
    with pytest.raises(DocumentError) as caught:
        load_document("title: a\nkind:\nguns:\nexpect: {within: 1, frame: x}\n", Case, "s.yaml")
    assert "s.yaml:3: guns takes a whole number, but it is empty" in caught.value.lines
    assert "s.yaml:3: guns 应为整数，这里是空的" in caught.value.lines_zh


def test_a_doubled_key_is_refused_with_both_lines() -> None:
    assert mistakes("title: a\nguns: 1\nguns: 2\n") == ["start.yaml:3: 'guns' stands here twice, first in line 2"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [a\n", "start.yaml:2: this is not YAML"),
        ("title: !!python/name:os.system x\n", "start.yaml:1: the tag"),
        ("title: \x07\n", "start.yaml:1: this is not YAML"),
        ("? [a]\n: 1\n", "start.yaml:1: a key must be a text"),
        ("&a [*a]\n", "start.yaml:1: this holds too much"),
        ("[" * 5000, "start.yaml:"),
        ("- a\n", "start.yaml:1: the file takes keys and values"),
        ("", "start.yaml:1: the file takes keys and values, but it is empty"),
    ],
)
def test_what_is_no_document_is_one_sentence(text: str, told: str) -> None:
    assert mistakes(text)[0].startswith(told)


def test_aliases_of_aliases_end_early() -> None:
    bomb = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{new}: &{new} [" + ",".join([f"*{old}"] * 9) + "]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "holds too much" in mistakes(bomb)[0]


def test_a_part_of_a_document_is_judged_with_the_lines_of_the_whole() -> None:
    data, marks = parse("steps:\n- expect:\n    frame: login\n    withn: 3\n", "x.yaml")
    with pytest.raises(DocumentError, match=r"x\.yaml:4: expect has no 'withn'; it takes frame"):
        validate(data["steps"][0]["expect"], Expect, marks, "x.yaml", at=("steps", 0, "expect"))


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document(tmp_path / "none.yaml", Case)
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_document(tmp_path / "b.yaml", Case)
