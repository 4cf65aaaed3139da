"""The billing model a pile was given, and the pile's own clock that decides which price is in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from harness.core.amounts import Price, Tariff, rounded

LABELS = ("sharp", "peak", "flat", "valley")


class Model(msgspec.Struct, frozen=True):
    """A billing model: its number as sent, prices by half hour, and the loss ratio in percent (R-LS-1, E-LOSS)."""

    number: str
    tariff: Tariff
    loss_ratio: int

    def with_loss(self, energy: Decimal) -> Decimal:
        """The energy that is paid for."""
        return rounded(energy * (100 + self.loss_ratio) / 100)

    def amount(self, label: str, energy: Decimal) -> Decimal:
        """What an energy costs: unit price times the energy with loss (R-RT-8)."""
        return self.tariff.amount(label, self.with_loss(energy))


def read_model(values: Any) -> Model | None:
    """The model in a 0x0A or 0x58; None when a slot names no tariff that there is."""
    numbers = [slot.tariff_no for slot in values.tariff_slots]
    if any(number >= len(LABELS) for number in numbers):
        return None
    prices = {
        label: Price(getattr(values, f"{label}_energy_price"), getattr(values, f"{label}_service_price"))
        for label in LABELS
    }
    tariff = Tariff(values.billing_model_no, prices, tuple(LABELS[number] for number in numbers))
    return Model(values.billing_model_no, tariff, values.loss_ratio)


class PileClock:
    """Local time as the pile believes it: what it was last told, and what has passed since. Milliseconds throughout."""

    def __init__(self, told: datetime, at: int) -> None:
        self.set(told, at)

    def set(self, told: datetime, at: int) -> None:
        """From now it is `told`."""
        self._told = told.replace(tzinfo=None)
        self._at = at

    def time(self, at: int) -> datetime:
        """The local time at a moment."""
        return self._told + timedelta(milliseconds=at - self._at)

    def moment(self, time: datetime) -> int:
        """When it will be `time`."""
        return self._at + (time - self._told) // timedelta(milliseconds=1)

    def label(self, tariff: Tariff, at: int) -> str:
        """The price in force."""
        return tariff.label_at(self.time(at))

    def next_change(self, tariff: Tariff, at: int) -> int | None:
        """When the price changes next; None if it never does."""
        change = tariff.next_change(self.time(at))
        return None if change is None else self.moment(change)
