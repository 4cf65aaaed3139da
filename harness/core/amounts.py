"""Energy and money in exact decimals: tariffs, bills, readings, and the one rounding rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import msgspec

FOUR_PLACES = Decimal("0.0001")
MINUTES_A_DAY = 24 * 60


def rounded(amount: Decimal) -> Decimal:
    """Round money or energy to four places, halves up: the one rounding rule of this house."""
    return amount.quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)


class Price(msgspec.Struct, frozen=True):
    """What a kWh costs in one tariff, in CNY: the energy fee and the service fee."""

    energy: Decimal
    service: Decimal

    @property
    def total(self) -> Decimal:
        """The unit price of a record (R-TX-8)."""
        return self.energy + self.service


class Tariff(msgspec.Struct, frozen=True):
    """A day of equal slots, each with a label, and a price for each label.

    `number` is what the protocol calls the model by; `slots` cover the day from 00:00 in local time of the pile.
    """

    number: str
    prices: dict[str, Price]
    slots: tuple[str, ...]

    @property
    def slot_minutes(self) -> int:
        """Length of one slot in minutes."""
        return MINUTES_A_DAY // len(self.slots)

    def label_at(self, moment: datetime) -> str:
        """The label in force at a local time."""
        return self.slots[(moment.hour * 60 + moment.minute) // self.slot_minutes]

    def next_change(self, moment: datetime) -> datetime | None:
        """The next local time after `moment` at which the label changes; None if it never does."""
        step = timedelta(minutes=self.slot_minutes)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        boundary = midnight + step * ((moment - midnight) // step + 1)
        for _ in self.slots:
            if self.label_at(boundary) != self.label_at(boundary - step):
                return boundary
            boundary += step
        return None

    def changes_between(self, start: datetime, end: datetime) -> list[datetime]:
        """All label changes after `start` and before `end`, in order."""
        found: list[datetime] = []
        moment = self.next_change(start)
        while moment is not None and moment < end:
            found.append(moment)
            moment = self.next_change(moment)
        return found

    def amount(self, label: str, energy: Decimal) -> Decimal:
        """What `energy` kWh cost under a label, rounded."""
        return rounded(energy * self.prices[label].total)


class Part(msgspec.Struct, frozen=True):
    """What a record says about one tariff label."""

    label: str
    unit_price: Decimal
    energy: Decimal
    loss_energy: Decimal
    amount: Decimal


class Bill(msgspec.Struct, frozen=True):
    """What a charge came to, as the pile's record says; times are local and naive, None when impossible."""

    serial: str
    gun_no: str
    parts: tuple[Part, ...]
    total_energy: Decimal
    total_loss_energy: Decimal
    total_amount: Decimal
    meter_start: Decimal
    meter_end: Decimal
    start: datetime | None
    end: datetime | None
    traded: datetime | None
    stop_reason: int
    trade_flag: int
    vin: str
    card: str

    @property
    def metered(self) -> Decimal:
        """The meter difference: what the platform settles."""
        return self.meter_end - self.meter_start

    @property
    def has_meter(self) -> bool:
        """False when both readings are 0: the pile has no meter."""
        return bool(self.meter_start or self.meter_end)


class Reading(msgspec.Struct, frozen=True):
    """What one report of a gun says; `status` is "offline", "fault", "idle", "charging" or "" (unknown)."""

    serial: str
    gun_no: str
    status: str
    plugged: bool
    voltage: Decimal
    current: Decimal
    energy: Decimal
    amount: Decimal
    soc: int
    estop: bool

    @property
    def power(self) -> Decimal:
        """kW."""
        return self.voltage * self.current / 1000
