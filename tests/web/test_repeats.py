"""A form that is sent twice is done once, and both are told what came of it."""

from __future__ import annotations

import re
from threading import Thread

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harness.core.approval import State
from harness.store.desk import audit, models
from harness.store.desk.values import Registrant
from tests.web.conftest import DATA, Desk
from tests.web.plays import play
from tests.web.test_models import GOOD as MODEL
from tests.web.test_registrants import GOOD as PERSON
from web.repeats import MOST, Repeats

ALL = ("qr_set", "single_tariff", "cross_tariff", "card", "estop", "reboot", "upgrade")


def token(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def twice(client: FlaskClient, form: str, send: str, data: dict[str, str]) -> tuple[TestResponse, TestResponse]:
    """Two touches: the second goes with the cookie that the first one had."""
    sent = {**data, "once": token(client.get(form).text)}
    before = client.get_cookie("session")
    first = client.post(send, data=sent)
    assert before is not None
    client.set_cookie("session", before.value)
    return first, client.post(send, data=sent)


def code_on(client: FlaskClient) -> str:
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", client.get("/register/done").text)
    assert found is not None
    return found[0]


@pytest.fixture
def visitor(desk: Desk) -> FlaskClient:
    """Somebody who is not signed in, with a session of their own."""
    return desk.client()


def test_two_touches_register_once_and_the_second_shows_the_access_code(visitor: FlaskClient) -> None:
    first, second = twice(visitor, "/register", "/register", PERSON)
    assert first.location == second.location == "/register/done"
    code = code_on(visitor)
    visitor.post("/logout")
    signed_in = visitor.post("/login", data={**PERSON, "code": code})
    assert signed_in.location == "/models?hello=1"


def test_who_is_registered_already_comes_to_the_code_until_it_is_kept(visitor: FlaskClient) -> None:
    visitor.post("/register", data=PERSON)
    assert visitor.post("/register", data=PERSON).location == "/register/done"
    visitor.post("/register/done")
    assert visitor.post("/register", data=PERSON).location == "/models"


def test_what_was_changed_in_between_is_another_form(desk: Desk, visitor: FlaskClient) -> None:
    sent = {**PERSON, "once": token(visitor.get("/register").text)}
    visitor.post("/register", data=sent)
    refused = desk.client().post("/register", data={**sent, "brand": "别的"})
    assert refused.status_code == 400
    assert "已经登记过" in refused.text


def test_what_was_refused_is_tried_again(desk: Desk, visitor: FlaskClient) -> None:
    sent = {**PERSON, "phone": "139", "once": token(visitor.get("/register").text)}
    assert [visitor.post("/register", data=sent).status_code for _ in range(2)] == [400, 400]


def test_two_touches_make_one_model(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    first, second = twice(registrant, "/models/new", "/models/new", MODEL)
    assert first.location == second.location
    assert len(models.models_of(desk.engine, owner.id)) == 1
    assert "已提交登记" in registrant.get("/models").text


def test_two_touches_change_a_model_once(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    made = desk.model(owner)
    path = f"/models/{made.id}/edit"
    first, second = twice(registrant, path, path, {**MODEL, "version": str(made.version)})
    assert first.location == second.location
    assert second.status_code == 302


def test_two_touches_hand_in_once(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    made = desk.model(owner, msgspec.structs.replace(DATA, vin=False))
    play(desk, made, "r1", *ALL)
    first, second = twice(registrant, f"/models/{made.id}/result", f"/models/{made.id}/submit", {})
    assert first.location == second.location == f"/models/{made.id}/result"
    found = models.model(desk.engine, made.id)
    assert found is not None
    assert found.state is State.SUBMITTED
    assert [line.action for line in audit.history(desk.engine, made.id)].count("submit") == 1


def test_a_second_touch_waits_for_the_first(desk: Desk, owner: Registrant, registrant: FlaskClient) -> None:
    sent = {**MODEL, "once": token(registrant.get("/models/new").text)}
    clients = [desk.client(owner) for _ in range(4)]
    threads = [Thread(target=client.post, args=("/models/new",), kwargs={"data": sent}) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(models.models_of(desk.engine, owner.id)) == 1


def test_old_forms_are_forgotten() -> None:
    repeats = Repeats()
    first = repeats.of("first")
    assert repeats.of("first") is first
    for number in range(MOST):
        repeats.of(str(number))
    assert repeats.of("first") is not first
