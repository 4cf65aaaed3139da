"""What people type, and what pages carry: nothing is markup, nothing comes from elsewhere, nothing is untranslated."""

from __future__ import annotations

import re

import msgspec
from flask.testing import FlaskClient

from harness.store.desk.values import Model
from tests.web.conftest import DATA, Desk
from tests.web.routes import pages_of
from web.words import say

NASTY = "<script>alert(1)</script>"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def test_what_people_and_piles_call_things_is_never_markup(desk: Desk) -> None:
    owner = desk.registrant(company=f"{NASTY} Ltd", contact=NASTY)
    data = msgspec.structs.replace(DATA, model=NASTY, mainboard_maker=NASTY, program_version="<script>")
    model = desk.model(owner, data)
    seen = list(pages_of(desk, model, desk.client(owner), desk.client(desk.user("admin-01", "admin"))))
    assert len(seen) > 20
    assert [visit for visit, page in seen if NASTY in page or "<script>" in page] == []
    assert any("&lt;script&gt;" in page for _, page in seen)


def test_no_page_carries_a_script_or_a_style_of_its_own(
    desk: Desk, model: Model, picture: str, registrant: FlaskClient, admin: FlaskClient
) -> None:
    seen = [each for each in pages_of(desk, model, registrant, admin) if each[0].endpoint != "evidence.report"]
    assert [(visit, found[0]) for visit, page in seen if (found := INLINE.search(page))] == []


def test_every_page_forbids_them_too(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    for path in ("/", "/models", f"/models/{model.id}/run", "/nowhere"):
        headers = registrant.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_asks_for_anything_of_another_site(
    desk: Desk, model: Model, picture: str, registrant: FlaskClient, admin: FlaskClient
) -> None:
    wanted = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
    assert [visit for visit, page in pages_of(desk, model, registrant, admin) if wanted.search(page)] == []


# The switch of language, the brand that the fixture typed, the name of a column, and what a search field looks for.
NOT_READ = re.compile(r'aria-label="中文"|>中<|禾充|客户企业名称 or name|data-find="[^"]*"')


def test_no_english_page_holds_chinese_but_what_people_typed(desk: Desk) -> None:
    owner = desk.registrant(company="Example Ltd", contact="Tester A")
    data = msgspec.structs.replace(DATA, mainboard_maker="Maker")
    model = desk.model(owner, data)
    clients = desk.client(owner, "en"), desk.client(desk.user("admin-01", "admin"), "en")
    for visit, page in pages_of(desk, model, *clients):
        if visit.endpoint == "evidence.report":  # it holds both languages and shows one
            continue
        if '<html lang="en"' in page:  # visitors without a session see Chinese
            text = NOT_READ.sub("", page)
            found = re.search(r".{0,30}[\u3400-\u9fff]+.{0,30}", text)
            assert (visit, found and found[0]) == (visit, None)


def test_an_error_of_ours_shows_no_trace(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    def broken(code: str) -> None:
        raise RuntimeError("a secret of the house")

    desk.house.pile = broken  # type: ignore[assignment, method-assign]
    answer = registrant.get("/models")
    assert answer.status_code == 500
    assert say("answers.e500")[0] in answer.text
    assert "secret" not in answer.text
