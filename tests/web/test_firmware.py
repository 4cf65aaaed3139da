"""A firmware file for the upgrade case: taken in, kept, offered again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from harness.store.desk import uploads
from harness.store.desk.values import Model
from tests.web import runs
from tests.web.conftest import Desk
from tests.web.runs import SCRIPT, called, online, path, running


@pytest.fixture(autouse=True)
def there(desk: Desk) -> None:
    online(desk)


def choose(client: FlaskClient, model: Model, **form: Any) -> Any:
    return client.post(path(model, "/firmware"), data={"prompt": "7", **form}, headers=SCRIPT).json


def test_a_firmware_is_kept_and_given_to_the_case(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.firmware(desk))
    assert choose(registrant, model, file=(io.BytesIO(b"\x7fELF..."), "QH.bin"), version="QH1.4.3") == {"said": ""}
    _, number, prompt, where, version = called(desk, "chose")
    assert (number, prompt, version, where.read_bytes()) == (model.id, 7, "QH1.4.3", b"\x7fELF...")
    kept = uploads.upload(desk.engine, where.name)
    assert kept is not None
    assert (kept.name, kept.version, kept.size) == ("QH.bin", "QH1.4.3", 7)


@pytest.mark.parametrize(
    ("version", "said"),
    [("QH1.4.2", "不同"), ("", "1 到 8 个"), ("QH1.4.2-9", "1 到 8 个"), ("版本2", "1 到 8 个"), ("a\tb", "1 到 8 个")],
)
def test_a_version_is_short_ascii_and_other_than_the_present_one(
    desk: Desk, registrant: FlaskClient, model: Model, version: str, said: str
) -> None:
    running(desk, model, prompt=runs.firmware(desk))
    told = choose(registrant, model, file=(io.BytesIO(b"x"), "QH.bin"), version=version)
    assert said in told["error"]
    assert called(desk, "chose") is None


def test_no_file_and_an_empty_file_are_told(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.firmware(desk))
    assert "先选一个固件文件" in choose(registrant, model, version="QH1.4.3")["error"]
    assert "空的" in choose(registrant, model, file=(io.BytesIO(), "QH.bin"), version="QH1.4.3")["error"]
    assert list(desk.services.settings.firmware.iterdir()) == []


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    desk: Desk, registrant: FlaskClient, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk:
        def update(self, chunk: bytes) -> None:
            raise OSError(28, "No space left on device")

    running(desk, model, prompt=runs.firmware(desk))
    monkeypatch.setattr("web.runs.firmware.sha256", FullDisk)
    told = choose(registrant, model, file=(io.BytesIO(b"new program"), "QH.bin"), version="QH1.4.3")
    assert told["error"]
    assert list(desk.services.settings.firmware.iterdir()) == []
    assert uploads.uploads(desk.engine, model.id) == []


def test_an_earlier_file_is_offered_again_with_its_version(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model, prompt=runs.firmware(desk))
    choose(registrant, model, file=(io.BytesIO(b"x"), "QH.bin"), version="QH1.4.3")
    kept = uploads.uploads(desk.engine, model.id, "firmware")[0]
    page = registrant.get(path(model)).text
    assert f'value="{kept.id}" data-version="QH1.4.3"' in page
    desk.house.calls.clear()
    choose(registrant, model, upload=kept.id)
    assert called(desk, "chose")[3].name == kept.id
    assert called(desk, "chose")[4] == "QH1.4.3"


def test_the_file_of_another_model_cannot_be_chosen(
    desk: Desk, owner: Any, registrant: FlaskClient, model: Model
) -> None:
    second = desk.model(owner, pile_code="32010600417703")
    running(desk, second, prompt=runs.firmware(desk))
    choose(registrant, second, file=(io.BytesIO(b"x"), "QH.bin"), version="QH1.4.3")
    theirs = uploads.uploads(desk.engine, second.id, "firmware")[0]
    running(desk, model, prompt=runs.firmware(desk))
    desk.house.calls.clear()
    assert "error" in choose(registrant, model, upload=theirs.id, version="QH1.4.3")
    assert called(desk, "chose") is None


def test_a_firmware_that_nobody_waits_for_is_not_kept(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    running(desk, model)
    told = choose(registrant, model, file=(io.BytesIO(b"x"), "QH.bin"), version="QH1.4.3")
    assert "别人已经回答了" in told["said"]
    assert uploads.uploads(desk.engine, model.id) == []
