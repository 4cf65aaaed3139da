"""People are asked only for what is needed, once, and the frames are believed before anybody's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.core.journal import Answered, Prolonged, Prompted
from harness.core.operator import Answer, Firmware, Prompt
from harness.core.verdict import Verdict
from tests.engine.playing import CASES, Deaf, Playing, Says, codes, finding, firmware, played
from tests.engine.test_hours import at

Reply = Callable[[Answer], None]


class Instead(Deaf):
    """Does some acts in a test's own way."""

    def __init__(self, playing: Playing, **acts: Callable[[Prompt, Reply], Any]) -> None:
        super().__init__(playing.scripted(), silent=tuple(acts))
        self.acts = acts

    def ask(self, prompt: Prompt, answer: Reply) -> None:
        if prompt.act in self.acts:
            self.acts[prompt.act](prompt, answer)
        else:
            super().ask(prompt, answer)


def with_acts(case: str, **acts: Callable[[Playing], Callable[[Prompt, Reply], Any]]) -> Playing:
    return Playing(
        [case],
        start=at("10:05:00"),
        operator=lambda playing: Instead(playing, **{act: how(playing) for act, how in acts.items()}),
    )


def test_a_session_of_eight_cases_asks_to_plug_in_once() -> None:
    playing = played(CASES)
    assert playing.person.asked == [
        "scan_qr",
        "plug_in",
        "swipe_card",
        "start_by_vin",
        "press_estop",
        "release_estop",
        "choose_firmware",
    ]


def test_frames_that_prove_the_act_close_the_prompt() -> None:
    def plugs_and_says_nothing(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        return lambda prompt, answer: playing.after(5, lambda: playing.pile.plug("01", playing.now))

    playing = with_acts("single_tariff", plug_in=plugs_and_says_nothing).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert playing.person.withdrawn == ["plug_in"]
    assert [(event.act, event.by) for event in playing.events(Answered)] == [("plug_in", "frames")]


def test_pressing_the_emergency_stop_is_proved_by_frames_too() -> None:
    def presses(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        return lambda prompt, answer: playing.after(5, lambda: playing.pile.press_estop(playing.now))

    playing = with_acts("estop", press_estop=presses).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert [event.by for event in playing.events(Answered) if event.act == "press_estop"] == ["frames"]


def test_a_second_answer_to_one_prompt_is_ignored() -> None:
    def twice(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def swipes(prompt: Prompt, answer: Reply) -> None:
            playing.after(3, lambda: playing.pile.swipe(playing.profile.items.card, "01", playing.now))
            answer(Answer(prompt_id=prompt.id, by="person"))
            answer(Answer(prompt_id=prompt.id, by="person", unable="no, sorry"))

        return swipes

    playing = with_acts("card", swipe_card=twice).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert len([event for event in playing.events(Answered) if event.act == "swipe_card"]) == 1


def test_an_answer_that_comes_after_the_run_was_told_otherwise_is_ignored() -> None:
    playing = with_acts("card", swipe_card=lambda playing: lambda prompt, answer: None)
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: "swipe_card" in playing.person.asked)
    assert playing.run is not None
    playing.run.receive(Answer(prompt_id=99, by="person", unable="who am I?"), playing.now)
    playing.pile.swipe(playing.profile.items.card, "01", playing.now)
    playing.table.alarm.settle()
    playing.until(lambda: bool(playing.done))
    assert playing.outcome.verdict is Verdict.PASSED


@pytest.mark.parametrize(("case", "act"), [("card", "swipe_card"), ("vin", "start_by_vin")])
def test_a_pile_that_does_not_ask_though_somebody_says_it_was_done_is_not_waited_for_long(case: str, act: str) -> None:
    playing = with_acts(case, **{act: lambda playing: Says().ask})
    playing.play()
    assert codes(playing.outcome) == {"act_not_seen"}
    step = next(step for step in playing.outcome.steps if step.how == "late")
    assert step.ended is not None
    assert step.began is not None
    assert step.ended - step.began < 40


def test_an_unknown_card_is_shown_and_a_right_one_afterwards_passes() -> None:
    def wrong_then_right(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def swipes(prompt: Prompt, answer: Reply) -> None:
            playing.after(3, lambda: playing.pile.swipe("11112222", "01", playing.now))
            playing.after(20, lambda: playing.pile.swipe(playing.profile.items.card, "01", playing.now))

        return swipes

    assert with_acts("card", swipe_card=wrong_then_right).play().outcome.verdict is Verdict.PASSED


def test_only_an_unknown_card_is_nobodys_failure_and_the_number_is_told() -> None:
    def wrong(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def swipes(prompt: Prompt, answer: Reply) -> None:
            playing.pile.swipe("11112222", "01", playing.now)
            playing.table.alarm.settle()
            answer(Answer(prompt_id=prompt.id, by="person"))

        return swipes

    outcome = with_acts("card", swipe_card=wrong).play().outcome
    assert outcome.verdict is Verdict.BROKEN
    unknown = finding(outcome, "card_unknown")
    assert (unknown.expected, unknown.seen) == ("0000000032095DF0", "0000000011112222")
    assert unknown.frames


def shows(number: str, *, says: bool) -> Callable[[Playing], Callable[[Prompt, Reply], Any]]:
    """Somebody swipes a card of which the pile shows this number, and says so, or nothing."""

    def how(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def swipes(prompt: Prompt, answer: Reply) -> None:
            playing.pile.swipe(number, "01", playing.now)
            playing.table.alarm.settle()
            if says:
                answer(Answer(prompt_id=prompt.id, by="person"))

        return swipes

    return how


@pytest.mark.parametrize("says", [True, False])
@pytest.mark.parametrize(("number", "code"), [("095DF0", "card_cut"), ("0839474672", "card_decimal")])
def test_a_registered_card_whose_number_the_pile_garbles_is_its_failure(number: str, code: str, says: bool) -> None:
    outcome = with_acts("card", swipe_card=shows(number, says=says)).play().outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome) == {code}
    told = finding(outcome, code)
    assert (told.expected, told.seen) == ("0000000032095DF0", number.rjust(16, "0"))
    assert told.frames
    assert told.places


@pytest.mark.parametrize("number", ["11095DF0", "005DF0", "32095DF1"])
def test_another_card_that_shares_digits_is_nobodys_failure(number: str) -> None:
    outcome = with_acts("card", swipe_card=shows(number, says=True)).play().outcome
    assert outcome.verdict is Verdict.BROKEN
    assert codes(outcome) == {"card_unknown"}


def test_only_an_unknown_vin_is_nobodys_failure_and_the_vin_is_told() -> None:
    def other_car(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def starts(prompt: Prompt, answer: Reply) -> None:
            playing.pile.guns["01"].car.vin = "LSVAM4187C2184841"
            playing.pile.start_by_vin("01", playing.now)
            playing.table.alarm.settle()
            answer(Answer(prompt_id=prompt.id, by="person"))

        return starts

    outcome = with_acts("vin", start_by_vin=other_car).play().outcome
    assert outcome.verdict is Verdict.BROKEN
    assert finding(outcome, "vin_unknown").seen == "LSVAM4187C2184841"


@pytest.mark.parametrize(
    ("vin", "verdict", "code"),
    [
        ("LNA001PD80018642", Verdict.FAILED, "vin_cut"),
        ("LNA001PD800186420", Verdict.BROKEN, "vin_unknown"),  # another car of the same series
    ],
)
def test_a_vin_that_lacks_characters_is_the_piles_failure(vin: str, verdict: Verdict, code: str) -> None:
    def car(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def starts(prompt: Prompt, answer: Reply) -> None:
            playing.pile.guns["01"].car.vin = vin
            playing.pile.start_by_vin("01", playing.now)
            playing.table.alarm.settle()
            answer(Answer(prompt_id=prompt.id, by="person"))

        return starts

    outcome = with_acts("vin", start_by_vin=car).play().outcome
    assert outcome.verdict is verdict
    assert codes(outcome) == {code}


def test_a_card_shown_in_the_vin_case_does_not_count() -> None:
    def swipes(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        return lambda prompt, answer: (
            playing.pile.swipe(playing.profile.items.card, "01", playing.now),
            playing.table.alarm.settle(),
            answer(Answer(prompt_id=prompt.id, by="person")),
        )

    outcome = with_acts("vin", start_by_vin=swipes).play().outcome
    assert codes(outcome) == {"ask_start_missing"}


@pytest.mark.parametrize(
    ("version", "usable"),
    [("V2.0.1", True), ("V1.0.0", False), ("", False), ("V2.0.1-rc1", False), ("版本2", False), ("V2\t0", False)],
)
def test_a_firmware_version_fits_the_login_and_is_a_new_one(version: str, usable: bool) -> None:
    chosen = Firmware(firmware().path, version, firmware().size)
    outcome = with_acts("upgrade", choose_firmware=lambda playing: Says(firmware=chosen).ask).play().outcome
    assert outcome.verdict is (Verdict.PASSED if usable else Verdict.BROKEN)
    assert codes(outcome) == (set() if usable else {"firmware_version_bad"})


def test_no_firmware_is_no_version() -> None:
    outcome = with_acts("upgrade", choose_firmware=lambda playing: Says().ask).play().outcome
    assert codes(outcome) == {"firmware_version_bad"}


@pytest.mark.parametrize(("case", "act"), [("qr_set", "scan_qr"), ("upgrade", "choose_firmware"), ("vin", "plug_in")])
def test_a_prompt_nobody_answers_is_broken_after_its_time(case: str, act: str) -> None:
    playing = with_acts(case, **{act: lambda playing: lambda prompt, answer: None}).play()
    assert playing.outcome.verdict is Verdict.BROKEN
    silent = finding(playing.outcome, "operator_silent")
    (prompt,) = [event for event in playing.events(Prompted) if event.act == act]
    assert silent.params["minutes"] == prompt.within / 60
    assert silent.frames


@pytest.mark.parametrize("after", [5.0, 15.0])
def test_the_emergency_stop_is_to_be_released_only_where_somebody_was_asked_to_press_it(after: float) -> None:
    playing = Playing(["estop"], start=at("10:05:00"))
    playing.pile.habits.stops_after = after
    playing.play()
    assert ("press_estop" in playing.person.asked) == (after == 15.0)
    assert ("release_estop" in playing.person.asked) == (after == 15.0)
    assert codes(playing.outcome, Verdict.FAILED) == {"estop_reason_wrong"}


def asks_for_more(playing: Playing, after: float, seconds: float) -> Callable[[Prompt, Reply], Any]:
    """Answers nothing, but asks for more time in a while."""
    return lambda prompt, answer: playing.after(after, lambda: playing.series.more_time(prompt.id, seconds))


def test_more_time_moves_the_limit_of_a_prompt_and_the_judge_knows_the_real_one() -> None:
    playing = with_acts("card", swipe_card=lambda playing: asks_for_more(playing, 590, 600)).play()
    silent = finding(playing.outcome, "operator_silent")
    assert silent.params["minutes"] == 20
    (more,) = playing.events(Prolonged)
    assert (more.act, more.seconds, more.within) == ("swipe_card", 600, 1200)
    step = next(step for step in playing.outcome.steps if step.how == "late")
    assert step.began is not None
    assert step.ended is not None
    assert round(step.ended - step.began) == 1200


def test_who_asked_for_more_time_may_still_do_it_then() -> None:
    def late(playing: Playing) -> Callable[[Prompt, Reply], Any]:
        def swipes(prompt: Prompt, answer: Reply) -> None:
            playing.after(595, lambda: playing.series.more_time(prompt.id, 600))
            playing.after(900, lambda: playing.pile.swipe(playing.profile.items.card, "01", playing.now))

        return swipes

    assert with_acts("card", swipe_card=late).play().outcome.verdict is Verdict.PASSED


def test_more_time_for_what_is_not_asked_any_more_is_refused() -> None:
    playing = with_acts("card", swipe_card=lambda playing: lambda prompt, answer: None)
    assert not playing.series.more_time(1, 600)
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: "swipe_card" in playing.person.asked)
    assert not playing.series.more_time(99, 600)
    playing.pile.swipe(playing.profile.items.card, "01", playing.now)
    playing.table.alarm.settle()
    playing.until(lambda: bool(playing.done))
    assert playing.events(Prolonged) == []
