"""For every check two sessions: one that breaks it, one that is odd but legal. One `*_sessions.py` a chapter."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.protocols.ykc.audit.edited import Edited

Make = Callable[[], Edited]


class Sessions(NamedTuple):
    """How a check is broken, and what looks odd and is right. `strict` sessions are judged so."""

    breaks: Make
    legal: Make
    strict: bool = False
