"""What a person only said was done is not held against the pile, and a gun that was pulled is no fault of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.core.verdict import Verdict
from tests.engine.playing import Playing, Says, codes, finding
from tests.engine.test_hours import at
from tests.engine.test_people import Reply, with_acts

PILOT_OPEN = 0x6B


def only_says(playing: Playing) -> Callable[[Any, Reply], Any]:
    """Touches the button and does nothing."""
    return Says().ask


def afterwards(seconds: float, act: Callable[[Playing], object]) -> Callable[[Playing], Callable[[Any, Reply], Any]]:
    """Touches the button first, and does it a while later."""

    def person(playing: Playing) -> Callable[[Any, Reply], Any]:
        def does(prompt: Any, answer: Reply) -> None:
            answer(Says().answer(prompt))
            playing.after(seconds, lambda: act(playing))

        return does

    return person


def pull_while_it_charges(playing: Playing) -> Playing:
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: playing.pile.guns["01"].state == "charging")
    playing.after(20, lambda: playing.pile.unplug("01", playing.now))
    playing.until(lambda: bool(playing.done))
    return playing


@pytest.mark.parametrize(
    ("case", "act", "what"),
    [
        ("single_tariff", "plug_in", "插枪"),
        ("card", "swipe_card", "刷卡"),
        ("vin", "start_by_vin", "VIN 启动"),
        ("estop", "press_estop", "拍急停"),
        ("estop", "release_estop", "松急停"),
    ],
)
def test_a_button_alone_proves_nothing(case: str, act: str, what: str) -> None:
    playing = with_acts(case, **{act: only_says}).play()
    assert playing.outcome.verdict is Verdict.BROKEN
    assert codes(playing.outcome, Verdict.FAILED) == set()
    told = finding(playing.outcome, "act_not_seen")
    assert told.params["act"][0] == what
    assert told.frames


def test_where_the_emergency_stop_was_not_pressed_nobody_is_asked_to_release_it_and_the_charge_is_stopped() -> None:
    playing = with_acts("estop", press_estop=only_says).play()
    assert "release_estop" not in playing.person.asked
    assert codes(playing.outcome) == {"act_not_seen"}
    assert playing.pile.guns["01"].charge is None


def test_an_emergency_stop_pressed_shortly_after_the_button_counts_from_the_moment_it_shows() -> None:
    late = afterwards(25, lambda playing: playing.pile.press_estop(playing.now))
    playing = with_acts("estop", press_estop=late)
    playing.pile.habits.record_delay = 25  # in time, counted from the real moment
    assert playing.play().outcome.verdict is Verdict.PASSED


def test_a_gun_plugged_shortly_after_the_button_is_waited_for() -> None:
    late = afterwards(20, lambda playing: playing.pile.plug("01", playing.now))
    playing = with_acts("single_tariff", plug_in=late).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert [m.values.start_result for _, m in playing.messages("remote_start_reply")] == [1]


def test_an_emergency_stop_that_frames_show_still_owes_its_record() -> None:
    playing = with_acts("estop", press_estop=pressing_and_saying)
    playing.pile.habits.change("transaction_record", lambda values: None)
    assert "record_missing" in codes(playing.play().outcome, Verdict.FAILED)


def test_a_charge_that_ended_shows_the_emergency_stop_as_well_as_its_bit_does() -> None:
    playing = with_acts("estop", press_estop=pressing_and_saying)
    playing.pile.habits.change("realtime_data", lambda values: values | {"hardware_fault": 0})
    playing.pile.habits.change("transaction_record", lambda values: None)
    assert "record_missing" in codes(playing.play().outcome, Verdict.FAILED)


def pressing_and_saying(playing: Playing) -> Callable[[Any, Reply], Any]:
    def does(prompt: Any, answer: Reply) -> None:
        playing.pile.press_estop(playing.now)
        playing.table.alarm.settle()
        answer(Says().answer(prompt))

    return does


def test_a_release_that_nobody_answers_is_no_reason_beside_a_failure_of_the_pile() -> None:
    playing = with_acts("estop", release_estop=lambda playing: lambda prompt, answer: None)
    playing.pile.habits.change("transaction_record", lambda values: values | {"stop_reason": 0x45})
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.FAILED
    assert finding(outcome, "operator_silent").verdict is Verdict.BROKEN
    assert {noted.code for noted in outcome.noted()} == {"estop_reason_wrong"}


def test_a_failure_before_the_button_still_counts() -> None:
    playing = with_acts("estop", release_estop=only_says)
    playing.pile.habits.change("transaction_record", lambda values: values | {"stop_reason": 0x45})
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"estop_reason_wrong"}


def test_the_bit_that_clears_closes_the_prompt_to_release() -> None:
    def releases(playing: Playing) -> Callable[[Any, Reply], Any]:
        return lambda prompt, answer: playing.after(5, lambda: playing.pile.release_estop(playing.now))

    playing = with_acts("estop", release_estop=releases).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert playing.person.withdrawn[-1] == "release_estop"


def test_an_emergency_stop_released_too_early_is_not_asked_for_again() -> None:
    def presses_and_lets_go(playing: Playing) -> Callable[[Any, Reply], Any]:
        def does(prompt: Any, answer: Reply) -> None:
            playing.pile.press_estop(playing.now)
            playing.after(1, lambda: playing.pile.release_estop(playing.now))

        return does

    playing = with_acts("estop", press_estop=presses_and_lets_go)
    playing.pile.habits.record_delay = 8
    assert playing.play().outcome.verdict is Verdict.PASSED
    assert "release_estop" not in playing.person.asked


def keeps_its_bit(playing: Playing) -> None:
    """The gun is idle again after the release, its bit stays."""
    was = []

    def change(values: dict[str, Any]) -> dict[str, Any]:
        was.extend([True] if playing.pile.estop else [])
        return values | {"hardware_fault": {"emergency_stop": int(bool(was))}}

    playing.pile.habits.change("realtime_data", change)


def test_a_bit_that_stays_while_the_gun_reports_no_fault_any_more_is_the_piles() -> None:
    playing = Playing(["estop"], start=at("10:05:00"))
    keeps_its_bit(playing)
    assert codes(playing.play().outcome, Verdict.FAILED) == {"estop_not_cleared"}


def test_a_pile_that_never_reports_the_plug_but_charges_passes() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.change("realtime_data", lambda values: values | {"gun_plugged": 0})
    assert playing.play().outcome.verdict is Verdict.PASSED


@pytest.mark.parametrize("case", ["single_tariff", "cross_tariff", "card", "estop"])
def test_a_gun_pulled_in_mid_charge_is_the_persons_doing(case: str) -> None:
    outcome = pull_while_it_charges(Playing([case], start=at("10:05:00"))).outcome
    assert outcome.verdict is Verdict.BROKEN
    assert codes(outcome, Verdict.BROKEN) == {"gun_pulled"}
    assert finding(outcome, "gun_pulled").frames


def test_a_pulled_gun_shows_also_when_its_record_comes_first() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.record_delay = 0
    silent: list[float] = []

    def late(values: dict[str, Any]) -> dict[str, Any] | None:
        if not playing.pile.guns["01"].plugged and not silent:
            silent.append(playing.now)
            return None
        return values

    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: playing.pile.guns["01"].state == "charging")
    playing.pile.habits.change("realtime_data", late)
    playing.after(20, lambda: playing.pile.unplug("01", playing.now))
    playing.until(lambda: bool(playing.done))
    assert silent
    assert codes(playing.outcome, Verdict.BROKEN) == {"gun_pulled"}


def test_a_guide_that_breaks_with_the_gun_in_is_the_piles() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.stops_after = 15
    playing.pile.habits.change("transaction_record", lambda values: values | {"stop_reason": PILOT_OPEN})
    assert codes(playing.play().outcome, Verdict.FAILED) == {"stopped_by_other"}


def test_a_gun_pulled_long_after_the_end_explains_nothing() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.stops_after = 15
    playing.pile.habits.record_delay = 28
    playing.pile.habits.change("transaction_record", lambda values: values | {"stop_reason": PILOT_OPEN})
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: playing.pile.guns["01"].state == "charging")
    playing.after(38, lambda: playing.pile.unplug("01", playing.now))
    playing.until(lambda: bool(playing.done))
    assert "stopped_by_other" in codes(playing.outcome, Verdict.FAILED)


def test_a_pulled_gun_excuses_no_wrong_sum() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.change("transaction_record", lambda values: values | {"total_amount": "99"})
    outcome = pull_while_it_charges(playing).outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"amount_mismatch"}
