"""场景联调: starting, watching, answering, stopping; drawn from what the house shows."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.errors import PersonError
from harness.core.standing import Shown
from harness.core.verdict import Finding, Verdict
from harness.store.desk import models, results
from harness.store.desk.values import Model
from tests.web import runs
from tests.web.conftest import CASES, DATA, Desk
from tests.web.plays import Play, play
from tests.web.runs import SCRIPT, called, online, path, running
from web.runs.large import rows_of
from web.runs.stage import segments

PLAYABLE = ("qr_set", "single_tariff", "cross_tariff", "card", "estop", "reboot", "upgrade")
FAILED = Finding(code="record_missing", verdict=Verdict.FAILED, check="record", params={"within": 30})
SILENT = Finding(
    code="operator_silent", verdict=Verdict.BROKEN, check="ask", params={"minutes": 10, "act": ("拍急停", "press")}
)
STOPPED = Finding(code="aborted", verdict=Verdict.NOT_EARNED, params={"why": ("人工停止", "stopped by a person")})


@pytest.fixture(autouse=True)
def there(desk: Desk) -> None:
    online(desk)


# starting


def test_a_start_plays_the_declared_cases_that_wait_for_no_number(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    assert registrant.post(path(model, "/start"), data={"gun": "02"}).location == path(model)
    _, number, profile, gun, cases, by = called(desk, "start")
    assert (number, gun, cases) == (model.id, "02", PLAYABLE)
    assert profile == model.profile()
    assert "测试员甲" in by


def test_a_case_that_waits_for_its_number_says_so_with_the_way_to_give_it(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    page = registrant.get(path(model)).text
    assert "VIN 还没有填，先不测。" in page
    assert f"/models/{model.id}/numbers" in page
    answer = registrant.post(path(model, "/retry"), data={"case": "vin"}, headers=SCRIPT)
    assert (answer.status_code, answer.json) == (400, {"error": "VIN充电还缺卡号或 VIN，先填上再测。"})
    assert called(desk, "start") is None


@pytest.mark.parametrize(
    ("form", "said"),
    [({"gun": "03"}, "没有这把枪"), ({"cases": "nonsense"}, "没有这个场景"), ({"cases": "qr_set,"}, "")],
)
def test_only_guns_and_cases_that_there_are_can_be_started(
    desk: Desk, registrant: FlaskClient, model: Model, form: dict[str, str], said: str
) -> None:
    answer = registrant.post(path(model, "/start"), data=form, headers=SCRIPT)
    assert said in (answer.json or {}).get("error", "")
    assert (called(desk, "start") is None) == bool(said)


@pytest.mark.parametrize("submitted", [True, False])
def test_nothing_starts_outside_of_joint_debugging(
    desk: Desk, registrant: FlaskClient, owner: Any, submitted: bool
) -> None:
    made = desk.model(owner, msgspec.structs.replace(DATA, vin=False), pile_code="32010600417703")
    if submitted:
        play(desk, made, "r1", *PLAYABLE)
        registrant.post(f"/models/{made.id}/submit")
    else:
        models.edit(desk.engine, made.id, DATA, desk.actor(owner), desk.clock.wall())
    assert registrant.post(path(made, "/start")).status_code == 409
    assert registrant.post(path(made, "/retry"), data={"failed": "1"}).status_code == 409
    page = registrant.get(path(made)).text
    assert "现在不能测试" in page
    assert "启动测试" not in page
    assert called(desk, "start") is None


def test_what_the_house_refuses_is_told(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    desk.house.refuses = PersonError("The pile is offline.", "桩不在线。")
    answer = registrant.post(path(model, "/start"), headers=SCRIPT)
    assert (answer.status_code, answer.json) == (400, {"error": "桩不在线。"})


def test_retry_plays_what_failed_or_came_to_nothing_on_the_gun_it_was_tried_on(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    play(desk, model, "r1", "qr_set", Play("card", Verdict.FAILED, (FAILED,)), gun="02")
    play(desk, model, "r2", Play("estop", Verdict.BROKEN, (SILENT,)), gun="02")
    registrant.post(path(model, "/retry"), data={"failed": "1"})
    assert called(desk, "start")[3:5] == ("02", ("card", "estop"))


def test_a_passed_case_may_be_tried_again_alone(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "qr_set")
    registrant.post(path(model, "/retry"), data={"case": "qr_set"})
    assert called(desk, "start")[4] == ("qr_set",)


def test_there_may_be_nothing_to_retry(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    answer = registrant.post(path(model, "/retry"), data={"failed": "1"}, headers=SCRIPT)
    assert answer.json == {"error": "没有要重试的场景。"}


def test_after_some_passed_the_start_offers_the_rest_and_all(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "qr_set", "card", Play("estop", Verdict.FAILED, (FAILED,)))
    page = registrant.get(path(model)).text
    assert 'value="single_tariff,cross_tariff,reboot,upgrade">接着测 4 项</button>' in page
    assert 'value="single_tariff,cross_tariff,estop,reboot,upgrade">启动测试，没通过的 5 项</button>' in page
    assert "启动测试，7 项全测" in page


def test_when_all_have_a_result_the_start_offers_those_that_failed(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    play(desk, model, "r1", *PLAYABLE[:-1], Play("upgrade", Verdict.FAILED, (FAILED,)))
    page = registrant.get(path(model)).text
    assert 'value="upgrade">启动测试<small>没通过的 1 项</small>' in page


def test_a_case_that_had_no_turn_can_be_started_alone(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    assert "只测这一项" not in registrant.get(path(model)).text
    play(desk, model, "r1", "qr_set")
    page = registrant.get(path(model)).text
    assert page.count("只测这一项") == len(PLAYABLE) - 1
    assert page.count("VIN 还没有填") == 1


def test_the_gun_that_was_tested_last_is_chosen_again(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "qr_set", gun="02")
    assert 'value="02" checked' in registrant.get(path(model)).text
    registrant.post(path(model, "/start"), data={"cases": "card"})
    assert called(desk, "start")[3:5] == ("02", ("card",))


def test_when_all_passed_all_may_be_run_once_more(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    ended = tuple(msgspec.structs.replace(case, state="passed") for case in running(desk, model).cases)
    play(desk, model, "r1", *PLAYABLE)
    running(desk, model, state="over", cases=ended, case=-1)
    page = registrant.get(path(model)).text
    assert "启动测试，7 项全测" in page
    assert f'<a class="dk-btn dk-btn--main dk-btn--2" href="/models/{model.id}/result">' in page


# watching


def test_a_run_shows_its_line_its_count_its_steps_and_its_sums(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    running(desk, model)
    page = registrant.get(path(model)).text
    for words in (
        "正在充电，不用操作",
        "01:22",
        "后平台自动停止",
        "第 2 步，共 3 步",
        "59.9",
        "1.0490",
        "2.3873",
        "现在",
    ):
        assert words in page
    assert 'class="power"' in page
    assert 'data-due="2026-04-17T02:01:22+00:00"' in page
    assert "style=" not in page


def test_the_live_part_alone_comes_without_a_page_around_it(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model)
    part = registrant.get(path(model, "/live")).text
    assert "正在充电，不用操作" in part
    assert "<html" not in part
    assert 'data-into="link"' in part


def test_without_a_value_its_place_is_held(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, charge=None, reading=None, count_due=None, steps=(), case=-1, line=("准备下一个场景", "Next"))
    assert "准备下一个场景" in registrant.get(path(model)).text


def test_the_present_case_is_marked_in_rail_and_list(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model)
    page = registrant.get(path(model)).text
    assert 'aria-current="step" aria-label="3 跨价格段充电 进行中"' in page
    assert '<li id="c-cross_tariff" class="is-now">' in page


def test_a_case_with_an_open_prompt_waits_for_a_person(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.prompt(desk))
    assert 'aria-label="3 跨价格段充电 请操作"' in registrant.get(path(model)).text


def test_a_pile_that_restarts_is_not_shown_as_lost(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    online(desk, online=False)
    running(desk, model, online=False, away=True)
    assert "桩重启中" in registrant.get(path(model)).text


def test_when_the_last_case_ends_the_page_knows_where_to_go(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    ended = tuple(msgspec.structs.replace(case, state="passed") for case in running(desk, model).cases)
    running(desk, model, state="over", cases=ended, case=-1)
    assert f'data-results="/models/{model.id}/result"' in registrant.get(path(model, "/live")).text


def stopped_in_the_third(desk: Desk, model: Model) -> None:
    """Two passed, the third was stopped, the others had no turn."""
    play(desk, model, "r1", "qr_set", "single_tariff", Play("cross_tariff", Verdict.NOT_EARNED, (STOPPED,)))
    known = {"qr_set": "passed", "single_tariff": "passed", "cross_tariff": "open"}
    cases = tuple(
        msgspec.structs.replace(case, state=known.get(case.id, "open"), key=f"r1/{n}-{case.id}" if n < 3 else "")
        for n, case in enumerate(running(desk, model).cases)
    )
    running(desk, model, run_id="r1", state="over", stopped=True, cases=cases, case=-1)


def test_a_stopped_run_says_what_was_kept_and_offers_to_go_on(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    stopped_in_the_third(desk, model)
    page = registrant.get(path(model)).text
    assert "已停止，桩不在充电" in page
    assert "已有结果的 2 项保留。" in page
    assert "通过 2 项，未完成 1 项，未开始 5 项。" in page
    assert 'value="cross_tariff,card,estop,reboot,upgrade">接着测 5 项</button>' in page
    assert 'data-results=""' in page


def test_a_charge_that_no_test_started_can_be_stopped_from_the_page(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    online(desk, charging=("01",), unasked=("01",))
    stopped_in_the_third(desk, model)
    page = registrant.get(path(model)).text
    assert "桩在充电（不是测试启动的），按停止。" in page
    assert f'action="/models/{model.id}/run/stop"' in page
    assert "已下发停止" not in page
    assert "桩不在充电" not in page


def test_a_charge_that_goes_on_after_a_stop_can_be_stopped_again(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    online(desk, charging=("01",))
    stopped_in_the_third(desk, model)
    page = registrant.get(path(model)).text
    assert "已下发停止，桩还在报充电" in page
    assert "不是测试启动的" not in page
    assert f'action="/models/{model.id}/run/stop"' in page


def test_what_is_in_the_way_stands_on_the_prompt(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    note = ("桩读到 DEADBEEF，要刷 32095DF0", "The pile read DEADBEEF; swipe 32095DF0")
    running(desk, model, prompt=runs.prompt(desk, note=note))
    assert note[0] in registrant.get(path(model)).text


def test_a_run_that_was_stopped_before_anything_passed_offers_to_go_on(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    play(desk, model, "r1", Play("qr_set", Verdict.NOT_EARNED, (STOPPED,)))
    cases = tuple(msgspec.structs.replace(case, state="open") for case in running(desk, model).cases)
    running(desk, model, state="over", stopped=True, cases=cases, case=-1)
    page = registrant.get(path(model)).text
    assert "还没有场景测完。" in page
    assert "接着测 7 项" in page


def test_a_retry_of_one_case_is_not_all_of_it(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "qr_set", Play("card", Verdict.FAILED, (FAILED,)))
    play(desk, model, "r2", "single_tariff")
    (case,) = (case for case in running(desk, model).cases if case.id == "single_tariff")
    passed = msgspec.structs.replace(case, state="passed", key="r2/0-single_tariff")
    running(desk, model, run_id="r2", state="over", cases=(passed,), case=-1)
    page = registrant.get(path(model)).text
    assert "还差 5 项，1 项未通过" in page
    assert "通过 2 项，未通过 1 项，未开始 5 项。" in page
    assert "测完了" not in page


def words_of(page: str) -> dict[str, str]:
    """How each case stands by a page: the last word of its state."""
    parts = re.findall(r'id="c-(\w+)".*?(?=id="c-|</section>)', page, re.DOTALL)
    found = re.findall(r'id="c-(\w+)".*?class="dk-state dk-state--\w+">.*?</svg>([^<]+)</span>', page, re.DOTALL)
    assert len(found) == len(parts) == len(CASES)
    return dict(found)


@pytest.mark.parametrize("goes_on", [False, True])
def test_both_pages_say_the_same_of_every_case(
    desk: Desk, registrant: FlaskClient, model: Model, goes_on: bool
) -> None:
    stopped_in_the_third(desk, model)
    if goes_on:
        cases = tuple(case for case in running(desk, model).cases if case.id in ("card", "estop"))
        now = msgspec.structs.replace(cases[0], state="now")
        running(desk, model, run_id="r2", cases=(now, cases[1]), case=0)
    run = words_of(registrant.get(path(model)).text)
    assert run == words_of(registrant.get(f"/models/{model.id}/result").text)
    assert (run["qr_set"], run["cross_tariff"], run["estop"]) == ("通过", "未完成", "未开始")
    assert run["card"] == ("进行中" if goes_on else "未开始")


def test_a_result_that_is_on_its_way_to_the_store_is_waited_for(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    cases = (msgspec.structs.replace(running(desk, model).cases[0], state="passed", key="r1/0-qr_set"),)
    running(desk, model, run_id="r1", state="over", cases=cases, case=-1)
    desk.app.extensions["desk"] = msgspec.structs.replace(
        desk.services, settled=lambda: play(desk, model, "r1", "qr_set")
    )
    assert "还差 7 项" in registrant.get(path(model)).text


def test_what_ended_in_this_run_is_shown_before_it_is_kept(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    first, *others = running(desk, model).cases
    failed = msgspec.structs.replace(first, state="failed", key="r1/0-qr_set", sentence=("没有收到", "Nothing came"))
    running(desk, model, cases=(failed, *others))
    page = registrant.get(path(model)).text
    assert 'aria-label="1 二维码设置 未通过"' in page
    assert "没有收到" in page


def test_a_pile_that_charges_on_after_the_stop_is_told_of(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    online(desk, charging=("01",))
    running(desk, model, state="over", stopped=True, case=-1)
    page = registrant.get(path(model)).text
    assert "桩还在报充电" in page
    assert "桩不在充电" not in page


def test_a_reviewer_watches_and_touches_nothing(desk: Desk, reviewer: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.prompt(desk))
    page = reviewer.get(path(model)).text
    assert "请拍下" in page
    for act in ("/run/stop", "/run/answer", "/run/more", "/run/start"):
        assert act not in page


def test_stop_is_one_touch(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model)
    assert registrant.post(path(model, "/stop")).location == path(model)
    assert called(desk, "stop")[1] == model.id


# parts


@pytest.mark.parametrize(
    ("line", "zh", "rows"),
    [
        ("请拍下急停按钮", True, ["请拍下", "急停按钮"]),
        ("请插上 1 号枪", True, ["请插上", "1 号枪"]),
        ("请用 VIN 启动", True, ["请用", "VIN", "启动"]),
        ("请扫\n桩上\n二维码", True, ["请扫", "桩上", "二维码"]),
        ("桩报上已插枪", True, ["桩报上", "已插枪"]),
        ("Press the emergency stop", False, ["Press the", "emergency", "stop"]),
        ("Replug gun 1", False, ["Replug", "gun 1"]),
    ],
)
def test_a_large_line_is_cut_where_it_reads_well(line: str, zh: bool, rows: list[str]) -> None:
    assert rows_of((line, line), zh) == rows


def test_the_bar_of_steps_fills_by_time(desk: Desk, model: Model) -> None:
    steps = running(desk, model).steps
    drawn = segments(steps, 0.5, width=300)
    assert [each.kind for each in drawn] == ["done", "now-rest", "now", ""]
    assert drawn[2].width == drawn[1].width / 2


def test_what_has_no_result_stands_as_not_finished(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", Play("estop", Verdict.BROKEN, (SILENT,)))
    assert results.standings(desk.engine, model, CASES).of("estop").shown is Shown.OPEN
    page = registrant.get(path(model)).text
    assert 'aria-label="6 急停停止 未完成"' in page
    assert "未通过" not in page


def test_the_run_counts_what_breaks_the_protocols_rules(registrant: FlaskClient, desk: Desk, model: Model) -> None:
    running(desk, model)
    calm = registrant.get(path(model)).text
    assert re.search(r"协议规范</span>\s*<b>0</b>", calm)
    running(desk, model, rules={"must": 2, "remark": 1})
    text = registrant.get(path(model)).text
    assert "必须 2" in text
    assert "备注 1" in text
    assert "dk-level--should" not in text
    assert f'href="/models/{model.id}/frames?found=1"' in text
    assert "Must 2" in desk.client(desk.user(), "en").get(path(model)).text


def test_what_a_run_broke_is_still_there_when_it_is_over(registrant: FlaskClient, desk: Desk, model: Model) -> None:
    running(desk, model, state="over", case=-1, rules={"should": 3})
    assert "应当 3" in registrant.get(path(model)).text
