"""联调结果: what each case came to, whose fault it was, handing in, and testing again."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.core.outcome import Settlement
from harness.core.verdict import Finding, Verdict
from harness.store.desk import models, results, uploads
from harness.store.desk.values import Actor, Model, Upload
from harness.store.ownership import GONE
from tests.web.conftest import DATA, Desk
from tests.web.plays import Play, play
from tests.web.runs import charge, online, running

BY = Actor(kind="reviewer", id=1, name="reviewer-01")
ALL = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")
MISMATCH = Finding(
    code="energy_mismatch", verdict=Verdict.FAILED, check="split", rule="R-TX-3", expected="尖·sharp 1.0490",
    seen="尖·sharp 1.1821", frames=(2, 3),
)  # fmt: skip
SILENT = Finding(
    code="operator_silent", verdict=Verdict.BROKEN, check="ask", params={"minutes": 10, "act": ("拍急停", "press")}
)
LATE = Finding(code="record_late", verdict=Verdict.BROKEN, params={"after": "41", "within": "30"})
OUR_LATENESS = Finding(code="loop_late", verdict=Verdict.BROKEN, params={"seconds": "12.0"})


def broken(code: str, **params: Any) -> tuple[Finding, ...]:
    return (Finding(code=code, verdict=Verdict.BROKEN, params=params),)


SHUT_DOWN = ("平台停止服务", "the platform was shut down")
OURS, ROOM = "这是平台的原因，不算桩的错", "这是现场的原因，不算桩的错"
WHOSE: tuple[tuple[tuple[Finding, ...], str], ...] = (
    (broken("harness_fault", why="disk full"), OURS),
    (broken("ended_by_us", why=SHUT_DOWN), OURS),
    (broken("ended_by_us", why=GONE), OURS),
    ((LATE, OUR_LATENESS), OURS),
    (broken("aborted", why=("人工停止", "stopped by hand")), "这是由人停止的，不算桩的错"),
    (broken("pile_lost"), "这是连接的原因，不算桩的错"),
    ((SILENT,), ROOM),
    (broken("operator_unable", why=("没有钥匙", "no key")), ROOM),
    (broken("no_operator"), ROOM),
    (broken("still_charging"), ROOM),
    (broken("pile_offline"), ROOM),
    (broken("card_unknown", card="AB12"), ROOM),
    (broken("vin_unknown", vin="LNA001PD800186429"), ROOM),
    (broken("qr_unreadable"), ROOM),
    (broken("firmware_version_bad", version="", current="V1"), ROOM),
    (broken("tariff_not_accepted"), "不算桩的错"),
)


@pytest.fixture
def whole(desk: Desk, owner: Any) -> Model:
    """A model of which nothing waits for a number."""
    return desk.model(owner, msgspec.structs.replace(DATA, vin_no="LNA001PD800186429"), pile_code="32010600417703")


def page(client: FlaskClient, model: Model) -> str:
    answer = client.get(f"/models/{model.id}/result")
    assert answer.status_code == 200
    return answer.text


def part(text: str, case: str) -> str:
    """What stands of one case."""
    found = re.search(rf'<details[^>]* id="c-{case}">.*?</details>', text, re.DOTALL)
    assert found is not None
    return found.group(0)


def opened(text: str, case: str) -> bool:
    return part(text, case).startswith("<details open")


def state(desk: Desk, model: Model) -> State:
    found = models.model(desk.engine, model.id)
    assert found is not None
    return found.state


def test_a_row_for_each_case_also_for_those_not_declared(desk: Desk, owner: Any, registrant: FlaskClient) -> None:
    made = desk.model(owner, msgspec.structs.replace(DATA, reboot=False), pile_code="32010600417703")
    text = page(registrant, made)
    assert len(re.findall("<details", text)) == len(ALL)
    assert "<span>否</span>" in part(text, "reboot")
    assert "<span>是</span>" in part(text, "card")
    assert "还没有测" in text


def test_a_failed_case_opens_by_itself_with_reason_remedy_and_what_differs(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    sums = (
        Settlement(
            label="sharp", label_zh="尖", label_en="sharp", pile=Decimal("1.1821"), platform=Decimal("1.0490"), ok=False
        ),
        Settlement(label="", label_zh="合计", label_en="Total", pile=Decimal("3.0456"), platform=Decimal("3.0456")),
    )  # fmt: skip
    curve = msgspec.structs.replace(charge(), energies=sums)
    play(desk, model, "r1", Play("cross_tariff", Verdict.FAILED, (MISMATCH,), curve), gun="02", version="QH1.4.2")
    text = part(page(registrant, model), "cross_tariff")
    assert text.startswith("<details open")
    for words in ("未通过", "上送电量与平台不匹配", "核对桩的价格段起止时间", "1.1821", "+0.1331", "2枪", "QH1.4.2"):
        assert words in text
    assert "应当 尖 1.0490，看到 尖 1.1821" in text
    assert 'class=" off"' in text


def test_each_reason_leads_to_the_frames_it_rests_on(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", Play("cross_tariff", Verdict.FAILED, (MISMATCH,)))
    text = part(page(registrant, model), "cross_tariff")
    assert f'href="/models/{model.id}/frames?case=r1/0-cross_tariff&amp;n=2"' in text
    assert "#3" in text


@pytest.mark.parametrize(
    ("findings", "whose"), WHOSE, ids=lambda value: "" if isinstance(value, str) else value[0].code
)
def test_what_is_not_the_piles_fault_never_reads_as_failed(
    desk: Desk, registrant: FlaskClient, model: Model, findings: tuple[Finding, ...], whose: str
) -> None:
    play(desk, model, "r1", Play("estop", Verdict.BROKEN, findings))
    text = page(registrant, model)
    row = part(text, "estop")
    assert row.startswith("<details open")
    assert "未完成" in row
    assert whose in row
    assert "不算桩的错，也不算结果" in row
    assert "未通过" not in row
    assert "dk-c-bad" not in text


def test_a_remark_is_a_pass_with_a_line(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    remark = Finding(code="no_meter", verdict=Verdict.REMARK, check="energy")
    play(desk, model, "r1", Play("card", Verdict.REMARK, (remark,)))
    row = part(page(registrant, model), "card")
    assert not row.startswith("<details open")
    assert "桩未上送电表读数" in row


def test_a_case_without_its_number_waits_and_leads_to_where_it_is_given(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    row = part(page(registrant, model), "vin")
    assert "VIN 还没有填，先不测。" in row
    assert f"/models/{model.id}/numbers" in row
    assert "/run/retry" not in row


def test_earlier_attempts_and_the_one_that_counts_are_listed(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", Play("card", Verdict.FAILED, (MISMATCH,)), gun="01")
    play(desk, model, "r2", "card", gun="02", version="QH1.4.3")
    play(desk, model, "r3", Play("card", Verdict.BROKEN, (SILENT,)), gun="02")
    row = part(page(registrant, model), "card")
    assert row.count("<li>") == 3
    assert row.count("以这次为准") == 1
    assert "最近一次没有结果" in row
    assert "QH1.4.3" in row


def test_several_program_versions_are_told(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "card", version="QH1.4.2")
    play(desk, model, "r2", "estop", version="QH1.4.3")
    assert "QH1.4.2、QH1.4.3" in page(registrant, model)


def test_pictures_stand_with_the_scan(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "qr_set")
    kept = Upload(
        id="ab12", model_id=model.id, run_id="r1", kind="picture", name="x.jpg", size=1, sha256="0", version="",
        at=desk.clock.wall(), by="x",
    )  # fmt: skip
    uploads.keep_upload(desk.engine, kept)
    text = page(registrant, model)
    assert f'src="/models/{model.id}/pictures/ab12"' in part(text, "qr_set")


# handing in


def test_results_are_handed_in_only_when_every_declared_case_has_one(
    desk: Desk, registrant: FlaskClient, whole: Model
) -> None:
    play(desk, whole, "r1", *ALL[:-1])
    text = page(registrant, whole)
    assert "远程升级还没有结果，现在不能提交审核。" in text
    assert f"/models/{whole.id}/submit" not in text
    assert registrant.post(f"/models/{whole.id}/submit").status_code == 400
    play(desk, whole, "r2", "upgrade")
    assert f"/models/{whole.id}/submit" in page(registrant, whole)
    registrant.post(f"/models/{whole.id}/submit")
    assert state(desk, whole) is State.SUBMITTED
    assert (whole.id, "state") in desk.told


def test_a_failed_case_may_be_handed_in(desk: Desk, registrant: FlaskClient, whole: Model) -> None:
    play(desk, whole, "r1", *ALL[:-1], Play("upgrade", Verdict.FAILED, (MISMATCH,)))
    assert "测完了，1 项未通过" in page(registrant, whole)
    registrant.post(f"/models/{whole.id}/submit")
    assert state(desk, whole) is State.SUBMITTED


def test_a_result_still_on_its_way_to_the_store_is_handed_in(desk: Desk, registrant: FlaskClient, whole: Model) -> None:
    play(desk, whole, "r1", *ALL)
    late = Play("upgrade", Verdict.FAILED, (MISMATCH,))
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, settled=lambda: play(desk, whole, "r2", late))
    registrant.post(f"/models/{whole.id}/submit")
    submission = results.submission(desk.engine, whole.id)
    assert submission is not None
    (handed_in,) = [each for each in submission.cases if each.case == "upgrade"]
    assert (handed_in.run_id, handed_in.verdict) == ("r2", Verdict.FAILED)


def test_nothing_is_handed_in_while_a_test_runs(desk: Desk, registrant: FlaskClient, whole: Model) -> None:
    play(desk, whole, "r1", *ALL)
    running(desk, whole)
    text = page(registrant, whole)
    assert "测试还在进行，停下来再提交。" in text
    assert f"/models/{whole.id}/run" in text
    assert registrant.post(f"/models/{whole.id}/submit").status_code == 400
    assert state(desk, whole) is State.TESTING


def test_what_waits_for_a_decision_can_neither_be_tested_nor_handed_in_again(
    desk: Desk, registrant: FlaskClient, whole: Model
) -> None:
    play(desk, whole, "r1", *ALL)
    registrant.post(f"/models/{whole.id}/submit")
    text = page(registrant, whole)
    assert "等平台审核" in text
    for act in ("/submit", "/again", "/run/retry"):
        assert f"/models/{whole.id}{act}" not in text
    assert registrant.post(f"/models/{whole.id}/submit").status_code == 409


def reject(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", *ALL)
    registrant.post(f"/models/{model.id}/submit")
    votes = dict.fromkeys(ALL, ("accept", "")) | {"card": ("reject", "卡号反了 <i>")}
    models.reject(desk.engine, model.id, BY, desk.clock.wall(), votes, "请重测刷卡。")


def test_a_rejection_shows_the_reviewers_reasons_word_for_word(
    desk: Desk, registrant: FlaskClient, whole: Model
) -> None:
    reject(desk, registrant, whole)
    text = page(registrant, whole)
    assert "平台退回 1 项" in text
    assert "请重测刷卡。" in text
    assert "卡号反了 &lt;i&gt;" in part(text, "card")
    assert "已退回" in part(text, "card")
    assert opened(text, "card")
    assert not opened(text, "estop")
    assert "重新调试" in text
    assert "/run/retry" not in text


def test_testing_again_wants_a_new_run_of_what_was_sent_back_alone(
    desk: Desk, registrant: FlaskClient, whole: Model
) -> None:
    reject(desk, registrant, whole)
    registrant.post(f"/models/{whole.id}/again")
    assert state(desk, whole) is State.TESTING
    text = page(registrant, whole)
    assert "刷卡充电被退回后还没有重测" in text
    assert "卡号反了" in part(text, "card")
    assert "退回以前测的不再算。" in part(text, "card")
    assert "接着测 1 项" in text
    desk.clock.advance(60)
    play(desk, whole, "r2", "card")
    text = page(registrant, whole)
    assert "卡号反了" not in text
    assert f"/models/{whole.id}/submit" in text


def test_testing_again_is_only_for_what_was_sent_back(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    assert registrant.post(f"/models/{model.id}/again").status_code == 409


def test_a_finished_model_says_what_that_means(desk: Desk, registrant: FlaskClient, whole: Model) -> None:
    play(desk, whole, "r1", *ALL)
    registrant.post(f"/models/{whole.id}/submit")
    models.accept(desk.engine, whole.id, BY, desk.clock.wall(), dict.fromkeys(ALL, ("accept", "")))
    text = page(registrant, whole)
    assert "联调完成" in text
    assert "可以接入客户的生产环境。" in text


# sharing


def test_a_case_is_shown_to_the_platform_with_one_touch(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", "qr_set", Play("card", Verdict.FAILED, (MISMATCH,)))
    assert "给平台看这一项" in part(page(registrant, model), "card")
    registrant.post(f"/models/{model.id}/share", data={"run": "r1", "position": "1"})
    (shared,) = uploads.shared(desk.engine)
    assert (shared.model_id, shared.run_id, shared.position, shared.case) == (model.id, "r1", 1, "card")
    row = part(page(registrant, model), "card")
    assert "已给平台看" in row
    assert "/share" not in row


@pytest.mark.parametrize("place", [{"run": "r1", "position": "9"}, {"run": "other", "position": "0"}, {}])
def test_only_what_was_played_for_the_model_is_shared(
    desk: Desk, registrant: FlaskClient, owner: Any, model: Model, whole: Model, place: dict[str, str]
) -> None:
    play(desk, model, "r1", "qr_set")
    play(desk, whole, "other", "qr_set")
    assert registrant.post(f"/models/{model.id}/share", data=place).status_code == 400
    assert uploads.shared(desk.engine) == []


# who, and in which language


def test_a_reviewer_reads_the_results_and_changes_nothing(desk: Desk, reviewer: FlaskClient, model: Model) -> None:
    play(desk, model, "r1", Play("card", Verdict.FAILED, (MISMATCH,)))
    text = page(reviewer, model)
    assert "上送电量与平台不匹配" in text
    assert f'action="/models/{model.id}/' not in text


def test_the_english_page_has_no_chinese_but_what_people_typed(desk: Desk, owner: Any, model: Model) -> None:
    online(desk)
    finding = msgspec.structs.replace(MISMATCH, frames=())
    play(desk, model, "r1", Play("card", Verdict.FAILED, (finding,)), Play("estop", Verdict.BROKEN, (SILENT,)))
    main = page(desk.client(owner, "en"), model).partition("<main")[2]
    shown = re.sub(r"<[^>]+>", " ", main)
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", shown) == []
    assert "Expected sharp 1.0490, seen sharp 1.1821" in shown


# while a test runs


def test_while_a_test_runs_the_page_says_so_and_shows_the_case_as_running(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    play(desk, model, "r1", "qr_set")
    running(desk, model)
    text = page(registrant, model)
    assert "<h2>正在测：跨价格段充电</h2>" in text
    assert "进行中" in part(text, "cross_tariff")
    assert text.count("回到场景联调") == 1
    running(desk, model, case=-1, cases=())
    assert "<h2>测试进行中</h2>" in page(registrant, model)


def test_the_version_of_now_and_the_versions_tested_are_told_apart(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    play(desk, model, "r1", "card", version="QH1.4.2")
    online(desk, program_version="QH1.4.3")
    text = page(registrant, model)
    assert "现在的程序版本 QH1.4.3" in text
    assert "测试时 QH1.4.2" in text
