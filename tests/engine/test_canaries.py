"""Scenarios whose verdict is known beforehand test the engine itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.core.journal import StepEnded
from harness.core.operator import Operator
from harness.core.pairs import parted
from harness.core.verdict import Verdict
from harness.core.wording import say
from harness.engine.desk import Nobody
from harness.engine.loader import load, read
from tests.engine.playing import LANGUAGE, Deaf, Playing, Says, codes, finding

CANARIES = sorted((Path(__file__).parents[1] / "canaries").glob("*.yaml"))
PEOPLE: dict[str, Callable[[Playing], Operator]] = {
    "breaks_nobody": lambda playing: Nobody(),
    "breaks_unable": lambda playing: Says(unable="the gun is locked"),
    "breaks_silent": lambda playing: Deaf(),
}
PILES = {"not_applicable": "single"}
FOUND = {
    "passes_with_a_remark": {"frame_tolerated"},
    "fails": {"frame_differs"},
    "never_comes": {"frame_late"},
    "never_ends": {"not_seen"},
    "checks_nothing": {"nothing_checked"},
    "checks_what_never_was": {"not_seen"},
    "not_applicable": {"not_declared"},
    "breaks_nobody": {"no_operator"},
    "breaks_unable": {"operator_unable"},
    "breaks_silent": {"operator_silent"},
    "breaks_pile_gone": {"pile_lost"},
    "breaks_wrong_value": {"ended_by_us"},
}


def sung(path: Path) -> Playing:
    name = path.stem
    return Playing([load(path, LANGUAGE)], PILES.get(name, "demo"), operator=PEOPLE.get(name)).play(within=1200)


@pytest.mark.parametrize("path", CANARIES, ids=lambda path: path.stem)
def test_a_canary_gets_the_verdict_that_stands_in_its_head(path: Path) -> None:
    scenario = load(path, LANGUAGE)
    playing = sung(path)
    assert scenario.id == path.stem
    assert playing.outcome.verdict is Verdict(scenario.head.verdict)
    assert codes(playing.outcome) == FOUND.get(path.stem, set())


def test_there_is_a_canary_for_every_verdict() -> None:
    assert {load(path, LANGUAGE).head.verdict for path in CANARIES} == set(Verdict)


HEAD = "id: probe\ntitle: {zh: 探, en: Probe}\nabout: {zh: 探, en: Probe}\nsteps:\n"


@pytest.mark.parametrize(
    "wanted",
    [
        "where: {gun_no: 1}",
        "where: {gun_no: $gun, hardware_fault: 0}",
        "where: {hardware_fault.emergency_stop: 0x0}",
        "tolerate: {gun_no: $gun, status: 0X2}",
    ],
)
def test_a_value_is_met_however_its_author_wrote_it(wanted: str) -> None:
    steps = (
        f"  - ready:\n  - send: {{frame: realtime_read}}\n  - expect: {{frame: realtime_data, within: 10, {wanted}}}\n"
    )
    outcome = Playing([read(HEAD + steps, LANGUAGE, "probe")]).play().outcome
    assert outcome.verdict is Verdict.PASSED, codes(outcome)


def test_a_value_that_is_not_met_is_shown_in_both_languages() -> None:
    steps = (
        "  - ready:\n"
        "  - send: {frame: realtime_read}\n"
        "  - expect: {frame: realtime_data, within: 10, where: {status: 3}}\n"
    )
    outcome = Playing([read(HEAD + steps, LANGUAGE, "probe")]).play().outcome
    differs = finding(outcome, "frame_differs")
    assert say(differs.code, differs.params) == (
        "上传实时监测数据的 status 是 2 空闲，应为 3 充电",
        "status of realtime data is 2 idle, it should be 3 charging",
    )
    assert parted(differs.seen) == ("status 2 空闲", "status 2 idle")
    assert parted(differs.expected) == ("status 3 充电", "status 3 charging")


def test_an_expect_ends_at_its_time_and_the_steps_after_it_are_left_out() -> None:
    playing = sung(next(path for path in CANARIES if path.stem == "never_comes"))
    step = next(step for step in playing.outcome.steps if step.key == "expect")
    assert step.began is not None
    assert step.ended == pytest.approx(step.began + 30, abs=0.01)
    assert [event.how for event in playing.events(StepEnded)] == ["done", "late"]
