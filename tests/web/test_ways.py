"""Ways between pages: to the frames from every page of a model, and out of addresses that only take forms."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.store.desk import models
from harness.store.desk.values import Actor, Model, Registrant
from tests.web.conftest import Desk
from tests.web.plays import play
from tests.web.runs import running
from tests.web.test_result import ALL

BY = Actor(kind="reviewer", id=1, name="reviewer-01")


def shows_frames(client: FlaskClient, model: Model, page: str) -> bool:
    """Can the frames be had from a page of a model?"""
    answer = client.get(f"/models/{model.id}{page}")
    assert answer.status_code == 200
    return f'href="/models/{model.id}/frames"' in answer.text


@pytest.mark.parametrize("page", ["", "/numbers", "/edit", "/run", "/result"])
def test_the_frames_can_be_seen_from_every_page_of_a_model(registrant: FlaskClient, model: Model, page: str) -> None:
    assert shows_frames(registrant, model, page)


def test_a_model_that_waits_anew_still_shows_the_frames_it_has(
    desk: Desk, owner: Registrant, registrant: FlaskClient, model: Model
) -> None:
    changed = models.edit(desk.engine, model.id, model.data, desk.actor(owner), desk.clock.wall())
    assert changed.state is State.REGISTERED
    assert shows_frames(registrant, model, "")
    assert shows_frames(registrant, model, "/edit")


def test_a_model_that_never_had_a_pile_has_no_frames_to_show(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    waits = desk.model(owner, approved=False)
    assert not shows_frames(registrant, waits, "")
    assert not shows_frames(registrant, waits, "/edit")


def test_the_results_show_the_frames_whatever_can_be_done(
    desk: Desk, owner: Registrant, registrant: FlaskClient, model: Model
) -> None:
    assert shows_frames(registrant, model, "/result")  # nothing run yet
    running(desk, model)
    assert shows_frames(registrant, model, "/result")
    desk.house.runs.clear()
    models.set_numbers(
        desk.engine, model.id, desk.actor(owner), desk.clock.wall(), card_no="32095DF0", vin_no="LNA001PD800186429"
    )
    play(desk, model, "20260417-100000-all", *ALL)
    assert shows_frames(registrant, model, "/result")  # ready to be handed in
    registrant.post(f"/models/{model.id}/submit")
    assert shows_frames(registrant, model, "/result")  # waits for the decision
    models.reject(desk.engine, model.id, BY, desk.clock.wall(), {"card": ("reject", "再测一次")})
    assert shows_frames(registrant, model, "/result")  # sent back


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("continue", ""),
        ("submit", "/result"),
        ("again", "/result"),
        ("share", "/result"),
        ("run/start", "/run"),
        ("run/retry", "/run"),
        ("run/stop", "/run"),
        ("run/answer", "/run"),
        ("run/firmware", "/run"),
    ],
)
def test_an_address_that_only_takes_forms_leads_to_its_page(
    registrant: FlaskClient, model: Model, form: str, page: str
) -> None:
    assert registrant.get(f"/models/{model.id}/{form}").location == f"/models/{model.id}{page}"


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/review/models/7/approve", "/review/models/7"),
        ("/review/registrants/7/code", "/review"),
        ("/admin/storage/sweep", "/admin/storage"),
        ("/logout", "/"),
    ],
)
def test_elsewhere_it_leads_to_the_nearest_page_above(admin: FlaskClient, form: str, page: str) -> None:
    assert admin.get(form).location == page


def test_a_script_is_told_that_the_address_only_takes_forms(registrant: FlaskClient, model: Model) -> None:
    answer = registrant.get(f"/models/{model.id}/submit", headers={"X-Requested-With": "desk"})
    assert answer.status_code == 405
