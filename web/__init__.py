"""The desk: pages on which piles are registered, run and reviewed. `create_app` makes it of what the house gives."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask
from flask_wtf import CSRFProtect

from web import access, answers, limits, look, repeats, whole
from web.assets import load_assets
from web.once import Once

if TYPE_CHECKING:
    from web.services import Services

# One file each; demo pages are there only when there is a demo.
PARTS = (
    "start",
    "registrants.accounts",
    "registrants.models",
    "registrants.numbers",
    "help",
    "registrants.info",
    "runs.run",
    "results.result",
    "results.evidence",
    "frames.pages",
    "review.pages",
    "review.customers",
    "review.admin",
)


def create_app(services: Services) -> Flask:
    """The WSGI application; its secret comes with the settings, there is no other."""
    app = Flask(__name__)
    settings = services.settings
    app.secret_key = settings.secret
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),  # access.py ends sessions earlier, and can then say so
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=settings.most_firmware + 2**20,
        MAX_FORM_MEMORY_SIZE=2**20,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["desk"] = services
    app.extensions["assets"] = load_assets()
    app.extensions["once"] = Once()
    CSRFProtect(app)
    whole.join(app)
    repeats.join(app)
    access.join(app)
    answers.join(app)
    look.join(app)
    for part in PARTS if services.demo is None else (*PARTS, "demo"):
        app.register_blueprint(import_module(f"web.{part}").bp)
    limits.join(app)
    return app
