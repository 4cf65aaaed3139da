"""场景联调: start, watch and stop cases, and answer what they ask. Drawn from RunNow alone: any phone may come in."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from harness.core.approval import Action, follow
from harness.core.pairs import Pair
from harness.core.safety import CLASSES
from harness.core.standing import Standings
from harness.store.desk import results
from harness.store.desk.values import Attempt, Model
from web import access
from web.answers import refused
from web.look import both
from web.runs import cases, stage
from web.runs.firmware import receive_firmware
from web.runs.scanning import receive_picture
from web.services import House
from web.whole import whole
from web.words import say

bp = Blueprint("run", __name__)

MORE_TIME = 600.0  # s


@bp.get("/models/<int:model_id>/run")
@access.members_only
def page(model_id: int) -> ResponseReturnValue:
    """The cases of a model, and the one that runs."""
    return render_template("run/page.html", **stage.shown(access.model_for_viewer(model_id)))


@bp.get("/models/<int:model_id>/run/live")
@access.members_only
def live(model_id: int) -> ResponseReturnValue:
    """All of the page that moves."""
    return render_template("run/_live.html", **stage.shown(access.model_for_viewer(model_id)))


@bp.post("/models/<int:model_id>/run/start")
@access.registrants_only
def start(model_id: int) -> ResponseReturnValue:
    """Run cases on a gun: those that are named (with commas between), else all that can be run."""
    named = _named(request.form.get("cases", ""))
    with access.services().turn:
        model = _playable(model_id)
        standings = results.standings(access.services().engine, model, access.services().cases)
        return _play(model, standings, named or cases.playable(standings), _gun(standings))


@bp.get("/models/<int:model_id>/run/sure")
@access.registrants_only
def sure(model_id: int) -> ResponseReturnValue:
    """What some cases may do to the pile; only who says so here has them played."""
    model, services = _playable(model_id), access.services()
    standings = results.standings(services.engine, model, services.cases)
    named = _named(request.args.get("cases", ""))
    _check(model, standings, named)
    infos = [info for info in services.cases if info.id in named]
    return render_template(
        "run/sure.html",
        model=model,
        infos=infos,
        means={info.id: CLASSES[info.safety][1] for info in infos},
        gun=request.args.get("gun", "") or cases.last_gun(standings) or model.profile().gun_numbers()[0],
    )


@bp.post("/models/<int:model_id>/run/retry")
@access.registrants_only
def retry(model_id: int) -> ResponseReturnValue:
    """Run one case again, or all that did not pass; on the gun it was tried on, unless another is named."""
    case = request.form.get("case", "")
    with access.services().turn:
        model = _playable(model_id)
        standings = results.standings(access.services().engine, model, access.services().cases)
        wanted = (case,) if case else cases.to_retry(standings)
        if not wanted:
            raise refused("run.nothing_to_retry")
        return _play(model, standings, wanted, _gun(standings, wanted[0]))


@bp.post("/models/<int:model_id>/run/stop")
@access.registrants_only
def stop(model_id: int) -> ResponseReturnValue:
    """Stop, at once."""
    model = access.own_model(model_id)
    _house().stop(model.id)
    return _back(model)


@bp.post("/models/<int:model_id>/run/answer")
@access.registrants_only
def answer(model_id: int) -> ResponseReturnValue:
    """A person did it, or says why not."""
    model = access.own_model(model_id)
    unable = request.form.get("unable")
    if unable is not None and not unable.strip():
        raise refused("run.unable_missing")
    why = (unable or "").strip()[:200]
    first = _house().answer(model.id, _prompt(), why)
    if first and not access.wants_page(request):
        return jsonify(said="", noted=both(say("run.noted")))  # in passing: it proves nothing
    return _first(model, first)


@bp.post("/models/<int:model_id>/run/more")
@access.registrants_only
def more(model_id: int) -> ResponseReturnValue:
    """再等10分钟."""
    model = access.own_model(model_id)
    return _first(model, _house().more_time(model.id, _prompt(), MORE_TIME))


@bp.post("/models/<int:model_id>/run/scan")
@access.registrants_only
def scan(model_id: int) -> ResponseReturnValue:
    """A picture of the pile's screen; scripts are told what was seen in it."""
    model = access.own_model(model_id)
    seen = receive_picture(model, _prompt())
    if access.wants_page(request):
        return _back(model, seen.said)
    return jsonify(seen=seen.state, said=both(seen.said), read=seen.read)


@bp.post("/models/<int:model_id>/run/firmware")
@access.registrants_only
def firmware(model_id: int) -> ResponseReturnValue:
    """A firmware file, sent now or earlier, and its version."""
    model = access.own_model(model_id)
    return _first(model, receive_firmware(model, _prompt()))


def _playable(model_id: int) -> Model:
    model = access.own_model(model_id)
    follow(model.state, Action.PLAY)
    return model


def _play(
    model: Model, standings: Standings[Attempt], wanted: tuple[str, ...] | list[str], gun: str
) -> ResponseReturnValue:
    _check(model, standings, wanted)
    profile = model.profile()
    number = (gun or profile.gun_numbers()[0]).zfill(2)
    if number not in profile.gun_numbers():
        raise refused("run.unknown_gun")
    if "sure" not in request.form and any(info.asks_first for info in access.services().cases if info.id in wanted):
        return redirect(url_for("run.sure", model_id=model.id, cases=",".join(wanted), gun=number))
    _house().start(model.id, profile, number, tuple(wanted), access.actor().name)
    return _back(model)


def _named(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _check(model: Model, standings: Standings[Attempt], wanted: tuple[str, ...] | list[str]) -> None:
    known = {each.case: each for each in standings.cases if each.declared}
    barred = {info.id for info in access.services().cases if cases.barred(info, model.data.site)[0]}
    if not wanted:
        raise refused("run.nothing_to_play")
    for case in wanted:
        if case not in known:
            raise refused("run.unknown_case")
        if known[case].waits:
            raise refused("run.waits", case=known[case].title)
        if case in barred:
            raise refused("run.barred", case=known[case].title)


def _gun(standings: Standings[Attempt], case: str = "") -> str:
    return request.form.get("gun", "") or cases.last_gun(standings, case)


def _prompt() -> int:
    return request.form.get("prompt", -1, type=whole)


def _house() -> House:
    return access.services().house


def _first(model: Model, first: bool) -> ResponseReturnValue:
    """Somebody who comes second is told."""
    return _back(model, None if first else say("run.too_late"))


def _back(model: Model, said: Pair | None = None) -> ResponseReturnValue:
    if not access.wants_page(request):
        return jsonify(said=both(said) if said else "")
    if said:
        access.notice(said)
    return redirect(url_for("run.page", model_id=model.id))
