"""Cases in series: what was asked for is always told, played or not."""

from harness.core.journal import Answered
from harness.core.verdict import Verdict
from harness.core.wording import act, say
from tests.engine.playing import Playing


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
