"""What the native resources of the site answer alike."""

from __future__ import annotations

from typing import Any

from web.answers import POLICY

SAFE = {b"X-Content-Type-Options": b"nosniff", b"Content-Security-Policy": POLICY.encode()}


def make_safe(request: Any) -> None:
    """Set the headers that every answer has."""
    for name, value in SAFE.items():
        request.setHeader(name, value)


def only_code(request: Any, code: int) -> bytes:
    """An answer that is nothing but its code."""
    request.setResponseCode(code)
    request.setHeader(b"Content-Length", b"0")
    return b""


def argument(request: Any, name: bytes) -> str:
    found: bytes = request.args.get(name, [b""])[0]
    return found.decode("utf-8", "replace")
