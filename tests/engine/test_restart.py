"""A start that fails on a gun not unplugged since its last charge is done anew, once, after a replug."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.core.journal import AttemptBegan, Prolonged, Prompted, StepBegan, StepEnded
from harness.core.verdict import Verdict
from harness.sim.ykc.gun import Gun
from harness.sim.ykc.states import FAULTY, START_CONTROL_FAULT
from tests.engine.playing import Deaf, Playing, Says, codes, finding
from tests.engine.test_hours import at

BY_RECORD, BY_REPLY = "record", "reply"


def sticky(playing: Playing, how: str, always: bool = False) -> None:
    """Starts fail until the gun was unplugged after its last charge, or whatever is done."""
    for gun in playing.pile.guns.values():
        _stick(gun, how, always)


def _stick(gun: Gun, how: str, always: bool) -> None:
    stuck = {"now": always}
    ready, end, unplug, refusal = gun._ready, gun._end, gun.unplug, gun._refusal

    def ended(reason: int, now: float) -> None:
        stuck["now"] = True
        end(reason, now)

    def unplugged(now: float) -> Any:
        stuck["now"] = always
        return unplug(now)

    def readied(now: float) -> None:
        ended(START_CONTROL_FAULT, now) if stuck["now"] and how == BY_RECORD else ready(now)

    gun._end, gun.unplug, gun._ready = ended, unplugged, readied  # type: ignore[method-assign]
    gun._refusal = lambda: FAULTY if stuck["now"] and how == BY_REPLY else refusal()  # type: ignore[method-assign]


def after_a_charge(case: str, how: str, operator: Callable[[Playing], Any] | None = None, **more: bool) -> Playing:
    playing = Playing(["single_tariff", case], operator=operator)
    sticky(playing, how)
    playing.play()
    assert playing.outcomes[0].verdict is Verdict.PASSED
    return playing


@pytest.mark.parametrize(
    ("case", "how"),
    [
        ("single_tariff", BY_REPLY),
        ("single_tariff", BY_RECORD),
        ("cross_tariff", BY_REPLY),
        ("cross_tariff", BY_RECORD),
        ("estop", BY_REPLY),
        ("estop", BY_RECORD),
        ("card", BY_RECORD),
        ("vin", BY_RECORD),
    ],
)
def test_after_a_replug_the_case_passes_with_a_remark(case: str, how: str) -> None:
    playing = after_a_charge(case, how)
    outcome = playing.outcome
    assert outcome.verdict is Verdict.REMARK, codes(outcome)
    assert codes(outcome) == {"restarted"}
    assert outcome.attempts == 2
    assert playing.person.asked.count("replug") == 1
    (began,) = playing.events(AttemptBegan)
    assert finding(outcome, "restarted").frames == began.frames
    assert {step.attempt for step in outcome.steps} == {1, 2}


@pytest.mark.parametrize("how", [BY_REPLY, BY_RECORD])
def test_unanswered_the_failure_stands(how: str) -> None:
    playing = after_a_charge("single_tariff", how, lambda p: Deaf(p.scripted(), silent=("replug",)))
    outcome = playing.outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome) == {"start_failed"}
    assert finding(outcome, "start_failed").frames
    assert outcome.attempts == 1


def test_more_time_to_replug_is_given() -> None:
    class Later(Deaf):
        """Needs ten minutes more, and then seven."""

        def ask(self, prompt: Any, answer: Any) -> None:
            super().ask(prompt, answer)
            if prompt.act == "replug":
                playings[0].after(290, lambda: playings[0].series.more_time(prompt.id, 600))
                playings[0].after(700, lambda: Says().ask(prompt, answer))

    playings: list[Playing] = []

    def somebody(playing: Playing) -> Deaf:
        playings.append(playing)
        return Later(playing.scripted(), silent=("replug",))

    playing = after_a_charge("single_tariff", BY_REPLY, somebody)
    assert playing.outcome.attempts == 2
    assert [event.within for event in playing.events(Prolonged)] == [900]


def test_where_nobody_can_replug_the_failure_stands() -> None:
    playing = after_a_charge("single_tariff", BY_REPLY, lambda p: Only(p, ("replug",)))
    assert codes(playing.outcome, Verdict.FAILED) == {"start_failed"}


def test_a_case_stopped_while_the_replug_is_asked_for_keeps_how_its_step_ended() -> None:
    playing = Playing(["single_tariff", "single_tariff"], operator=lambda p: Deaf(p.scripted(), silent=("replug",)))
    sticky(playing, BY_REPLY)
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: "replug" in playing.person.asked)
    playing.after(100, lambda: playing.series.stop("enough"))
    playing.until(lambda: bool(playing.done))
    began, ended = playing.events(StepBegan), playing.events(StepEnded)
    assert [event.index for event in ended] == [event.index for event in began]
    failed = next(step for step in playing.outcome.steps if step.index == began[-1].index)
    assert failed.frames == ended[-1].frames != ()
    assert failed.began is not None
    assert failed.ended is not None
    assert failed.ended - failed.began < 5


class Only(Deaf):
    """Says of some prompts that it cannot be done."""

    def __init__(self, playing: Playing, unable: tuple[str, ...]) -> None:
        super().__init__(playing.scripted(), silent=unable)

    def ask(self, prompt: Any, answer: Any) -> None:
        super().ask(prompt, answer)
        if prompt.act in self.silent:
            Says(unable="cannot reach it").ask(prompt, answer)


@pytest.mark.parametrize(("how", "code"), [(BY_REPLY, "start_refused"), (BY_RECORD, "start_failed")])
def test_on_a_fresh_plug_nobody_is_asked_and_the_failure_stands(how: str, code: str) -> None:
    playing = Playing(["single_tariff"])
    sticky(playing, how, always=True)
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.FAILED
    assert code in codes(outcome, Verdict.FAILED)
    assert "replug" not in playing.person.asked
    assert outcome.attempts == 1


def test_a_second_failure_after_the_replug_stands() -> None:
    playing = Playing(["single_tariff", "single_tariff"])
    playing.until(lambda: True)
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: len(playing.outcomes) == 1)
    sticky(playing, BY_REPLY, always=True)
    playing.until(lambda: bool(playing.done))
    outcome = playing.outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome) == {"restarted", "start_refused"}
    assert [event.act for event in playing.events(Prompted)].count("replug") == 1


def test_the_record_of_an_older_failed_start_does_not_restart_anything() -> None:
    playing = Playing(["single_tariff", "single_tariff"])
    playing.table.power_on()
    playing.series.start()
    playing.until(lambda: len(playing.outcomes) == 1)
    old = {
        "gun_no": "01",
        "transaction_serial": "32010600019236012604170800000001",
        "stop_reason": START_CONTROL_FAULT,
    }
    playing.after(0.1, lambda: playing.pile.say("transaction_record", old))
    playing.after(10, lambda: playing.pile.say("transaction_record", old))
    playing.until(lambda: bool(playing.done))
    assert playing.outcome.verdict is Verdict.PASSED
    assert "replug" not in playing.person.asked


def test_a_gun_plugged_within_the_grace_starts_after_all() -> None:
    """0x33 "not plugged" first, success once it is plugged within 60 s (R-ST-6)."""

    class Slow(Deaf):
        def ask(self, prompt: Any, answer: Any) -> None:
            if prompt.act == "plug_in":
                Says().ask(prompt, answer)
                playing.after(50, lambda: playing.pile.plug("01", playing.now))
            else:
                super().ask(prompt, answer)

    playing = Playing(["single_tariff"], start=at("10:05:00"), operator=lambda p: Slow(p.scripted()))
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.PASSED, codes(outcome)
    replies = [message.values for _, message in playing.messages("remote_start_reply")]
    assert [(reply.start_result, reply.fail_reason) for reply in replies] == [(0, 5), (1, 0)]


def test_a_gun_whose_plug_the_frames_show_is_no_reason_to_refuse() -> None:
    playing = Playing(["single_tariff"])
    playing.pile.habits.change("remote_start_reply", lambda values: values | {"start_result": 0, "fail_reason": 5})
    outcome = playing.play().outcome
    assert "start_refused" in codes(outcome, Verdict.FAILED)
    assert finding(outcome, "start_refused").params["reason"][0] == "未插枪"


def test_a_replug_that_somebody_only_says_was_done_is_not_held_against_the_pile() -> None:
    class NotReplugged(Deaf):
        def ask(self, prompt: Any, answer: Any) -> None:
            super().ask(prompt, answer)
            if prompt.act == "replug":
                Says().ask(prompt, answer)

    playing = Playing(
        ["single_tariff", "single_tariff"], operator=lambda p: NotReplugged(p.scripted(), silent=("replug",))
    )
    sticky(playing, BY_REPLY)
    outcome = playing.play().outcome
    assert codes(outcome, Verdict.FAILED) == set()
    assert finding(outcome, "act_not_seen").params["act"][0] == "重新插枪"


def test_a_start_refused_as_not_plugged_in_is_called_off_before_the_gun_is_replugged() -> None:
    """Else the pile would carry it out as soon as the gun is in again (R-ST-6), and refuse the one that follows."""
    playing = Playing(["single_tariff", "cross_tariff"])
    playing.pile.habits.start_delay = 12.0
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.REMARK, codes(outcome)
    assert codes(outcome) == {"restarted"}
    (refused, *_), (stop, *_) = playing.messages("remote_start_reply"), playing.messages("remote_stop")
    assert 0 <= stop[0] - refused[0] < 1
    assert [reply.values.start_result for _, reply in playing.messages("remote_start_reply")] == [0, 0, 1]
