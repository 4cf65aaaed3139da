"""The car at a gun and the electricity that flows into it, second by second: P = V * I in whole tenths."""

from __future__ import annotations

import random
from dataclasses import dataclass

SECOND = 1000
MOST_DC_WATTS = 60_000
FULL = 100


@dataclass
class Car:
    """A car with its battery; what flows in stays in, also from one charge to the next."""

    vin: str
    capacity_steps: int  # 0.0001 kWh
    first_soc: int
    filled_steps: int = 0

    @property
    def soc(self) -> int:
        """Percent, whole, never falling."""
        return min(FULL, self.first_soc + 100 * self.filled_steps // self.capacity_steps)

    @property
    def volts10(self) -> int:
        """Voltage of the pack, in 0.1 V: rises with its charge."""
        return 3400 + 8 * self.soc

    @property
    def celsius(self) -> int:
        """The warmest cell."""
        return 24 + self.soc // 10


def some_car(vin: str, choice: random.Random) -> Car:
    """A car with 60 to 80 kWh that has 30 to 45 %."""
    return Car(vin or "LSVAM4187C2184841", choice.randrange(60, 81) * 10_000, choice.randrange(30, 46))


@dataclass(frozen=True)
class Socket:
    """What the pile can put out at a gun: watts, and how long it takes to go up and down (milliseconds)."""

    dc: bool
    watts: int
    volts10: int  # fixed on AC, 0 on DC where the battery gives it
    rise: int
    fall: int


def socket_of(kind: str, power_kw: int, guns: int) -> Socket:
    """A gun's share of a pile, capped by what a car takes."""
    if kind == "dc":
        return Socket(True, min(MOST_DC_WATTS, power_kw * 1000 // guns), 0, 8 * SECOND, 3 * SECOND)
    watts = power_kw * 1000
    return Socket(False, watts, 2200 if watts <= 7000 else 3800, 2 * SECOND, 1 * SECOND)


class Flow:
    """Current through a gun as a function of time since it was switched on; constant within each second."""

    def __init__(self, car: Car, socket: Socket, percent: int, start: int) -> None:
        self._car = car
        self._socket = socket
        self._percent = percent
        self._began = start
        self._falls: int | None = None
        self._from = 0
        self.changes_at = start
        self.volts10 = 0
        self.amps10 = 0
        self.refresh(start)

    @property
    def power(self) -> int:
        """0.01 W."""
        return self.volts10 * self.amps10

    def fall(self, at: int) -> None:
        """Begin to go down."""
        self._falls = at
        self._from = self.amps10
        self.refresh(at)

    def empty_at(self) -> int | None:
        """When nothing flows any more; None while it is not going down."""
        return None if self._falls is None else self._falls + self._socket.fall

    def refresh(self, at: int) -> None:
        """Set voltage and current for the second that begins now."""
        self.volts10 = self._socket.volts10 or self._car.volts10
        self.amps10 = self._amps10(at)
        self.changes_at = at + SECOND

    def _amps10(self, at: int) -> int:
        if self._falls is not None:
            left = max(0, self._falls + self._socket.fall - at - SECOND // 2)
            return self._from * left // self._socket.fall
        most = self._socket.watts * self._percent // self.volts10
        return most * min(self._socket.rise, at - self._began) // self._socket.rise
