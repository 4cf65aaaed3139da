"""When a pile was offline, and which billing models it can have had then."""

from __future__ import annotations

from datetime import datetime

from harness.core.amounts import Tariff
from harness.protocols.ykc.audit.clock import PileClock
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK

MOST_KEPT = 50  # times offline that are remembered


class Away:
    """The times offline: from the loss of the connection to the next login."""

    def __init__(self) -> None:
        self.times: list[tuple[float, float]] = []
        self._gone: float | None = None

    def gone(self, at: float) -> None:
        """The connection is lost."""
        self._gone = at if self._gone is None else self._gone

    def back(self, at: float) -> None:
        """A login."""
        if self._gone is not None:
            self.times = [*self.times[-MOST_KEPT:], (self._gone, at)]
            self._gone = None


class Models:
    """Every billing model that a pile was given or offered, and since when it has the first."""

    def __init__(self) -> None:
        self._seen: list[Tariff | None] = []
        self._since = 0.0

    def seen(self, tariff: Tariff | None, at: float) -> None:
        """One more; None when nobody knows which it has."""
        if not self._seen:
            self._since = at
        if tariff not in self._seen and len(self._seen) < 2:
            self._seen.append(tariff)

    def of_offline(self, start: datetime | None, away: Away, clock: PileClock) -> Tariff | None:
        """By which one a charge is priced that began then, offline; None unless there was one alone all the time."""
        if start is None or len(self._seen) != 1:
            return None
        began = any(self._began(start, gone, back, clock) for gone, back in away.times if gone >= self._since)
        return self._seen[0] if began else None

    def _began(self, start: datetime, gone: float, back: float, clock: PileClock) -> bool:
        """Did it begin in that time offline, and after the model came, by any reading of the pile's clock?"""
        had = [first for first, _ in clock.could_show(self._since, back)]
        offline = list(clock.could_show(gone, back))
        return (
            bool(offline)
            and all(first + CLOCK_SLACK <= start for first in had)
            and all(first - CLOCK_SLACK <= start <= last + CLOCK_SLACK for first, last in offline)
        )


__all__ = ["Away", "Models"]
