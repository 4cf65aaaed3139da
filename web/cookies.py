"""The session's cookie: over TLS one of its own, so that neither port of a host stands in the other's way."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

PLAIN = "session"
# Cookies know no ports: a Secure one of the same name could not be replaced over plain http, nor be sent there.
OVER_TLS = "__Host-session"


class Sessions(SecureCookieSessionInterface):
    """Cookies that only travel over TLS when the visit came that way."""

    def get_cookie_name(self, app: Flask) -> str:
        return OVER_TLS if request.is_secure else PLAIN

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def session_in(app: Flask, cookie: str) -> dict[str, Any]:
    """What stands in a session cookie that Flask made; nothing when it did not."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None or not cookie:
        return {}
    try:
        found: dict[str, Any] = serializer.loads(cookie, max_age=int(app.permanent_session_lifetime.total_seconds()))
    except Exception:  # whatever is wrong with it, it says nothing
        return {}
    return found
