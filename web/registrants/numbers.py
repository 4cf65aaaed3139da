"""Card number and VIN of a model, given or changed during joint debugging without a new approval."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from harness.core.approval import NAMES, REGISTRANT, Action, allowed, follow
from harness.store.desk.values import Model
from web.access import own_model, registrants_only, services
from web.forms import Mistakes, read_form
from web.registrants.changes import set_numbers
from web.registrants.fields import CardOrNone, VinOrNone
from web.registrants.vin import is_odd
from web.services import PileNow

bp = Blueprint("numbers", __name__)


class NumbersForm(BaseModel):
    """What the page sends: a field that is not in it stays as it is."""

    card_no: CardOrNone = None
    vin_no: VinOrNone = None


@bp.route("/models/<int:model_id>/numbers", methods=["GET", "POST"])
@registrants_only
def page(model_id: int) -> ResponseReturnValue:
    """Show and change the numbers, with what the pile read last beside them."""
    model = own_model(model_id)
    if request.method == "GET":
        return _page(model, {"card_no": model.data.card_no, "vin_no": model.data.vin_no}, {})
    follow(model.state, Action.NUMBERS)
    form, mistakes = read_form(NumbersForm, request.form)
    if form is None:
        return _page(model, request.form, mistakes)
    typed = {name: number or "" for name, number in form.model_dump(exclude_unset=True).items()}
    set_numbers(model, {name: number for name, number in typed.items() if _declared(model, name)})
    return redirect(url_for("numbers.page", model_id=model.id))


@bp.get("/models/<int:model_id>/numbers/chip")
@registrants_only
def chip(model_id: int) -> ResponseReturnValue:
    """The card and VIN that the pile read last, to take over with one touch."""
    model = own_model(model_id)
    return render_template("numbers/_chip.html", model=model, pile=_pile(model), open=_open(model))


def _declared(model: Model, name: str) -> bool:
    return bool(getattr(model.data, name.removesuffix("_no")))


def _open(model: Model) -> bool:
    return Action.NUMBERS in allowed(model.state, REGISTRANT)


def _pile(model: Model) -> PileNow:
    return services().house.pile(model.pile_code) if model.pile_code else PileNow(pile_code="")


def _page(model: Model, typed: Any, mistakes: Mistakes) -> ResponseReturnValue:
    page = render_template(
        "numbers/page.html",
        model=model,
        pile=_pile(model),
        typed=typed,
        mistakes=mistakes,
        open=_open(model),
        editable=not _open(model) and Action.EDIT in allowed(model.state, REGISTRANT),
        state=NAMES[model.state],
        odd=not mistakes and is_odd(model.data.vin_no),
    )
    return page, 400 if mistakes else 200
