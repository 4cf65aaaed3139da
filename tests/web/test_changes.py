"""What may not happen beside a running test, and starting one, take turns."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.store.desk.values import Model, Registrant
from tests.web.conftest import DATA, Desk
from tests.web.plays import play

ALL = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")
POWER = {
    "model": DATA.model, "kind": "dc", "power_kw": "180", "guns": "2", "protocol_version": "V1.6",
    "program_version": DATA.program_version,
}  # fmt: skip
Deed = Callable[[Model], tuple[str, dict[str, str]]]


@pytest.mark.parametrize(
    "deed",
    [
        lambda model: ("submit", {}),
        lambda model: ("edit", {**POWER, "version": str(model.version)}),
        lambda model: ("delete", {}),
        lambda model: ("run/start", {"gun": "01"}),
        lambda model: ("run/retry", {"case": "estop"}),
    ],
    ids=["submit", "edit", "delete", "start", "retry"],
)
def test_no_test_begins_while_a_model_is_handed_in_or_changed(desk: Desk, owner: Registrant, deed: Deed) -> None:
    model = desk.model(owner, msgspec.structs.replace(DATA, vin_no="LNA001PD800186429"))
    play(desk, model, "r1", *ALL)
    alone: list[bool] = []
    desk.house.asked = lambda: alone.append(desk.services.turn.locked())
    what, typed = deed(model)
    assert desk.client(owner).post(f"/models/{model.id}/{what}", data=typed).status_code == 302
    assert alone[-1]
    assert not desk.services.turn.locked()


def test_a_refusal_ends_the_turn(desk: Desk, model: Model, registrant: FlaskClient) -> None:
    assert registrant.post(f"/models/{model.id}/submit").status_code == 400
    assert registrant.post(f"/models/{model.id}/run/start", data={"gun": "77"}).status_code == 400
    assert not desk.services.turn.locked()
