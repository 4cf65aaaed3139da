"""`make mutation` itself, on a small source."""

from __future__ import annotations

import importlib.util
import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.mutation import children, trial
from tests.mutation.equivalent import LIST, Equivalent, listed, troubles
from tests.mutation.lines import traced
from tests.mutation.live import Live
from tests.mutation.mutants import Mutant, Where, changed, compiled, mutants_of
from tests.mutation.places import CHECKOUT, files, files_with_tests
from tests.mutation.report import lines, summary
from tests.mutation.trial import JOURNALS, TESTS, Look, Looks, Outcome, equal, tried

SOURCE = '''"""Small."""
from dataclasses import dataclass

HOT = [n > 2 for n in range(4)]

def late(seconds: int, limit: int = 5, *, strict: bool = False) -> bool:
    """Too late?"""
    if (
        seconds < limit
        and not strict
    ):
        return False
    return seconds is not None

@dataclass(frozen=True)
class Gun:
    x: int = 0

    def within(self) -> bool:
        return any(1 <= n < 3 for n in (self.x,))
'''
CHANGES = [
    (4, "> becomes <=", Where.TOP),
    (6, "False becomes True", Where.DEFAULT),
    (9, "and becomes or", Where.BODY),
    (9, "< becomes >=", Where.BODY),
    (10, "not x becomes x", Where.BODY),
    (12, "False becomes True", Where.BODY),
    (13, "is not becomes is", Where.BODY),
    (20, "<= becomes >", Where.BODY),
    (20, "< becomes >=", Where.BODY),
    (15, "True becomes False", Where.TOP),
]


class Small(ModuleType):
    """SOURCE, loaded."""

    HOT: list[bool]
    late: Callable[..., bool]
    Gun: Any


@pytest.fixture
def small(tmp_path: Path) -> Small:
    path = tmp_path / "small.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("small", path)
    assert spec is not None
    assert spec.loader is not None
    module = Small("small")
    module.__file__ = str(path)
    spec.loader.exec_module(module)
    return module


def put(module: Small, number: int) -> None:
    """Make the change of that number in what is loaded."""
    path = str(module.__file__)
    live = Live([path])
    assert live.is_of(path, compiled(SOURCE, path))
    live.put(path, changed(SOURCE, number, path), CHANGES[number][2], module)


def mutant(**fields: Any) -> Mutant:
    known: dict[str, Any] = {
        "file": "a.py",
        "number": 0,
        "line": 1,
        "column": 1,
        "what": "< becomes >=",
        "text": "a < b",
        "nth": 1,
    }
    return Mutant(**known | {"first": 1, "last": 1, "where": Where.BODY} | fields)


def test_every_comparison_and_boolean_is_found_but_not_in_types() -> None:
    assert [(each.line, each.what, each.where) for each in mutants_of("small.py", SOURCE)] == CHANGES


def test_equal_changes_of_equal_lines_are_told_apart() -> None:
    source = "def f(a):\n    return a == 1\ndef g(a):\n    return a == 1\n"
    assert [each.key for each in mutants_of("f.py", source)] == [
        ("f.py", "return a == 1", "== becomes !=", 1),
        ("f.py", "return a == 1", "== becomes !=", 2),
    ]


def test_a_change_reaches_a_function_that_somebody_has_bound_before(small: Small) -> None:
    late = small.late
    assert not late(4)
    put(small, 3)
    assert late(4)


def test_a_change_reaches_methods_and_what_is_written_within(small: Small) -> None:
    gun = small.Gun(3)
    assert not gun.within()
    put(small, 8)
    assert gun.within()


def test_a_change_of_a_default_reaches_a_function_that_somebody_has_bound_before(small: Small) -> None:
    late = small.late
    put(small, 1)
    assert late(4)
    assert not late(4, strict=False)


def test_a_change_outside_of_functions_is_made_by_loading_anew(small: Small) -> None:
    put(small, 0)
    assert small.HOT == [True, True, True, False]


def test_one_change_is_made_at_a_time(small: Small) -> None:
    put(small, 2)  # and becomes or
    assert [small.late(4), small.late(4, strict=True), small.late(9), small.late(9, strict=True)] == [
        False,
        False,
        False,
        True,
    ]


def test_a_file_that_was_saved_since_it_was_loaded_is_known(small: Small) -> None:
    path = str(small.__file__)
    assert not Live([path]).is_of(path, compiled(SOURCE.replace("seconds <", "seconds <="), path))


def test_the_lines_that_something_runs_are_known(small: Small) -> None:
    path = str(small.__file__)
    with traced([path]) as ran:
        small.late(4)
    assert (path, 12) in ran
    assert (path, 13) not in ran


def test_what_runs_a_statement_looks_at_its_changes_journals_first_and_what_is_quick_before_the_rest() -> None:
    looks = Looks()
    for kind, name, seconds, line in (
        (TESTS, "quick test", 0.1, 10),
        (JOURNALS, "long", 3.0, 9),
        (JOURNALS, "short", 1.0, 8),
        (JOURNALS, "elsewhere", 1.0, 12),
    ):
        looks.add(Look(kind, name, seconds, lambda: True), {("a.py", line)})
    found = looks.at(mutant(first=8, last=11), "a.py")
    assert [look.name for look in found] == ["short", "long", "quick test"]


def test_whoever_says_something_else_or_falls_has_noticed() -> None:
    same = Look(JOURNALS, "same", 0.1, equal(lambda: 1, 1))
    assert tried([same]) == Outcome()
    assert tried([same, Look(JOURNALS, "other", 0.1, equal(lambda: 2, 1))]) == Outcome(JOURNALS, "other")
    assert tried([same, Look(TESTS, "falls", 0.1, lambda: bool(1 / 0))]) == Outcome(TESTS, "falls")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0), "it would end whatever goes on in this process"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_trial_that_never_ends_or_takes_its_process_with_it_has_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "LEAST", 0.05)
    looks = {
        "same": Look(JOURNALS, "same", 0.0, lambda: True),
        "endless": Look(JOURNALS, "endless", 0.0, endless),
        "gone": Look(JOURNALS, "gone", 0.0, lambda: os._exit(1)),
    }
    outcomes = dict(children.each(list(looks), lambda name: tried([looks[name]]), jobs=2))
    assert {name: outcome.kind for name, outcome in outcomes.items()} == {"same": "", "endless": "time", "gone": "end"}


def endless() -> bool:
    while True:
        pass


def test_only_files_that_judge_are_changed_and_each_has_tests() -> None:
    found = files()
    assert "harness/engine/checks/money.py" in found
    assert "harness/protocols/ykc/audit/rules/stop.py" in found
    assert all((CHECKOUT / path).is_file() for file in found for path in files_with_tests([file]))
    assert all(files_with_tests([file]) for file in found)


def test_a_list_with_what_is_not_there_or_twice_or_without_a_reason_is_refused() -> None:
    good = Equivalent(file="a.py", line="a < b", what="< becomes >=", reason="a is never b")
    gone = Equivalent(file="a.py", line="a > b", what="> becomes <=", reason="a is never b")
    bare = Equivalent(file="a.py", line="a < b", what="< becomes >=", nth=2, reason=" ")
    mutants = [mutant(), mutant(nth=2)]
    assert troubles([good], mutants, ["a.py"]) == []
    assert troubles([gone], mutants, ["b.py"]) == []
    assert [each.partition(":")[0] for each in troubles([good, good, gone, bare], mutants, ["a.py"])] == [
        "there is no such change",
        "listed without a reason",
        "listed twice",
    ]


def test_every_change_that_is_listed_as_making_no_difference_is_there_and_says_why() -> None:
    mutants = [each for file in files() for each in mutants_of(file, (CHECKOUT / file).read_text(encoding="utf-8"))]
    assert troubles(listed(LIST), mutants, files()) == []


def test_the_score_counts_what_was_noticed_of_all_that_makes_a_difference() -> None:
    noticed, survived = Outcome(JOURNALS, "x"), Outcome()
    mutants = [mutant(number=n, nth=n) for n in range(20)]
    results = [(each, survived if each.number < 2 else noticed) for each in mutants]
    result = summary(results, {mutants[0].key}, 1.0)
    assert (result.noticed, result.of, result.all, result.equivalent) == (18, 19, 20, 1)
    assert result.survived == (mutants[1],)
    assert result.score == pytest.approx(18 / 19)
    assert not result.good
    assert any("a.py:1:1" in line for line in lines(result))


def test_what_is_listed_must_not_be_noticed_nor_too_much_of_all() -> None:
    mutants = [mutant(number=n, nth=n) for n in range(20)]
    survived = [(mutants[0], Outcome())]
    noticed = [(each, Outcome(TESTS, "x")) for each in mutants[1:]]
    assert summary(survived + noticed, {mutants[0].key}, 1.0).good
    assert not summary(survived + noticed, {mutants[0].key, mutants[1].key}, 1.0).good
    assert not summary(noticed, {mutants[1].key}, 1.0).good
