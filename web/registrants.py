"""Not built yet."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("registrants", __name__)
