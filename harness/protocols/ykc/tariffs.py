"""Our billing models, and billing models as they stand in 0x0A and 0x58."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from harness.core.amounts import Price, Tariff
from harness.core.errors import PersonError

LABELS = ("sharp", "peak", "flat", "valley")  # in the order of their numbers on the wire
LABEL_NAMES = {
    "sharp": ("尖", "sharp"),
    "peak": ("峰", "peak"),
    "flat": ("平", "flat"),
    "valley": ("谷", "valley"),
}
SLOTS = 48
HALF_HOUR = timedelta(minutes=30)
DEARER = Decimal("0.21370")
NUMBER = "0100"  # R-BM-9

# Eight different fees and four different sums, none of them round, so that a mix-up shows in every amount.
PRICES = {
    "sharp": Price(Decimal("1.31250"), Decimal("0.42150")),
    "peak": Price(Decimal("1.10370"), Decimal("0.38420")),
    "flat": Price(Decimal("0.75480"), Decimal("0.33160")),
    "valley": Price(Decimal("0.36890"), Decimal("0.27350")),
}


def half_hour_tariff() -> Tariff:
    """Our model: the price changes at every half hour, sharp, peak, flat, valley in turn."""
    return Tariff(NUMBER, PRICES, tuple(LABELS[slot % 4] for slot in range(SLOTS)))


def two_period_tariff(local: datetime) -> Tariff:
    """The model for piles that refuse ours: peak and flat, parted at the half hour nearest to a local time."""
    boundary = nearest_half_hour(local)
    parting = (boundary.hour * 60 + boundary.minute) // 30
    return Tariff(NUMBER, PRICES, ("peak",) * parting + ("flat",) * (SLOTS - parting))


def dearer_tariff(tariff: Tariff) -> Tariff:
    """The same model with other prices: a mix-up of the two shows in every amount."""
    prices = {label: Price(price.energy + DEARER, price.service) for label, price in tariff.prices.items()}
    return Tariff(tariff.number, prices, tariff.slots)


def nearest_half_hour(local: datetime) -> datetime:
    """The half hour nearest to a local time that can be crossed without a change of date: 00:30 to 23:30."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return min((midnight + HALF_HOUR * slot for slot in range(1, SLOTS)), key=lambda moment: abs(moment - local))


def nearest_change(tariff: Tariff | None, local: datetime) -> datetime:
    """The half hour nearest to a local time at which the price changes, without a change of date."""
    if tariff is None:
        return nearest_half_hour(local)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    changes = [
        moment
        for moment in (midnight + HALF_HOUR * slot for slot in range(1, SLOTS))
        if tariff.label_at(moment) != tariff.label_at(moment - HALF_HOUR)
    ]
    return min(changes or [nearest_half_hour(local)], key=lambda moment: abs(moment - local))


def tariff_values(tariff: Tariff) -> dict[str, Any]:
    """A tariff as the values of 0x0A or 0x58, without the pile code; PersonError when YKC cannot say it."""
    _check(tariff)
    values: dict[str, Any] = {"billing_model_no": tariff.number, "loss_ratio": 0}
    for label, price in tariff.prices.items():
        values[f"{label}_energy_price"] = price.energy
        values[f"{label}_service_price"] = price.service
    each = SLOTS // len(tariff.slots)
    values["tariff_slots"] = [LABELS.index(label) for label in tariff.slots for _ in range(each)]
    return values


def tariff_of(values: Any) -> Tariff | None:
    """The tariff that 0x0A or 0x58 carries; None when a slot names no tariff."""
    numbers = [slot.tariff_no for slot in values.tariff_slots]
    if len(numbers) != SLOTS or max(numbers) >= len(LABELS):
        return None
    prices = {
        label: Price(getattr(values, f"{label}_energy_price"), getattr(values, f"{label}_service_price"))
        for label in LABELS
    }
    return Tariff(values.billing_model_no, prices, tuple(LABELS[number] for number in numbers))


def plain_tariff(tariff: Tariff) -> Mapping[str, Any]:
    """A tariff as plain data for a journal; `msgspec.convert(..., Tariff)` reads it back."""
    return {
        "number": tariff.number,
        "prices": {
            label: {"energy": str(price.energy), "service": str(price.service)}
            for label, price in tariff.prices.items()
        },
        "slots": list(tariff.slots),
    }


def _check(tariff: Tariff) -> None:
    unknown = {*tariff.prices, *tariff.slots} - set(LABELS)
    if unknown or SLOTS % max(len(tariff.slots), 1) or not tariff.slots:
        raise PersonError(
            f"billing model {tariff.number}: YKC knows the labels {', '.join(LABELS)} and 48 half-hour slots",
            f"计费模型 {tariff.number}：云快充只有尖、峰、平、谷和 48 个半小时时段",
        )
