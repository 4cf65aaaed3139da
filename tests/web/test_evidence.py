"""Pictures after a check of rights, never as a page; and the printable report."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.core.verdict import Finding, Verdict
from harness.store.desk import models, uploads
from harness.store.desk.values import Actor, Model, Upload
from tests.web.conftest import DATA, PILE, Desk
from tests.web.plays import Play, play

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


def test_the_report_of_decided_results_says_who_decided(desk: Desk, owner: Any, registrant: FlaskClient) -> None:
    made = desk.model(owner, msgspec.structs.replace(DATA, vin=False), pile_code="32010600417703")
    play(desk, made, "r1", "qr_set", "single_tariff", "cross_tariff", "card", "estop", "reboot", "upgrade")
    registrant.post(f"/models/{made.id}/submit")
    models.accept(desk.engine, made.id, BY, desk.clock.wall(), {})
    text = registrant.get(f"/models/{made.id}/report").text
    assert "联调完成" in text
    assert "reviewer-01，2026-04-17" in text
    assert "未申报" in text


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
