"""What a page says when the desk cannot be reached."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.ways import sign_in_to_demo


def test_behind_a_proxy_a_desk_that_is_gone_is_told_until_it_is_back(desk: Desk, meet: Meet) -> None:
    someone = meet()
    page, run = someone.page, f"/models/{desk.about['model']}/run"
    sign_in_to_demo(page, desk)

    def nobody(route: Route) -> None:
        route.fulfill(status=502, body="Bad Gateway")

    page.route("**/events**", nobody)
    page.route("**/run/live", nobody)
    page.goto(run)
    expect(page.locator("#stale")).to_be_visible()
    page.unroute("**/run/live")
    expect(page.locator("#stale")).to_be_hidden()
    someone.forgive("502")
