"""What a thumb finds: buttons that can be read and touched, on the narrowest phone and in both languages."""

from __future__ import annotations

import io

import pytest
import qrcode
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.browsing import PHONE, Person
from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.scenes import in_english
from tests.browser.ways import button, sign_in_to_demo

LOW = (360, 740)  # a small phone with its browser's bars
LEAST = 110  # px of a button that is read at arm's length


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return {"left": found["x"], "right": found["x"] + found["width"], "wide": found["width"], "high": found["height"],
            "top": found["y"], "bottom": found["y"] + found["height"]}  # fmt: skip


def thumb_is_readable(page: Page) -> None:
    """At most two buttons, wide and low, within the screen."""
    found = page.locator(".dk-thumb .dk-btn:visible")
    assert 1 <= found.count() <= 2
    for one in found.all():
        where = box(one)
        assert where["wide"] >= LEAST, f"{one.inner_text()} is {where['wide']} px wide"
        assert where["high"] <= 80, f"{one.inner_text()} is {where['high']} px high"
        assert where["right"] <= page.evaluate("innerWidth")


def stopped_at(desk: Desk, *cases: str) -> None:
    """A run that is stopped at its first prompt."""
    model = desk.about["model"]
    desk.tell("start", model=model, cases=cases)
    desk.until("waiting", model)
    desk.tell("stop", model=model)
    desk.until("over", model)
    desk.tell("flush")


@pytest.fixture
def both(desk: Desk, meet: Meet) -> list[Page]:
    """The narrowest phone, in Chinese and in English."""
    pages = [meet(LOW).page, meet(LOW).page]
    for page in pages:
        sign_in_to_demo(page, desk)
    in_english(pages[1])
    return pages


def test_the_buttons_at_the_thumb_are_readable_in_every_state(desk: Desk, both: list[Page]) -> None:
    model = desk.about["model"]

    def look() -> None:
        for page in both:
            for where in ("", "/run", "/result"):
                page.goto(f"/models/{model}{where}")
                thumb_is_readable(page)

    look()
    desk.set_up(desk.about["pile"])
    stopped_at(desk, "qr_set", "single_tariff")
    look()
    desk.set_up(desk.about["pile"], faults=("wrong_split",))
    desk.play(model, "cross_tariff")
    desk.set_up(desk.about["pile"])
    desk.play(model, "qr_set", "single_tariff", "card", "vin", "estop", "reboot", "upgrade")
    look()  # one failed
    desk.tell("start", model=model, cases=["reboot"])
    look()
    desk.tell("stop", model=model)
    desk.until("over", model)


def clear_of_the_row(page: Page, part: Locator) -> None:
    """Whole on the screen, and not under the row at its bottom."""
    expect(part).to_be_visible()
    row = box(page.locator("#prompt .dk-act__row").last)
    page.wait_for_function("(part) => part.getBoundingClientRect().top >= 0", arg=part.element_handle())
    assert box(part)["bottom"] <= row["top"]


def a_code(text: str) -> dict[str, object]:
    out = io.BytesIO()
    qrcode.make(text).save(out)
    return {"name": "code.png", "mimeType": "image/png", "buffer": out.getvalue()}


def asked(desk: Desk, page: Page, case: str) -> None:
    model = desk.about["model"]
    desk.set_up(desk.about["pile"])
    desk.tell("start", model=model, cases=[case])
    desk.until("waiting", model)
    page.goto(f"/models/{model}/run")


def over(desk: Desk) -> None:
    desk.tell("stop", model=desk.about["model"])
    desk.until("over", desk.about["model"])


def test_the_button_for_another_code_is_in_sight_when_it_is_needed(desk: Desk, both: list[Page]) -> None:
    for page in both:
        asked(desk, page, "qr_set")
        page.set_input_files("#photo", files=[a_code("something else")])  # type: ignore[list-item]
        clear_of_the_row(page, page.locator("[data-sure]"))
        over(desk)


def test_the_button_that_sends_the_firmware_is_in_sight_when_file_and_version_are_there(
    desk: Desk, both: list[Page]
) -> None:
    for page in both:
        asked(desk, page, "upgrade")
        page.set_input_files("#file", files=[{"name": "fw.bin", "mimeType": "a/b", "buffer": b"firmware"}])
        page.locator("#version").fill("V9.9.9")
        page.locator("#version").blur()
        clear_of_the_row(page, page.locator(".dk-firmware > .dk-btn"))
        over(desk)


def test_a_file_that_is_too_large_is_told_before_it_is_sent(desk: Desk, meet: Meet) -> None:
    page = meet(LOW).page
    sign_in_to_demo(page, desk)
    asked(desk, page, "upgrade")
    page.evaluate("document.querySelector('[data-upload]').dataset.most = 4")
    page.set_input_files("#file", files=[{"name": "fw.bin", "mimeType": "a/b", "buffer": b"firmware"}])
    page.locator("#version").fill("V9.9.9")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    button(page, "上传并升级").click()
    expect(page.get_by_text("固件太大，最大 64 MB。")).to_be_visible()
    assert sent == []
    over(desk)


def test_a_prompt_speaks_the_other_language_and_stays(desk: Desk, meet: Meet) -> None:
    page = meet(LOW).page
    sign_in_to_demo(page, desk)
    asked(desk, page, "qr_set")
    page.locator("#prompt").get_by_role("button", name="English").click()
    expect(page.locator("#act")).to_contain_text("Scan")
    page.locator("#prompt").get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", name="Help").first).to_be_visible()
    page.get_by_role("link", name="Back").first.click()
    expect(page.locator("#act")).to_contain_text("Scan")
    over(desk)


def test_two_touches_on_a_slow_line_lose_no_access_code(meet: Meet) -> None:
    page = meet(PHONE).page
    page.goto("/register")
    for label, text in (("客户企业名称", "双击（示例）公司"), ("电桩品牌", "禾充"), ("调试联系人", "测试员丙"),
                        ("联系人电话", "13900000003")):  # fmt: skip
        page.get_by_label(label).fill(text)

    def slow(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/register", slow)
    send = button(page, "提交")
    send.dblclick()
    expect(page.locator(".dk-code__v")).to_be_visible()


def test_the_banner_tells_whose_line_is_down(browser: Browser, desk: Desk) -> None:
    someone = Person(browser, desk.url, PHONE)
    page = someone.page
    sign_in_to_demo(page, desk)
    page.goto(f"/models/{desk.about['model']}/run")
    someone.context.set_offline(True)
    expect(page.locator("#stale-what")).to_have_text("手机断网")
    someone.context.set_offline(False)
    expect(page.locator("#stale")).to_be_hidden()
    page.route("**/run/live", lambda route: route.abort())
    page.evaluate("stream.close(); stale.missed()")
    expect(page.locator("#stale-what")).to_have_text("连不上平台")
    expect(page.get_by_text("测试还在继续")).to_have_count(0)
    someone.close()


def test_the_line_that_a_prompt_leaves_has_no_ring_around_it(desk: Desk, meet: Meet) -> None:
    page = meet(PHONE).page
    sign_in_to_demo(page, desk)
    asked(desk, page, "cross_tariff")
    desk.press(desk.about["pile"], "plug")
    expect(page.locator("#now")).to_be_focused()
    assert page.locator("#now").evaluate("(part) => getComputedStyle(part).outlineStyle") == "none"
    over(desk)
    desk.press(desk.about["pile"], "unplug")
