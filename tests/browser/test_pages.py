"""Every page on the narrowest phone, in both languages: nothing scrolls sideways, nothing complains, nothing is left
untranslated."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.browsing import NARROW, Person
from tests.browser.conftest import Meet
from tests.browser.process import Desk
from tests.browser.scenes import TYPED, WHO, Scene, all_scenes, people
from tests.browser.ways import sign_in_to_demo

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
# All text and all that scripts or screen readers say, besides what names a language in that language.
SAID = """() => [...document.querySelectorAll("*")].filter(
    (part) => !part.closest("[lang^=zh]:not(html), script, style")
).flatMap((part) => [
    ...[...part.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data),
    ...[...part.attributes]
        .filter((each) => !["value", "href", "src", "data-find"].includes(each.name))
        .map((each) => each.value),
]).join("\\n")"""
SHOWN = """() => {
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    return document.body.innerText.replace("中文", "");
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(person: Person, scene: Scene) -> Page:
    """The page of a scene, with nothing said to the console on the way."""
    page = person.page
    page.goto(scene.path)
    scene.act(page)
    if scene.name == "not-found":
        person.forgive("404")
    return page


def untranslated(scene: Scene, page: Page, typed: list[str]) -> list[str]:
    """Chinese on a page, besides what people typed. The report holds both languages and shows one."""
    text: str = page.evaluate(SHOWN if scene.name == "report" else SAID)
    for words in typed:
        text = text.replace(words, "")
    return CHINESE.findall(text)


def test_every_page_fits_a_narrow_phone_in_both_languages_and_is_quiet(browser: Browser, desk: Desk) -> None:
    wrong: list[str] = []
    everybody = {lang: people(browser, desk, lang, dict.fromkeys(WHO, NARROW)) for lang in ("zh", "en")}
    typed = [desk.about["company"], desk.about["contact"], "示例电子 Demo Electronics", "示例", *TYPED]
    for scene in all_scenes(desk):
        for lang, who in everybody.items():
            person = who[scene.who]
            page = look(person, scene)
            if (over := page.evaluate(SIDEWAYS)) > 0:
                wrong.append(f"{scene.name} ({lang}) is {over} px too wide")
            if lang == "en" and (left := untranslated(scene, page, typed)):
                wrong.append(f"{scene.name} has {left}")
            wrong += [f"{scene.name} ({lang}): {noise}" for noise in person.noise]
            person.noise.clear()
    for who in everybody.values():
        for person in who.values():
            person.close()
    assert not wrong, "\n".join(wrong)


def test_a_program_version_that_is_a_script_is_only_text(desk: Desk, meet: Meet) -> None:
    page = meet().page
    sign_in_to_demo(page, desk)
    desk.set_up(desk.about["pile"], version="<script>")
    page.goto(f"/models/{desk.about['model']}")
    expect(page.get_by_text("程序版本 <script>")).to_be_visible()
    assert page.locator("script:not([src])").count() == 0
    desk.set_up(desk.about["pile"])
