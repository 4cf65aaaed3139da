"""The camera of a phone in the page, when things do not go as planned."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import Person
from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.ways import sign_in_to_demo

# A camera that comes when the test says so.
SLOW_CAMERA = """void (navigator.mediaDevices.getUserMedia = () => new Promise((done) => {
  window.arrive = () => done((window.came = document.createElement("canvas").captureStream()));
}))"""


@pytest.fixture
def someone(desk: Desk, meet: Meet) -> Iterator[Person]:
    """Somebody who is asked for the code on the screen of the pile."""
    person, model = meet(), desk.about["model"]
    desk.set_up(desk.about["pile"])
    sign_in_to_demo(person.page, desk)
    desk.tell("start", model=model, cases=["qr_set"])
    desk.until("waiting", model)
    person.page.goto(f"/models/{model}/run")
    yield person
    desk.tell("stop", model=model)
    desk.until("over", model)


def opened(page: Page) -> None:
    page.locator("button[data-camera]").click()
    expect(page.locator("#camera")).to_be_visible()


def test_a_camera_that_comes_after_it_was_closed_is_let_go(someone: Person) -> None:
    page = someone.page
    page.evaluate(SLOW_CAMERA)
    opened(page)
    page.locator("[data-camera-close]").click()
    expect(page.locator("#camera")).to_be_hidden()
    page.evaluate("arrive()")
    page.wait_for_function("came.getTracks().every((track) => track.readyState === 'ended')")
    assert page.evaluate("camera.stream === null")
