"""The picture of a pile's screen: read, held against what was sent, kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
import qrcode
from flask.testing import FlaskClient
from PIL import Image

from harness.store.desk import uploads
from harness.store.desk.values import Model
from tests.web import runs
from tests.web.conftest import Desk
from tests.web.runs import CODE, SCRIPT, called, path, running


def picture(text: str) -> io.BytesIO:
    kept = io.BytesIO()
    qrcode.make(text).save(kept, "PNG")
    kept.seek(0)
    return kept


def test_a_scan_offers_camera_photo_and_no_code(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    page = registrant.get(path(model)).text
    for words in ("扫描二维码", "改用照片", "拍二维码", "桩上没有码", CODE):
        assert words in page
    assert 'id="camera"' in page


def send(client: FlaskClient, model: Model, **form: Any) -> Any:
    return client.post(path(model, "/scan"), data={"prompt": "7", **form}, headers=SCRIPT).json


def test_the_right_code_answers_and_its_picture_is_kept(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    assert send(registrant, model, picture=(picture(CODE), "../../evil.html"))["seen"] == "same"
    _, number, prompt, texts, name = called(desk, "scanned")
    assert (number, prompt, texts) == (model.id, 7, (CODE,))
    kept = uploads.upload(desk.engine, name)
    assert kept is not None
    assert (kept.kind, kept.run_id, kept.model_id) == ("picture", "20260417-100000-test", model.id)
    assert (desk.services.settings.pictures / name).read_bytes().startswith(b"\x89PNG")
    assert name.isalnum()


def test_another_code_counts_only_when_the_person_says_so(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    told = send(registrant, model, picture=(picture("https://other.example/9"), "p.png"))
    assert (told["seen"], told["read"]) == ("other", "https://other.example/9")
    assert called(desk, "scanned") is None
    assert uploads.uploads(desk.engine, model.id) == []
    assert send(registrant, model, picture=(picture("https://other.example/9"), "p.png"), sure="1")["seen"] == "noted"
    assert called(desk, "scanned")[3] == ("https://other.example/9",)


def test_a_picture_without_a_code_answers_nothing(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    blank = io.BytesIO()
    Image.new("RGB", (64, 64), "gray").save(blank, "JPEG")
    blank.seek(0)
    assert send(registrant, model, picture=(blank, "p.jpg"))["seen"] == "none"
    assert called(desk, "scanned") is None


def test_a_pile_without_a_code_is_told(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    send(registrant, model, none="1")
    assert called(desk, "scanned")[3:5] == ((), "")


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"GIF89a", b""])
def test_what_is_no_picture_is_refused_in_words(
    desk: Desk, registrant: FlaskClient, model: Model, content: bytes
) -> None:
    running(desk, model, prompt=runs.scan(desk))
    told = send(registrant, model, picture=(io.BytesIO(content), "p.png"))
    assert set(told) == {"error"}
    assert called(desk, "scanned") is None


def test_a_picture_that_is_cut_off_is_refused_in_words(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    assert set(send(registrant, model, picture=(io.BytesIO(b"\x89PNG\r\n\x1a\nrubbish"), "p.png"))) == {"error"}


def test_a_scan_that_comes_second_is_told(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.scan(desk))
    desk.house.first = False
    told = send(registrant, model, picture=(picture(CODE), "p.png"))
    assert told["seen"] == "late"
    assert "别人已经回答了" in told["said"]


def test_the_picture_of_a_scan_that_nobody_asks_for_any_more_is_not_kept(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    running(desk, model, prompt=None)
    assert send(registrant, model, picture=(picture(CODE), "p.png"), sure="1")["seen"] == "late"
    assert called(desk, "scanned") is None
    assert uploads.uploads(desk.engine, model.id) == []
    assert not desk.services.settings.pictures.exists() or not list(desk.services.settings.pictures.iterdir())
