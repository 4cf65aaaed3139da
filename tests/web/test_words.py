"""The catalogue of sentences: none is missing, none is left over, each is there in both languages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from web.words import say, words

WEB = Path(__file__).resolve().parents[2] / "web"
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
AREAS = "|".join(sorted({key.partition(".")[0] for key in words()}))
KEY = re.compile(rf"""["'](?P<key>(?:{AREAS})\.[a-z][a-z0-9_]*)["']""")
# A key that is put together while the page is made: `'help.' ~ name`, f"answers.e{{code}}", 'help.%s_%d' % ...
BEGUN = re.compile(rf"""["'](?P<begin>(?:{AREAS})\.[a-z0-9_]*)(?:["']\s*~|{{|%)""")
ASKED = re.compile(r"""\b(?:w|say|word)\(\s*["'](?P<key>[^"'{%]+)["']\s*[,)]""")


@cache
def sources() -> dict[str, str]:
    """The text of every page, script and view; the catalogue itself apart."""
    files = [path for ending in ("py", "html", "js") for path in sorted(WEB.rglob(f"*.{ending}"))]
    return {
        str(path.relative_to(WEB)): path.read_text(encoding="utf-8") for path in files if path.parent.name != "words"
    }


def found(pattern: re.Pattern[str], group: str) -> set[str]:
    return {match[group] for text in sources().values() for match in pattern.finditer(text)}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_are_words_and_pages_to_compare() -> None:
    assert len(words()) > 100
    assert len(found(ASKED, "key")) > 100


def test_every_sentence_that_is_asked_for_is_there() -> None:
    missing = {
        f"{name}: {match['key']}"
        for name, text in sources().items()
        for match in ASKED.finditer(text)
        if match["key"] not in words() and "." in match["key"] and not match["key"].endswith((".", "_"))
    }
    assert missing == set()


def test_every_sentence_that_is_there_is_asked_for() -> None:
    begins = tuple(begin for begin in found(BEGUN, "begin"))
    used = found(KEY, "key")
    left_over = {key for key in words() if key not in used and not key.startswith(begins)}
    assert left_over == set()


def test_no_key_is_so_open_that_it_hides_a_whole_area() -> None:
    open_areas = {begin for begin in found(BEGUN, "begin") if begin.endswith(".")}
    assert open_areas <= {"help."}  # test_help.py looks for each of its sentences


def test_each_sentence_is_there_in_both_languages() -> None:
    assert [key for key, (zh, en) in words().items() if not zh.strip() or not en.strip()] == []


def test_no_english_sentence_holds_chinese_but_the_names_of_a_language_and_a_column() -> None:
    assert {key for key, (_, en) in words().items() if CJK.search(en)} <= {"base.language", "customers.help"}


def test_both_languages_take_the_same_parameters() -> None:
    assert [key for key, (zh, en) in words().items() if fields(zh) != fields(en)] == []


def test_nobody_is_begged_or_shouted_at() -> None:
    assert [key for key, (zh, en) in words().items() if "请您" in zh or "您" in zh or "！" in zh or "!" in en] == []


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("base.nothing_of_the_kind")


def test_a_pair_fills_each_language_with_its_own() -> None:
    assert say("numbers.frozen", state=("联调中", "In joint debugging")) == (
        "型号现在是“联调中”，审核出结果后才能改卡号和 VIN。",
        "The model is in state 'In joint debugging': card number and VIN can be changed once the platform has decided.",
    )
