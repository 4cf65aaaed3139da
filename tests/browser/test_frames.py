"""查看报文 as people use it: live, paused, filtered, a field and its bytes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import NARROW, WIDE
from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.ways import sign_in_as_reviewer, sign_in_to_demo


@pytest.fixture(scope="module")
def pile(desk: Desk) -> str:
    """A simulated pile that is online and has been for a while."""
    code = str(desk.about["pile"])
    desk.set_up(code)
    desk.pass_time(120)
    return code


def on_frames(page: Page, desk: Desk, asked: str = "") -> Page:
    sign_in_to_demo(page, desk)
    page.goto(f"/models/{desk.about['model']}/frames{asked}")
    expect(page.locator(".dk-fr").first).to_be_visible()
    return page


def newest(page: Page) -> int:
    return int(page.locator(".dk-fr .fr-n").first.inner_text().removeprefix("#"))


def test_frames_appear_on_top_as_they_come(meet: Meet, desk: Desk, pile: str) -> None:
    page = on_frames(meet().page, desk)
    before, total = newest(page), int(page.locator("#total").get_attribute("data-n") or 0)
    desk.pass_time(30)
    expect(page.locator(".dk-fr .fr-n").first).not_to_have_text(f"#{before}")
    expect(page.locator("#total")).not_to_have_attribute("data-n", str(total))
    shown = [int(text.removeprefix("#")) for text in page.locator(".dk-fr .fr-n").all_inner_texts()]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == len(set(shown))


def test_a_paused_list_stays_and_says_how_many_came(meet: Meet, desk: Desk, pile: str) -> None:
    page = on_frames(meet().page, desk)
    page.get_by_role("button", name="暂停").click()
    before = newest(page)
    desk.pass_time(30)
    chip = page.locator("#new")
    expect(chip).to_be_visible()
    expect(chip).to_have_text(re.compile(r"^\d+ 条新报文$"))
    assert newest(page) == before
    page.get_by_role("button", name="继续").click()
    expect(chip).to_be_hidden()
    assert newest(page) > before


def test_who_reads_further_down_is_left_in_peace(meet: Meet, desk: Desk, pile: str) -> None:
    page = on_frames(meet().page, desk)
    page.mouse.wheel(0, 900)
    page.locator(".dk-fr").nth(12).scroll_into_view_if_needed()
    before = newest(page)
    desk.pass_time(30)
    chip = page.locator("#new")
    expect(chip).to_be_visible()
    assert newest(page) == before
    chip.click()
    expect(chip).to_be_hidden()
    assert newest(page) > before


def test_a_type_is_found_by_the_vendors_name_and_live_rows_are_filtered_too(meet: Meet, desk: Desk, pile: str) -> None:
    page = on_frames(meet(NARROW).page, desk)
    page.get_by_role("button", name="全部报文").first.click()
    page.get_by_role("searchbox").fill("电桩登录")
    items = page.locator("#kinds-list li:visible")
    expect(items).to_have_count(2)
    page.get_by_role("searchbox").fill("0x03")
    page.get_by_label("充电桩心跳包").check()
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("#kinds-open")).to_contain_text("充电桩心跳包")
    before = newest(page)
    desk.pass_time(30)
    expect(page.locator(".dk-fr .fr-n").first).not_to_have_text(f"#{before}")
    assert set(page.locator(".dk-fr code").all_inner_texts()) == {"0x03"}
    assert "kind=heartbeat" in page.url
    assert "kind=heartbeat" in str(page.locator("[data-download=csv]").get_attribute("href"))
    page.reload()
    assert set(page.locator(".dk-fr code").all_inner_texts()) == {"0x03"}


def test_touching_a_field_lights_its_bytes_and_the_other_way_round(meet: Meet, desk: Desk, pile: str) -> None:
    page = on_frames(meet().page, desk, "?kind=realtime_data")
    page.locator(".dk-fr").first.click()
    frame = page.locator(".dk-fd")
    field = frame.get_by_role("button", name=re.compile("^输出电压"))
    field.click()
    assert frame.locator("b.on").evaluate_all("all => all.map((b) => b.dataset.p)") == ["33", "34"]
    expect(frame.locator(".fr-work")).to_contain_text("消息体字节 27–28")
    frame.locator("b[data-p='35']").click()
    expect(frame.locator(".fr-work")).to_contain_text("输出电流")
    expect(frame.get_by_role("button", name=re.compile("^输出电流"))).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator(".dk-fd")).to_be_visible()


def test_arrow_keys_walk_the_fields_and_the_bytes_follow(meet: Meet, desk: Desk, pile: str) -> None:
    person = meet(WIDE, "en")
    page = person.page
    sign_in_as_reviewer(page, desk)
    page.goto(f"/models/{desk.about['model']}/frames?kind=heartbeat")
    page.locator(".dk-fr").first.focus()
    page.keyboard.press("Enter")
    first = page.locator(".fr-part").first
    first.focus()
    page.keyboard.press("ArrowDown")
    focused = page.locator(".fr-part:focus")
    expect(focused).to_have_attribute("data-start", "13")
    assert page.locator(".dk-fd b.on").evaluate_all("all => all.map((b) => b.dataset.p)") == ["13"]
    page.keyboard.press("ArrowUp")
    expect(page.locator(".fr-part:focus")).to_have_attribute("data-start", "6")
    assert page.locator("#side .dk-fd").count() == 1


def notes(page: Page) -> list[tuple[str, str]]:
    """What stands beside the frames: their numbers, and what was found."""
    rows = page.locator(".dk-fr:has(.fr-note)")
    return [(row.locator(".fr-n").inner_text(), row.locator(".fr-notes").inner_text()) for row in rows.all()]


def test_what_the_audit_finds_appears_beside_the_frames_and_stays(meet: Meet, desk: Desk, pile: str) -> None:
    page = on_frames(meet().page, desk)
    desk.set_up(pile, faults=("heartbeat_slow",))
    desk.pass_time(100)
    late = page.locator(".dk-fr", has=page.locator(".fr-note", has_text="重新登录"))
    expect(late.first).to_be_visible()
    expect(late.first.locator(".dk-level--remark")).to_have_text("备注")
    known = page.evaluate("fetch('frames/rows').then((answer) => answer.json()).then((found) => found.notes)")
    expect(page.locator("#marked")).to_have_text(str(len(known)))
    live = notes(page)
    assert len(live) == len(known)
    page.reload()
    expect(page.locator("#marked")).to_have_text(str(len(known)))
    assert notes(page) == live
    late.first.click()
    expect(page.locator(".dk-fd .dk-audit").first).to_contain_text("R-NET-1")
    desk.set_up(pile)


def test_only_frames_with_findings_may_be_looked_at_while_more_are_found(meet: Meet, desk: Desk, pile: str) -> None:
    desk.set_up(pile, faults=("heartbeat_slow",))
    desk.pass_time(100)
    page = on_frames(meet().page, desk, "?found=1")
    before = len(notes(page))
    assert before == page.locator(".dk-fr").count()
    desk.pass_time(100)
    expect(page.locator(".dk-fr")).not_to_have_count(before)
    expect(page.locator(".dk-fr:not(:has(.fr-note))")).to_have_count(0)
    desk.set_up(pile)
