"""The words of reports and terminal: both languages, the same gaps, English in English."""

import re
from typing import get_args

import msgspec
import pytest

from harness.console.words import LINKS
from harness.console.words import WORDS as TERMINAL
from harness.core.journal import AnyEvent, How
from harness.report.words import EVENTS, HOW, WORDS

TABLES = {"report": WORDS, "steps": HOW, "events": EVENTS, "terminal": TERMINAL, "links": LINKS}
GAP = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_fill_the_same_gaps(table: str) -> None:
    assert {name for name, (zh, en) in TABLES[table].items() if set(GAP.findall(zh)) != set(GAP.findall(en))} == set()


@pytest.mark.parametrize("table", TABLES)
def test_english_is_english(table: str) -> None:
    assert {name for name, (_, en) in TABLES[table].items() if re.search("[\u3000-\u9fff]", en)} == set()


def test_every_way_a_step_ends_has_words() -> None:
    assert set(HOW) == {*get_args(How), ""}


def test_every_kind_of_event_has_words() -> None:
    tags = {kind.__struct_config__.tag for kind in AnyEvent.__args__ if issubclass(kind, msgspec.Struct)}
    assert tags - {name.partition(".")[0] for name in EVENTS} == set()
