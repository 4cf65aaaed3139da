"""Every page of the desk, each in the state in which it has most to show: looked at by tests, and by the camera of
the documentation.

The desk is led from one state to the next while the scenes are taken in order; its clock stands still in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import Person
from tests.browser.process import Desk
from tests.browser.ways import button, sign_in_as_reviewer, sign_in_to_demo

WAITING, RETURNED = "DEMO-AC-7", "DEMO-DC-60"
WHY_RETURNED = "型号要与铭牌上的一样"
WHY_REJECTED = "记录里的卡号反了"
BREAKS_RULES = "wrong_split", "answers_twice"
WHY_UNABLE = "没有带 VIN 的车"
TYPED = (WHY_RETURNED, WHY_REJECTED, WHY_UNABLE)  # by people, so it stays as it is on English pages

VISITOR, REGISTRANT, REVIEWER, ADMIN = WHO = "visitor", "registrant", "reviewer", "admin"


def as_it_is(page: Page) -> None:
    """Nothing has to be done on the page first."""


class Scene(NamedTuple):
    """A page to look at: its name, who looks, where it is, and what they touch there."""

    name: str
    who: str
    path: str
    act: Callable[[Page], None] = as_it_is


def all_scenes(desk: Desk) -> Iterator[Scene]:
    """All of them, in the order in which the desk comes to them."""
    yield from before_anything()
    yield from registered(desk)
    yield from running(desk)
    yield from finished(desk)
    yield from decided(desk)
    yield from for_admins()


def people(browser: Browser, desk: Desk, lang: str, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Person]:
    """Everybody who looks at pages, in one language, at screens of these sizes."""
    found = {who: Person(browser, desk.url, size, lang) for who, size in sizes.items()}
    sign_in_to_demo(found[REGISTRANT].page, desk)
    sign_in_as_reviewer(found[REVIEWER].page, desk)
    sign_in_as_reviewer(found[ADMIN].page, desk, "admin")
    if lang == "en":
        for person in found.values():
            in_english(person.page)
    return found


def in_english(page: Page) -> None:
    """Switch to English, as everybody can on every page."""
    page.goto("/help")
    button(page, "English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def before_anything() -> Iterator[Scene]:
    yield Scene("start", VISITOR, "/")
    yield Scene("register", VISITOR, "/register")
    yield Scene("login", VISITOR, "/login")
    yield Scene("help", VISITOR, "/help")
    yield Scene("review-login", VISITOR, "/review/login")
    yield Scene("not-found", VISITOR, "/nowhere")
    yield Scene("models-hello", REGISTRANT, "/models?hello=1")
    yield Scene("model-form", REGISTRANT, "/models/new")


def registered(desk: Desk) -> Iterator[Scene]:
    model = desk.about["model"]
    waiting = desk.tell("add_model", name=WAITING, returned="")
    returned = desk.tell("add_model", name=RETURNED, returned=WHY_RETURNED)
    yield Scene("models", REGISTRANT, "/models")
    yield Scene("model-edit", REGISTRANT, f"/models/{model}/edit")
    yield Scene("model-delete", REGISTRANT, f"/models/{waiting}/delete")
    yield Scene("info-waiting", REGISTRANT, f"/models/{waiting}")
    yield Scene("info-returned", REGISTRANT, f"/models/{returned}")
    yield Scene("info-offline", REGISTRANT, f"/models/{model}")
    desk.set_up(desk.about["pile"])
    desk.press(desk.about["pile"], "plug")
    desk.press(desk.about["pile"], "swipe", card="11223344")
    yield Scene("info", REGISTRANT, f"/models/{model}")
    yield Scene("numbers", REGISTRANT, f"/models/{model}/numbers")
    desk.press(desk.about["pile"], "unplug")
    yield Scene("result-none", REGISTRANT, f"/models/{model}/result")
    yield Scene("run-ready", REGISTRANT, f"/models/{model}/run")
    yield Scene("run-sure", REGISTRANT, f"/models/{model}/run/sure?cases=link_cut_charging,link_cut_idle")
    yield Scene("review-queue", REVIEWER, "/review/")
    yield Scene("review-registration", REVIEWER, f"/review/models/{waiting}")


def running(desk: Desk) -> Iterator[Scene]:
    model, pile = desk.about["model"], desk.about["pile"]
    run = f"/models/{model}/run"
    desk.tell("start", model=model, cases=["cross_tariff"])
    desk.until("waiting", model)
    yield Scene("prompt", REGISTRANT, run)
    desk.tell("press", code=pile, button="plug", gun="01", card="")
    desk.pass_time(0.5)
    yield Scene("prompt-closed", REGISTRANT, run)
    desk.until("charging", model)
    desk.pass_time(150)
    yield Scene("run", REGISTRANT, run)
    yield Scene("run-seen-by-reviewer", REVIEWER, run)
    desk.tell("stop", model=model)
    desk.until("over", model)
    yield Scene("run-stopped", REGISTRANT, run)
    yield from asking(desk, "qr_set", "prompt-scan")
    yield from asking(desk, "upgrade", "prompt-firmware")


def asking(desk: Desk, case: str, name: str) -> Iterator[Scene]:
    """A case at its first prompt; nobody answers."""
    model = desk.about["model"]
    desk.tell("start", model=model, cases=[case])
    desk.until("waiting", model)
    yield Scene(name, REGISTRANT, f"/models/{model}/run")
    desk.tell("stop", model=model)
    desk.until("over", model)


def finished(desk: Desk) -> Iterator[Scene]:
    model, pile = desk.about["model"], desk.about["pile"]
    desk.set_up(pile, faults=BREAKS_RULES)
    desk.play(model, "cross_tariff")
    desk.set_up(pile)
    desk.play(model, "qr_set", "single_tariff", "card", "estop", "reboot")
    cannot(desk, "vin")
    yield Scene("result-open", REGISTRANT, f"/models/{model}/result")
    desk.play(model, "vin", "upgrade")
    yield Scene("result", REGISTRANT, f"/models/{model}/result")
    yield Scene("report", REGISTRANT, f"/models/{model}/report")
    yield Scene("frames", REGISTRANT, f"/models/{model}/frames")
    yield Scene("frame", REGISTRANT, f"/models/{model}/frames", open_first_frame)
    yield Scene("frame-found", REGISTRANT, f"/models/{model}/result", follow_a_finding)
    yield Scene("frames-found", REGISTRANT, f"/models/{model}/result", see_only_findings)
    yield Scene("demo", VISITOR, "/demo/")
    yield Scene("demo-pile", VISITOR, f"/demo/{pile}")


def cannot(desk: Desk, case: str) -> None:
    """A case that a person cannot do: no result, and nobody's fault at the pile."""
    model = desk.about["model"]
    desk.tell("start", model=model, cases=[case])
    while desk.until("waiting", model)["act"] == "plug_in":
        desk.press(desk.about["pile"], "plug")
    desk.tell("unable", model=model, why=WHY_UNABLE)
    desk.until("over", model)
    desk.tell("flush")


def open_first_frame(page: Page) -> None:
    page.locator("[data-frame], .dk-fr").first.click()
    page.locator(".dk-fd").wait_for()


def follow_a_finding(page: Page) -> None:
    """From the list of what broke the protocol's rules to the frame."""
    page.locator("#rules-all .dk-ref").last.click()
    page.locator(".dk-fd .dk-audit").wait_for()


def see_only_findings(page: Page) -> None:
    follow_a_finding(page)
    page.locator("label:has([name=found])").click()
    page.locator("label.is-on:has([name=found])").wait_for()
    expect(page.locator(".dk-fr:not(:has(.fr-note))")).to_have_count(0)


def decided(desk: Desk) -> Iterator[Scene]:
    model = desk.about["model"]
    desk.tell("share", model=model)
    desk.tell("submit", model=model)
    yield Scene("models-submitted", REGISTRANT, "/models")
    yield Scene("result-submitted", REGISTRANT, f"/models/{model}/result")
    yield Scene("review", REVIEWER, f"/review/models/{model}")
    yield Scene("review-frames", REVIEWER, f"/models/{model}/frames")
    yield Scene("review-shared", REVIEWER, "/review/shared")
    yield Scene("review-search", REVIEWER, "/review/models?q=DEMO")
    yield Scene("customers", REVIEWER, "/review/customers/")
    desk.tell("reject", model=model, case="card", why=WHY_REJECTED)
    yield Scene("result-rejected", REGISTRANT, f"/models/{model}/result")
    yield Scene("review-rejected", REVIEWER, f"/review/models/{model}")


def for_admins() -> Iterator[Scene]:
    for page in ("users", "piles", "firmware", "settings", "storage", "audit"):
        yield Scene(f"admin-{page}", ADMIN, f"/admin/{page}")
