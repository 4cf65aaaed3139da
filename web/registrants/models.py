"""A registrant's models: the list, the form of a model with its items, and deleting one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from harness.core.approval import MEANINGS, REGISTRANT, Action, Refused, State, allowed, follow
from harness.core.errors import PersonError
from harness.core.pairs import Pair
from harness.store.desk import models
from harness.store.desk.values import Model, ModelData, Registrant
from web.access import actor, me, notice, now, own_model, registrants_only, services
from web.forms import Mistakes, read_form
from web.registrants.changes import NUMBERS, beside_no_run, refuse_in_a_run, remark, set_numbers, told
from web.registrants.fields import (
    PROTOCOLS,
    SPOKEN,
    CardOrNone,
    Guns,
    Line,
    Maybe,
    PowerKw,
    ProgramVersion,
    ProtocolVersion,
    VinOrNone,
)
from web.registrants.vin import is_odd
from web.repeats import sent_once
from web.spans import in_words
from web.whole import whole
from web.words import say

bp = Blueprint("models", __name__)
NOTHING: Mistakes = {}
MOST_LIVE = 32  # models of a list that renew themselves: a stream has no more channels
SEGMENTS = ("1", "2", "3", "4")  # numbers of guns that are one touch away


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A model in the list."""

    model: Model
    meaning: Pair
    online: bool | None  # None where no pile is expected
    running: bool
    waited: Pair | None
    waits: Pair | None  # for which numbers
    why_not: Pair | None  # it cannot be debugged


class ModelForm(BaseModel):
    """型号登记&联调项选择."""

    model: Line
    kind: Literal["dc", "ac"]
    site: Literal["live", "bench"] = "live"
    power_kw: PowerKw
    guns: Guns
    protocol_version: ProtocolVersion = "1.6"
    program_version: ProgramVersion = ""
    mainboard_maker: Maybe = ""
    card: bool = False
    card_no: CardOrNone = None
    vin: bool = False
    vin_no: VinOrNone = None
    reboot: bool = False
    upgrade: bool = False
    qr: bool = False
    qr_dialect: Literal["5A", "F0"] = "5A"

    def made(self) -> ModelData:
        """What the desk keeps of it."""
        plain = self.model_dump(exclude=set(NUMBERS))
        return ModelData(**plain, card_no=self.card_no or "", vin_no=self.vin_no or "")


@bp.get("/models")
@registrants_only
def index() -> ResponseReturnValue:
    """The list; its buttons come back here with what to do with the chosen model."""
    if "to" in request.args:
        return _go(request.args["to"])
    rows = _rows()
    shown = {row.model.id for row in rows}
    picked = request.args.get("model", type=whole)
    return render_template(
        "models/index.html",
        rows=rows,
        stream=",".join(f"model:{row.model.id}" for row in rows[:MOST_LIVE]),
        picked=picked if picked in shown else _likely(rows),
        hello=bool(rows) and "hello" in request.args,
        ready=[row for row in rows if row.model.state is not State.REGISTERED],
    )


@bp.route("/models/new", methods=["GET", "POST"])
@registrants_only
@sent_once
def new() -> ResponseReturnValue:
    """Register a model."""
    if request.method == "GET":
        return _form_page(None, _start_values(), NOTHING)
    data, mistakes = _read()
    if data is None:
        return _form_page(None, request.form, mistakes)
    model = models.add_model(services().engine, actor().id, data, actor(), now())
    return _saved(told(model), "models.saved_new")


@bp.route("/models/<int:model_id>/edit", methods=["GET", "POST"])
@registrants_only
@sent_once
def edit(model_id: int) -> ResponseReturnValue:
    """Change a model; what was approved needs a new approval, save for card number and VIN."""
    model = own_model(model_id)
    follow(model.state, Action.EDIT)
    if request.method == "GET":
        return _form_page(model, values_of(model.data), NOTHING)
    data, mistakes = _read()
    if data is None:
        return _form_page(model, request.form, mistakes)
    try:
        return _change(model, data)
    except Refused:
        raise
    except PersonError as error:
        return _form_page(model, request.form, {"": (error.text_zh, error.text)})


@bp.route("/models/<int:model_id>/delete", methods=["GET", "POST"])
@registrants_only
def delete(model_id: int) -> ResponseReturnValue:
    """Ask, then delete a model."""
    model = own_model(model_id)
    follow(model.state, Action.DELETE)
    refuse_in_a_run(model)
    if request.method == "GET":
        return render_template("models/delete.html", model=model)
    with beside_no_run(model):
        models.delete(services().engine, model.id, actor(), now())
        if model.pile_code:
            services().house.forget(model.pile_code)
    services().changed(model.id, "model")
    notice(say("models.deleted", model=model.data.model))
    return redirect(url_for("models.index"))


def values_of(data: ModelData) -> dict[str, str]:
    """A model as its form shows it."""
    values = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not False}
    shown = {name: "on" if value is True else str(value) for name, value in values.items()}
    shown["protocol_version"] = f"V{data.protocol_version}"
    if shown["guns"] not in SEGMENTS:
        shown["guns"], shown["guns_other"] = "other", shown["guns"]
    return shown


def _go(where: str) -> ResponseReturnValue:
    """Act on the model that was chosen in the list."""
    number = request.args.get("model", type=whole)
    if number is None:
        notice(say("models.pick_first"))
        return redirect(url_for("models.index"))
    model = own_model(number)
    try:
        return redirect(_address(where, model))
    except Refused as error:
        notice((error.text_zh, error.text))
        return redirect(url_for("models.index", model=model.id))


def _address(where: str, model: Model) -> str:
    if where == "edit":
        follow(model.state, Action.EDIT)
        return url_for("models.edit", model_id=model.id)
    if where == "delete":
        follow(model.state, Action.DELETE)
        return url_for("models.delete", model_id=model.id)
    if why_not := _why_not(model):
        notice(why_not)
        return url_for("models.index", model=model.id)
    return url_for("info.page", model_id=model.id)


def _rows() -> list[Row]:
    who = me()
    assert isinstance(who, Registrant)
    running = services().house.running()
    return [_row(model, running) for model in models.models_of(services().engine, who.id)]


def _row(model: Model, running: frozenset[int]) -> Row:
    expected = bool(model.pile_code) and model.state is not State.REGISTERED
    return Row(
        model=model,
        meaning=MEANINGS[model.state],
        online=services().house.pile(model.pile_code).online if expected else None,
        running=model.id in running,
        waits=_waits(model),
        why_not=_why_not(model),
        waited=_waited(model),
    )


def _waits(model: Model) -> Pair | None:
    """The numbers that cases wait for."""
    missing = [item for item in ("card", "vin") if model.state is State.TESTING and model.data.waits_for(item)]
    return say(f"models.no_{missing[0] if len(missing) == 1 else 'numbers'}") if missing else None


def _why_not(model: Model) -> Pair | None:
    """Why a model cannot be debugged; None when it can."""
    if model.state is not State.REGISTERED:
        return None
    return say("models.not_yet_returned" if model.returned else "models.not_yet", model=model.data.model)


def _waited(model: Model) -> Pair | None:
    """How long the platform has let a model wait; what began this minute is not worth a word."""
    wait = timedelta() if model.waiting_since is None else now() - model.waiting_since
    return say("models.waited", long=in_words(wait)) if wait >= timedelta(minutes=1) else None


def _likely(rows: list[Row]) -> int | None:
    """The model that is chosen at first: one that can be tested, else the first."""
    testing = [row.model.id for row in rows if row.model.state is State.TESTING]
    return next(iter([*testing, *(row.model.id for row in rows)]), None)


def _start_values() -> dict[str, str]:
    return {"kind": "dc", "site": "live", "guns": "1", "protocol_version": "V1.6", "qr_dialect": "5A"}


def _read() -> tuple[ModelData | None, Mistakes]:
    form, mistakes = read_form(ModelForm, _tidied(request.form))
    return (None if form is None else form.made()), mistakes


def _tidied(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was typed, without the numbers of items that are not declared."""
    values = typed.copy()
    if values.get("guns") == "other":
        values["guns"] = values.get("guns_other", "")
    for item in ("card", "vin"):
        if item not in values:
            values.pop(f"{item}_no", None)
    return values


def _change(model: Model, data: ModelData) -> ResponseReturnValue:
    """Keep a change, in the gentlest way there is for it."""
    version = request.form.get("version", type=whole)
    if version == model.version and not model.returned and data == model.data:
        return _saved(model, "models.unchanged")
    if version == model.version and _only_numbers(model, data):
        set_numbers(model, {name: getattr(data, name) for name in NUMBERS})
        return redirect(url_for("models.index", model=model.id))
    with beside_no_run(model):
        changed = models.edit(services().engine, model.id, data, actor(), now(), version=version or 0)
    return _saved(told(changed), "models.saved")


def _only_numbers(model: Model, data: ModelData) -> bool:
    same = {name: getattr(model.data, name) for name in NUMBERS}
    free = Action.NUMBERS in allowed(model.state, REGISTRANT)
    return free and msgspec.structs.replace(data, **same) == model.data


def _saved(model: Model, key: str) -> ResponseReturnValue:
    notice(say(key, model=model.data.model))
    remark(model.data)
    return redirect(url_for("models.index", model=model.id))


def _form_page(model: Model | None, typed: Any, mistakes: Mistakes) -> ResponseReturnValue:
    approved = model is not None and model.state is not State.REGISTERED
    page = render_template(
        "models/form.html",
        model=model,
        typed=typed,
        mistakes=mistakes,
        approved=approved,
        numbers=approved and model is not None and Action.NUMBERS in allowed(model.state, REGISTRANT),
        segments=SEGMENTS,
        protocols=PROTOCOLS,
        spoken=SPOKEN,
        odd="vin_no" not in mistakes and is_odd(typed.get("vin_no", "").strip().upper()),
    )
    return page, 400 if mistakes else 200
