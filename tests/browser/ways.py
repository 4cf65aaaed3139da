"""What people do on the pages, as they would tell it: shared by tests and by the pictures of the pages."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.process import Desk

COMPANY = "青禾换电服务（示例）有限公司"


def button(page: Page, name: str) -> Locator:
    """A button by the words on it."""
    return page.get_by_role("button", name=name, exact=True)


def link(page: Page, name: str) -> Locator:
    """A link by its words."""
    return page.get_by_role("link", name=name, exact=True)


def register(page: Page, company: str = COMPANY, contact: str = "测试员甲", phone: str = "13900000000") -> str:
    """登记; gives the access code, which is shown once."""
    page.goto("/register")
    page.get_by_label("客户企业名称").fill(company)
    page.get_by_label("电桩品牌").fill("禾充")
    page.get_by_label("调试联系人").fill(contact)
    page.get_by_label("联系人电话").fill(phone)
    button(page, "提交").click()
    code = page.locator(".dk-code__v").inner_text()
    button(page, "已记下，登记型号").click()
    return code


def sign_in(page: Page, company: str, contact: str, phone: str, code: str) -> None:
    """登录 with the access code."""
    page.goto("/login")
    page.get_by_label("客户企业名称").fill(company)
    page.get_by_label("调试联系人").fill(contact)
    page.get_by_label("联系人电话").fill(phone)
    page.get_by_label("访问码").fill(code)
    button(page, "确认").click()
    expect(page.get_by_role("heading", name="联调记录列表")).to_be_visible()


def sign_in_to_demo(page: Page, desk: Desk) -> None:
    """As the registrant who is there from the beginning."""
    about = desk.about
    sign_in(page, about["company"], about["contact"], about["phone"].removeprefix("+86"), about["code"])


def sign_in_as_reviewer(page: Page, desk: Desk, name: str = "reviewer") -> None:
    """With name and password."""
    page.goto("/review/login")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(desk.about[name])
    button(page, "登录").click()


def add_model(page: Page, model: str = "QH-DC120-2") -> None:
    """型号登记&联调项选择, every item declared."""
    page.goto("/models/new")
    page.get_by_label("充电桩型号").fill(model)
    page.get_by_role("radio", name="直流").check()
    page.get_by_label("功率").fill("120")
    page.get_by_role("radio", name="2", exact=True).check()
    page.get_by_label("桩程序版本号").fill("V1.0.0")
    page.get_by_label("主板厂商").fill("恒芯")
    for item in ("card", "vin", "reboot", "upgrade", "qr"):
        page.locator(f'input[name="{item}"]').check()
    page.locator('input[name="card_no"]').fill("32095DF0")
    page.locator('input[name="vin_no"]').fill("LNA001PD800186429")
    button(page, "确认").click()
    expect(page.get_by_text("信息审核中").first).to_be_visible()
