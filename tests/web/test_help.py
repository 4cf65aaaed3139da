"""Help: one page for whoever is stuck, signed in or not."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from harness.core.approval import MEANINGS, NAMES, State
from tests.web.conftest import Desk
from web.help import TOPICS
from web.words import words


def test_help_is_there_without_signing_in(desk: Desk) -> None:
    assert desk.client().get("/help").status_code == 200


def test_help_is_one_touch_away_from_a_page(registrant: FlaskClient) -> None:
    assert 'href="/help"' in registrant.get("/models").text


@pytest.mark.parametrize("topic", [name for name, _ in TOPICS])
def test_each_topic_is_listed_and_can_be_linked_to(desk: Desk, topic: str) -> None:
    page = desk.client().get("/help").text
    assert page.count(f'href="#{topic}"') == 1
    assert page.count(f'id="{topic}"') == 1


def test_every_sentence_of_help_is_on_the_page(desk: Desk) -> None:
    page = unescape(desk.client().get("/help").text)
    assert [key for key, (zh, _) in words().items() if key.startswith("help.") and zh not in page] == []


def test_help_says_how_to_find_a_cards_chip_number(desk: Desk) -> None:
    assert "芯片码不是卡面上印的号码" in desk.client().get("/help").text


def test_help_says_whom_to_ask_when_a_case_keeps_failing(desk: Desk) -> None:
    page = desk.client().get("/help").text
    steps = [page.index(text) for text in ("读原因和怎么改", "桩的程序开发人员", "给平台看这一项")]
    assert steps == sorted(steps)


def test_help_says_what_to_check_when_energies_per_period_are_missing(desk: Desk) -> None:
    page = desk.client().get("/help").text
    assert "价格段一样吗" in page
    assert "时钟准吗" in page


@pytest.mark.parametrize("state", State)
def test_every_state_shows_its_meaning(desk: Desk, state: State) -> None:
    page = desk.client().get("/help").text
    assert f"<dt>{NAMES[state][0]}</dt><dd>{MEANINGS[state][0]}</dd>" in page


def test_the_english_page_holds_no_chinese_but_the_switch(desk: Desk) -> None:
    page = desk.client(lang="en").get("/help").text
    assert set(re.findall(r"[\u4e00-\u9fff]+", page)) <= {"中", "中文"}
