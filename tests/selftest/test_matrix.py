"""The self-test with one seed: every broken pile is found by what is meant to find it, no right pile is blamed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from harness.selftest.matrix import plain, summary
from harness.selftest.playing import Blame, Played
from harness.selftest.plays import CLEAN_PILES, Kind, Play, plays
from harness.selftest.running import Both, perform_all, perform_twice
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS

ONE_SEED = list(plays(fault_seeds=1, clean_seeds=1))
RIGHT_PILES = [play for play in ONE_SEED if play.kind != "fault"]
# What comes with some seeds only: as the bytes of a frame that cannot be read, or rounded numbers, happen to be.
BY_CHANCE = {
    "length_counts_crc": {"crc_wrong", "heartbeat_interval", "length_wrong"},
    "crc_of_buffer": {"heartbeat_interval", "length_wrong"},
    "rounded_energies": {"sum_of_parts"},
}

# What breaks a rule in every reading, and is at most should all the same.
AT_MOST_SHOULD = {
    "answers_unasked": "R-SN-2 is should as a whole; that nobody asked is so in every reading of E-ECHO",
    "answers_twice": "R-SN-2 is should as a whole; that it was answered already is so in every reading of E-ECHO",
    "heartbeat_of_no_gun": "the document itself calls gun number 0 a warning (E-GUN)",
    "meter_back": "R-RT-8 is should as a whole; the case fails the pile for the energy that does not fit the record",
    "no_0x55": "the document gives no limit for the answer; none at all keeps none",
    "change_late": "that a report answers 0x12 is told by its serial alone (E-ECHO); 40 s are not at once either way",
    "no_0x57": "the document gives no limit for the answer; none at all keeps none",
}


def check_all(pairs: Iterable[Both]) -> None:
    result = summary(pairs, seeds=1, seconds=0.0)
    assert result.missed == ()
    assert result.false_findings == ()
    assert result.unstable == ()


def brought(pairs: Iterable[Both], *dialects: str) -> set[str]:
    """All that was found, but for what the dialects bring anyway."""
    odd = {code for name in dialects for code in DIALECTS[name].also}
    return {code for one, _ in pairs for code in one.found if not one.play.dialects or code not in odd}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_whom_it_names_on_a_plain_pile_and_on_an_odd_one(name: str) -> None:
    pairs = [perform_twice(play) for play in ONE_SEED if play.kind == "fault" and play.name == name]
    assert len(pairs) == 2
    check_all(pairs)
    known = brought(pairs, FAULTS[name].dialect) | BY_CHANCE.get(name, set())
    assert sorted(set(FAULTS[name].also) - known) == [], "it names no more than it brings"
    held = all(FAULTS[name].found_by in {blame.code for blame in one.blames} for one, _ in pairs)
    assert held is (name not in AT_MOST_SHOULD), "what finds it is held against the pile"


@pytest.mark.parametrize("name", [*CLEAN_PILES, *DIALECTS])
def test_a_right_pile_is_blamed_for_nothing(name: str) -> None:
    pairs = [perform_twice(play) for play in RIGHT_PILES if play.name == name]
    check_all(pairs)
    known = brought(pairs) | BY_CHANCE.get(name, set())
    assert known == set(DIALECTS[name].also if name in DIALECTS else ()), "it names no more than it brings"


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


def wrong(play: Play, found: Iterable[str], blames: Iterable[Blame] = ()) -> list[str]:
    """What counts as a false finding of a play."""
    played = Played(play, frozenset(found), tuple(blames), "a")
    result = summary([(played, played)], 1, 0.0)
    assert result.good is (not result.false_findings and not result.missed)
    assert [pile.blamed for pile in result.right] == [bool(result.false_findings)] * (play.kind != "fault")
    return [wrong.what for wrong in result.false_findings]


def right(kind: Kind, *dialects: str) -> Play:
    return Play(kind=kind, name=(*dialects, "demo")[0], cases=("single_tariff",), dialects=dialects)


def test_a_fault_that_is_found_by_something_else_is_missed() -> None:
    other = made(found=["energy_mismatch"], blames=[])
    assert summary([(made(), made()), (other, other)], 1, 0.0).missed == ("record_late",)


def test_what_a_fault_does_not_name_is_a_false_finding() -> None:
    blame = Blame("energy_mismatch", "single_tariff")
    assert wrong(FAULT, ["record_late", "energy_mismatch"], [blame]) == ["energy_mismatch (single_tariff)"]
    assert wrong(FAULT, ["record_late"], [Blame("reply_late", "")]) == ["reply_late (session)"]


def test_a_should_that_nobody_names_is_a_false_finding_too() -> None:
    assert wrong(FAULT, ["record_late", "meter_absent"]) == ["meter_absent"]
    assert wrong(right("dialect", "serial_own"), ["serial_not_echoed", "meter_absent"]) == ["meter_absent"]
    assert wrong(right("clean"), ["meter_absent"]) == ["meter_absent"]


def test_what_a_dialect_names_is_its_own_also_beneath_a_fault() -> None:
    assert wrong(right("dialect", "no_meter"), ["meter_absent"]) == []
    beneath = msgspec.structs.replace(FAULT, dialects=("no_meter",))
    assert wrong(beneath, ["record_late", "meter_absent"]) == []


def test_what_is_held_against_a_dialect_is_false_even_if_it_is_named() -> None:
    blame = Blame("start_reply_missing", "single_tariff")
    assert "start_reply_missing" in DIALECTS["late_start_reply"].also
    late = right("dialect", "late_start_reply")
    assert wrong(late, ["start_reply_missing"]) == []
    assert wrong(late, ["start_reply_missing"], [blame]) == ["start_reply_missing (single_tariff)"]
    beneath = msgspec.structs.replace(FAULT, dialects=("late_start_reply",))
    assert wrong(beneath, ["record_late", "start_reply_missing"], [blame]) == ["start_reply_missing (single_tariff)"]


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
