"""What a person is asked to do, and what became of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.verdict import Finding, Verdict
from harness.store.desk.values import Model
from tests.web import runs
from tests.web.conftest import Desk
from tests.web.runs import SCRIPT, called, online, path, running

PLAYABLE = ("qr_set", "single_tariff", "cross_tariff", "card", "estop", "reboot", "upgrade")
FAILED = Finding(code="record_missing", verdict=Verdict.FAILED, check="record", params={"within": 30})
SILENT = Finding(
    code="operator_silent", verdict=Verdict.BROKEN, check="ask", params={"minutes": 10, "act": ("拍急停", "press")}
)
STOPPED = Finding(code="aborted", verdict=Verdict.NOT_EARNED, params={"why": ("人工停止", "stopped by a person")})


@pytest.fixture(autouse=True)
def there(desk: Desk) -> None:
    online(desk)


def test_a_prompt_takes_the_whole_page(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.prompt(desk))
    page = registrant.get(path(model)).text
    for words in (
        "<span>请拍下</span>",
        "<span>急停按钮</span>",
        "拍下后先不要松开",
        "我已拍下",
        "没有自己关闭时再按",
        "再等10分钟",
    ):
        assert words in page
    assert "09:47" in page
    assert 'role="alertdialog" aria-modal="true" aria-labelledby="act"' in page
    assert '<div class="dk-grid" inert>' in page


def test_help_and_the_other_language_are_there_on_a_prompt_and_on_a_proof(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    running(desk, model, prompt=runs.prompt(desk))
    prompt = registrant.get(path(model, "/live")).text
    running(desk, model, proof=runs.proof(desk))
    proof = registrant.get(path(model, "/live")).text
    for part in (prompt, proof):
        assert 'href="/help"' in part
        assert f'name="back" value="{path(model)}"' in part


def test_a_number_is_asked_for_only_where_it_can_be_given(
    desk: Desk, registrant: FlaskClient, owner: Any, model: Model
) -> None:
    assert "填 VIN" in registrant.get(path(model)).text
    waiting = desk.model(owner, approved=False)
    for page in (path(waiting), f"/models/{waiting.id}/result"):
        text = registrant.get(page).text
        assert "VIN 还没有填" in text
        assert f"/models/{waiting.id}/numbers" not in text


def test_a_pile_that_is_not_there_is_lost_only_during_a_run(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    online(desk, online=False)
    assert "dk-link--lost" not in registrant.get(path(model)).text
    running(desk, model)
    assert "dk-link--lost" in registrant.get(path(model)).text


def test_only_what_frames_can_prove_closes_by_itself(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.prompt(desk, "release_estop", proves=False))
    assert "没有自己关闭时再按" not in registrant.get(path(model)).text


def test_the_first_answer_counts_and_the_second_is_told(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    first = registrant.post(path(model, "/answer"), data={"prompt": "7"}, headers=SCRIPT)
    assert first.json == {"said": "", "noted": "已记下。"}
    assert called(desk, "answer")[1:3] == (model.id, 7)
    desk.house.first = False
    second = registrant.post(path(model, "/answer"), data={"prompt": "7"}, headers=SCRIPT)
    assert "别人已经回答了" in (second.json or {})["said"]


def test_who_cannot_do_it_says_why(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    registrant.post(path(model, "/answer"), data={"prompt": "7", "unable": " 急停坏了 "})
    assert called(desk, "answer")[3] == "急停坏了"
    desk.house.calls.clear()
    refused = registrant.post(path(model, "/answer"), data={"prompt": "7", "unable": "  "}, headers=SCRIPT)
    assert refused.status_code == 400
    assert called(desk, "answer") is None


def test_ten_minutes_more(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    registrant.post(path(model, "/more"), data={"prompt": "7"})
    assert called(desk, "more_time") == ("more_time", model.id, 7, 600.0)


def test_a_prompt_number_that_is_none_answers_nothing(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    registrant.post(path(model, "/answer"), data={"prompt": "seven"})
    assert called(desk, "answer")[2] == -1


@pytest.mark.parametrize(("ago", "shown"), [(1.0, True), (2.5, False)])
def test_a_proof_is_green_for_two_seconds(
    desk: Desk, registrant: FlaskClient, model: Model, ago: float, shown: bool
) -> None:
    running(desk, model, proof=runs.proof(desk, ago))
    assert ("#1418" in registrant.get(path(model)).text) == shown


def test_on_a_fast_clock_two_seconds_are_longer(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, speed=20.0, proof=runs.proof(desk, 30.0))
    assert "#1418" in registrant.get(path(model)).text


def test_a_proof_covers_neither_the_next_prompt_nor_another_case(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    running(desk, model, proof=runs.proof(desk), prompt=runs.prompt(desk))
    assert "#1418" not in registrant.get(path(model)).text
    running(desk, model, proof=msgspec.structs.replace(runs.proof(desk), case=1))
    assert "#1418" not in registrant.get(path(model)).text


def test_what_a_person_says_is_no_proof_and_is_noted_in_a_word(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    running(desk, model, proof=msgspec.structs.replace(runs.proof(desk), by="person", frame=0))
    assert "dk-act--done" not in registrant.get(path(model)).text
    answer = registrant.post(path(model, "/answer"), data={"prompt": "7"}, headers=SCRIPT)
    assert answer.json == {"said": "", "noted": "已记下。"}


@pytest.mark.parametrize(("case", "there"), [("cross_tariff", True), ("qr_set", False), ("reboot", False)])
def test_the_chart_has_its_place_from_the_start_of_a_case_that_charges(
    desk: Desk, registrant: FlaskClient, model: Model, case: str, there: bool
) -> None:
    (place,) = (n for n, each in enumerate(running(desk, model).cases) if each.id == case)
    running(desk, model, case=place, charge=None, reading=None)
    page = registrant.get(path(model)).text
    assert ("还没有充电" in page) == there
    assert ('class="dk-reads"' in page) == there
    running(desk, model, case=place, charge=None)
    assert ('class="dk-reads"' in registrant.get(path(model)).text) == there
