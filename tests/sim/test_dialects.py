"""Piles that are legal but odd fail no case and break no rule that must be kept."""

from collections.abc import Sequence

import pytest

from harness.core.errors import PersonError
from harness.data import data_root
from harness.sim.ykc.dialects import DIALECTS, dialect_named
from tests.sim.finding import found_on
from tests.sim.plays import CASES

LEAST = 15
BESIDE = [path.stem for path in sorted((data_root() / "scenarios" / "ykc").glob("*.yaml")) if path.stem not in CASES]


def none_found(name: str, cases: Sequence[str]) -> None:
    assert found_on(cases, dialects=(name,), name=DIALECTS[name].profile, seed=1).grave == frozenset()


@pytest.mark.parametrize("name", DIALECTS)
def test_the_eight_cases_find_nothing_on_an_odd_pile(name: str) -> None:
    none_found(name, CASES)


@pytest.mark.parametrize("name", DIALECTS)
def test_the_cases_about_the_line_and_about_two_guns_find_nothing_on_an_odd_pile(name: str) -> None:
    none_found(name, BESIDE)


@pytest.mark.parametrize("name", ["demo", "ac", "four-guns", "single"])
def test_a_plain_pile_breaks_no_rule_in_any_case(name: str) -> None:
    assert found_on([*CASES, *BESIDE], name=name).grave == frozenset()


def test_there_are_enough_dialects_with_words_of_their_own() -> None:
    assert len(DIALECTS) >= LEAST
    for name, dialect in DIALECTS.items():
        assert dialect.name == name == dialect.apply.__name__
        assert dialect.zh
        assert dialect.en
    assert len({dialect.zh for dialect in DIALECTS.values()}) == len(DIALECTS)


def test_a_misspelt_dialect_is_told_with_the_nearest() -> None:
    with pytest.raises(PersonError, match="did you mean serial_zero"):
        dialect_named("serial_zer")
