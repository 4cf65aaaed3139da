"""What the station tells the house, which is built upon it and so comes later."""

from __future__ import annotations

from collections.abc import Callable

from harness.app.desk.house import LiveHouse
from harness.core.journal import Record, Sink


class Ears:
    """Hands on what is heard once there is a house; what came before it nobody waits for."""

    def __init__(self, on_late: Callable[[float], None]) -> None:
        self.house: LiveHouse | None = None
        self._on_late = on_late

    def at(self, pile_code: str) -> Sink:
        """A sink for the journal of a pile."""

        def hear(key: str, record: Record) -> None:
            if self.house is not None:
                self.house.heard(pile_code)

        return hear

    def late(self, seconds: float) -> None:
        """Our own loop came late: runs keep that, and it is told."""
        if self.house is not None:
            self.house.late(seconds)
        self._on_late(seconds)
