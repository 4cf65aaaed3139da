"""Where a pile stands, and cases that are for a bench only: told, refused, and asked about before they are played."""

from __future__ import annotations

import re

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.safety import BENCH_ONLY, LIVE_SAFE, NEVER_WITH_CURRENT
from harness.store.desk import models
from harness.store.desk.values import Model, Registrant
from tests.web.conftest import DATA, Desk
from tests.web.runs import called, online, path
from web.services import CaseInfo

TITLES = {
    "cut": ("充电中断开", "Cut off while charging"),
    "idle": ("空闲时断开", "Cut off while idle"),
    "late": ("晚确认交易记录", "A record that is confirmed late"),
}
CLASSES = {"cut": BENCH_ONLY, "idle": NEVER_WITH_CURRENT, "late": LIVE_SAFE}
LINKS = tuple(
    CaseInfo(id=name, title=title, about=title, needs="scan", suite="link", safety=CLASSES[name])
    for name, title in TITLES.items()
)


@pytest.fixture(autouse=True)
def there(desk: Desk) -> None:
    online(desk)
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, cases=(*desk.services.cases, *LINKS))


@pytest.fixture
def on_bench(desk: Desk, owner: Registrant) -> Model:
    return desk.model(owner, msgspec.structs.replace(DATA, model="QH-BENCH", site="bench"), pile_code="32010600417703")


def row(text: str, case: str) -> str:
    found = re.search(rf'id="c-{case}".*?(?=id="c-|</section>)', text, re.DOTALL)
    assert found is not None
    return found.group()


def test_a_model_stands_on_a_live_site_unless_somebody_says_otherwise(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    assert model.data.site == "live"
    form = registrant.get("/models/new").text
    assert re.search(r'name="site" value="live" checked', form)
    assert "桩在运营现场" in registrant.get(f"/models/{model.id}").text


def test_a_new_site_is_kept_shown_and_has_to_be_approved(
    desk: Desk, registrant: FlaskClient, model: Model, reviewer: FlaskClient
) -> None:
    typed = {
        "model": DATA.model, "kind": "dc", "site": "bench", "power_kw": "120", "guns": "2", "version": model.version,
        "protocol_version": "V1.6", "program_version": DATA.program_version, "mainboard_maker": DATA.mainboard_maker,
        "card": "on", "card_no": DATA.card_no, "vin": "on", "reboot": "on", "upgrade": "on", "qr": "on",
        "qr_dialect": "5A",
    }  # fmt: skip
    registrant.post(f"/models/{model.id}/edit", data=typed)
    changed = models.model(desk.engine, model.id)
    assert changed is not None
    assert (changed.data.site, changed.state.value) == ("bench", "registered")
    assert changed.profile().site == "bench"
    shown = reviewer.get(f"/review/models/{model.id}").text
    assert "场地" in shown
    assert "运营现场" in shown
    assert "试验场" in shown


def test_on_a_live_site_a_case_for_a_bench_says_so_and_has_no_button(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    text = registrant.get(path(model)).text
    assert "桩在运营现场，这一项只在试验场测。" in row(text, "cut")
    assert "run/sure" not in row(text, "cut")
    assert "run/sure" in row(text, "idle")
    assert "只测这一项" in row(text, "late")


@pytest.mark.parametrize("way", ["/start", "/retry"])
def test_on_a_live_site_a_case_for_a_bench_is_refused_in_one_sentence(
    desk: Desk, registrant: FlaskClient, model: Model, way: str
) -> None:
    answer = registrant.post(path(model, way), data={"cases": "cut", "case": "cut", "sure": "yes"})
    assert answer.status_code == 400
    assert "充电中断开只在试验场测，桩登记在运营现场。" in answer.text
    assert not [call for call in desk.house.calls if call[0] == "start"]
    assert registrant.get(path(model, "/sure?cases=cut")).status_code == 400


@pytest.mark.parametrize("case", ["cut", "idle"])
def test_before_such_a_case_the_page_warns_and_asks(
    desk: Desk, registrant: FlaskClient, on_bench: Model, case: str
) -> None:
    answer = registrant.post(path(on_bench, "/retry"), data={"case": case})
    assert answer.status_code == 302
    assert f"/run/sure?cases={case}" in answer.location
    assert not [call for call in desk.house.calls if call[0] == "start"]
    asked = registrant.get(answer.location).text
    assert TITLES[case][0] in asked
    assert ("可能让桩离线" if case == "cut" else "任何一把枪有电流时平台不做") in asked
    registrant.post(path(on_bench, "/start"), data={"cases": case, "gun": "02", "sure": "yes"})
    assert called(desk, "start")[3:5] == ("02", (case,))


def test_the_page_that_asks_keeps_the_gun_and_all_that_was_chosen(
    desk: Desk, registrant: FlaskClient, on_bench: Model
) -> None:
    asked = registrant.get(path(on_bench, "/sure?cases=idle,cut&gun=02")).text
    assert 'name="gun" value="02"' in asked
    assert re.search(r'name="cases" value="(idle,cut|cut,idle)"', asked)


def test_what_is_safe_on_a_live_site_is_not_asked_about(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    registrant.post(path(model, "/retry"), data={"case": "late"})
    assert called(desk, "start")[4] == ("late",)


def test_the_cases_that_a_model_must_pass_are_never_asked_about(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    infos = tuple(
        msgspec.structs.replace(info, safety=NEVER_WITH_CURRENT) if info.id == "reboot" else info
        for info in desk.services.cases
    )
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, cases=infos)
    registrant.post(path(model, "/retry"), data={"case": "reboot"})
    assert called(desk, "start")[4] == ("reboot",)


def test_a_case_there_is_not_is_not_asked_about(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    assert registrant.get(path(model, "/sure?cases=nothing")).status_code == 400
    assert registrant.get(path(model, "/sure")).status_code == 400
