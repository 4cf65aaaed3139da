"""The first page, and the switches of language and of day and night."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from harness.store.desk.values import Registrant
from web.access import LANGUAGES, THEMES, me, services, within_desk
from web.address import qr_svg
from web.look import word

bp = Blueprint("start", __name__)


@bp.get("/")
def page() -> ResponseReturnValue:
    """Where everybody comes in; who is signed in goes on to where they belong."""
    who = me()
    if who is not None:
        return redirect(url_for("models.index" if isinstance(who, Registrant) else "review.queue"))
    address = services().settings.public_url
    return render_template("start/page.html", address=address, qr=qr_svg(address, word("start.qr", url=address)))


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Switch the language and go back to the page it was switched on."""
    return _switch("lang", LANGUAGES)


@bp.post("/theme")
def theme() -> ResponseReturnValue:
    """Switch between day and night colours."""
    return _switch("theme", THEMES)


def _switch(what: str, known: tuple[str, ...]) -> ResponseReturnValue:
    chosen, back = request.form.get("to", ""), request.form.get("back", "")
    if chosen in known:
        session[what] = chosen
    return redirect(back.rstrip("?") if within_desk(back) else url_for("start.page"))
