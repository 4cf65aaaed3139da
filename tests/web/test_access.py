"""Who may see and do what. The table names every route of the desk; a route that is not in it fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harness.store.desk import accounts, audit, models
from harness.store.desk.values import Model, Registrant
from tests.web.conftest import CODE, DATA, PASSWORD, Desk
from tests.web.routes import ADMINS, MEMBERS, NEEDS_MORE, OPEN, OWNERS, PNG, REVIEWERS, WHO, of_models, pages_of, visits
from web.access import may_listen, name_of, who_is
from web.words import say

# what belongs to whom


def test_every_route_is_in_the_table_and_the_table_names_no_other(desk: Desk) -> None:
    assert {rule.endpoint for rule in desk.app.url_map.iter_rules()} == set(WHO)


def test_another_registrant_finds_nothing_of_a_model(
    desk: Desk, model: Model, picture: str, other: FlaskClient
) -> None:
    asked = of_models(desk.app, model, MEMBERS, OWNERS)
    assert len(asked) > 25
    assert [visit for visit in asked if visit.by(other).status_code != 404] == []


def test_another_registrant_changes_nothing_of_a_model(desk: Desk, model: Model, other: FlaskClient) -> None:
    before = audit.history(desk.engine, model.id)
    for visit in of_models(desk.app, model, MEMBERS, OWNERS):
        visit.by(other)
    assert models.model(desk.engine, model.id) == model
    assert audit.history(desk.engine, model.id) == before
    assert desk.house.calls == []


def test_the_owner_finds_what_others_do_not(desk: Desk, model: Model, picture: str, registrant: FlaskClient) -> None:
    asked = [each for each in of_models(desk.app, model, MEMBERS, OWNERS) if each.endpoint not in NEEDS_MORE]
    deleting = [visit for visit in asked if visit.endpoint == "models.delete" and visit.method == "POST"]
    last = [visit for visit in asked if visit not in deleting] + deleting
    assert [visit for visit in last if visit.by(registrant).status_code in (401, 403, 404, 500)] == []


def test_a_deleted_model_is_gone_for_its_owner_too(
    desk: Desk, owner: Registrant, model: Model, picture: str, registrant: FlaskClient
) -> None:
    models.delete(desk.engine, model.id, desk.actor(owner), desk.clock.wall())
    asked = of_models(desk.app, model, MEMBERS, OWNERS)
    assert [visit for visit in asked if visit.by(registrant).status_code != 404] == []


def test_a_picture_is_not_found_through_another_model(
    desk: Desk, owner: Registrant, model: Model, picture: str, registrant: FlaskClient
) -> None:
    second = desk.model(owner, msgspec.structs.replace(DATA, model="QH-2"), pile_code="32010600417703")
    assert registrant.get(f"/models/{model.id}/pictures/{picture}").data == PNG
    assert registrant.get(f"/models/{second.id}/pictures/{picture}").status_code == 404


def test_the_platforms_people_see_a_model_and_leave_acting_to_its_owner(
    desk: Desk, model: Model, picture: str, reviewer: FlaskClient
) -> None:
    seen = [each for each in of_models(desk.app, model, MEMBERS) if each.endpoint not in NEEDS_MORE]
    acted = of_models(desk.app, model, OWNERS)
    assert [visit for visit in seen if visit.by(reviewer).status_code != 200] == []
    assert [visit for visit in acted if visit.by(reviewer).status_code != 403] == []


@pytest.mark.parametrize("who", [REVIEWERS, ADMINS])
def test_a_registrant_gets_nowhere_among_the_platforms_pages(
    desk: Desk, model: Model, registrant: FlaskClient, who: str
) -> None:
    assert [visit for visit in visits(desk.app, model.id, who) if visit.by(registrant).status_code != 403] == []


def test_a_reviewer_is_no_admin(desk: Desk, model: Model, reviewer: FlaskClient) -> None:
    assert [visit for visit in visits(desk.app, model.id, ADMINS) if visit.by(reviewer).status_code != 403] == []


def test_an_admin_is_a_reviewer_too(desk: Desk, model: Model, admin: FlaskClient) -> None:
    asked = [each for each in visits(desk.app, model.id, REVIEWERS, ADMINS) if each.endpoint not in NEEDS_MORE]
    pages = [visit for visit in asked if visit.method == "GET"]
    assert [visit for visit in pages if visit.by(admin).status_code not in (200, 302)] == []


def test_nobody_in_particular_is_asked_to_sign_in(desk: Desk, model: Model) -> None:
    client = desk.client()
    for visit in visits(desk.app, model.id, MEMBERS, OWNERS, REVIEWERS, ADMINS):
        place = "/review/login" if WHO[visit.endpoint] in (REVIEWERS, ADMINS) else "/login"
        answer = visit.by(client)
        assert (visit, answer.status_code, answer.location.partition("?")[0]) == (visit, 302, place)


def test_a_script_of_ours_is_told_that_nobody_is_signed_in(desk: Desk, model: Model) -> None:
    answer = desk.client().get(f"/models/{model.id}/run/live", headers={"X-Requested-With": "desk"})
    assert (answer.status_code, answer.json) == (401, {"error": say("answers.e401")[0]})


def test_a_locked_reviewer_is_out_at_once(desk: Desk) -> None:
    desk.user("admin-01", "admin")
    user = desk.user()
    client = desk.client(user)
    assert client.get("/review/").status_code == 200
    accounts.change_user(desk.engine, user.id, desk.actor(desk.registrant()), desk.clock.wall(), disabled=True)
    assert client.get("/review/").status_code == 302


def test_a_session_that_somebody_made_up_is_nobodys(desk: Desk, owner: Registrant) -> None:
    client = desk.client(owner)
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value[:-4] + "AAAA")
    assert client.get("/models").status_code == 302


# forged forms


@pytest.fixture
def guarded(desk: Desk) -> Iterator[Desk]:
    """The desk as it is served: forms carry a token."""
    desk.app.config["WTF_CSRF_ENABLED"] = True
    yield desk
    desk.app.config["WTF_CSRF_ENABLED"] = False


def test_no_form_is_taken_without_its_token(guarded: Desk, model: Model) -> None:
    everyone = visits(guarded.app, model.id, OPEN, MEMBERS, OWNERS, REVIEWERS, ADMINS)
    posts = [visit for visit in everyone if visit.method == "POST"]
    client = guarded.client(guarded.user("admin-01", "admin"))
    assert len(posts) > 20
    for visit in posts:
        answer = visit.by(client)
        assert (visit, answer.status_code, say("answers.stale_form")[0] in answer.text) == (visit, 400, True)


def test_a_form_is_taken_with_its_token(guarded: Desk) -> None:
    client = guarded.client(guarded.registrant())
    token = re.search(r'name="csrf" content="([^"]+)"', client.get("/models/new").text)
    assert token is not None
    assert client.post("/logout", data={"csrf_token": token[1]}).status_code == 302


def test_every_form_of_a_page_carries_a_token(
    desk: Desk, model: Model, picture: str, registrant: FlaskClient, reviewer: FlaskClient, admin: FlaskClient
) -> None:
    for visit, page in pages_of(desk, model, registrant, reviewer, admin):
        forms = re.findall(r'<form\b[^>]*method="post"[^>]*>.*?</form>', page, re.DOTALL)
        assert (visit, [form for form in forms if 'name="csrf_token"' not in form]) == (visit, [])


# sessions


def test_a_session_that_nobody_used_for_long_ends_and_says_so(desk: Desk, registrant: FlaskClient) -> None:
    desk.clock.advance(timedelta(hours=desk.services.settings.session_hours).total_seconds() + 1)
    answer = registrant.get("/models", follow_redirects=True)
    assert answer.request.path == "/login"
    assert say("access.expired")[0] in answer.text


def test_a_session_in_use_goes_on(desk: Desk, registrant: FlaskClient) -> None:
    for _ in range(4):
        desk.clock.advance(timedelta(hours=desk.services.settings.session_hours).total_seconds() / 2)
        assert registrant.get("/models").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    desk.registrant()
    flags = signed_in(desk, "http://localhost").headers["Set-Cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Secure" not in flags


def test_over_tls_the_cookie_stays_there_under_a_name_of_its_own(desk: Desk) -> None:
    desk.registrant()
    flags = signed_in(desk, "https://localhost").headers["Set-Cookie"]
    assert flags.startswith("__Host-")
    assert "; Secure" in flags
    assert "; Path=/" in flags
    assert "Domain" not in flags
    assert signed_in(desk, "http://localhost").headers["Set-Cookie"].startswith("session=")


def test_signing_out_ends_the_session_for_copies_of_its_cookie_too(desk: Desk) -> None:
    desk.registrant()
    client, copy, elsewhere = desk.app.test_client(), desk.app.test_client(), desk.app.test_client()
    for each in (client, elsewhere):
        signed_in(desk, "http://localhost", client=each)
    cookie = client.get_cookie("session")
    assert cookie is not None
    copy.set_cookie("session", cookie.value)
    assert copy.get("/models").status_code == 200
    client.post("/logout")
    assert copy.get("/models").status_code == 302
    assert elsewhere.get("/models").status_code == 200


def test_signing_out_once_more_is_no_trouble(desk: Desk) -> None:
    desk.registrant()
    client = desk.app.test_client()
    signed_in(desk, "http://localhost", client=client)
    assert [client.post("/logout").status_code for _ in range(2)] == [302, 302]
    assert signed_in(desk, "http://localhost", client=client).status_code == 302
    assert client.get("/models").status_code == 200


def test_who_gets_a_new_secret_or_is_locked_loses_their_streams(desk: Desk, admin: FlaskClient) -> None:
    gone: list[str] = []
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, dismiss=gone.append)
    owner, user = desk.registrant(), desk.user()
    for path, data in (
        (f"/review/registrants/{owner.id}/code", {}),
        (f"/admin/users/{user.id}/password", {}),
        (f"/admin/users/{user.id}", {"disabled": "1"}),
    ):
        assert admin.post(path, data=data).status_code in (200, 302)
    assert gone == [f"r:{owner.id}", f"u:{user.id}", f"u:{user.id}"]


HUGE = "9" * 20
ENDLESS = "9" * 5000


@pytest.mark.parametrize("number", [HUGE, ENDLESS, str(2**63), "²"])
def test_a_number_that_no_store_can_hold_names_nothing(
    desk: Desk, model: Model, registrant: FlaskClient, admin: FlaskClient, number: str
) -> None:
    owned, platform = (
        [f"/models/{number}", f"/models/{number}/edit", f"/models/{model.id}/frames/a/{number}"],
        [f"/review/models/{number}", f"/review/models/{model.id}/cases/r/{number}"],
    )
    assert [registrant.get(path).status_code for path in owned] == [404] * 3
    assert [admin.get(path).status_code for path in platform] == [404] * 2
    assert admin.post(f"/admin/users/{number}").status_code == 404
    asked = [
        f"/admin/audit?before={number}",
        f"/review/models/{model.id}?position={number}",
        "/review/models?q=" + number,
    ]
    assert [admin.get(path).status_code for path in asked] == [200] * 3
    open_pages = [
        f"/models?model={number}", f"/models/{model.id}/frames?open=a:{number}",
        f"/models/{model.id}/frames/rows?before=a:{number}&gun={number}",
    ]  # fmt: skip
    assert [registrant.get(path).status_code for path in open_pages] == [200] * 3
    assert registrant.get(f"/models?to=edit&model={number}").status_code == 302
    prompt = registrant.post(f"/models/{model.id}/run/answer", data={"prompt": number})
    assert prompt.status_code != 500
    assert registrant.post(f"/models/{model.id}/edit", data={"version": number}).status_code == 400
    assert not may_listen(desk.services, name_of(desk.registrant("其他（示例）公司")), f"model:{number}")
    assert who_is(desk.services, f"r:{number}:1") is None


def signed_in(desk: Desk, base: str, code: str = CODE, client: FlaskClient | None = None) -> TestResponse:
    data = {"company": "青禾换电服务（示例）有限公司", "contact": "测试员甲", "phone": "13900000000", "code": code}
    return (client or desk.client()).post("/login", data=data, base_url=base)


# too many attempts


@pytest.fixture
def limited(desk: Desk) -> Iterator[Desk]:
    """The desk as it is served: attempts are counted."""
    limits = desk.app.extensions["limits"]
    limits.enabled = True
    yield desk
    limits.reset()
    limits.enabled = False


def test_after_ten_wrong_codes_even_the_right_one_has_to_wait(limited: Desk) -> None:
    limited.registrant()
    answers = [signed_in(limited, "http://localhost", "WRNG-2345").status_code for _ in range(10)]
    answer = signed_in(limited, "http://localhost")
    assert set(answers) == {400}
    assert answer.status_code == 429
    assert say("answers.e429", minutes=5)[0] in answer.text
    assert answer.headers["Retry-After"] == "300"


def test_a_code_is_not_guessed_from_many_places(limited: Desk) -> None:
    limited.registrant()
    wrong = {
        "company": "青禾换电服务(示例)有限公司",
        "contact": "测试员甲",
        "phone": "139 0000 0000",
        "code": "WRNG-2345",
    }
    client = limited.client()
    for number in range(20):
        client.post("/login", data=wrong, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
    again = client.post("/login", data={**wrong, "code": CODE}, environ_base={"REMOTE_ADDR": "192.0.2.99"})
    assert (again.status_code, again.headers["Retry-After"]) == (429, "900")
    assert say("answers.e429", minutes=15)[0] in again.text
    other = limited.client().post("/login", data={**wrong, "contact": "测试员乙"})
    assert other.status_code == 400


def test_a_password_is_not_guessed_from_many_places(limited: Desk) -> None:
    limited.user()
    wrong = {"name": "reviewer-01", "password": "wrong"}
    for number in range(20):
        limited.client().post("/review/login", data=wrong, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
    right = {**wrong, "password": PASSWORD}
    assert limited.client().post("/review/login", data=right).status_code == 429


def test_who_has_to_wait_keeps_what_was_typed(limited: Desk) -> None:
    limited.registrant()
    limited.user()
    for _ in range(10):
        signed_in(limited, "http://localhost", "WRNG-2345")
        limited.client().post("/review/login", data={"name": "reviewer-01", "password": "wrong"})
    page = signed_in(limited, "http://localhost").text
    assert 'value="测试员甲"' in page
    assert f'value="{CODE}"' not in page
    assert "返回列表" not in page
    page = limited.client().post("/review/login", data={"name": "reviewer-01", "password": PASSWORD}).text
    assert 'value="reviewer-01"' in page
    assert PASSWORD not in page


def test_signing_in_rightly_counts_for_nothing(limited: Desk) -> None:
    limited.registrant()
    assert {signed_in(limited, "http://localhost").status_code for _ in range(12)} == {302}


def test_a_reviewers_password_is_not_guessed_either(limited: Desk) -> None:
    limited.user()
    wrong = {"name": "reviewer-01", "password": "wrong"}
    for _ in range(10):
        limited.client().post("/review/login", data=wrong)
    assert limited.client().post("/review/login", data={**wrong, "password": PASSWORD}).status_code == 429


def test_one_place_does_not_register_without_end(limited: Desk) -> None:
    answers = [limited.client().post("/register", data={"company": "x"}).status_code for _ in range(21)]
    assert answers[19:] == [400, 429]
