"""Results under review: the matrix, what it rests on, every decision and every one that is refused."""

from __future__ import annotations

import re

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.core.journal import Answered, FileFetch
from harness.core.verdict import Verdict
from harness.store.desk import audit, models, results, uploads
from harness.store.desk.values import Model, Registrant, Upload
from tests.web.conftest import DATA, PILE, Desk
from tests.web.plays import SCAN_ONLY, SCANS, WRONG_CARD, Play, page, play, send, state, submit, votes


@pytest.fixture
def waiting(desk: Desk, owner: Registrant) -> Model:
    """A registration that waits."""
    return desk.model(owner, approved=False)


@pytest.fixture
def submitted(desk: Desk, owner: Registrant) -> Model:
    """Results of three cases that passed and wait."""
    model = desk.model(owner, SCAN_ONLY)
    play(desk, model, "r1", *SCANS)
    return submit(desk, model)


# results


def test_the_matrix_shows_each_gun_which_attempt_counts_and_versions_that_are_mixed(
    desk: Desk, owner: Registrant, reviewer: FlaskClient
) -> None:
    model = desk.model(owner, msgspec.structs.replace(SCAN_ONLY, upgrade=True))
    play(desk, model, "r1", "single_tariff", Play("cross_tariff", Verdict.FAILED), "estop")
    play(desk, model, "r2", "cross_tariff", gun="02")
    play(desk, model, "r3", "upgrade")
    models.set_version(desk.engine, model.id, "QH1.4.3", "r3", desk.clock.wall())
    renewed = models.model(desk.engine, model.id)
    assert renewed is not None
    play(desk, renewed, "r4", "estop")
    submit(desk, renewed)
    text = page(reviewer, f"/review/models/{model.id}")
    rows = {each[0]: each[1] for each in re.findall(r'<tr data-case="(\w+)"(.*?)</tr>', text, re.DOTALL)}
    assert "未通过" in rows["cross_tariff"]
    assert rows["cross_tariff"].index("未通过") < rows["cross_tariff"].index("rv-counts")
    assert "第 2/2 次" in rows["cross_tariff"]
    assert "第 2/2 次" in rows["estop"]
    assert "ver old" not in rows["estop"]
    assert 'ver old">QH1.4.2<' in rows["single_tariff"]
    assert "QH1.4.2 → QH1.4.3" in rows["upgrade"]
    assert "未申报" in rows["card"]
    assert "vote-card" not in text
    assert "结果来自不同的程序版本：QH1.4.2、QH1.4.3" in text


def test_results_of_one_version_are_not_called_mixed(submitted: Model, reviewer: FlaskClient) -> None:
    text = page(reviewer, f"/review/models/{submitted.id}")
    assert "不同的程序版本" not in text
    assert "ver old" not in text


def test_what_failed_begins_as_sent_back_with_what_was_found(
    desk: Desk, owner: Registrant, reviewer: FlaskClient
) -> None:
    model = desk.model(owner, SCAN_ONLY)
    play(desk, model, "r1", "single_tariff", "estop", Play("cross_tariff", Verdict.FAILED, [WRONG_CARD]))
    submit(desk, model)
    text = page(reviewer, f"/review/models/{model.id}")
    assert 'name="vote-cross_tariff" value="reject" checked' in text
    assert 'name="vote-estop" value="accept" checked' in text
    assert ">记录中的卡号是 00，应为 32095DF0</textarea>" in text
    assert 'aria-label="证据"' in text
    assert "跨价格段充电" in text[text.index('id="side"') :]  # what failed is looked at first


def test_the_evidence_has_findings_with_their_frames_files_and_earlier_attempts(
    desk: Desk, owner: Registrant, reviewer: FlaskClient
) -> None:
    model = desk.model(owner, msgspec.structs.replace(SCAN_ONLY, upgrade=True, qr=True))
    for kind, name in (("picture", "pic-1"), ("firmware", "fw-1"), ("picture", "pic-2")):
        upload = Upload(
            id=name, model_id=model.id, run_id="r2", kind=kind, name="<b>a.bin", size=1234567, sha256="9c41" * 16,
            version="QH1.4.3", at=desk.clock.wall(), by="测试员甲",
        )  # fmt: skip
        uploads.keep_upload(desk.engine, upload)
    play(desk, model, "r1", Play("upgrade", Verdict.BROKEN))
    events = (
        Answered(id=1, act="scan_qr", by="person", picture="pic-1"),
        Answered(id=2, act="choose_firmware", by="person", firmware_name="fw-1", firmware_version="QH1.4.3"),
        FileFetch(what="login", user="<i>u8231"),
        FileFetch(what="sent", size=1234567),
    )
    play(desk, model, "r2", Play("upgrade", Verdict.FAILED, [WRONG_CARD], events=events))
    text = page(reviewer, f"/review/models/{model.id}/cases/r2/0")
    assert "记录中的卡号是 00，应为 32095DF0" in text
    assert f'href="/models/{model.id}/frames?case=r2/0-upgrade&amp;n=2">#2</a>' in text
    assert '<span class="dk-meta">#5</span>' in text  # an event: there is no frame to open
    assert "第 1 次 未完成" in text
    assert "第 2 次 计入" in text
    assert "/pictures/pic-1" in text
    assert "/pictures/pic-2" not in text  # of another case of the run
    assert "9c41" * 16 in text
    assert "1,234,567 字节" in text
    assert "已发完 1234567 字节" in text
    assert "&lt;i&gt;u8231" in text
    assert "<b>a.bin" not in text


def test_a_page_asked_for_an_attempt_shows_that_one(desk: Desk, submitted: Model, reviewer: FlaskClient) -> None:
    text = page(reviewer, f"/review/models/{submitted.id}?run=r1&position=2")
    assert re.search(r'id="side".*?<h3>急停停止</h3>', text, re.DOTALL)


@pytest.mark.parametrize("path", ["/cases/r1/9", "/cases/other/0", "?run=other&position=0", "?run=r1&position=9"])
def test_an_attempt_that_is_not_this_models_is_not_found(
    desk: Desk, submitted: Model, reviewer: FlaskClient, path: str
) -> None:
    assert reviewer.get(f"/review/models/{submitted.id}{path}").status_code == 404


def test_the_attempt_of_another_model_is_not_found(
    desk: Desk, owner: Registrant, submitted: Model, reviewer: FlaskClient
) -> None:
    other = desk.model(owner, msgspec.structs.replace(SCAN_ONLY, model="QH-2"), pile_code="32010600000009")
    assert reviewer.get(f"/review/models/{other.id}/cases/r1/0").status_code == 404


def test_results_where_nothing_is_sent_back_are_approved(desk: Desk, submitted: Model, reviewer: FlaskClient) -> None:
    answer = send(reviewer, f"/review/models/{submitted.id}/accept", **votes(submitted), reason="整体良好")
    assert answer.location == f"/review/models/{submitted.id}"
    assert state(desk, submitted) is State.DONE
    assert desk.told == [(submitted.id, "state")]
    decided = results.submission(desk.engine, submitted.id)
    assert decided is not None
    assert (decided.accepted, decided.reason) == (True, "整体良好")
    text = page(reviewer, answer.location)
    assert "reviewer-01 于" in text
    assert 'form="decide"' not in text


def test_results_are_sent_back_with_a_reason_for_each_case(desk: Desk, submitted: Model, reviewer: FlaskClient) -> None:
    form = votes(submitted, estop="急停后 <b>8 秒</b>才停")
    assert send(reviewer, f"/review/models/{submitted.id}/reject", **form).status_code == 302
    assert state(desk, submitted) is State.REJECTED
    assert desk.told == [(submitted.id, "state")]
    decided = results.submission(desk.engine, submitted.id)
    assert decided is not None
    assert {case.case: (case.vote, case.reason) for case in decided.cases if case.declared} == {
        "single_tariff": ("accept", ""),
        "cross_tariff": ("accept", ""),
        "estop": ("reject", "急停后 <b>8 秒</b>才停"),
    }
    text = page(reviewer, f"/review/models/{submitted.id}")
    assert "急停后 &lt;b&gt;8 秒&lt;/b&gt;才停" in text
    assert "急停停止：急停后" in text  # the history calls the case by its name


def test_approving_is_refused_while_a_case_is_marked_to_go_back(
    desk: Desk, submitted: Model, reviewer: FlaskClient
) -> None:
    answer = send(reviewer, f"/review/models/{submitted.id}/accept", **votes(submitted, estop="太慢"))
    assert answer.status_code == 400
    assert "有场景选了退回，不能审核通过。" in answer.text
    assert 'name="vote-estop" value="reject" checked' in answer.text
    assert ">太慢</textarea>" in answer.text
    assert state(desk, submitted) is State.SUBMITTED


def test_sending_back_is_refused_without_a_case_or_without_its_reason(
    desk: Desk, submitted: Model, reviewer: FlaskClient
) -> None:
    path = f"/review/models/{submitted.id}/reject"
    none = send(reviewer, path, **votes(submitted))
    assert none.status_code == 400
    assert "至少选一个要退回的场景。" in none.text
    bare = send(reviewer, path, **votes(submitted, estop="   "))
    assert bare.status_code == 400
    assert 'id="e-estop"' in bare.text
    assert send(reviewer, path, **votes(submitted, estop="长" * 501)).status_code == 400
    assert state(desk, submitted) is State.SUBMITTED
    assert desk.told == []


def test_a_vote_on_each_declared_case_is_required(desk: Desk, submitted: Model, reviewer: FlaskClient) -> None:
    form = votes(submitted, estop="太慢")
    del form["vote-single_tariff"]
    answer = send(reviewer, f"/review/models/{submitted.id}/reject", **form)
    assert answer.status_code == 400
    assert "选通过或退回。" in answer.text
    form["vote-single_tariff"] = "perhaps"
    assert send(reviewer, f"/review/models/{submitted.id}/reject", **form).status_code == 400


def test_results_with_a_failed_case_are_approved_only_with_a_reason(
    desk: Desk, owner: Registrant, reviewer: FlaskClient
) -> None:
    model = desk.model(owner, SCAN_ONLY)
    play(desk, model, "r1", "single_tariff", "estop", Play("cross_tariff", Verdict.FAILED))
    model = submit(desk, model)
    path = f"/review/models/{model.id}/accept"
    answer = send(reviewer, path, **votes(model))
    assert answer.status_code == 400
    assert "有场景未通过，审核通过时写明原因。" in answer.text
    assert send(reviewer, path, **votes(model), reason="已在现场复核").status_code == 302
    assert audit.history(desk.engine, model.id)[-1].why == "已在现场复核"


# two reviewers, and models in other states


def test_the_second_decision_is_refused_and_says_who_was_first(desk: Desk, submitted: Model) -> None:
    first, second = desk.client(desk.user()), desk.client(desk.user("reviewer-02"))
    form = votes(submitted, estop="太慢")
    assert send(second, f"/review/models/{submitted.id}/accept", **votes(submitted)).status_code == 302
    answer = send(first, f"/review/models/{submitted.id}/reject", **form)
    assert answer.status_code == 409
    assert "reviewer-02 在 04-17" in answer.text
    assert "审核通过" in answer.text
    assert state(desk, submitted) is State.DONE
    assert len(desk.told) == 1


def test_a_registration_that_was_edited_meanwhile_is_not_approved_unseen(
    desk: Desk, owner: Registrant, waiting: Model, reviewer: FlaskClient
) -> None:
    models.edit(
        desk.engine, waiting.id, msgspec.structs.replace(DATA, power_kw=180), desk.actor(owner), desk.clock.wall()
    )
    answer = send(reviewer, f"/review/models/{waiting.id}/approve", version=waiting.version, pile_code=PILE)
    assert answer.status_code == 409
    assert "青禾换电服务（示例）有限公司 测试员甲" in answer.text
    assert desk.house.calls == []


@pytest.mark.parametrize("action", ["approve", "return", "accept", "reject"])
@pytest.mark.parametrize("version", ["", "x", "99"])
def test_a_decision_without_the_version_that_was_seen_is_refused(
    desk: Desk, waiting: Model, reviewer: FlaskClient, action: str, version: str
) -> None:
    answer = send(reviewer, f"/review/models/{waiting.id}/{action}", version=version, pile_code=PILE, why="x")
    assert answer.status_code == 409


@pytest.mark.parametrize("action", ["approve", "return", "accept", "reject"])
def test_a_decision_that_the_state_does_not_allow_is_refused(
    desk: Desk, model: Model, reviewer: FlaskClient, action: str
) -> None:
    form = {f"vote-{info.id}": "reject" for info in desk.services.cases} if action == "reject" else {}
    form |= {f"vote-{info.id}": "accept" for info in desk.services.cases} if action == "accept" else {}
    form |= {f"why-{info.id}": "x" for info in desk.services.cases}
    answer = reviewer.post(
        f"/review/models/{model.id}/{action}", data={"version": model.version, "pile_code": PILE, "why": "x", **form}
    )
    assert answer.status_code == 409
    assert "型号现在是“联调中”" in answer.text
    assert desk.told == []


@pytest.mark.parametrize("action", ["", "/approve", "/return", "/accept", "/reject"])
def test_a_model_that_does_not_exist_is_not_found(reviewer: FlaskClient, action: str) -> None:
    path = f"/review/models/999{action}"
    assert (reviewer.post(path) if action else reviewer.get(path)).status_code == 404


def test_a_deleted_model_is_shown_as_deleted_and_takes_no_decision(
    desk: Desk, owner: Registrant, submitted: Model, reviewer: FlaskClient
) -> None:
    send(reviewer, f"/review/models/{submitted.id}/reject", **votes(submitted, estop="太慢"))
    models.delete(desk.engine, submitted.id, desk.actor(owner), desk.clock.wall())
    text = page(reviewer, f"/review/models/{submitted.id}")
    assert "已删除" in text
    assert "急停停止" in text
    assert 'form="decide"' not in text
