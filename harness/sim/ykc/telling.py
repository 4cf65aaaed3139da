"""A gun as far as it tells of itself: its state, its reports, what the car says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.protocols.ykc.codes import CHARGING, FAULT, IDLE
from harness.sim.ykc import frames
from harness.sim.ykc.car import Car, Socket
from harness.sim.ykc.charge import Charge, milliseconds
from harness.sim.ykc.meter import Meter
from harness.sim.ykc.states import BMS_PERIOD, IDLE_PERIOD, POWERED

if TYPE_CHECKING:
    from harness.sim.ykc.pile import Pile


class Telling:
    """A gun, its meter, and the car that stands before it."""

    def __init__(self, pile: Pile, number: str, car: Car, meter: Meter, socket: Socket) -> None:
        self.pile = pile
        self.number = number
        self.car = car
        self.meter = meter
        self.socket = socket
        self.state = "idle"
        self.plugged = False
        self.charge: Charge | None = None
        self.qr = ""
        self._told: tuple[int, bool] | None = None
        self._asked_with = bytes(8)

    @property
    def status(self) -> int:
        """The status in 0x13; while current flows it is charging (R-RT-9)."""
        if self.pile.estop and self.pile.habits.estop_reaches(self.number):
            return FAULT
        return CHARGING if self.state in POWERED else IDLE

    @property
    def busy(self) -> bool:
        """Starting, charging or stopping."""
        return self.charge is not None

    def report(self, now: float, serial: bytes | None = None) -> None:
        """0x13 now, and again in time (R-RT-1, R-RT-2, R-RT-4)."""
        if self.charge is not None:
            self.charge.advance(milliseconds(now))
        self._told = self.status, self.plugged
        self.say("realtime_data", frames.realtime_data(self), serial)
        period = self.pile.habits.charging_period if self.state in POWERED else IDLE_PERIOD
        self._later("report", period, now, self.report)

    def tell_change(self, now: float) -> None:
        """0x13 at once when status or plug changed (R-RT-3)."""
        delay = self.pile.habits.change_delay
        if self._told == (self.status, self.plugged) or delay is None:
            return
        if delay:
            self._later("change", delay, now, self.tell_change_now)
        else:
            self.report(now)

    def tell_change_now(self, now: float) -> None:
        """The report of a change, unless another told it meanwhile."""
        if self._told != (self.status, self.plugged):
            self.report(now)

    def _bms(self, now: float) -> None:
        """0x23 and 0x25 every 15 s (R-BMS-1)."""
        if self.charge is not None:
            self.charge.advance(milliseconds(now))
        self._say_bms("bms_demand_charger_output")
        self._say_bms("bms_info")
        self._later("bms", BMS_PERIOD, now, self._bms)

    def _say_bms(self, name: str) -> None:
        if self.charge is not None:
            self.say(name, getattr(frames, name)(self, self.charge))

    def say(self, name: str, values: dict[str, Any], serial: bytes | None = None) -> None:
        """Say something about this gun."""
        self.pile.say(name, {"gun_no": self.number, **values}, serial)

    def _later(self, what: str, seconds: float, now: float, call: Any) -> None:
        self.pile.agenda.set(f"{self.number} {what}", now + seconds, call)
