"""One charge: what started it, what has flowed at which price, and what it costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from harness.sim.ykc.car import FULL, Car, Flow, Socket
from harness.sim.ykc.meter import Meter, kwh
from harness.sim.ykc.tariff import LABELS, Model, PileClock


def milliseconds(now: float) -> int:
    """A moment in the whole milliseconds that energy is counted in."""
    return round(now * 1000)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Who started a charge and how: serial, trade flag, card, and the VIN that the record is to name."""

    serial: str
    trade_flag: int
    card: bytes = bytes(8)
    vin: str = ""


class Charge:
    """Counts energy exactly, split by the billing model of its start and the pile's own clock."""

    def __init__(self, order: Order, model: Model, meter: Meter, car: Car, clock: PileClock, at: int) -> None:
        self.order = order
        self.model = model
        self.car = car
        self.began: datetime = clock.time(at)
        self.ended: datetime = self.began
        self.stop_reason = 0
        self._meter = meter
        self._clock = clock
        self._flow: Flow | None = None
        self._at = self._on_at = at
        self._first = meter.steps
        self._car_first = car.filled_steps
        self._parts = dict.fromkeys(LABELS, 0)

    def switch_on(self, socket: Socket, percent: int, at: int) -> None:
        """Power flows from now."""
        self._at = self._on_at = at
        self.began = self._clock.time(at)
        self._flow = Flow(self.car, socket, percent, at)

    def fall(self, at: int) -> int:
        """Stop gently; gives when nothing flows any more."""
        self.advance(at)
        if self._flow is None:
            return at
        self._flow.fall(at)
        return self._flow.empty_at() or at

    def cut(self, at: int) -> None:
        """Nothing flows from now."""
        self.advance(at)
        self._flow = None
        self.ended = self._clock.time(at)

    def advance(self, to: int) -> None:
        """Count what has flowed until now. Call before the clock is set: each price counts by the time it was then."""
        while self._flow is not None and self._at < to:
            change = self._clock.next_change(self.model.tariff, self._at)
            until = min(to, self._flow.changes_at, to if change is None else change)
            self._count(self._clock.label(self.model.tariff, self._at), until)
            if until == self._flow.changes_at:
                self._flow.refresh(until)

    def _count(self, label: str, until: int) -> None:
        assert self._flow is not None
        before = self._meter.steps
        self._meter.count(self._flow.power, until - self._at)
        self._parts[label] += self._meter.steps - before
        self.car.filled_steps = self._car_first + self._meter.steps - self._first
        self._at = until

    @property
    def full(self) -> bool:
        """The battery takes no more."""
        return self.car.soc >= FULL

    @property
    def volts(self) -> Decimal:
        return Decimal(self._flow.volts10 if self._flow else 0) / 10

    @property
    def amps(self) -> Decimal:
        return Decimal(self._flow.amps10 if self._flow else 0) / 10

    @property
    def minutes(self) -> int:
        """Since power flows."""
        return (self._at - self._on_at) // 60_000

    @property
    def energy(self) -> Decimal:
        """kWh so far: exactly the meter difference."""
        return kwh(self._meter.steps - self._first)

    @property
    def meter_start(self) -> Decimal:
        return kwh(self._first)

    @property
    def meter_end(self) -> Decimal:
        return kwh(self._meter.steps)

    def part(self, label: str) -> Decimal:
        """kWh so far at one price."""
        return kwh(self._parts[label])

    @property
    def loss_energy(self) -> Decimal:
        return sum((self.model.with_loss(self.part(label)) for label in LABELS), Decimal("0.0000"))

    @property
    def amount(self) -> Decimal:
        """CNY so far, rounded per price."""
        return sum((self.model.amount(label, self.part(label)) for label in LABELS), Decimal("0.0000"))

    @property
    def minutes_left(self) -> int:
        """Until the battery is full, at the present power."""
        power = self._flow.power if self._flow else 0
        missing = self.car.capacity_steps * (FULL - self.car.soc) // 100
        return min(600, missing * 600 // power) if power else 0
