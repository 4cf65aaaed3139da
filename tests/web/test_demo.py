"""The front panels of simulated piles, as pages."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from harness.core.errors import PersonError
from web import create_app
from web.services import GunPanel, Panel

CODE = "32010600019236"
PANEL = Panel(
    pile_code=CODE,
    model="DEMO <script>",
    online=True,
    powered=True,
    estop=False,
    helpful=False,
    card="32095DF0",
    guns=(GunPanel(number="01", plugged=False, state=("空闲", "idle")),),
    said=("桩已上电", "The pile has power"),
)


class FakePiles:
    """One pile that remembers what was done to it."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def codes(self) -> tuple[str, ...]:
        return (CODE,)

    def set_up(self, pile_code: str) -> None:
        if pile_code != CODE:
            raise PersonError("A pile code has 14 digits.", "桩编码是 14 位数字。")
        self.done.append(("set_up", pile_code))

    def panel(self, pile_code: str) -> Panel:
        return PANEL

    def press(self, pile_code: str, button: str, gun: str, card: str = "") -> None:
        self.done.append((pile_code, button, gun, card))

    def set_helpful(self, pile_code: str, on: bool) -> None:
        self.done.append((pile_code, "helpful", on))

    def screen(self, pile_code: str, gun: str) -> bytes:
        return b"\x89PNG"

    def firmware(self, version: str) -> bytes:
        return version.encode()


@pytest.fixture
def piles() -> FakePiles:
    return FakePiles()


@pytest.fixture
def visitor(desk: Any, piles: FakePiles) -> FlaskClient:
    app = create_app(replace(desk.services, demo=piles))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    client: FlaskClient = app.test_client()
    return client


def test_without_a_demo_there_are_no_such_pages(desk: Any) -> None:
    assert desk.client().get("/demo/").status_code == 404


def test_the_panel_shows_the_pile_and_what_it_said_last(visitor: FlaskClient) -> None:
    page = visitor.get(f"/demo/{CODE}").text
    assert "桩已上电" in page
    assert f"/demo/{CODE}/screen/01" in page
    assert "DEMO &lt;script&gt;" in page


def test_a_button_acts_at_the_gun_and_comes_back_to_the_panel(visitor: FlaskClient, piles: FakePiles) -> None:
    answer = visitor.post(f"/demo/{CODE}/press", data={"button": "swipe", "gun": "01", "card": " 11223344 "})
    assert (answer.status_code, answer.location) == (302, f"/demo/{CODE}")
    assert piles.done == [(CODE, "swipe", "01", "11223344")]


def test_a_button_that_is_none_does_nothing(visitor: FlaskClient, piles: FakePiles) -> None:
    assert visitor.post(f"/demo/{CODE}/press", data={"button": "explode"}).status_code == 400
    assert piles.done == []


def test_help_is_switched_on_and_off(visitor: FlaskClient, piles: FakePiles) -> None:
    visitor.post(f"/demo/{CODE}/helpful", data={"on": "1"})
    visitor.post(f"/demo/{CODE}/helpful", data={"on": "0"})
    assert piles.done == [(CODE, "helpful", True), (CODE, "helpful", False)]


def test_a_script_gets_the_changed_panel_alone(visitor: FlaskClient) -> None:
    answer = visitor.post(f"/demo/{CODE}/helpful", data={"on": "1"}, headers={"X-Requested-With": "desk"})
    assert answer.status_code == 200
    assert "<html" not in answer.text


@pytest.mark.parametrize("path", ["", "/panel", "/screen/01"])
def test_a_pile_that_nobody_set_up_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/demo/32010600000009{path}").status_code == 404


def test_another_pile_is_set_up_with_the_code_that_was_typed(visitor: FlaskClient, piles: FakePiles) -> None:
    assert visitor.post("/demo/", data={"pile_code": f" {CODE} "}).location == f"/demo/{CODE}"
    assert piles.done == [("set_up", CODE)]


def test_a_code_that_is_none_is_told_in_a_sentence(visitor: FlaskClient) -> None:
    answer = visitor.post("/demo/", data={"pile_code": "12"})
    assert answer.status_code == 400
    assert "桩编码是 14 位数字" in answer.text


def test_firmware_to_upload_is_at_hand_in_two_versions(visitor: FlaskClient) -> None:
    assert visitor.get("/demo/firmware/V2.0.1.bin").data == b"V2.0.1"
    assert visitor.get("/demo/firmware/V2.0.2.bin").headers["Content-Disposition"].endswith("demo-V2.0.2.bin")
    assert visitor.get("/demo/firmware/V9.bin").status_code == 404
