"""A vendor's whole way, as people go it: from registration beside the pile to 联调完成, by way of a rejection."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from harness.sim.ykc.upgrade import make_firmware
from tests.browser.browsing import WIDE, Person
from tests.browser.camera import film as write_film
from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.ways import add_model, button, link, register, sign_in_as_reviewer

CASES = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")
MODEL = "QH-DC120-2"
Came = dict[str, Any]  # what a run has come to
WHY = "卡号在记录里反了，按 8.1 的顺序送。"


@dataclass
class Way:
    """Who goes it, and what has become known on the way."""

    desk: Desk
    meet: Meet
    film: Path
    vendor: Person
    reviewer: Person
    model: int = 0
    code: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def phone(self) -> Page:
        return self.vendor.page

    @property
    def wide(self) -> Page:
        return self.reviewer.page

    def acts(self) -> dict[str, Callable[[Came], None]]:
        return {
            "plug_in": lambda came: self.press("plug"),
            "unplug": lambda came: self.press("unplug"),
            "swipe_card": lambda came: self.press("swipe"),
            "start_by_vin": lambda came: self.press("vin"),
            "press_estop": lambda came: self.press("estop"),
            "release_estop": self.release,
            "scan_qr": self.scan,
            "choose_firmware": self.upload,
        }

    def press(self, what: str) -> None:
        self.desk.press(self.code, what)

    def release(self, came: Came) -> None:
        """Somebody is quicker than the frames: the button is pressed, on two phones at once."""
        self.press("release")
        answer = self.phone.locator("#prompt").get_by_role("button", name="我已松开")
        if came["case"] == "estop":
            answer_on_two_phones(self)
        else:
            answer.click()

    def scan(self, came: Came) -> None:
        write_film(self.film, self.desk.screen(self.code))
        button(self.phone, "扫描二维码").click()

    def upload(self, came: Came) -> None:
        self.phone.get_by_label("固件文件").set_input_files(
            {"name": "QH-2.0.1.bin", "mimeType": "application/octet-stream", "buffer": make_firmware("V2.0.1")}
        )
        version = self.phone.get_by_label("固件的版本号")
        version.fill("V1.0.0")
        button(self.phone, "上传并升级").click()
        expect(self.phone.get_by_text("版本号要与桩现在的 V1.0.0 不同。")).to_be_visible()
        self.vendor.forgive("/run/firmware: 4", "Failed to load resource")
        version.fill("V2.0.1")
        button(self.phone, "上传并升级").click()


Happens = Callable[[Way, Came], None]


def test_a_vendor_goes_the_whole_way(desk: Desk, meet: Meet, film: Path) -> None:
    way = Way(desk, meet, film, meet(), meet(WIDE))
    registers_a_model(way)
    is_approved(way)
    connects_the_pile(way)
    runs_all_cases(way)
    submits(way)
    is_rejected(way)
    tries_again(way)
    is_accepted(way)


def registers_a_model(way: Way) -> None:
    assert re.fullmatch(r"\w{4}-\w{4}", register(way.phone))
    add_model(way.phone, MODEL)
    way.model = int(way.phone.locator('input[name="model"]').input_value())


def is_approved(way: Way) -> None:
    """The page that waits for it goes on by itself."""
    page, second = way.wide, way.vendor.context.new_page()
    second.goto(f"/models/{way.model}")
    expect(second.get_by_role("heading", name="等平台审核")).to_be_visible()
    sign_in_as_reviewer(page, way.desk)
    link(page, MODEL).click()
    way.code = page.get_by_label("桩编码", exact=True).input_value()
    button(page, "通过登记").click()
    expect(page.get_by_text(f"登记已通过，桩编码 {way.code}。")).to_be_visible()
    expect(second.get_by_text(way.code, exact=True)).to_be_visible()
    expect(way.phone.get_by_text("联调中").first).to_be_visible()
    second.close()


def connects_the_pile(way: Way) -> None:
    """The list ticks itself; before that nobody gets further."""
    page = way.phone
    button(page, "调试型号").click()
    expect(page.get_by_text(way.code, exact=True)).to_be_visible()
    button(page, "继续").click()
    expect(page.get_by_text("桩不在线，不能继续。")).to_be_visible()
    way.desk.set_up(way.code)
    expect(page.get_by_text("桩不在线，不能继续。")).to_have_count(0)
    for tick in ("TCP 已连接", "登录成功", "程序版本 V1.0.0", "心跳正常", "计费模型已接受", "桩时钟对准了"):
        expect(page.get_by_text(tick)).to_be_visible()
    expect(page.get_by_text("6 / 6")).to_be_visible()
    button(page, "继续").click()
    expect(page.get_by_role("heading", name="场景联调")).to_be_visible()


def runs_all_cases(way: Way) -> None:
    page = way.phone
    page.get_by_role("button", name="启动测试").click()
    play(way, during={"single_tariff": reloads_the_page, "card": loses_the_network})
    assert set(way.asked) == set(way.acts()) - {"unplug"}
    page.wait_for_url("**/result")
    expect(page.get_by_role("heading", name="全部通过")).to_be_visible()
    expect(page.locator("details[id^=c-]:has(summary .dk-state--ok)")).to_have_count(len(CASES))


def play(way: Way, during: dict[str, Happens] | None = None) -> None:
    """Do what is asked until the run is over; the page follows by itself."""
    left = dict(during or {})
    while (came := way.desk.until("waiting", way.model, besides=list(left)))["state"] != "over":
        if came["act"]:
            does_what_is_asked(way, came)
        else:
            left.pop(came["case"])(way, came)


def does_what_is_asked(way: Way, came: Came) -> None:
    way.asked.append(came["act"])
    prompt = way.phone.locator(f'#prompt[data-prompt="{came["prompt"]}"]')
    expect(prompt).to_be_visible()
    way.acts()[came["act"]](came)
    expect(prompt).to_have_count(0)


def reloads_the_page(way: Way, came: Came) -> None:
    """In the midst of a charge: the page comes back to the same step with the right countdown."""
    page = way.phone
    expect(page.locator("#now")).to_have_text("正在充电，不用操作")
    page.reload()
    expect(page.locator("#now")).to_have_text("正在充电，不用操作")
    assert came["left"] > 60
    assert -1 < came["left"] - seconds_left(page) <= 5, "the page rounds up"


def loses_the_network(way: Way, came: Came) -> None:
    """The banner says so after three seconds; the test goes on, and the page catches up."""
    page = way.phone
    way.vendor.context.set_offline(True)
    expect(page.get_by_text("手机断网，测试还在继续")).to_be_visible()
    way.desk.pass_time(20)
    way.vendor.context.set_offline(False)
    expect(page.get_by_text("手机断网，测试还在继续")).to_be_hidden()
    way.vendor.forgive("ERR_INTERNET_DISCONNECTED")


def answer_on_two_phones(way: Way) -> None:
    """The first answer counts, the second is told."""
    second = way.meet()
    second.context.add_cookies(way.vendor.context.cookies())
    second.page.goto(f"/models/{way.model}/run")
    late = second.page.locator("#prompt").get_by_role("button", name="我已松开")
    expect(late).to_be_visible()
    second.page.evaluate("stream.close(); live.renew = () => {}")  # it has not heard yet what the first one did
    way.phone.locator("#prompt").get_by_role("button", name="我已松开").click()
    expect(way.phone.locator("#prompt")).to_have_count(0)
    late.click()
    expect(second.page.get_by_text("别人已经回答了")).to_be_visible()


def seconds_left(page: Page) -> int:
    minutes, seconds = page.get_by_role("timer").first.inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def submits(way: Way) -> None:
    button(way.phone, "提交审核").click()
    expect(way.phone.get_by_text("联调结果待审核").first).to_be_visible()
    way.phone.goto(f"/models/{way.model}/run")
    expect(way.phone.get_by_role("heading", name="现在不能测试")).to_be_visible()
    way.phone.goto(f"/models/{way.model}/result")


def is_rejected(way: Way) -> None:
    page = way.wide
    vote(way, {"card": WHY})
    button(page, "退回 1 项").click()
    expect(page.get_by_text("审核未通过").first).to_be_visible()


def vote(way: Way, against: dict[str, str]) -> None:
    """通过 or 退回 for each case, with the reason under it."""
    page = way.wide
    page.goto("/review/")
    link(page, MODEL).first.click()
    for case in CASES:
        choice = "reject" if case in against else "accept"
        page.locator(f'label:has(input[name="vote-{case}"][value="{choice}"])').click()
    for case, why in against.items():
        page.locator(f'[name="why-{case}"]').fill(why)


def tries_again(way: Way) -> None:
    """The page of the results has changed by itself."""
    page = way.phone
    expect(page.get_by_text("审核未通过").first).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    button(page, "重新调试").click()
    expect(page.get_by_role("button", name="提交审核")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="接着测 1 项").click()
    play(way)
    page.wait_for_url("**/result")
    button(page, "提交审核").click()
    expect(page.get_by_text("联调结果待审核").first).to_be_visible()


def is_accepted(way: Way) -> None:
    vote(way, {})
    button(way.wide, "审核通过").click()
    expect(way.wide.get_by_text("联调完成").first).to_be_visible()
    way.phone.goto("/models")
    expect(way.phone.get_by_text("联调完成").first).to_be_visible()
    expect(way.phone.get_by_text("可以接入客户的生产环境。")).to_be_visible()
