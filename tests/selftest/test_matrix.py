"""The self-test with one seed: every broken pile is found by what is meant to find it, no right pile is blamed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from harness.selftest.matrix import plain, summary
from harness.selftest.playing import Blame, Played
from harness.selftest.plays import CLEAN_PILES, Play, plays
from harness.selftest.running import Both, perform_all, perform_twice
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS

ONE_SEED = list(plays(fault_seeds=1, clean_seeds=1))
RIGHT_PILES = [play for play in ONE_SEED if play.kind != "fault"]
BY_CHANCE = {"length_counts_crc": {"crc_wrong", "length_wrong"}}  # as the bytes behind the record happen to be


def check_all(pairs: Iterable[Both]) -> None:
    result = summary(pairs, seeds=1, seconds=0.0)
    assert result.missed == ()
    assert result.false_findings == ()
    assert result.unstable == ()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_whom_it_names_on_a_plain_pile_and_on_an_odd_one(name: str) -> None:
    pairs = [perform_twice(play) for play in ONE_SEED if play.kind == "fault" and play.name == name]
    assert len(pairs) == 2
    check_all(pairs)
    brought = {blame.code for one, _ in pairs for blame in one.blames} | BY_CHANCE.get(name, set())
    assert [also for also in FAULTS[name].also if also not in brought] == [], "it names no more than it brings"


@pytest.mark.parametrize("play", RIGHT_PILES, ids=lambda play: f"{play.kind}-{play.name}-{play.cases[0]}")
def test_a_right_pile_is_blamed_for_nothing(play: Play) -> None:
    check_all([perform_twice(play)])


def test_every_clean_pile_and_dialect_plays_every_case() -> None:
    played: dict[str, set[str]] = {}
    for play in RIGHT_PILES:
        played.setdefault(play.name, set()).update(play.cases)
    assert set(played) == {*CLEAN_PILES, *DIALECTS}
    assert len({frozenset(cases) for cases in played.values()}) == 1
    assert {fault.case for fault in FAULTS.values()} <= played["demo"]


# What the summary makes of plays that went wrong

FAULT = next(play for play in ONE_SEED if play.name == "record_late" and not play.dialects)


def made(
    found: Iterable[str] = ("record_late",), blames: Iterable[str] = ("record_late",), digest: str = "a"
) -> Played:
    return Played(FAULT, frozenset(found), tuple(Blame(code, "single_tariff") for code in blames), digest)


def test_a_fault_that_is_found_by_something_else_is_missed() -> None:
    other = made(found=["energy_mismatch"], blames=[])
    assert summary([(made(), made()), (other, other)], 1, 0.0).missed == ("record_late",)


def test_what_a_fault_does_not_name_is_a_false_finding() -> None:
    blamed = made(blames=["record_late", "energy_mismatch"])
    result = summary([(blamed, blamed)], 1, 0.0)
    assert [wrong.what for wrong in result.false_findings] == ["energy_mismatch (single_tariff)"]
    assert not result.good


def test_an_outcome_that_differs_the_second_time_is_unstable() -> None:
    assert len(summary([(made(), made(digest="b"))], 1, 0.0).unstable) == 1


def test_an_audit_that_said_something_else_live_is_unstable() -> None:
    live = Played(FAULT, frozenset(["record_late"]), (), "a", live_differs=("pile/1",))
    assert len(summary([(live, live)], 1, 0.0).unstable) == 1


def test_the_totals_are_one_object() -> None:
    assert plain(summary([(made(), made())], 3, 1.04)) == {
        "faults": 1,
        "found_by_intended": 1,
        "missed": [],
        "dialects": 0,
        "seeds": 3,
        "false_findings": [],
        "unstable": [],
        "seconds": 1.0,
    }


def test_two_processes_come_to_the_same_as_one() -> None:
    few = [play for play in ONE_SEED if play.name in ("record_late", "no_0x33")]
    heard: list[Both] = []
    assert perform_all(few, 2, heard.append) == perform_all(few, 1, lambda both: None) == heard
