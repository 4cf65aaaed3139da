"""What a pile means to do later, by name: setting a name again moves it, earlier things come first."""

from __future__ import annotations

import itertools
from collections.abc import Callable

Call = Callable[[float], None]


class Agenda:
    """Named things to do, each once; nothing happens until `run` is called."""

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, int, Call]] = {}
        self._order = itertools.count()

    def set(self, name: str, when: float, call: Call) -> None:
        """Do `call` at `when`; whatever this name meant before is forgotten."""
        self._due[name] = (when, next(self._order), call)

    def drop(self, *names: str) -> None:
        """Forget these."""
        for name in names:
            self._due.pop(name, None)

    def drop_all(self, prefix: str = "") -> None:
        """Forget everything whose name begins so."""
        self.drop(*[name for name in self._due if name.startswith(prefix)])

    def has(self, name: str) -> bool:
        """Is this still to be done?"""
        return name in self._due

    def next(self) -> float | None:
        """When the next thing is due."""
        return min((when for when, _, _ in self._due.values()), default=None)

    def run(self, now: float) -> None:
        """Do everything that is due, in order."""
        while self._due:
            name, (when, _, call) = min(self._due.items(), key=lambda item: item[1][:2])
            if when > now:
                return
            del self._due[name]
            call(now)
