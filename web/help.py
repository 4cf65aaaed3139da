"""Help: what to do when."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from harness.core.approval import MEANINGS, NAMES, RETURNED

bp = Blueprint("help", __name__)
# Each is an anchor of the page, with how many paragraphs it has; `way` alone is a list of steps in order.
TOPICS = (
    ("way", 6),
    ("connect", 5),
    ("card", 4),
    ("fail", 4),
    ("cross", 3),
    ("open", 2),
    ("scan", 3),
    ("sound", 2),
    ("upgrade", 3),
    ("lost", 3),
    ("code", 2),
)


@bp.get("/help")
def page() -> ResponseReturnValue:
    """One page, readable without signing in."""
    states = [(NAMES[state], MEANINGS[state]) for state in NAMES]
    return render_template("help.html", topics=TOPICS, states=states, returned=RETURNED)
