"""What templates may use: words in the page's language, times on the desk's own clock, versions of static files."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, get_flashed_messages, request, url_for
from flask_login import current_user

from harness.core.approval import NAMES, RETURNED
from harness.core.pairs import Pair
from harness.store.desk.values import Model
from web import access, repeats
from web.assets import Asset
from web.results.findings import value
from web.words import say


def join(app: Flask) -> None:
    """Give the templates of an app what they use."""
    zone = ZoneInfo(app.extensions["desk"].settings.timezone)
    assets: dict[str, Asset] = app.extensions["assets"]

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=assets[name].mark)

    def local(moment: datetime, form: str) -> str:
        return moment.astimezone(zone).strftime(form)

    app.jinja_env.globals.update(
        w=word,
        both=both,
        said=said,
        value=lambda text: both(value(text)),
        asset=asset,
        once_only=repeats.token,
        at=lambda moment: local(moment, "%H:%M:%S"),
        state_name=state_name,
        day=lambda moment: local(moment, "%Y-%m-%d"),
        stamp=lambda moment: local(moment, "%Y-%m-%d %H:%M"),
        iso=lambda moment: moment.isoformat(),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_of_this_visit)


def word(key: str, **params: object) -> str:
    """A sentence in the language of the page."""
    return both(say(key, **params))


def both(pair: Pair) -> str:
    """The one of a pair that is in the language of the page."""
    return pair[access.lang() == "en"]


def said() -> list[Pair]:
    """What an earlier page left to be said; a part that renews itself says nothing and leaves it there."""
    return cast(list[Pair], get_flashed_messages()) if access.wants_page(request) else []


def clock_time(moment: datetime) -> str:
    """A time of day as people at this desk read it, for sentences."""
    return moment.astimezone(ZoneInfo(access.services().settings.timezone)).strftime("%H:%M:%S")


def full_time(moment: datetime) -> str:
    """A day and its time."""
    return moment.astimezone(ZoneInfo(access.services().settings.timezone)).strftime("%Y-%m-%d %H:%M")


def state_name(model: Model) -> Pair:
    """The state of a model in words; a returned registration says so."""
    zh, en = NAMES[model.state]
    return (f"{zh} · {RETURNED[0]}", f"{en} · {RETURNED[1]}") if model.returned else (zh, en)


def _of_this_visit() -> dict[str, Any]:
    return {
        "lang": access.lang(),
        "me": current_user.me if current_user.is_authenticated else None,
        "services": access.services(),
        "now": access.now(),
    }
