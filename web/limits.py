"""How often somebody may try: sign-in, registration and uploads, all in one table."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple
from unicodedata import normalize

from flask import Flask, request
from flask.wrappers import Response
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address


def account_named() -> str:
    """The account that a sign-in names, as long as any other and however it is typed."""
    typed = [request.form.get(name, "") for name in ("company", "contact", "phone", "name")]
    even = [normalize("NFKC", text).casefold() for text in typed]
    plain = "\n".join("".join(letter for letter in text if letter.isalnum()) for text in even)
    return sha256(plain.encode()).hexdigest()


class Limit(NamedTuple):
    """How often an endpoint may be asked for, by whom, and whether only refused attempts count."""

    endpoint: str
    often: str
    failures: bool = False
    whose: Callable[[], str] = get_remote_address


TABLE = (
    Limit("registrants.login", "10 per 5 minutes", failures=True),
    Limit("registrants.login", "20 per 15 minutes", failures=True, whose=account_named),
    Limit("review.login", "10 per 5 minutes", failures=True),
    Limit("review.login", "20 per 15 minutes", failures=True, whose=account_named),
    Limit("registrants.register", "20 per hour"),
    Limit("run.scan", "300 per minute"),
    Limit("run.firmware", "30 per hour"),
)


def join(app: Flask) -> None:
    """Put the limits before the views they are for; one process, so they are kept in memory."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=False)
    app.extensions["limits"] = limiter
    for limit in TABLE:
        counted = refused if limit.failures else None
        guard = limiter.limit(limit.often, key_func=limit.whose, methods=["POST"], deduct_when=counted)
        view: Any = guard(app.view_functions[limit.endpoint])
        app.view_functions[limit.endpoint] = view


def refused(response: Response) -> bool:
    """Was this attempt refused? A sign-in that worked counts for nothing."""
    return response.status_code >= 400


def wait_after(error: RateLimitExceeded) -> int:
    """Seconds after which all attempts that count now are forgotten."""
    return int(error.limit.limit.get_expiry()) if error.limit is not None else 60
