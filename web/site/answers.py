"""What the native resources of the site answer alike."""

from __future__ import annotations

from typing import Any

from twisted.web.resource import Resource

from web.answers import POLICY

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


def argument(request: Any, name: bytes) -> str:
    found: bytes = request.args.get(name, [b""])[0]
    return found.decode("utf-8", "replace")
