"""Registering, signing in and signing out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from harness.store.desk import accounts, customers
from harness.store.desk.values import Actor, Registrant
from tests.web.conftest import CODE, Desk
from web.cookies import session_in
from web.once import Once
from web.passwords import fits, hashed
from web.words import say

COMPANY = "青禾换电服务（示例）有限公司"
GOOD = {"company": COMPANY, "brand": "禾充", "contact": "测试员甲", "phone": "139 0000 0000"}
SIGN_IN = {"company": COMPANY, "contact": "测试员甲", "phone": "13900000000", "code": CODE}
REVIEWER = Actor(kind="reviewer", id=1, name="reviewer-01")


def customers_are(desk: Desk, *names: str) -> None:
    customers.replace_customers(desk.engine, names, REVIEWER, desk.clock.wall())


def registered(desk: Desk, company: str = COMPANY, phone: str = "+8613900000000") -> tuple[Registrant, str] | None:
    return accounts.find_registrant(desk.engine, company, "测试员甲", phone)


def shown_code(client: FlaskClient) -> str:
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", client.get("/register/done").text)
    assert found is not None
    return found.group()


def test_the_form_has_the_four_fields_that_vendors_know(desk: Desk) -> None:
    page = desk.client().get("/register").text
    for name in ("客户企业名称", "电桩品牌", "调试联系人", "联系人电话", "+86", "重置", "提交", "联调信息登记"):
        assert name in page


def test_registering_signs_in_and_shows_an_access_code_that_works(desk: Desk) -> None:
    client = desk.client()
    assert client.post("/register", data=GOOD).location == "/register/done"
    found = registered(desk)
    assert found is not None
    assert fits(found[1], shown_code(client))


def test_the_access_code_outlives_a_reload_and_a_switch_of_language(desk: Desk) -> None:
    client = desk.client()
    client.post("/register", data=GOOD)
    code = shown_code(client)
    client.post("/language", data={"to": "en", "back": "/register/done"})
    assert shown_code(client) == code


def test_the_access_code_is_gone_once_it_is_kept(desk: Desk) -> None:
    client = desk.client()
    client.post("/register", data=GOOD)
    assert client.post("/register/done").location == "/models/new"
    assert client.get("/register/done").location == "/models/new"


def test_the_access_code_does_not_travel_in_the_cookie(desk: Desk) -> None:
    client = desk.client()
    client.post("/register", data=GOOD)
    code = shown_code(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    kept = session_in(desk.app, cookie.value)
    assert kept["_user_id"]
    assert code not in str(kept)


def test_codes_that_nobody_takes_note_of_do_not_fill_the_memory() -> None:
    once = Once(most=2)
    first, second, third = (once.put(code) for code in ("A", "B", "C"))
    assert [once.get(key) for key in (first, second, third)] == [None, "B", "C"]
    once.drop(second)
    once.drop(second)
    assert once.get(second) is None


def test_nothing_of_the_code_is_kept_but_its_hash(desk: Desk) -> None:
    client = desk.client()
    client.post("/register", data=GOOD)
    found = registered(desk)
    assert found is not None
    assert found[1].startswith("$argon2id$")


def test_without_a_list_of_customers_any_company_is_accepted_and_marked(desk: Desk) -> None:
    client = desk.client()
    client.post("/register", data=GOOD)
    assert say("registrants.unlisted")[0] in client.get("/register/done").text


def test_with_a_list_of_customers_others_are_refused(desk: Desk) -> None:
    customers_are(desk, "远山能源（示例）有限公司")
    answer = desk.client().post("/register", data=GOOD)
    assert answer.status_code == 400
    assert say("registrants.not_listed")[0] in answer.text
    assert registered(desk) is None


def test_brackets_and_spaces_are_forgiven_and_the_lists_name_is_taken(desk: Desk) -> None:
    customers_are(desk, COMPANY)
    client = desk.client()
    client.post("/register", data={**GOOD, "company": " 青禾换电服务(示例) 有限公司 "})
    assert registered(desk) is not None
    assert say("registrants.unlisted")[0] not in client.get("/register/done").text


def test_who_is_registered_already_is_told_to_sign_in(desk: Desk) -> None:
    desk.registrant()
    answer = desk.client().post("/register", data=GOOD)
    assert answer.status_code == 400
    assert "已经登记过" in answer.text


def test_what_was_typed_is_still_there_beside_the_mistake(desk: Desk) -> None:
    page = desk.client().post("/register", data={**GOOD, "phone": "100 2345 67", "brand": " "}).text
    assert f'value="{COMPANY}"' in page
    assert 'value="100 2345 67"' in page
    assert "还差 2 位：手机号是 11 位。" in page
    assert say("forms.missing")[0] in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13900000000", "+8613900000000"),
        ("+86 139-0000-0000", "+8613900000000"),
        ("１３９００００００００", "+8613900000000"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
def test_a_phone_number_is_kept_with_its_country(desk: Desk, typed: str, kept: str) -> None:
    desk.client().post("/register", data={**GOOD, "phone": typed})
    assert registered(desk, phone=kept) is not None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1390000000012", "fields.phone_long"),
        ("139 0000 OOOO", "fields.phone_digits"),
        ("+12", "fields.phone_foreign"),
        ("+4420794600001234567", "fields.phone_foreign"),
        ("", "forms.missing"),
        ("+86", "forms.missing"),
    ],
)
def test_a_phone_number_that_is_none_is_told(desk: Desk, typed: str, key: str) -> None:
    answer = desk.client().post("/register", data={**GOOD, "phone": typed})
    assert answer.status_code == 400
    assert say(key, n=2)[0] in answer.text


def test_a_name_longer_than_its_field_is_told(desk: Desk) -> None:
    answer = desk.client().post("/register", data={**GOOD, "contact": "甲" * 65})
    assert say("forms.too_long", most=64)[0] in answer.text


def test_signing_in_leads_to_the_models_with_their_dialog(desk: Desk) -> None:
    desk.registrant()
    assert desk.client().post("/login", data=SIGN_IN).location == "/models?hello=1"


def test_signing_in_leads_on_to_the_page_that_was_asked_for(desk: Desk) -> None:
    owner = desk.registrant()
    model = desk.model(owner)
    client = desk.client()
    asked = client.get(f"/models/{model.id}/edit").location
    assert asked.startswith("/login?next=")
    assert say("registrants.first")[0] in client.get(asked).text
    answer = client.post("/login", data={**SIGN_IN, "next": f"/models/{model.id}/edit"})
    assert answer.location == f"/models/{model.id}/edit"


def test_signing_in_leads_to_no_other_site(desk: Desk) -> None:
    desk.registrant()
    answer = desk.client().post("/login", data={**SIGN_IN, "next": "//example.org"})
    assert answer.location == "/models?hello=1"


def test_a_code_may_be_typed_in_a_hurry(desk: Desk) -> None:
    desk.registrant()
    assert desk.client().post("/login", data={**SIGN_IN, "code": " abcd2345 "}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"company": "别的公司"}, {"contact": "测试员乙"}, {"phone": "13900000001"}, {"code": "ABCD-2346"}],
)
def test_a_wrong_sign_in_does_not_say_which_part_was_wrong(desk: Desk, wrong: dict[str, str]) -> None:
    desk.registrant()
    answer = desk.client().post("/login", data={**SIGN_IN, **wrong})
    assert answer.status_code == 400
    assert answer.text.count(say("registrants.wrong")[0]) == 1
    assert 'class="dk-err"' not in answer.text


def test_a_typed_code_is_not_sent_back(desk: Desk) -> None:
    desk.registrant()
    assert "ABCD-9999" not in desk.client().post("/login", data={**SIGN_IN, "code": "ABCD-9999"}).text


def test_a_new_access_code_ends_the_old_one_and_its_sessions(desk: Desk) -> None:
    owner = desk.registrant()
    old = desk.client(owner)
    accounts.new_code(desk.engine, owner.id, hashed("WXYZ-6789"), REVIEWER, desk.clock.wall())
    assert old.get("/models").location.startswith("/login")
    assert desk.client().post("/login", data=SIGN_IN).status_code == 400
    assert desk.client().post("/login", data={**SIGN_IN, "code": "WXYZ-6789"}).status_code == 302


def test_signing_out_ends_the_session_and_says_so(registrant: FlaskClient) -> None:
    assert registrant.post("/logout").location == "/login"
    assert say("registrants.signed_out")[0] in registrant.get("/login").text
    assert registrant.get("/models").location.startswith("/login")


def test_who_is_signed_in_needs_neither_form(registrant: FlaskClient) -> None:
    assert registrant.get("/register").location == "/models"
    assert registrant.get("/login").location == "/models?hello=1"


def test_both_forms_speak_english(desk: Desk) -> None:
    client = desk.client(lang="en")
    answer: Any = client.post("/register", data={**GOOD, "phone": "1390000000"})
    assert "1 more to go" in answer.text
    assert "The 8 characters" in client.get("/login").text
