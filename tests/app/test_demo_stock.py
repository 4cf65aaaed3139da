"""What the demo's helping hands find in the store, and leave there."""

from pathlib import Path
from typing import Any

from harness.app.demo_stock import Stock
from harness.sim.ykc.upgrade import firmware_version
from harness.store.desk import uploads
from tests.web.conftest import PILE, blank, compiled, desk

__all__ = ["blank", "compiled", "desk"]  # the fixture, and what it is made of

PICTURE = b"\x89PNG\r\n\x1a\nscreen"


def test_firmware_is_always_of_another_version_than_the_pile_has(desk: Any) -> None:
    stock = Stock(desk.services)
    for current in ("", "V1.0.0", "V2.0.1", "V2.0.2"):
        chosen = stock.firmware(current)
        assert chosen.version != current
        assert firmware_version(Path(chosen.path).read_bytes()) == chosen.version


def test_a_picture_is_kept_as_evidence_of_its_model(desk: Any) -> None:
    model = desk.model(desk.registrant())
    name = Stock(desk.services).keep_picture(model.id, PICTURE)
    (kept,) = uploads.uploads(desk.engine, model.id, "picture")
    assert kept.id == name
    assert (desk.services.settings.pictures / name).read_bytes() == PICTURE


def test_the_pile_of_a_model_is_the_one_it_was_given(desk: Any) -> None:
    stock = Stock(desk.services)
    assert stock.pile_of(desk.model(desk.registrant()).id) == PILE
    assert stock.pile_of(99) == ""
