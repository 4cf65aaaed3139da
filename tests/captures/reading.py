"""Captures read whole, for tests."""

from __future__ import annotations

import io

from harness.captures.opening import Capture, open_capture
from harness.core.capture import Happening, Piece

START = 0x68


def opened(raw: bytes | str) -> Capture:
    """A capture from its bytes or its text."""
    return open_capture(io.BytesIO(raw.encode() if isinstance(raw, str) else raw), "file", START)


def happened(raw: bytes | str) -> list[Happening]:
    """All that happened in it."""
    return list(opened(raw).happenings)


def pieces(raw: bytes | str) -> list[Piece]:
    """Its bytes."""
    return [each for each in happened(raw) if isinstance(each, Piece)]


def said(raw: bytes | str) -> dict[str, bytes]:
    """What was said on each way, joined."""
    found: dict[str, bytes] = {}
    for piece in pieces(raw):
        found[piece.way] = found.get(piece.way, b"") + piece.data
    return found
