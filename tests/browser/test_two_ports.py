"""The same desk over http and over TLS, in one browser: neither port stands in the other's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.browsing import FAR, PATIENCE
from tests.browser.process import Desk
from tests.browser.ways import button

CROWDED = "event: crowded\ndata:\n\n"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page of somebody who goes on although the certificate is self-made."""
    context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def sign_in(page: Page, url: str, desk: Desk) -> None:
    page.goto(f"{url}/review/login")
    page.get_by_label("用户名").fill("reviewer")
    page.get_by_label("密码").fill(desk.about["reviewer"])
    button(page, "登录").click()
    expect(page).to_have_url(f"{url}/review/")


def test_after_a_visit_over_tls_signing_in_over_http_still_works(desk: Desk, page: Page) -> None:
    plain, tls = (desk.about[name].replace("127.0.0.1", FAR) for name in ("url", "tls"))
    page.goto(f"{tls}/review/login")
    sign_in(page, plain, desk)
    sign_in(page, tls, desk)
    page.goto(f"{plain}/review/models")
    expect(page).to_have_url(f"{plain}/review/models")


def test_a_page_whose_stream_is_crowded_out_asks_by_itself_and_says_nothing(desk: Desk, page: Page) -> None:
    page.clock.install()
    sign_in(page, desk.about["url"], desk)
    model = desk.about["model"]
    asked: list[Route] = []

    def crowded(route: Route) -> None:
        asked.append(route)
        route.fulfill(content_type="text/event-stream", body=CROWDED)

    page.route("**/events**", crowded)
    with page.expect_response("**/run/live"):
        page.goto(f"{desk.about['url']}/models/{model}/run")
    with page.expect_response("**/run/live"):
        page.clock.run_for(4000)
    page.clock.run_for(20_000)
    assert len(asked) == 1
    expect(page.locator("#stale")).to_be_hidden()
    page.unroute("**/events**")
    with page.expect_request("**/events**"):
        page.clock.run_for(60_000)
