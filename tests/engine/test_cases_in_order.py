"""Cases follow one another, each with a journal of its own; what cannot be played does not stop the rest."""

from __future__ import annotations

from harness.core.journal import Answered, Journal, Memory, Opened
from harness.core.verdict import Verdict
from harness.core.wording import act, say
from tests.engine.playing import CASES, Playing, codes, played
from tests.engine.test_hours import at


def test_numbers_count_on_from_one_case_to_the_next() -> None:
    playing = played(CASES)
    numbers = [record.n for case in CASES for record in playing.journals[case]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(isinstance(playing.journals[case][0].event, Opened) for case in CASES)  # type: ignore[union-attr]


def test_moments_count_from_the_beginning_of_each_case() -> None:
    playing = played(("single_tariff", "card"))
    assert [playing.journals[case][0].at for case in ("single_tariff", "card")] == [0.0, 0.0]


def test_a_gun_that_somebody_else_holds_breaks_the_case_and_the_next_is_played() -> None:
    playing = Playing(["cross_tariff", "single_tariff"], start=at("10:05:00"))
    memory = Memory()

    class Ear:
        def receive(self, what: object, now: float) -> None:
            """Hears nothing."""

    other = playing.table.platform.hold(
        playing.profile.pile_code, "02", Journal("other", playing.clock, (memory,)), Ear()
    )
    playing.play()
    assert playing.verdicts() == {"cross_tariff": Verdict.BROKEN, "single_tariff": Verdict.PASSED}
    assert codes(playing.outcomes[0]) == {"ended_by_us"}
    assert "holds the gun 02" in str(playing.outcomes[0].findings[0].params["why"])
    other.release()


def test_all_outcomes_are_those_of_the_run() -> None:
    playing = played(CASES, "single")
    (done,) = playing.done
    assert list(done.cases) == playing.outcomes
    assert done.pile_code == playing.profile.pile_code
    assert [case.verdict for case in done.cases].count(Verdict.NOT_APPLICABLE) == 5
    assert done.verdict is Verdict.PASSED


def test_a_pile_that_declares_nothing_of_what_is_asked_leaves_nothing_to_play() -> None:
    (done,) = played(("card", "vin"), "single").done
    assert done.verdict is Verdict.NOT_APPLICABLE
    assert [case.key for case in done.cases] == ["", ""]


def test_nothing_is_due_any_more_when_all_is_over() -> None:
    playing = played(CASES)
    playing.table.clear()
    assert playing.table.clock.pending() == 0


def test_cases_that_were_not_reached_are_told_as_not_earned() -> None:
    playing = Playing(["single_tariff", "card", "reboot"])
    playing.after(30, lambda: playing.series.stop("人工停止 / stopped by hand"))
    playing.play()
    assert playing.verdicts() == {
        "single_tariff": Verdict.BROKEN,
        "card": Verdict.NOT_EARNED,
        "reboot": Verdict.NOT_EARNED,
    }
    assert [case.id for case in playing.done[0].cases] == ["single_tariff", "card", "reboot"]
    assert playing.outcome.findings[0].code == "not_played"
    sentences = [say(each.code, each.params) for case in playing.outcomes for each in case.findings]
    assert ("没有轮到这个场景：人工停止", "This case was not played: stopped by hand") in sentences
    assert ("场景中断：人工停止", "The case was stopped: stopped by hand") in sentences


def test_an_answer_says_what_was_asked() -> None:
    playing = Playing(["card"]).play()
    answered = playing.events(Answered)
    assert answered
    for event in answered:
        assert "{" not in act(event.act, event.params)[0]
