"""Card number and VIN during joint debugging, and the number of the card that the pile read last."""

from __future__ import annotations

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.core.verdict import Verdict
from harness.store.desk import audit, models, results
from harness.store.desk.values import Actor, Model, Registrant, SubmittedCase
from tests.web.conftest import DATA, PILE, Desk
from web.registrants.vin import check_digit, is_odd
from web.services import PileNow
from web.words import say

REVIEWER = Actor(kind="reviewer", id=1, name="reviewer-01")


def now(desk: Desk, model: Model) -> Model:
    found = models.model(desk.engine, model.id)
    assert found is not None
    return found


def handed_in(desk: Desk, model: Model) -> None:
    case = SubmittedCase(
        case="card", declared=True, run_id="r", position=0, verdict=Verdict.PASSED, gun_no="01", version="QH1.4.2"
    )
    models.submit(desk.engine, model.id, (case,), REVIEWER, desk.clock.wall())


def decided(desk: Desk, model: Model, accepted: bool) -> Model:
    handed_in(desk, model)
    if accepted:
        return models.accept(desk.engine, model.id, REVIEWER, desk.clock.wall(), {})
    return models.reject(desk.engine, model.id, REVIEWER, desk.clock.wall(), {"card": ("reject", "again")}, "no")


def a_card_was_shown(desk: Desk, card: str = "AB12CD34", vin: str = "") -> None:
    moment = desk.clock.wall()
    desk.house.piles[PILE] = PileNow(
        pile_code=PILE, online=True, card=card, card_at=moment, vin=vin, vin_at=moment if vin else None
    )


def test_both_numbers_are_given_without_a_new_approval(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    numbers = {"card_no": "ab 12 cd 34", "vin_no": "LNA001PD800186429"}
    answer = registrant.post(f"/models/{model.id}/numbers", data=numbers)
    changed = now(desk, model)
    assert answer.location == f"/models/{model.id}/numbers"
    assert changed.state is State.TESTING
    assert (changed.data.card_no, changed.data.vin_no) == ("AB12CD34", "LNA001PD800186429")


def test_the_live_side_and_the_pages_hear_of_it(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    registrant.post(f"/models/{model.id}/numbers", data={"card_no": "AB12CD34"})
    assert desk.house.calls == [("register", now(desk, model).profile())]
    assert desk.told == [(model.id, "model")]


def test_each_change_is_in_the_audit(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    registrant.post(f"/models/{model.id}/numbers", data={"card_no": "AB12CD34"})
    line = audit.history(desk.engine, model.id)[-1]
    assert (line.action, line.detail) == ("numbers", "card_no: 32095DF0 → AB12CD34")
    assert line.actor.kind == "registrant"


def test_a_number_that_is_not_sent_stays(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    registrant.post(f"/models/{model.id}/numbers", data={"vin_no": "LNA001PD800186429"})
    assert now(desk, model).data.card_no == DATA.card_no


def test_a_number_may_be_taken_away_again(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    registrant.post(f"/models/{model.id}/numbers", data={"card_no": ""})
    assert now(desk, model).data.card_no == ""
    assert say("numbers.emptied", what=say("numbers.card"))[0] in registrant.get(f"/models/{model.id}/numbers").text


def test_the_same_number_again_changes_nothing(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    registrant.post(f"/models/{model.id}/numbers", data={"card_no": "32095df0"})
    assert now(desk, model) == model
    assert desk.house.calls == []


def test_a_number_that_is_none_is_told(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    answer = registrant.post(f"/models/{model.id}/numbers", data={"card_no": "card 7", "vin_no": "LNA01"})
    assert answer.status_code == 400
    assert say("fields.card")[0] in answer.text
    assert say("fields.vin_length", n=5)[0] in answer.text
    assert 'value="card 7"' in answer.text
    assert now(desk, model) == model


def test_the_number_of_an_item_that_is_not_declared_is_not_kept(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    model = desk.model(owner, msgspec.structs.replace(DATA, card=False, card_no=""))
    registrant.post(f"/models/{model.id}/numbers", data={"card_no": "AB12CD34"})
    assert now(desk, model).data.card_no == ""
    assert 'name="card_no"' not in registrant.get(f"/models/{model.id}/numbers").text


def test_while_results_wait_numbers_stay_and_the_page_says_why(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    handed_in(desk, model)
    a_card_was_shown(desk)
    page = registrant.get(f"/models/{model.id}/numbers").text
    assert say("numbers.frozen", state="联调结果待审核")[0] in page
    assert "<form method=" not in page[page.index('id="chip"') :]
    assert registrant.post(f"/models/{model.id}/numbers", data={"card_no": "AB12CD34"}).status_code == 409
    assert now(desk, model).data.card_no == DATA.card_no


@pytest.mark.parametrize(("accepted", "state"), [(True, State.DONE), (False, State.REJECTED)])
def test_after_the_decision_numbers_change_in_place_and_results_stay(
    desk: Desk, model: Model, registrant: FlaskClient, accepted: bool, state: State
) -> None:
    decided(desk, model, accepted)
    before = results.submissions(desk.engine, model.id)
    answer = registrant.post(f"/models/{model.id}/numbers", data={"card_no": "AB12CD34"})
    assert answer.status_code == 302
    assert (now(desk, model).state, now(desk, model).data.card_no) == (state, "AB12CD34")
    assert results.submissions(desk.engine, model.id) == before
    line = audit.history(desk.engine, model.id)[-1]
    assert (line.action, line.before, line.after) == ("numbers", state, state)


def test_before_the_approval_numbers_are_changed_in_the_form(
    desk: Desk, owner: Registrant, registrant: FlaskClient
) -> None:
    model = desk.model(owner, approved=False)
    page = registrant.get(f"/models/{model.id}/numbers").text
    assert say("numbers.in_form", state="信息审核中")[0] in page
    assert f'href="/models/{model.id}/edit"' in page


def test_the_card_that_the_pile_read_last_is_shown_with_one_touch_to_take_it(
    desk: Desk, model: Model, registrant: FlaskClient
) -> None:
    a_card_was_shown(desk)
    part = registrant.get(f"/models/{model.id}/numbers/chip").text
    assert "AB12CD34" in part
    assert "10:00:00 桩读到" in part
    assert '<input type="hidden" name="card_no" value="AB12CD34">' in part


def test_a_card_in_use_needs_no_touch(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    a_card_was_shown(desk, DATA.card_no)
    part = registrant.get(f"/models/{model.id}/numbers/chip").text
    assert say("numbers.chip_taken")[0] in part
    assert "<form" not in part


def test_a_vin_that_the_pile_reported_may_be_taken_too(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    a_card_was_shown(desk, vin="LNA001PD800186429")
    part = registrant.get(f"/models/{model.id}/numbers/chip").text
    assert '<input type="hidden" name="vin_no" value="LNA001PD800186429">' in part


def test_without_the_pile_the_page_says_to_connect_it_first(model: Model, registrant: FlaskClient) -> None:
    assert say("numbers.chip_offline")[0] in registrant.get(f"/models/{model.id}/numbers/chip").text


def test_the_number_renews_itself_while_the_page_is_open(model: Model, registrant: FlaskClient) -> None:
    page = registrant.get(f"/models/{model.id}/numbers").text
    assert f'data-stream="model:{model.id}"' in page
    assert f'data-live="/models/{model.id}/numbers/chip"' in page


def test_what_a_pile_calls_a_card_is_never_markup(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    a_card_was_shown(desk, "<script>", "<script>")
    assert "<script>" not in registrant.get(f"/models/{model.id}/numbers/chip").text


@pytest.mark.parametrize("vin", ["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715"])
def test_known_vins_have_their_check_digit(vin: str) -> None:
    assert check_digit(vin) == vin[8]
    assert not is_odd(vin)


def test_a_test_cars_vin_has_another_and_no_vin_has_none() -> None:
    assert is_odd("LNA001PD800186429")
    for no_vin in ("", "LNA001PD8", "LNAOO1PD800186429", "lna001pd800186429", "LNA001PD80018642号"):
        assert not is_odd(no_vin)
