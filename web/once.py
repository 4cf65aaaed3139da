"""Secrets that are shown until somebody says that they are kept: they wait here, in memory, and never in a cookie."""

from __future__ import annotations

import secrets
from threading import Lock

MOST = 1000  # then the oldest goes; a reviewer can always issue another access code


class Once:
    """Access codes under random keys; only the keys travel."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: dict[str, str] = {}
        self._lock = Lock()

    def put(self, shown: str) -> str:
        """Keep a secret for a while; gives its key."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._waiting[key] = shown
            while len(self._waiting) > self._most:
                del self._waiting[next(iter(self._waiting))]
        return key

    def get(self, key: str) -> str | None:
        """The secret, as often as it is asked for."""
        return self._waiting.get(key)

    def drop(self, key: str) -> None:
        """It was kept elsewhere, or is worth nothing any more."""
        with self._lock:
            self._waiting.pop(key, None)
