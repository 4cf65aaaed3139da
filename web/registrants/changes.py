"""Changes of a model that the live side has to hear of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.core.errors import PersonError
from harness.core.pairs import Pair
from harness.store.desk import models
from harness.store.desk.values import Model, ModelData
from web.access import actor, notice, now, services
from web.registrants.fields import SPOKEN
from web.registrants.vin import is_odd
from web.words import say

NUMBERS = ("card_no", "vin_no")  # what may change without a new approval


def told(model: Model) -> Model:
    """Let piles and streams know of a changed model."""
    if model.pile_code:
        services().house.register(model.profile())
    services().changed(model.id, "model")
    return model


def set_numbers(model: Model, numbers: dict[str, str]) -> Model:
    """Give or change card number and VIN, and say what came of it."""
    wanted = {name: number for name, number in numbers.items() if number != getattr(model.data, name)}
    if not wanted:
        notice(say("numbers.same"))
        return model
    changed = told(models.set_numbers(services().engine, model.id, actor(), now(), **wanted))
    for name in wanted:
        notice(_said(name, changed.data))
    remark(changed.data)
    return changed


def remark(data: ModelData) -> None:
    """Say that a VIN's check digit does not fit, or that a protocol is not spoken yet; neither keeps anybody back."""
    if data.protocol_version not in SPOKEN:
        notice(say("models.not_spoken", version=data.protocol_version))
    if is_odd(data.vin_no):
        notice(say("models.vin_odd"))


@contextmanager
def beside_no_run(model: Model) -> Iterator[None]:
    """For what may not happen while a test of the model is running; none begins meanwhile.

    What the last one came to may still be on its way to the store: that is waited for.
    """
    with services().turn:
        refuse_in_a_run(model)
        services().settled()
        yield


def refuse_in_a_run(model: Model) -> None:
    """PersonError while a test of the model is running."""
    if model.id in services().house.running():
        zh, en = say("models.in_a_run", model=model.data.model)
        raise PersonError(en, zh)


def _said(name: str, data: ModelData) -> Pair:
    number = getattr(data, name)
    what = say("numbers.card") if name == "card_no" else say("numbers.vin")
    return say("numbers.saved", what=what, number=number) if number else say("numbers.emptied", what=what)
