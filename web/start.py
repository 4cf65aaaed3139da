"""The first page, and the switch of language."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.access import LANGUAGES

bp = Blueprint("start", __name__)


@bp.get("/")
def page() -> ResponseReturnValue:
    """Where everybody comes in."""
    return render_template("start/page.html")


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Switch the language and go back to the page it was switched on."""
    chosen, back = request.form.get("to", ""), request.form.get("back", "")
    if chosen in LANGUAGES:
        session["lang"] = chosen
    return redirect(back.rstrip("?") if local(back) else url_for("start.page"))


def local(address: str) -> bool:
    """Is this an address within the desk? Others are not followed."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))
