"""What the demo's helping hands find in the store, and leave there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.app.demo_stock import Stock
from harness.sim.ykc.upgrade import firmware_version
from harness.store.desk import uploads
from tests.web.conftest import blank, compiled, desk

__all__ = ["blank", "compiled", "desk"]  # the fixture, and what it is made of

PICTURE = b"\x89PNG\r\n\x1a\nscreen"


def now(call: Callable[[], None]) -> None:
    call()


def test_firmware_is_always_of_another_version_than_the_pile_has(desk: Any) -> None:
    stock = Stock(desk.services, now)
    for current in ("", "V1.0.0", "V2.0.1", "V2.0.2"):
        chosen = stock.firmware(current)
        assert chosen.version != current
        assert firmware_version(Path(chosen.path).read_bytes()) == chosen.version


def test_a_picture_is_kept_as_evidence_of_its_model_while_the_hands_go_on(desk: Any) -> None:
    model = desk.model(desk.registrant())
    to_do: list[Callable[[], None]] = []
    name = Stock(desk.services, to_do.append).keep_picture(model.id, PICTURE)
    assert uploads.uploads(desk.engine, model.id, "picture") == []
    to_do.pop()()
    (kept,) = uploads.uploads(desk.engine, model.id, "picture")
    assert kept.id == name
    assert (desk.services.settings.pictures / name).read_bytes() == PICTURE
