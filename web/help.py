"""Help: what to do when."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("help", __name__)


@bp.get("/help")
def page() -> ResponseReturnValue:
    """One page, readable without signing in."""
    return render_template("help.html")
