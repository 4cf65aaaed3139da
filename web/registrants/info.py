"""联调平台信息: what to set in the pile, and a list that ticks itself while the pile connects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from harness.core.approval import Action, State, allowed
from harness.core.pairs import Pair
from harness.core.safety import BENCH
from harness.store.desk.values import Model
from web import access, look
from web.services import NOTHING, PileNow, Stranger
from web.words import say

bp = Blueprint("info", __name__)

FAR = 30.0  # s by which a pile's clock may differ before somebody should look at it
PEOPLE_SEE = 3  # strangers


class Tick(NamedTuple):
    """A line of the list; `state`: ok, remark, bad, now, wait."""

    state: str
    title: Pair
    more: Pair = NOTHING
    at: datetime | None = None


@bp.get("/models/<int:model_id>")
@access.members_only
def page(model_id: int) -> ResponseReturnValue:
    """What to set in the pile."""
    model = access.model_for_viewer(model_id)
    if model.state is State.REGISTERED or not model.pile_code:
        return render_template("info/waiting.html", model=model)
    settings = access.services().settings
    values = (
        (say("info.model"), model.data.model),
        (say("info.address"), settings.pile_address),
        (say("info.port"), str(settings.pile_port)),
        (say("info.pile_code"), model.pile_code),
    )
    may = Action.PLAY in allowed(model.state, "registrant") and access.owns(model)
    stands = say("info.site", site=say("models.bench" if model.data.site == BENCH else "models.live"))
    return render_template("info/page.html", values=values, site=stands, may=may, **_why(model), **_shown(model))


@bp.get("/models/<int:model_id>/checklist")
@access.members_only
def checklist(model_id: int) -> ResponseReturnValue:
    """The list as it is now."""
    return render_template("info/_checklist.html", **_shown(access.model_for_viewer(model_id)))


@bp.post("/models/<int:model_id>/continue")
@access.registrants_only
def go_on(model_id: int) -> ResponseReturnValue:
    """To the cases, when the pile is online; else back to the page, which says why."""
    model = access.own_model(model_id)
    if Action.PLAY not in allowed(model.state, "registrant"):
        return redirect(url_for("info.page", model_id=model.id))
    if access.services().house.pile(model.pile_code).online:
        return redirect(url_for("run.page", model_id=model.id))
    return redirect(url_for("info.page", model_id=model.id, why="offline"))


def ticks(pile: PileNow, declared: str) -> tuple[Tick, ...]:
    """The six things that are there when a pile is ready to be tested."""
    return _tcp(pile), _login(pile), _version(pile, declared), _heartbeat(pile), _tariff(pile), _clock(pile)


def why_offline(pile: PileNow) -> tuple[Pair, Pair]:
    """Why the pile is not online, as far as it is known, and what to do."""
    known = [told(stranger) for stranger in pile.strangers[:1]]
    return say("info.offline"), known[0] if known else say("info.offline_check")


def told(stranger: Stranger) -> Pair:
    """Who connected and is not this pile."""
    facts = {"at": look.clock_time(stranger.at), "peer": stranger.peer, "said": stranger.said}
    if stranger.what == "refused":
        return say("info.stranger", **facts)
    if stranger.what == "no_login":
        return say("info.no_login", **facts)
    return say("info.unreadable", **facts) if stranger.what == "unreadable" else say("info.connected", **facts)


def joined(strangers: Sequence[Stranger]) -> list[Pair]:
    """Each of them once, with how often it came; the newest first."""
    alike: dict[tuple[str, str, str], list[Stranger]] = {}
    for stranger in strangers:
        alike.setdefault((stranger.peer.rpartition(":")[0] or stranger.peer, stranger.what, stranger.said), []).append(
            stranger
        )
    return [_often(told(each[0]), len(each)) for each in alike.values()]


def _often(text: Pair, times: int) -> Pair:
    return say("info.often", what=text, n=times) if times > 1 else text


def _why(model: Model) -> dict[str, object]:
    """Why nobody could go on, for as long as the pile is away."""
    asked, pile = "why" in request.args, access.services().house.pile(model.pile_code)
    return {"asked": asked, "why": why_offline(pile) if asked and not pile.online else None}


def _shown(model: Model) -> dict[str, object]:
    pile = access.services().house.pile(model.pile_code)
    lines = ticks(pile, model.data.program_version)
    strangers = () if pile.online else joined(pile.strangers)[:PEOPLE_SEE]
    done = sum(line.state in ("ok", "remark") for line in lines)
    return {"model": model, "pile": pile, "ticks": lines, "done": done, "strangers": strangers}


def _tcp(pile: PileNow) -> Tick:
    if pile.online or pile.peer:
        more = say("info.from", peer=pile.peer) if pile.peer else NOTHING
        return Tick("ok", say("info.tcp"), more, pile.login_at)
    return Tick("now", say("info.tcp_wait"))


def _login(pile: PileNow) -> Tick:
    if pile.login_at is not None:
        return Tick("ok", say("info.login"), say("info.login_more"), pile.login_at)
    return Tick("now" if pile.peer else "wait", say("info.login_wait"))


def _version(pile: PileNow, declared: str) -> Tick:
    version = pile.program_version
    if pile.login_at is None or not version:
        return Tick("wait", say("info.version_wait"))
    title = say("info.version", version=version)
    if not declared:
        return Tick("ok", title, say("info.version_none"), pile.login_at)
    if version == declared:
        return Tick("ok", title, say("info.version_same"), pile.login_at)
    return Tick("remark", title, say("info.version_other", version=declared), pile.login_at)


def _heartbeat(pile: PileNow) -> Tick:
    if pile.heartbeat_at is not None:
        return Tick("ok", say("info.heartbeat"), NOTHING, pile.heartbeat_at)
    return Tick("now" if pile.login_at else "wait", say("info.heartbeat_wait"))


def _tariff(pile: PileNow) -> Tick:
    if pile.tariff == "accepted":
        return Tick("ok", say("info.tariff"))
    if pile.tariff == "refused":
        return Tick("bad", say("info.tariff_refused"), say("info.tariff_refused_more"))
    if pile.tariff == "asked":
        return Tick("now", say("info.tariff_asked"), say("info.tariff_asked_more"))
    return Tick("wait", say("info.tariff_wait"))


def _clock(pile: PileNow) -> Tick:
    offset = pile.clock_offset
    if offset is None:
        return Tick("wait", say("info.clock_wait"), say("info.clock_wait_more"))
    by = say("info.ahead" if offset >= 0 else "info.behind", seconds=f"{abs(offset):.1f}")
    if abs(offset) <= FAR:
        return Tick("ok", say("info.clock"), by)
    return Tick("remark", say("info.clock_far"), say("info.clock_far_more", by=by))
