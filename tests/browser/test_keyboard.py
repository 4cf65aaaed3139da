"""The desk without a mouse or a finger, and the screen that nobody has to touch to keep it on."""

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


LAMP = """() => {
    window.lamp = [];
    const lock = Object.assign(new EventTarget(), { release: () => lamp.push("off") });
    Object.defineProperty(navigator, "wakeLock", { value: { request: async () => (lamp.push("on"), lock) } });
}"""


def test_the_screen_stays_on_while_a_run_goes_on(desk: Desk, meet: Meet) -> None:
    page = meet().page
    page.add_init_script(f"({LAMP})()")
    sign_in_to_demo(page, desk)
    model = desk.about["model"]
    desk.set_up(desk.about["pile"])
    page.goto(f"/models/{model}/run")
    assert page.evaluate("lamp") == []
    desk.tell("start", model=model, cases=["cross_tariff"])
    expect(page.locator("#prompt")).to_be_visible()
    assert page.evaluate("lamp") == ["on"]
    desk.tell("stop", model=model)
    desk.until("over", model)
    expect(page.locator("#prompt")).to_have_count(0)
    expect(page.get_by_text("已停止").first).to_be_visible()
    assert page.evaluate("lamp") == ["on", "off"]


def tab_to(page: Page, name: str) -> None:
    """On by the tab key until something with this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith(name):
            return
    raise AssertionError(f"{name} is not reached by the tab key")
