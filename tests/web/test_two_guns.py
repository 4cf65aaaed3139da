"""A case that is played when asked for: where it is listed, and that nothing waits for it."""

from __future__ import annotations

import re

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.core.verdict import Verdict
from harness.store.desk.values import Model, Registrant
from tests.web.conftest import DATA, Desk
from tests.web.plays import SCAN_ONLY, SCANS, Play, page, play, state
from tests.web.runs import called, online, path
from web.services import CaseInfo

TITLE = ("两枪同充，停一把", "Two guns charge, one is stopped")
TWO_GUNS = CaseInfo(id="two_guns_stop", title=TITLE, about=TITLE, needs="scan", suite="guns", guns=2)


@pytest.fixture(autouse=True)
def there(desk: Desk) -> None:
    online(desk)
    listed = (*desk.services.cases, TWO_GUNS)
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, cases=listed)


@pytest.fixture
def scans(desk: Desk, owner: Registrant) -> Model:
    """A model that declares nothing but scanning, all of which passed."""
    model = desk.model(owner, SCAN_ONLY)
    play(desk, model, "r1", *SCANS)
    return model


def row(text: str, case: str = "two_guns_stop") -> str:
    found = re.search(rf'id="c-{case}".*?(?=id="c-|</section>)', text, re.DOTALL)
    return found.group() if found else ""


def test_it_is_listed_as_optional_and_can_be_started_alone(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    shown = row(registrant.get(path(model)).text)
    assert TITLE[0] in shown
    assert "可选" in shown
    assert "只测这一项" in shown
    registrant.post(path(model, "/retry"), data={"case": "two_guns_stop"})
    assert called(desk, "start")[4] == ("two_guns_stop",)


def test_a_start_of_all_leaves_it_out(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    registrant.post(path(model, "/start"), data={"gun": "01"})
    assert "two_guns_stop" not in called(desk, "start")[4]


def test_with_one_gun_it_is_not_listed_and_cannot_be_started(
    desk: Desk, registrant: FlaskClient, owner: Registrant
) -> None:
    model = desk.model(owner, msgspec.structs.replace(DATA, guns=1))
    assert row(registrant.get(path(model)).text) == ""
    assert row(registrant.get(f"/models/{model.id}/result").text) == ""
    answer = registrant.post(path(model, "/retry"), data={"case": "two_guns_stop"})
    assert answer.status_code == 400
    assert called(desk, "start") is None


def test_results_are_handed_in_without_it(desk: Desk, registrant: FlaskClient, scans: Model) -> None:
    text = page(registrant, f"/models/{scans.id}/result")
    assert "可选" in row(text)
    assert "全部通过" in text
    registrant.post(f"/models/{scans.id}/submit")
    assert state(desk, scans) is State.SUBMITTED


def test_a_reviewer_sees_it_once_it_was_played(
    desk: Desk, registrant: FlaskClient, reviewer: FlaskClient, scans: Model
) -> None:
    registrant.post(f"/models/{scans.id}/submit")
    assert "two_guns_stop" not in page(reviewer, f"/review/models/{scans.id}")


def test_what_was_played_of_it_is_handed_in_too(
    desk: Desk, registrant: FlaskClient, reviewer: FlaskClient, scans: Model
) -> None:
    play(desk, scans, "r2", Play("two_guns_stop", Verdict.PASSED))
    registrant.post(f"/models/{scans.id}/submit")
    text = page(reviewer, f"/review/models/{scans.id}")
    assert "vote-two_guns_stop" in text
