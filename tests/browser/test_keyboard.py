"""The desk without a mouse or a finger."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.ways import sign_in_to_demo


def test_a_test_is_started_and_stopped_with_the_keyboard_alone(desk: Desk, meet: Meet) -> None:
    desk.set_up(desk.about["pile"])
    page = meet().page
    sign_in_to_demo(page, desk)
    page.goto(f"/models/{desk.about['model']}/run")
    tab_to(page, "启动测试")
    page.keyboard.press("Enter")
    expect(page.locator("#prompt")).to_be_visible()
    expect(page.locator("#act")).to_be_focused()  # a stray Enter must not answer
    tab_to(page, "停止")
    page.keyboard.press("Enter")
    desk.until("over", desk.about["model"])
    expect(page.get_by_text("已停止，桩不在充电")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """On by the tab key until something with this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith(name):
            return
    raise AssertionError(f"{name} is not reached by the tab key")
