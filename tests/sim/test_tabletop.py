"""A clean pile passes everything, at any hour, with any seed, and the same way each time."""

from datetime import UTC, datetime, timedelta

import pytest

from harness.core.journal import FrameSeen, Memory
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Verdict
from harness.sim.tabletop import Table
from tests.sim.plays import CASES, played

MIDNIGHT = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)  # in Shanghai


def verdicts(**how: object) -> dict[str, Verdict]:
    return {case.id: case.verdict for case in played(**how).cases}  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_a_clean_direct_current_pile_passes_all_eight(seed: int) -> None:
    assert verdicts(seed=seed) == dict.fromkeys(CASES, Verdict.PASSED)


@pytest.mark.parametrize(
    ("name", "not_declared"),
    [
        ("ac", {"vin"}),
        ("single", {"qr_set", "card", "vin", "reboot", "upgrade"}),
        ("four-guns", {"reboot", "upgrade"}),
    ],
)
def test_other_clean_piles_pass_what_they_declare(name: str, not_declared: set[str]) -> None:
    found = verdicts(name=name)
    assert {case for case, verdict in found.items() if verdict is Verdict.NOT_APPLICABLE} == not_declared
    assert {found[case] for case in found if case not in not_declared} == {Verdict.PASSED}


@pytest.mark.parametrize("minutes", [0, 9, 22, 29, 58, 11 * 60 + 44, 23 * 60 + 12, 23 * 60 + 29, 23 * 60 + 57])
def test_the_hour_of_the_day_makes_no_difference(minutes: int) -> None:
    found = verdicts(start=MIDNIGHT + timedelta(minutes=minutes, seconds=13), seed=minutes)
    assert set(found.values()) == {Verdict.PASSED}


def test_the_same_seed_plays_the_same_frames() -> None:
    def frames(seed: int) -> list[tuple[float, bytes]]:
        kept: list[tuple[float, bytes]] = []

        def keep(outcome: CaseOutcome, memory: Memory) -> None:
            kept.extend((r.at, r.raw) for r in memory.records if isinstance(r, FrameSeen))

        played(seed=seed, cases=("single_tariff", "card"), on_case=keep)
        return kept

    assert frames(3) == frames(3)
    assert frames(3) != frames(4)


def test_nothing_is_left_over_when_the_cases_are_done() -> None:
    tables: list[Table] = []
    played(on_table=tables.append)
    table = tables[0]
    assert table.clock.pending() == 0
    assert not table.pile.busy
    assert table.pile.records.waiting() == []
    assert table.pile.program_version == "V2.0.1"


def test_a_line_that_goes_down_once_breaks_one_case_at_most_and_the_pile_comes_back() -> None:
    def cut_soon(table: Table) -> None:
        def cut() -> None:
            assert table.cable is not None
            table.cable.cut()

        table.clock.call_at(40.0, cut)

    found = verdicts(cases=("single_tariff", "card"), on_table=cut_soon)
    assert found["card"] is Verdict.PASSED
    assert found["single_tariff"] is not Verdict.FAILED
