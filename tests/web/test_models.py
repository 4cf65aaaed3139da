"""The list of models, and the form of a model."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.approval import MEANINGS, NAMES, State
from harness.core.verdict import Verdict
from harness.store.desk import models
from harness.store.desk.values import Actor, Model, ModelData, Registrant, SubmittedCase
from tests.web.conftest import DATA, PILE, Desk
from web.services import PileNow, RunNow
from web.words import say

REVIEWER = Actor(kind="reviewer", id=1, name="reviewer-01")
GOOD = {
    "model": "QH-DC180-2", "kind": "dc", "power_kw": "180", "guns": "2", "protocol_version": "V1.6",
    "program_version": "QH2.0", "mainboard_maker": "恒芯", "card": "on", "card_no": "32 09 5d f0", "vin": "on",
    "vin_no": "", "reboot": "on", "qr": "on", "qr_dialect": "F0",
}  # fmt: skip
PASSED = SubmittedCase(
    case="card", declared=True, run_id="r", position=0, verdict=Verdict.PASSED, gun_no="01", version="QH1.4.2"
)


def typed(data: ModelData, **changes: str) -> dict[str, str]:
    """What a browser sends for a model whose form nobody touched, but for some changes."""
    values = {name: str(value) for name, value in msgspec.structs.asdict(data).items() if value is not False}
    return {**values, **changes}


def edited(client: FlaskClient, model: Model, **changes: str) -> Any:
    version = {"version": str(model.version)}
    return client.post(f"/models/{model.id}/edit", data=typed(model.data, **{**version, **changes}))


def now(desk: Desk, model: Model) -> Model:
    found = models.model(desk.engine, model.id)
    assert found is not None
    return found


def submitted(desk: Desk, model: Model) -> Model:
    return models.submit(desk.engine, model.id, (PASSED,), REVIEWER, desk.clock.wall())


def decided(desk: Desk, model: Model, accepted: bool) -> Model:
    submitted(desk, model)
    if accepted:
        return models.accept(desk.engine, model.id, REVIEWER, desk.clock.wall(), {})
    return models.reject(desk.engine, model.id, REVIEWER, desk.clock.wall(), {"card": ("reject", "once more")})


# the list


def test_without_a_model_the_page_offers_to_register_one(registrant: FlaskClient) -> None:
    page = registrant.get("/models?hello=1").text
    assert say("models.none")[0] in page
    assert 'href="/models/new"' in page
    assert "<dialog" not in page


def test_the_list_names_the_customer_each_model_and_what_its_state_means(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    desk.model(owner, approved=False)
    page = registrant.get("/models").text
    for text in (owner.company, DATA.model, NAMES[State.REGISTERED][0], MEANINGS[State.REGISTERED][0]):
        assert text in page


def test_a_model_that_was_sent_back_shows_the_reason(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    model = desk.model(owner, approved=False)
    models.give_back(desk.engine, model.id, "主板厂商写错了。", REVIEWER, desk.clock.wall())
    page = registrant.get("/models").text
    assert "信息审核中 · 已退回" in page
    assert "退回原因：主板厂商写错了。" in page


@pytest.mark.parametrize(
    ("seconds", "told"), [(60, "1 分钟"), (150, "2 分钟"), (3 * 3600, "3 小时"), (3 * 86400, "3 天")]
)
def test_how_long_a_model_waits_is_said(
    desk: Desk, owner: Registrant, registrant: FlaskClient, seconds: int, told: str
) -> None:
    desk.model(owner, approved=False)
    desk.clock.advance(seconds)
    with registrant.session_transaction() as session:
        session["seen"] = desk.clock.wall().timestamp()
    assert f"已等 {told}" in registrant.get("/models").text


def test_the_list_says_whether_the_pile_is_online_and_a_test_is_running(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    assert say("models.offline")[0] in registrant.get("/models").text
    desk.house.piles[PILE] = PileNow(pile_code=PILE, online=True)
    desk.house.runs[model.id] = a_run(desk, model)
    page = registrant.get("/models").text
    assert say("models.online")[0] in page
    assert say("models.running")[0] in page


def test_the_list_renews_itself_for_each_of_its_models(
    desk: Desk, owner: Registrant, model: Model, registrant: FlaskClient
) -> None:
    second = desk.model(owner, approved=False)
    page = registrant.get("/models").text
    streams = re.findall(r'data-stream="([^"]*)"', page)[0].split(",")
    assert sorted(streams) == [f"model:{model.id}", f"model:{second.id}"]
    assert 'id="models" data-live=""' in page


def test_a_part_that_renews_itself_leaves_what_is_to_be_said_for_the_page(
    model: Model, registrant: FlaskClient
) -> None:
    registrant.get("/models?to=edit")
    part = registrant.get("/models", headers={"X-Requested-With": "desk"}).text
    assert "先选一个型号。" not in part
    assert "先选一个型号。" in registrant.get("/models").text


def test_a_number_that_is_missing_is_asked_for_during_joint_debugging(model: Model, registrant: FlaskClient) -> None:
    assert f'href="/models/{model.id}/numbers"' in registrant.get("/models").text


def test_others_see_nothing_of_it(model: Model, other: FlaskClient) -> None:
    assert DATA.model not in other.get("/models").text


def test_the_chosen_model_is_debugged_edited_or_deleted(model: Model, registrant: FlaskClient) -> None:
    to = {each: registrant.get(f"/models?model={model.id}&to={each}").location for each in ("info", "edit", "delete")}
    assert to == {
        "info": f"/models/{model.id}",
        "edit": f"/models/{model.id}/edit",
        "delete": f"/models/{model.id}/delete",
    }


def test_a_row_leads_to_the_platform_info_once_it_is_approved(
    desk: Desk, owner: Registrant, model: Model, registrant: FlaskClient
) -> None:
    waiting = desk.model(owner, approved=False)
    page = registrant.get("/models").text
    assert f'href="/models/{model.id}"' in page
    assert f'href="/models/{waiting.id}"' not in page


def test_only_approved_models_are_debugged(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    model = desk.model(owner, approved=False)
    answer = registrant.get(f"/models?model={model.id}&to=info", follow_redirects=True)
    assert say("models.not_yet", model=model.data.model)[0] in answer.text


def test_what_cannot_be_done_now_is_said_on_the_list(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    submitted(desk, model)
    for to in ("edit", "delete"):
        answer = registrant.get(f"/models?model={model.id}&to={to}", follow_redirects=True)
        assert "型号现在是“联调结果待审核”，不能" in answer.text


def test_beside_the_button_stands_why_the_chosen_model_cannot_be_debugged(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    waiting = desk.model(owner, approved=False)
    why = say("models.not_yet", model=waiting.data.model)[0]
    page = registrant.get("/models").text
    assert f'data-why="{why}"' in page
    assert f'role="status">{why}</p>' in page
    assert re.search(r'id="debug"[^>]* aria-disabled=true>', page)
    models.give_back(desk.engine, waiting.id, "型号写错了", REVIEWER, desk.clock.wall())
    assert say("models.not_yet_returned", model=waiting.data.model)[0] in registrant.get("/models").text
    desk.model(owner, pile_code="32010600417709")
    page = registrant.get("/models").text
    assert 'role="status" hidden></p>' in page
    assert "aria-disabled" not in page


@pytest.mark.parametrize(
    ("card_no", "vin_no", "key"),
    [("", "", "numbers"), ("", "LNA001PD800186429", "card"), ("32095DF0", "", "vin"), ("AB", "LNA001PD800186429", "")],
)
def test_the_list_names_the_number_that_is_missing(
    desk: Desk, owner: Registrant, registrant: FlaskClient, card_no: str, vin_no: str, key: str
) -> None:
    desk.model(owner, msgspec.structs.replace(DATA, card_no=card_no, vin_no=vin_no))
    page = registrant.get("/models").text
    shown = [name for name in ("card", "vin", "numbers") if f">{say(f'models.no_{name}')[0]}<" in page]
    assert shown == ([key] if key else [])


@pytest.mark.parametrize(("version", "remarked"), [("V1.5", False), ("V1.6", False), ("V1.7", True), ("V2.1", True)])
def test_a_protocol_that_is_not_spoken_yet_is_a_remark(
    desk: Desk, owner: Registrant, registrant: FlaskClient, version: str, remarked: bool
) -> None:
    assert f"<option>{version}</option>" in registrant.get("/models/new").text.replace(" selected", "")
    registrant.post("/models/new", data={**GOOD, "protocol_version": version})
    (made,) = models.models_of(desk.engine, owner.id)
    assert made.data.protocol_version == version.removeprefix("V")
    assert (
        say("models.not_spoken", version=version.removeprefix("V"))[0] in registrant.get("/models").text
    ) == remarked


def test_without_a_choice_the_list_asks_for_one(registrant: FlaskClient) -> None:
    assert say("models.pick_first")[0] in registrant.get("/models?to=edit", follow_redirects=True).text


def test_after_signing_in_a_dialog_offers_what_to_do(
    desk: Desk, owner: Registrant, model: Model, registrant: FlaskClient
) -> None:
    waiting = desk.model(owner, msgspec.structs.replace(DATA, model="QH-NEW"), approved=False)
    page = registrant.get("/models?hello=1").text
    dialog = page[page.index("<dialog") : page.index("</dialog>")]
    for text in ("登记新型号", "查看所有型号记录", "确认", model.data.model):
        assert text in dialog
    assert waiting.data.model not in dialog
    assert 'id="list" method="get" action="/models" inert' in page


def test_the_dialog_says_when_no_model_is_approved(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    desk.model(owner, approved=False)
    assert say("models.hello_none")[0] in registrant.get("/models?hello=1").text


# a new model


def test_the_form_names_every_field_item_and_frame(registrant: FlaskClient) -> None:
    page = registrant.get("/models/new").text
    for name in (
        "充电桩型号", "交直流类型", "功率", "枪数量", "云快充协议版本", "桩程序版本号", "主板厂商", "扫码充电",
        "刷卡充电", "VIN充电", "远程重启", "远程升级", "二维码设置", "0x34", "0x31", "0x92",
        "0x94", "0x5A", "0xF0", "重置", "确认",
    ):  # fmt: skip
        assert name in page


def test_a_new_model_waits_for_its_review(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    answer = registrant.post("/models/new", data=GOOD)
    (model,) = models.models_of(desk.engine, owner.id)
    assert answer.location == f"/models?model={model.id}"
    assert model.state is State.REGISTERED
    assert model.data == ModelData(
        model="QH-DC180-2", kind="dc", power_kw=180, guns=2, protocol_version="1.6", program_version="QH2.0",
        mainboard_maker="恒芯", card=True, card_no="32095DF0", vin=True, vin_no="", reboot=True, upgrade=False, qr=True,
        qr_dialect="F0",
    )  # fmt: skip
    assert desk.told == [(model.id, "model")]
    assert say("models.saved_new", model="QH-DC180-2")[0] in registrant.get("/models").text


def test_more_guns_than_there_are_buttons_are_typed(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    registrant.post("/models/new", data={**GOOD, "guns": "other", "guns_other": "12"})
    (model,) = models.models_of(desk.engine, owner.id)
    assert model.data.guns == 12
    assert 'value="12"' in registrant.get(f"/models/{model.id}/edit").text


def test_the_number_of_an_item_that_is_not_declared_is_dropped(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    registrant.post("/models/new", data={name: text for name, text in GOOD.items() if name not in ("card", "vin")})
    (model,) = models.models_of(desk.engine, owner.id)
    assert (model.data.card_no, model.data.vin_no) == ("", "")


@pytest.mark.parametrize(
    ("field", "text", "key", "params"),
    [
        ("model", " ", "forms.missing", {}),
        ("model", "X" * 65, "forms.too_long", {"most": 64}),
        ("kind", "", "forms.choose", {}),
        ("power_kw", "", "forms.missing", {}),
        ("power_kw", "7.5", "fields.whole", {}),
        ("power_kw", "0", "forms.range", {"least": 1, "most": 2000}),
        ("power_kw", "2001", "forms.range", {"least": 1, "most": 2000}),
        ("guns", "0", "forms.range", {"least": 1, "most": 99}),
        ("guns", "other", "forms.missing", {}),
        ("protocol_version", "latest", "fields.protocol", {}),
        ("protocol_version", "V3.0", "fields.protocol", {}),
        ("card_no", "ABC", "fields.card_odd", {"n": 3}),
        ("program_version", "QH1.4.2-rc1", "fields.version", {}),
        ("program_version", "版本1", "fields.version", {}),
        ("card_no", "32095DG0", "fields.card", {}),
        ("card_no", "0" * 17, "fields.card", {}),
        ("vin_no", "LNA001PD80018642", "fields.vin_length", {"n": 16}),
        ("vin_no", "LNA001PD8OO186429", "fields.vin_letters", {}),
        ("vin_no", "LNA001PD８００18642中", "fields.vin_letters", {}),
        ("qr_dialect", "none", "forms.choose", {}),
    ],
)  # fmt: skip
def test_a_mistake_stands_beside_its_field(
    desk: Desk, owner: Registrant, registrant: FlaskClient, field: str, text: str, key: str, params: dict[str, Any]
) -> None:
    answer = registrant.post("/models/new", data={**GOOD, field: text})
    assert answer.status_code == 400
    place = answer.text[answer.text.index(f'id="e-{field}"') :]
    assert say(key, **params)[0] in place[: place.index("</p>")]
    assert models.models_of(desk.engine, owner.id) == []


def test_a_wrong_check_digit_is_a_remark_and_no_refusal(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    registrant.post("/models/new", data={**GOOD, "vin_no": "lna001pd800186429"})
    (model,) = models.models_of(desk.engine, owner.id)
    assert model.data.vin_no == "LNA001PD800186429"
    assert say("models.vin_odd")[0] in registrant.get("/models").text
    assert say("models.vin_odd")[0] in registrant.get(f"/models/{model.id}/edit").text


def test_a_right_check_digit_needs_no_remark(registrant: FlaskClient) -> None:
    registrant.post("/models/new", data={**GOOD, "vin_no": "11111111111111111"})
    assert say("models.vin_odd")[0] not in registrant.get("/models").text


# changing a model


def test_a_form_that_was_opened_and_confirmed_changes_nothing(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    edited(registrant, model)
    assert now(desk, model) == model
    assert say("models.unchanged", model=model.data.model)[0] in registrant.get("/models").text


def test_a_change_after_approval_needs_a_new_one_and_the_page_says_so_before(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    assert say("models.needs_approval")[0] in registrant.get(f"/models/{model.id}/edit").text
    edited(registrant, model, power_kw="180")
    changed = now(desk, model)
    assert changed.state is State.REGISTERED
    assert changed.data.power_kw == 180
    assert desk.house.calls == [("register", changed.profile())]


def test_card_and_vin_changed_in_the_form_need_no_approval(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    edited(registrant, model, card_no="ab12", vin_no="LNA001PD800186429")
    changed = now(desk, model)
    assert changed.state is State.TESTING
    assert (changed.data.card_no, changed.data.vin_no) == ("AB12", "LNA001PD800186429")
    assert desk.house.calls == [("register", changed.profile())]


@pytest.mark.parametrize("accepted", [True, False])
def test_card_and_vin_changed_in_the_form_after_the_decision_need_no_approval(
    desk: Desk, model: Model, registrant: FlaskClient, accepted: bool
) -> None:
    before = decided(desk, model, accepted)
    page = registrant.get(f"/models/{model.id}/edit").text
    assert say("models.only_numbers")[0] in page
    edited(registrant, before, card_no="ab12")
    assert now(desk, model).state is before.state
    assert now(desk, model).data.card_no == "AB12"


def test_an_item_that_is_added_needs_a_new_approval(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    model = desk.model(owner, msgspec.structs.replace(DATA, card=False, card_no=""))
    edited(registrant, model, card="on", card_no="AB12")
    assert now(desk, model).state is State.REGISTERED


def test_a_registration_that_was_sent_back_is_sent_again(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    model = desk.model(owner, approved=False)
    returned = models.give_back(desk.engine, model.id, "主板厂商写错了。", REVIEWER, desk.clock.wall())
    assert "主板厂商写错了。" in registrant.get(f"/models/{model.id}/edit").text
    edited(registrant, returned)
    assert now(desk, model).returned == ""


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    models.set_numbers(desk.engine, model.id, REVIEWER, desk.clock.wall(), card_no="AB12")
    answer = edited(registrant, model, power_kw="180")
    assert answer.status_code == 400
    assert "刚被别人改过" in answer.text
    assert now(desk, model).data.power_kw == DATA.power_kw


def test_a_form_without_a_version_is_refused(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    answer = registrant.post(f"/models/{model.id}/edit", data=typed(model.data, power_kw="180"))
    assert answer.status_code == 400
    assert now(desk, model).data.power_kw == DATA.power_kw


def test_a_model_in_a_run_is_neither_changed_nor_deleted(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    desk.house.runs[model.id] = a_run(desk, model)
    for answer in (edited(registrant, model, power_kw="180"), registrant.post(f"/models/{model.id}/delete")):
        assert answer.status_code == 400
        assert say("models.in_a_run", model=model.data.model)[0] in answer.text
    assert now(desk, model) == model


@pytest.mark.parametrize("path", ["edit", "delete"])
def test_while_results_wait_for_a_decision_nothing_is_changed(
    desk: Desk, model: Model, registrant: FlaskClient, path: str
) -> None:
    waiting = submitted(desk, model)
    assert registrant.get(f"/models/{model.id}/{path}").status_code == 409
    answer = registrant.post(f"/models/{model.id}/{path}", data=typed(DATA, power_kw="180", version="3"))
    assert answer.status_code == 409
    assert "不能" in answer.text
    assert now(desk, model) == waiting


# deleting a model


def test_deleting_asks_first(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    page = registrant.get(f"/models/{model.id}/delete").text
    assert say("models.delete_ask", model=model.data.model)[0] in page
    assert not now(desk, model).deleted


def test_a_deleted_model_leaves_the_list_and_its_pile_the_house(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    registrant.post(f"/models/{model.id}/delete")
    assert desk.house.calls == [("forget", PILE)]
    assert desk.told == [(model.id, "model")]
    page = registrant.get("/models").text
    assert say("models.deleted", model=model.data.model)[0] in page
    assert "radio" not in page
    assert registrant.get(f"/models/{model.id}/edit").status_code == 404


def a_run(desk: Desk, model: Model) -> RunNow:
    return RunNow(
        run_id="20260417-100000-test",
        model_id=model.id,
        gun_no="01",
        state="running",
        version=1,
        at=desk.clock.wall(),
        speed=1.0,
        cases=(),
    )
