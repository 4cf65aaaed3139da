"""How often somebody may try: sign-in, registration and uploads, all in one table."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.wrappers import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Endpoint, limit, and whether only refused attempts count.
TABLE = (
    ("registrants.login", "10 per 5 minutes", True),
    ("review.login", "10 per 5 minutes", True),
    ("registrants.register", "20 per hour", False),
    ("run.scan", "300 per minute", False),
    ("run.firmware", "30 per hour", False),
)


def join(app: Flask) -> None:
    """Put the limits before the views they are for; one process, so they are kept in memory."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=False)
    app.extensions["limits"] = limiter
    for endpoint, limit, failures in TABLE:
        if endpoint not in app.view_functions:
            continue
        guard = limiter.limit(limit, methods=["POST"], deduct_when=refused if failures else None)
        view: Any = guard(app.view_functions[endpoint])
        app.view_functions[endpoint] = view


def refused(response: Response) -> bool:
    """Was this attempt refused? A sign-in that worked counts for nothing."""
    return response.status_code >= 400
