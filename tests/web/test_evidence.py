"""Pictures after a check of rights, never as a page; and the printable report."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient

from harness.core.verdict import Finding, Verdict
from harness.store.desk import models, uploads
from harness.store.desk.values import Actor, Model, Upload
from tests.web.conftest import PILE, Desk
from tests.web.plays import SCAN_ONLY, SCANS, Play, play, submit

JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0rest", b"\x89PNG\r\n\x1a\nrest", b"RIFF1234WEBPrest"
BY = Actor(kind="reviewer", id=1, name="reviewer-01")


def keep(desk: Desk, model: Model, content: bytes, kind: str = "picture") -> str:
    folder = desk.services.settings.pictures
    folder.mkdir(exist_ok=True)
    (folder / "ab12").write_bytes(content)
    upload = Upload(
        id="ab12", model_id=model.id, run_id="r1", kind=kind, name="x.html", size=len(content), sha256="0", version="",
        at=desk.clock.wall(), by="x",
    )  # fmt: skip
    uploads.keep_upload(desk.engine, upload)
    return f"/models/{model.id}/pictures/ab12"


@pytest.mark.parametrize(("content", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")])
def test_a_picture_has_the_type_that_its_bytes_have(
    desk: Desk, registrant: FlaskClient, model: Model, content: bytes, kind: str
) -> None:
    answer = registrant.get(keep(desk, model, content))
    assert (answer.status_code, answer.content_type, answer.data) == (200, kind, content)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_picture_is_not_given(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    assert registrant.get(keep(desk, model, b"<html><script>1</script>")).status_code == 404


def test_a_firmware_is_not_given_as_a_picture(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    assert registrant.get(keep(desk, model, JPEG, kind="firmware")).status_code == 404


def test_a_picture_whose_file_is_gone_is_not_found(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    address = keep(desk, model, JPEG)
    (desk.services.settings.pictures / "ab12").unlink()
    assert registrant.get(address).status_code == 404


def test_pictures_are_for_their_registrant_and_the_reviewers(
    desk: Desk, other: FlaskClient, reviewer: FlaskClient, model: Model, owner: Any
) -> None:
    address = keep(desk, model, JPEG)
    assert other.get(address).status_code == 404
    assert reviewer.get(address).status_code == 200
    second = desk.model(owner, pile_code="32010600417703")
    assert desk.client(owner).get(f"/models/{second.id}/pictures/ab12").status_code == 404


def test_the_report_names_state_company_and_reviewer_on_top(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    wrong = Finding(code="record_missing", verdict=Verdict.FAILED, check="record", params={"within": 30}, frames=(2,))
    play(desk, model, "r1", "qr_set", Play("card", Verdict.FAILED, (wrong,)))
    play(desk, model, "r2", "card", gun="02")
    text = registrant.get(f"/models/{model.id}/report").text
    for words in (PILE, "联调中", model.company, "还没有审核"):
        assert words in text
    assert "30 秒内未收到交易记录" not in text  # gun 2 passed, and that counts
    assert text.index("联调中") < text.index("二维码设置")
    assert "还没有测" in text


@pytest.fixture
def handed_in(desk: Desk, owner: Any) -> Model:
    """All cases passed, and that was submitted."""
    made = desk.model(owner, SCAN_ONLY, pile_code="32010600417703")
    play(desk, made, "r1", *SCANS)
    return submit(desk, made)


def report(client: FlaskClient, model: Model) -> str:
    answer = client.get(f"/models/{model.id}/report")
    assert answer.status_code == 200
    return answer.text


def headline(text: str) -> tuple[str, str]:
    """Shape and word of the whole."""
    found = re.search(r'<span class="state (\w+) pill">.*?<span lang="zh">(.*?)</span>', text, re.DOTALL)
    assert found is not None
    return found[1], found[2]


def row(text: str, case: str) -> str:
    """The line of a case in the table of results."""
    found = re.search(rf'<tr class="is-\w+"><td>[^<]*<a href="#{case}">.*?</tr>', text, re.DOTALL)
    assert found is not None
    return found[0]


def test_results_that_wait_are_no_pass_yet(handed_in: Model, registrant: FlaskClient) -> None:
    text = report(registrant, handed_in)
    assert headline(text) == ("hold", "联调结果待审核")
    assert "<title>联调报告 32010600417703 联调结果待审核</title>" in text
    assert "3 项通过" in text
    assert "还没有审核" in text


def test_all_passed_and_not_handed_in_is_no_pass_yet(desk: Desk, owner: Any, registrant: FlaskClient) -> None:
    made = desk.model(owner, SCAN_ONLY, pile_code="32010600417703")
    play(desk, made, "r1", *SCANS)
    assert headline(report(registrant, made)) == ("na", "联调中")


def test_the_report_of_approved_results_says_who_decided(desk: Desk, handed_in: Model, registrant: FlaskClient) -> None:
    models.accept(desk.engine, handed_in.id, BY, desk.clock.wall(), {}, "ready for use")
    text = report(registrant, handed_in)
    assert headline(text) == ("ok", "联调完成")
    assert "reviewer-01，2026-04-17" in text
    assert "ready for use" in text
    assert "未申报" in text
    assert "型号现在的状态" not in text


def sent_back(desk: Desk, model: Model) -> Model:
    votes = {"estop": ("reject", "the stop <b>reason</b>")}
    return models.reject(desk.engine, model.id, BY, desk.clock.wall(), votes, "whole reason XYZ")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_refused_results_read_so_with_every_reason_and_never_as_a_pass(
    desk: Desk, owner: Any, handed_in: Model, lang: str
) -> None:
    sent_back(desk, handed_in)
    text = report(desk.client(owner, lang), handed_in)
    assert headline(text) == ("bad", "审核未通过")
    title = re.search("<title>(.*)</title>", text)
    assert title is not None
    assert ("审核未通过" if lang == "zh" else "Results not approved") in title[1]
    assert "3 项中 3 项通过，平台退回 1 项" in text
    assert "whole reason XYZ" in text[: text.index('<dl class="facts">')]
    assert "reviewer-01" in text
    case = row(text, "estop")
    assert '<span class="state bad ">' in case
    assert "退回" in case
    assert "the stop &lt;b&gt;reason&lt;/b&gt;" in case
    assert '<span class="state ok ">' in row(text, "single_tariff")
    section = text[text.index('<section class="case" id="estop">') :]
    assert "平台退回了这个场景" in section
    assert "the stop &lt;b&gt;reason&lt;/b&gt;" in section


def test_what_was_handed_in_is_printed_whatever_was_played_since(
    desk: Desk, handed_in: Model, registrant: FlaskClient
) -> None:
    sent_back(desk, handed_in)
    models.again(desk.engine, handed_in.id, BY, desk.clock.wall())
    wrong = Finding(code="record_missing", verdict=Verdict.FAILED, check="record", params={"within": 30}, frames=(2,))
    play(desk, handed_in, "r2", Play("single_tariff", Verdict.FAILED, (wrong,)), version="V9")
    text = report(registrant, handed_in)
    assert headline(text) == ("bad", "审核未通过")
    assert "30 秒内未收到交易记录" not in text
    assert "V9" not in text
    facts = text[text.index('<dl class="facts">') : text.index("</dl>")]
    assert "型号现在的状态" in facts
    assert "联调中" in facts


def test_the_report_runs_nothing_and_only_its_own_style_counts(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    play(desk, model, "r1", "qr_set")
    answer = registrant.get(f"/models/{model.id}/report")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style.group(1).encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "style=" not in answer.text
    assert "<script" not in answer.text


def test_the_report_opens_in_the_language_of_the_visit(desk: Desk, owner: Any, model: Model) -> None:
    text = desk.client(owner, "en").get(f"/models/{model.id}/report").text
    assert re.search(r'id="en"\s+checked', text)


def test_the_report_of_another_is_not_found(desk: Desk, other: FlaskClient, model: Model) -> None:
    assert other.get(f"/models/{model.id}/report").status_code == 404
