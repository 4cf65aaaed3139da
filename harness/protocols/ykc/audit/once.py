"""A fault that every report of a charge repeats is told once a charge."""

from __future__ import annotations

MOST_KEPT = 200


class Once:
    """Remembers what was told about what, for a while."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, ...], None] = {}

    def first(self, *key: str) -> bool:
        """Is it the first time? Then it is remembered."""
        if key in self._told:
            return False
        self._told[key] = None
        if len(self._told) > MOST_KEPT:
            del self._told[next(iter(self._told))]
        return True


__all__ = ["Once"]
