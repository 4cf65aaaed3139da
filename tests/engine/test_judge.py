"""A verdict is a function of the journal alone, and rests on frames that are there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.journal import PILE, Closed, EventSeen, FrameSeen, LoopLate, Opened, Record, StepBegan
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Verdict
from harness.core.wording import FINDINGS
from harness.protocols.ykc.crc import crc
from harness.sim.ykc.faults import FAULTS
from tests.engine.playing import CASES, Playing, codes, finding, judged, played, through_json, written
from tests.engine.test_hours import at
from tests.engine.test_tariffs import takes_only, two_prices
from tests.helpers.evidence import MAY_LACK, lacking


@cache
def session(name: str) -> Playing:
    return played(CASES, name, seed=2)


def case_of(name: str, case: str) -> tuple[CaseOutcome, list[Record]]:
    playing = session(name)
    return next(outcome for outcome in playing.outcomes if outcome.id == case), playing.journals[case]


ALL = [(name, case) for name in ("demo", "ac") for case in CASES if (name, case) != ("ac", "vin")]


@pytest.mark.parametrize(("name", "case"), ALL)
def test_the_stored_journal_is_judged_as_the_live_one_was(name: str, case: str) -> None:
    live, records = case_of(name, case)
    again = through_json(records)
    assert again == records
    for journal in (records, again):
        assert msgspec.structs.replace(judged(journal), key=live.key) == live


def rests_on_what_is_there(outcome: CaseOutcome, records: Sequence[Record]) -> None:
    there = {record.n for record in records}
    for f in outcome.findings:
        assert set(f.frames) <= there, f
        assert f.verdict is not Verdict.PASSED or f.frames, f


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_is_missing_the_judge_cites_only_what_is_there(data: st.DataObject) -> None:
    _, records = case_of("demo", data.draw(st.sampled_from(CASES)))
    gone = data.draw(st.sets(st.sampled_from([record.n for record in records[1:]]), max_size=60))
    left = [record for record in records if record.n not in gone]
    rests_on_what_is_there(judged(left), left)


@settings(max_examples=30)
@given(data=st.data())
def test_a_journal_that_breaks_off_is_broken(data: st.DataObject) -> None:
    _, records = case_of("demo", data.draw(st.sampled_from(CASES)))
    cut = records[: data.draw(st.integers(1, len(records) - 1))]
    assert judged(cut).verdict is Verdict.BROKEN


@settings(max_examples=150)
@given(data=st.data())
def test_no_bytes_of_a_pile_bring_the_judge_to_fall(data: st.DataObject) -> None:
    """Bodies are filled with anything that still has a right checksum."""
    _, records = case_of("demo", data.draw(st.sampled_from(CASES)))
    places = [i for i, record in enumerate(records) if isinstance(record, FrameSeen) and record.sender == PILE]
    spoilt = list(records)
    for place in data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=8)):
        raw = records[place].raw  # type: ignore[union-attr]
        body = data.draw(st.binary(min_size=len(raw) - 8, max_size=len(raw) - 8))
        keep = data.draw(st.integers(0, len(body)))  # the first fields say whose frame it is
        covered = raw[2:6] + raw[6 : 6 + keep] + body[keep:]
        whole = raw[:2] + covered + crc(covered).to_bytes(2, "little")
        spoilt[place] = msgspec.structs.replace(records[place], raw=whole)
    outcome = judged(spoilt)
    rests_on_what_is_there(outcome, spoilt)
    assert "harness_fault" not in codes(outcome), finding(outcome, "harness_fault")


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_pile_does_wrong_a_finding_cites_frames_bytes_its_rule_and_what_was_expected_and_seen(
    fault: str,
) -> None:
    """Also where it passes; tests/helpers/judging.py asks the same of every case that any test plays."""
    outcome = Playing([FAULTS[fault].case], faults=(fault,)).play().outcome
    assert lacking([outcome]) == []


def test_what_may_lack_evidence_neither_passes_nor_fails_and_says_why() -> None:
    assert set(MAY_LACK) <= set(FINDINGS)
    for code, (parts, why) in MAY_LACK.items():
        assert parts, code
        assert why, code


def late(records: Sequence[Record], *seconds: float) -> list[Record]:
    """A journal in which our own loop came late."""
    last = records[-1].n
    events = [EventSeen(last + 1 + number, records[-1].at, LoopLate(value)) for number, value in enumerate(seconds)]
    return [*records, *events]


def test_when_our_own_loop_came_late_nothing_is_held_against_the_pile() -> None:
    records = Playing(["single_tariff"], faults=("record_late",)).play().records
    assert judged(records).verdict is Verdict.FAILED
    for seconds in ((1.0,), (0.6, 0.5)):
        outcome = judged(late(records, *seconds))
        assert outcome.verdict is Verdict.BROKEN
        assert codes(outcome) == {"record_late", "loop_late"}
        assert finding(outcome, "record_late").verdict is Verdict.BROKEN


def test_a_loop_that_is_hardly_late_excuses_nothing() -> None:
    records = Playing(["single_tariff"], faults=("record_late",)).play().records
    assert judged(late(records, 0.3, 0.3)).verdict is Verdict.FAILED


def test_a_loop_that_came_late_takes_nothing_from_a_case_that_passed() -> None:
    _, records = case_of("demo", "single_tariff")
    assert judged(late(records, 5.0)).verdict is Verdict.PASSED


def test_the_loops_lateness_goes_into_the_journal_of_the_case() -> None:
    playing = Playing(["single_tariff"], faults=("record_late",))
    playing.after(20, lambda: playing.series.late(2.5))
    assert playing.play().outcome.verdict is Verdict.BROKEN
    assert [event.seconds for event in playing.events(LoopLate)] == [2.5]


def test_a_case_of_remarks_alone_earns_nothing() -> None:
    """The tariff was the simple one, and that is all that was seen."""
    playing = Playing([written("  - ready: {tariff: true}\n  - pause: 60\n")], start=at("10:20:00"))
    takes_only(playing, two_prices)
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.NOT_EARNED
    assert codes(outcome) == {"tariff_simple", "nothing_checked"}


def test_the_outcome_carries_the_case_its_text_and_the_rules_it_was_judged_by() -> None:
    outcome, records = case_of("demo", "estop")
    opened = next(r.event for r in records if isinstance(r, EventSeen) and isinstance(r.event, Opened))
    assert outcome.digest == opened.digest
    assert outcome.rules == opened.rules
    assert outcome.gun_no == "01"
    assert outcome.started < outcome.ended
    assert [step.key for step in outcome.steps] == [
        r.event.key for r in records if isinstance(r, EventSeen) and isinstance(r.event, StepBegan)
    ]
    assert isinstance(records[-1], EventSeen)
    assert isinstance(records[-1].event, Closed)
