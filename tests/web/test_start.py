"""The first page, and the switches of language and of day and night."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Desk
from web.access import within_desk
from web.address import qr_matrix


def test_somebody_new_may_register_or_sign_in(desk: Desk) -> None:
    page = desk.client().get("/").text
    assert 'href="/register"' in page
    assert 'href="/login"' in page
    assert 'href="/review/login"' in page


def test_the_product_is_named_once_in_the_title(desk: Desk) -> None:
    assert "<title>充电桩联调</title>" in desk.client().get("/").text
    assert " · 充电桩联调</title>" in desk.client().get("/login").text


def test_the_page_shows_its_own_address_as_a_qr_code(desk: Desk) -> None:
    page = desk.client().get("/").text
    side = len(qr_matrix(desk.services.settings.public_url))
    assert desk.services.settings.public_url in page
    assert re.search(rf'<svg class="dk-qr" viewBox="0 0 {side} {side}" role="img"', page)


def test_a_registrant_goes_on_to_their_models(registrant: FlaskClient) -> None:
    assert registrant.get("/").location == "/models"


def test_a_reviewer_goes_on_to_the_queue(reviewer: FlaskClient) -> None:
    assert reviewer.get("/").location.rstrip("/") == "/review"


def test_the_language_is_switched_and_one_stays_on_the_page(desk: Desk) -> None:
    client = desk.client()
    answer = client.post("/language", data={"to": "en", "back": "/register?"})
    assert answer.location == "/register"
    page = client.get("/register").text
    assert '<html lang="en"' in page
    assert "Customer company" in page


def test_a_language_that_there_is_not_changes_nothing(desk: Desk) -> None:
    client = desk.client()
    client.post("/language", data={"to": "xx"})
    assert '<html lang="zh-CN"' in client.get("/").text


def test_night_colours_come_and_go(desk: Desk) -> None:
    client = desk.client()
    client.post("/theme", data={"to": "night", "back": "/"})
    assert 'data-theme="night"' in client.get("/").text
    client.post("/theme", data={"to": "day"})
    assert 'data-theme="day"' in client.get("/").text


def test_language_and_colours_stay_when_somebody_signs_in_and_out(desk: Desk) -> None:
    client = desk.client(desk.registrant(), lang="en")
    client.post("/theme", data={"to": "night"})
    client.post("/logout")
    page = client.get("/login").text
    assert '<html lang="en" data-theme="night">' in page


@pytest.mark.parametrize("address", ["//example.org/", "https://example.org", "/\\example.org", "", "javascript:x"])
def test_nobody_is_led_away_from_the_desk(desk: Desk, address: str) -> None:
    assert not within_desk(address)
    assert desk.client().post("/language", data={"to": "en", "back": address}).location == "/"
