"""A gun's meter: counts exactly, shows 0.0001 kWh."""

from __future__ import annotations

from decimal import Decimal

STEP = Decimal("0.0001")
FINE_PER_STEP = 36_000_000  # 0.0001 kWh in units of 0.01 W for one millisecond


class Meter:
    """Never runs backwards, loses nothing between two readings."""

    def __init__(self, steps: int) -> None:
        self._fine = steps * FINE_PER_STEP

    def count(self, power: int, milliseconds: int) -> None:
        """Let `power` (in 0.01 W: tenths of volts times tenths of amperes) flow for a while."""
        self._fine += power * milliseconds

    @property
    def steps(self) -> int:
        """What it shows, in 0.0001 kWh."""
        return self._fine // FINE_PER_STEP


def kwh(steps: int) -> Decimal:
    """Steps of 0.0001 kWh as kWh."""
    return STEP * steps
