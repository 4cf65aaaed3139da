"""联调平台信息: the values, the list that ticks itself, strangers, and going on."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from harness.store.desk import models
from harness.store.desk.values import Actor, Model
from tests.web.conftest import PILE, Desk
from tests.web.runs import online
from web.registrants.info import ticks
from web.services import PileNow, Stranger

BY = Actor(kind="reviewer", id=1, name="reviewer-01")


def states(pile: PileNow, declared: str = "QH1.4.2") -> list[str]:
    return [tick.state for tick in ticks(pile, declared)]


def test_each_value_for_the_piles_menu_is_copied_with_one_touch(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    page = registrant.get(f"/models/{model.id}").text
    for value in ("QH-DC120-2", "192.0.2.10", "5456", PILE):
        assert f'data-copy="{value}"' in page
    assert "确认充电桩按以上信息配置好后, 点击继续按钮" in page


def test_before_approval_the_page_says_that_the_platform_has_to_approve(desk: Desk, owner: Any) -> None:
    made = desk.model(owner, approved=False)
    page = desk.client(owner).get(f"/models/{made.id}").text
    assert "等平台审核" in page
    assert "192.0.2.10" not in page


def test_a_returned_registration_shows_the_reason_and_the_way_to_mend_it(desk: Desk, owner: Any) -> None:
    made = desk.model(owner, approved=False)
    models.give_back(desk.engine, made.id, "程序版本号填错了 <b>", BY, desk.clock.wall())
    page = desk.client(owner).get(f"/models/{made.id}").text
    assert "程序版本号填错了 &lt;b&gt;" in page
    assert f"/models/{made.id}/edit" in page


def test_the_list_ticks_itself_as_the_pile_connects(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    assert ">0 / 6<" in registrant.get(f"/models/{model.id}/checklist").text
    online(desk)
    part = registrant.get(f"/models/{model.id}/checklist").text
    assert ">6 / 6<" in part
    assert "程序版本 QH1.4.2" in part
    assert "桩快 1.2 秒" in part
    assert "<html" not in part


@pytest.mark.parametrize(
    ("facts", "place", "state"),
    [
        ({"program_version": "OTHER"}, 2, "remark"),
        ({"tariff": "asked"}, 4, "now"),
        ({"tariff": "refused"}, 4, "bad"),
        ({"clock_offset": -400.0}, 5, "remark"),
        ({"clock_offset": None}, 5, "wait"),
        ({"heartbeat_at": None}, 3, "now"),
    ],
)
def test_what_is_not_as_it_should_be_is_marked(desk: Desk, facts: dict[str, Any], place: int, state: str) -> None:
    found = states(online(desk, **facts))
    assert found.pop(place) == state
    assert set(found) == {"ok"}


def test_a_version_that_was_not_declared_is_no_mistake(desk: Desk) -> None:
    assert states(online(desk), declared="")[2] == "ok"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("refused", "有桩从 198.51.100.77 连上，但它报的桩编码是 32010600417720"),
        ("no_login", "没有发登录"),
        ("unreadable", "不是云快充报文"),
        ("connected", "等它登录"),
    ],
)
def test_a_stranger_is_told_in_words(desk: Desk, registrant: FlaskClient, model: Model, what: str, words: str) -> None:
    seen = Stranger(at=desk.clock.wall(), peer="198.51.100.77", what=what, said="32010600417720")
    desk.house.piles[PILE] = PileNow(pile_code=PILE, strangers=(seen,))
    assert words in registrant.get(f"/models/{model.id}/checklist").text


def test_a_stranger_that_comes_again_and_again_is_told_once(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    wrong = [
        Stranger(at=desk.clock.wall(), peer=f"198.51.100.77:{port}", what="refused", said="32010600417720")
        for port in (50003, 50002, 50001)
    ]
    other = Stranger(at=desk.clock.wall(), peer="198.51.100.78:50001", what="no_login")
    desk.house.piles[PILE] = PileNow(pile_code=PILE, strangers=(wrong[0], other, *wrong[1:]))
    part = registrant.get(f"/models/{model.id}/checklist").text
    assert part.count("dk-stranger") == 2
    assert part.count("（共 3 次）") == 1
    assert "198.51.100.77:50003" in part


def test_nobody_goes_on_without_the_pile_and_the_page_says_why(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    seen = Stranger(at=desk.clock.wall(), peer="198.51.100.77", what="refused", said="32010600417720")
    desk.house.piles[PILE] = PileNow(pile_code=PILE, strangers=(seen,))
    answer = registrant.post(f"/models/{model.id}/continue")
    assert answer.location == f"/models/{model.id}?why=offline"
    page = registrant.get(answer.location).text
    assert "桩不在线，不能继续。" in page
    assert "32010600417720" in page
    assert PILE in page


def test_why_nobody_goes_on_is_gone_once_the_pile_is_online(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    online(desk)
    page = registrant.get(f"/models/{model.id}?why=offline").text
    assert '<div id="why" role="alert" data-live="">' in page
    assert "桩不在线，不能继续。" not in page


def test_the_page_that_waits_for_approval_renews_itself(desk: Desk, owner: Any) -> None:
    waits = desk.model(owner, approved=False)
    page = desk.client(owner).get(f"/models/{waits.id}").text
    assert f'data-stream="model:{waits.id}"' in page
    assert '<div id="waiting" data-live="">' in page


def test_with_the_pile_online_the_way_leads_to_the_cases(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    online(desk)
    assert registrant.post(f"/models/{model.id}/continue").location == f"/models/{model.id}/run"


def test_a_reviewer_looks_at_the_list_but_does_not_go_on(desk: Desk, reviewer: FlaskClient, model: Model) -> None:
    online(desk)
    page = reviewer.get(f"/models/{model.id}").text
    assert "/continue" not in page
    assert f"/review/models/{model.id}" in page


def test_what_a_pile_says_of_itself_is_harmless(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    online(desk, program_version="<script>", peer="<img>")
    part = registrant.get(f"/models/{model.id}/checklist").text
    assert "<script>" not in part
    assert "<img>" not in part
