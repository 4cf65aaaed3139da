"""What was expected and what was seen are of one kind, and a time limit is one number wherever it is told."""

from __future__ import annotations

import pytest

from harness.core.pairs import parted
from harness.core.verdict import Finding, Verdict
from harness.core.wording import remedy, say
from harness.engine.judge import say_step
from tests.engine.playing import CASES, LANGUAGE, Playing, finding, played, shipped
from tests.engine.test_hours import at


def told(one: Finding) -> tuple[tuple[str, str], tuple[str, str]]:
    return parted(one.expected), parted(one.seen)


def test_a_record_that_never_comes_is_told_with_thirty_seconds_everywhere() -> None:
    missing = finding(played("single_tariff", faults=("record_missing",)).outcome, "record_missing")
    assert say("record_missing", missing.params)[0].startswith("30 秒内")
    assert remedy("record_missing", missing.params)[0].startswith("充电结束后 30 秒内")
    assert told(missing) == (("≤ 30 s", "≤ 30 s"), ("无", "nothing"))


@pytest.mark.parametrize(
    ("delay", "verdict", "expected"),
    [(20, Verdict.PASSED, "≤ 30 s"), (31, Verdict.PASSED, "≤ 30 s + 2 s"), (34, Verdict.FAILED, "≤ 30 s")],
)
def test_two_seconds_on_its_way_are_forgiven_and_told_only_where_they_count(
    delay: float, verdict: Verdict, expected: str
) -> None:
    playing = Playing(["estop"], start=at("10:05:00"))
    playing.pile.habits.record_delay = delay
    outcome = playing.play().outcome
    (record,) = (one for one in outcome.findings if one.code in ("record_seen", "record_late"))
    assert (record.verdict, record.expected) == (verdict, expected)


def test_a_refused_start_is_no_matter_of_seconds() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.change("remote_start_reply", lambda values: values | {"start_result": 0, "fail_reason": 3})
    refused = finding(playing.play().outcome, "start_refused")
    assert told(refused) == (("启动", "started"), ("未启动", "not\N{NO-BREAK SPACE}started"))


def test_a_value_that_differs_stands_beside_the_value_that_was_wanted() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))
    playing.pile.habits.change("remote_stop_reply", lambda values: values | {"stop_result": 0})
    wrong = finding(playing.play().outcome, "no_stop_reply")
    assert (wrong.expected, wrong.seen) == (
        "stop_result 1 成功 / stop_result 1 success",
        "stop_result 0 失败 / stop_result 0 failure",
    )


def test_steps_are_told_as_people_speak() -> None:
    zh = [say_step(placed.step.says(), LANGUAGE)[0] for placed in shipped("card").steps]
    assert zh == [
        "等桩就绪", "插枪", "准备好，等桩申请启动", "刷卡", "等桩报充电", "充电中", "让桩停止充电", "等桩答复停止",
        "等交易记录", "核对",
    ]  # fmt: skip
    assert say_step(shipped("single_tariff").steps[3].step.says(), LANGUAGE) == (
        "让桩开始充电",
        "Telling the pile to charge",
    )


@pytest.mark.parametrize("case", CASES)
def test_no_step_of_a_shipped_case_names_a_frame_or_leaves_open_what_to_do(case: str) -> None:
    for placed in shipped(case).steps:
        zh, en = say_step(placed.step.says(), LANGUAGE)
        assert zh != "请操作"
        assert "远程" not in zh
        assert "上传" not in zh
        assert en[0].isupper()
