"""The reviewer's side: sign-in, what waits, registrations, search, shared cases, access codes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.core.verdict import Verdict
from harness.store.desk import accounts, audit, customers, models, uploads
from harness.store.desk.values import Model, Registrant
from tests.web.conftest import CODE, DATA, PASSWORD, PILE, Desk
from tests.web.plays import SCAN_ONLY, SCANS, WRONG_CARD, Play, page, play, send, state, submit
from web import passwords
from web.access import actor_of
from web.review.matrix import waiting as waiting_for
from web.words import say


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


# sign-in


def test_a_reviewer_signs_in_and_sees_what_waits(desk: Desk) -> None:
    desk.user()
    client = desk.client()
    answer = client.post("/review/login", data={"name": "reviewer-01", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/review/")
    assert "没有等审核的结果" in page(client, "/review/")
    assert audit.audit(desk.engine)[0].action == "sign_in"


@pytest.mark.parametrize(
    ("name", "password"), [("reviewer-01", "wrong"), ("nobody", PASSWORD), ("", ""), ("reviewer-off", PASSWORD)]
)
def test_whatever_is_wrong_at_sign_in_is_told_in_one_and_the_same_sentence(
    desk: Desk, name: str, password: str
) -> None:
    by, off = desk.user(), desk.user("reviewer-off")
    accounts.change_user(desk.engine, off.id, actor_of(by), desk.clock.wall(), disabled=True)
    answer = desk.client().post("/review/login", data={"name": name, "password": password})
    assert answer.status_code == 401
    assert "用户名或密码不对，或账号已停用。" in answer.text
    assert f'value="{password}"' not in answer.text or not password


def test_sign_in_goes_on_to_the_page_that_was_asked_for_and_to_no_other_site(desk: Desk, submitted: Model) -> None:
    desk.user()
    path = f"/review/models/{submitted.id}"
    asked = desk.client().get(path)
    assert asked.location == f"/review/login?next={path}"
    form = {"name": "reviewer-01", "password": PASSWORD}
    assert desk.client().post(asked.location, data=form).location == path
    assert desk.client().post("/review/login?next=//example.com", data=form).location == "/review/"


def test_signing_out_ends_the_session(reviewer: FlaskClient) -> None:
    assert reviewer.post("/review/logout").location == "/review/login"
    assert reviewer.get("/review/").location.startswith("/review/login")


# what waits


def test_the_queue_holds_registrations_and_results_the_oldest_first_with_how_long_they_wait(
    desk: Desk, owner: Registrant
) -> None:
    for number, name in enumerate(("OLD-1", "NEW-1")):
        model = desk.model(owner, msgspec.structs.replace(SCAN_ONLY, model=name), pile_code=f"3201060041770{number}")
        play(desk, model, name, *SCANS)
        submit(desk, model)
        desk.clock.advance(86400.0)
    desk.model(owner, msgspec.structs.replace(DATA, model="REG-1"), approved=False)
    desk.clock.advance(120.0)
    text = page(desk.client(desk.user()), "/review/")
    assert re.findall("OLD-1|NEW-1|REG-1", text) == ["OLD-1", "NEW-1", "REG-1"]
    assert ">2 天<" in text
    assert "24 小时" in text
    assert "2 分钟" in text
    assert '<span class="dk-n">3</span>' in text


def test_the_queue_renews_itself_and_a_page_with_a_form_does_not(waiting: Model, reviewer: FlaskClient) -> None:
    queue = page(reviewer, "/review/")
    assert '<div id="queue" data-live="" data-every="30">' in queue
    assert '<nav id="nav"' in queue
    assert queue.count('data-live=""') == 2
    assert "data-live" not in page(reviewer, f"/review/models/{waiting.id}")


def test_a_registration_that_was_sent_back_waits_for_its_registrant(
    desk: Desk, waiting: Model, reviewer: FlaskClient
) -> None:
    send(reviewer, f"/review/models/{waiting.id}/return", version=waiting.version, why="功率不对")
    assert "没有等审核的登记" in page(reviewer, "/review/")
    text = page(reviewer, f"/review/models/{waiting.id}")
    assert "已退回：功率不对" in text
    assert "通过登记" not in text.split("经过")[0]


# a registration


def test_a_registration_shows_all_that_is_declared(desk: Desk, waiting: Model, reviewer: FlaskClient) -> None:
    text = page(reviewer, f"/review/models/{waiting.id}")
    for word in ("QH-DC120-2", "直流 120 kW，2 枪", "恒芯", "QH1.4.2", "32095DF0", "号码未填", "禾充", "测试员甲"):
        assert word in text
    assert 'value="32010600000001"' in text


@pytest.mark.parametrize(("vin", "odd"), [("LNA001PD800186429", True), ("1M8GDM9AXKP042788", False), ("", False)])
def test_a_vin_with_an_odd_check_digit_is_remarked_and_no_more(
    desk: Desk, owner: Registrant, reviewer: FlaskClient, vin: str, odd: bool
) -> None:
    model = desk.model(owner, msgspec.structs.replace(DATA, vin_no=vin), approved=False)
    text = page(reviewer, f"/review/models/{model.id}")
    assert vin in text
    assert (say("models.vin_odd")[0] in text) == odd


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], "没有客户名单，未核对企业"),
        (["别家"], "不在客户名单中"),
        (["青禾换电服务（示例）有限公司"], "在客户名单中"),
    ],
)
def test_the_company_is_held_against_the_customer_list(
    desk: Desk, owner: Registrant, waiting: Model, reviewer: FlaskClient, names: list[str], told: str
) -> None:
    customers.replace_customers(desk.engine, names, desk.actor(owner), desk.clock.wall())
    text = page(reviewer, f"/review/models/{waiting.id}")
    assert told in text
    assert ("不在客户名单中" in text) == (told == "不在客户名单中")


def test_approving_gives_the_typed_pile_code_lets_the_pile_in_and_tells_everybody(
    desk: Desk, waiting: Model, reviewer: FlaskClient
) -> None:
    path = f"/review/models/{waiting.id}/approve"
    answer = send(reviewer, path, version=waiting.version, pile_code=" 32010600417702 ")
    assert answer.location == f"/review/models/{waiting.id}"
    model = models.model(desk.engine, waiting.id)
    assert model is not None
    assert (model.state, model.pile_code) == (State.TESTING, PILE)
    assert desk.house.calls == [("register", model.profile())]
    assert desk.told == [(waiting.id, "state")]
    assert "登记已通过，桩编码 32010600417702" in page(reviewer, answer.location)
    assert audit.history(desk.engine, waiting.id)[-1].actor.name == "reviewer-01"


@pytest.mark.parametrize("code", ["", "1234", "3201060041770２", "32010600417702x", "<b>3201060041"])
def test_a_pile_code_that_is_none_is_refused_and_shown_again(
    desk: Desk, waiting: Model, reviewer: FlaskClient, code: str
) -> None:
    answer = send(reviewer, f"/review/models/{waiting.id}/approve", version=waiting.version, pile_code=code)
    assert answer.status_code == 400
    assert "桩编码是 14 位数字。" in answer.text
    assert "<b>3201" not in answer.text
    assert state(desk, waiting) is State.REGISTERED
    assert desk.told == desk.house.calls == []


def test_a_pile_code_that_another_model_has_is_refused(
    desk: Desk, owner: Registrant, model: Model, reviewer: FlaskClient
) -> None:
    waiting = desk.model(owner, msgspec.structs.replace(DATA, model="QH-2"), approved=False)
    answer = send(reviewer, f"/review/models/{waiting.id}/approve", version=waiting.version, pile_code=PILE)
    assert answer.status_code == 400
    assert re.search(r'id="e-pile_code">.*已给了型号', answer.text)
    assert f'value="{PILE}"' in answer.text
    assert desk.house.calls == []


def test_a_pile_code_of_a_profile_file_is_neither_proposed_nor_taken(
    desk: Desk, waiting: Model, reviewer: FlaskClient
) -> None:
    first = models.free_pile_code(desk.engine)
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, taken=frozenset({first}))
    assert f'value="{first}"' not in page(reviewer, f"/review/models/{waiting.id}")
    answer = send(reviewer, f"/review/models/{waiting.id}/approve", version=waiting.version, pile_code=first)
    assert answer.status_code == 400
    assert "这个桩编码已在桩档案文件里" in answer.text
    assert state(desk, waiting) is State.REGISTERED


def test_sending_back_a_registration_needs_a_reason(desk: Desk, waiting: Model, reviewer: FlaskClient) -> None:
    path = f"/review/models/{waiting.id}/return"
    answer = send(reviewer, path, version=waiting.version, why="  ")
    assert answer.status_code == 400
    assert "写明退回的原因。" in answer.text
    assert send(reviewer, path, version=waiting.version, why="x" * 501).status_code == 400
    assert desk.told == []
    assert send(reviewer, path, version=waiting.version, why="枪数量与铭牌不同").status_code == 302
    found = models.model(desk.engine, waiting.id)
    assert found is not None
    assert (found.state, found.returned) == (State.REGISTERED, "枪数量与铭牌不同")
    assert desk.told == [(waiting.id, "state")]


def test_what_changed_since_it_was_approved_is_shown_and_the_code_stays_unless_typed_anew(
    desk: Desk, owner: Registrant, model: Model, reviewer: FlaskClient
) -> None:
    by = desk.actor(owner)
    there_and_back = msgspec.structs.replace(model.data, power_kw=180, reboot=False, mainboard_maker="新芯")
    models.edit(desk.engine, model.id, there_and_back, by, desk.clock.wall())
    edited = msgspec.structs.replace(there_and_back, mainboard_maker="恒芯")
    now = models.edit(desk.engine, model.id, edited, by, desk.clock.wall())
    text = page(reviewer, f"/review/models/{model.id}")
    changes = text[text.index("与上次通过的不同") : text.index("联调项")]
    assert re.findall(r'<th scope="row">(.*?)</th>', changes) == ["功率", "远程重启"]
    assert "<td>120</td><td><b>180</b></td>" in changes
    assert "<td>是</td><td><b>否</b></td>" in changes
    assert f'value="{PILE}"' in text
    send(reviewer, f"/review/models/{model.id}/approve", version=now.version, pile_code="32010600999999")
    assert [call[0] for call in desk.house.calls] == ["forget", "register"]
    assert desk.house.calls[0] == ("forget", PILE)


# search, shared cases, access codes


def test_models_are_found_by_company_model_pile_code_and_state(
    desk: Desk, owner: Registrant, model: Model, reviewer: FlaskClient
) -> None:
    other = desk.registrant("远山能源（示例）有限公司", "测试员乙")
    desk.model(other, msgspec.structs.replace(DATA, model="YS-DC30"), approved=False)
    for asked in ("q=青禾", "q=qh-dc120", f"q={PILE[-5:]}", "state=testing", "q=QH&state=testing"):
        text = page(reviewer, f"/review/models?{asked}")
        assert ("QH-DC120-2" in text, "YS-DC30" in text) == (True, False), asked
    assert "YS-DC30" in page(reviewer, "/review/models?state=nonsense")
    assert "没有找到型号" in page(reviewer, "/review/models?q=%3Cscript%3E")
    assert "<script>alert" not in page(reviewer, "/review/models?q=%3Cscript%3Ealert")


def test_a_shared_case_stands_open_until_somebody_looked(
    desk: Desk, owner: Registrant, submitted: Model, reviewer: FlaskClient
) -> None:
    share = uploads.share(desk.engine, submitted.id, "r1", 2, "estop", "看看<b>", desk.actor(owner), desk.clock.wall())
    assert "有 1 个场景等人帮忙看" in page(reviewer, "/review/")
    text = page(reviewer, "/review/shared")
    assert "看看&lt;b&gt;" in text
    assert f'href="/review/models/{submitted.id}?run=r1&amp;position=2"' in text
    assert reviewer.post(f"/review/shared/{share.id}/seen").location == "/review/shared"
    assert "reviewer-01 于" in page(reviewer, "/review/shared")
    assert uploads.shared(desk.engine) == []
    assert reviewer.post("/review/shared/999/seen").status_code == 400


def test_a_new_access_code_is_shown_once_and_ends_the_old_one(
    desk: Desk, owner: Registrant, model: Model, reviewer: FlaskClient
) -> None:
    own = desk.client(owner)
    assert own.get("/models").status_code == 200
    answer = reviewer.post(f"/review/registrants/{owner.id}/code")
    shown = re.search(r"<b>([A-Z2-9]{4}-[A-Z2-9]{4})</b>", answer.text)
    assert shown is not None
    found = accounts.find_registrant(desk.engine, owner.company, owner.contact, owner.phone)
    assert found is not None
    assert passwords.fits(found[1], shown[1])
    assert not passwords.fits(found[1], CODE)
    assert own.get("/models").status_code == 302  # the session of the old code is over
    assert shown[1] not in page(reviewer, f"/review/models/{model.id}")
    assert reviewer.post("/review/registrants/999/code").status_code == 404


# what people and piles typed, and the other language


def test_whatever_was_typed_or_sent_is_shown_as_text(desk: Desk, reviewer: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    owner = desk.registrant(f"{evil}公司", f"{evil}人")
    data = msgspec.structs.replace(SCAN_ONLY, model=evil, program_version="<script>", mainboard_maker=evil)
    model = desk.model(owner, data)
    play(desk, model, "r1", *SCANS, version="<script>v")
    submit(desk, model)
    desk.model(owner, data, approved=False)
    for path in ("/review/", f"/review/models/{model.id}", f"/review/models/{model.id + 1}", "/review/models"):
        text = page(reviewer, path)
        assert "<script>alert" not in text
        assert "<script>v" not in text
        assert "&lt;script&gt;" in text


def test_in_english_only_what_people_typed_is_chinese(desk: Desk) -> None:
    owner = desk.registrant("Example Ltd", "Tester")
    plain = msgspec.structs.replace(SCAN_ONLY, mainboard_maker="Hengxin")
    model = desk.model(owner, plain)
    play(desk, model, "r1", "single_tariff", "estop", Play("cross_tariff", Verdict.FAILED, [WRONG_CARD]))
    submit(desk, model)
    waiting = desk.model(owner, msgspec.structs.replace(plain, model="QH-2"), approved=False)
    client = desk.client(desk.user("admin-01", "admin"), lang="en")
    paths = (f"/review/models/{model.id}", f"/review/models/{waiting.id}", "/review/", "/review/models", "/admin/audit")
    for path in paths:
        text = page(client, path).replace("禾充", "").replace("测试员甲", "")
        text = re.sub(r'<button class="dk-icon-btn" lang="zh-CN".*?</button>', "", text)
        assert re.findall("[\u3000-\u9fff]+", text) == []


def test_how_long_something_waits_is_told_in_words() -> None:
    now = datetime(2026, 4, 17, 12, 0, tzinfo=UTC)
    told = [waiting_for(now - timedelta(seconds=span), now).text[0] for span in (5, 60, 3599, 3600, 86400, 172800)]
    assert told == ["刚刚", "1 分钟", "59 分钟", "1 小时", "24 小时", "2 天"]
    assert [waiting_for(now - timedelta(hours=hours), now).old for hours in (23, 24)] == [False, True]
