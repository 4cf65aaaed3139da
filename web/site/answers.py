"""What the native resources of the site answer alike."""

from __future__ import annotations

from typing import Any

from twisted.web.resource import Resource

from web.answers import POLICY
from web.cookies import OVER_TLS, PLAIN

SAFE = {b"X-Content-Type-Options": b"nosniff", b"Content-Security-Policy": POLICY.encode()}


class Native(Resource):
    """What answers by itself, without Flask; visits by any method but `reads` are refused."""

    isLeaf = True
    reads: tuple[bytes, ...] = (b"GET", b"HEAD")

    def render(self, request: Any) -> Any:
        for name, value in SAFE.items():
            request.setHeader(name, value)
        return super().render(request) if request.method in self.reads else only_code(request, 405)


def only_code(request: Any, code: int) -> bytes:
    """An answer that is nothing but its code."""
    request.setResponseCode(code)
    request.setHeader(b"Content-Length", b"0")
    return b""


def session_cookie(request: Any) -> str:
    """The cookie of the session; that of TLS is sent over TLS alone, and goes before another."""
    found = request.getCookie(OVER_TLS.encode()) or request.getCookie(PLAIN.encode()) or b""
    return str(found.decode("latin-1"))


def argument(request: Any, name: bytes) -> str:
    found: bytes = request.args.get(name, [b""])[0]
    return found.decode("utf-8", "replace")
