"""What goes wrong with the billing model: which prices count when, and what they come to."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

import msgspec

from harness.core.amounts import Price, Tariff
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.tariff import LABELS, Model, PileClock
from harness.sim.ykc.ways import Values, priced

LAG = timedelta(minutes=5)
LAST_YEARS = Decimal("0.9")


def _with_prices(model: Model, prices: dict[str, Price]) -> Model:
    return msgspec.structs.replace(model, tariff=msgspec.structs.replace(model.tariff, prices=prices))


def old_model(pile: Pile) -> None:
    def old(model: Model) -> Model:
        prices = model.tariff.prices.items()
        return _with_prices(model, {label: Price(p.energy * LAST_YEARS, p.service) for label, p in prices})

    pile.habits.takes_model = old


def slots_shifted(pile: Pile) -> None:
    def shifted(model: Model) -> Model:
        slots = model.tariff.slots
        return msgspec.structs.replace(
            model, tariff=msgspec.structs.replace(model.tariff, slots=(*slots[1:], slots[0]))
        )

    pile.habits.takes_model = shifted


def no_service_fee(pile: Pile) -> None:
    def without(model: Model) -> Model:
        prices = model.tariff.prices.items()
        return _with_prices(model, {label: Price(price.energy, Decimal(0)) for label, price in prices})

    pile.habits.takes_model = without


def prices_swapped(pile: Pile) -> None:
    def swapped(model: Model) -> Model:
        prices = [model.tariff.prices[label] for label in LABELS]
        return _with_prices(model, dict(zip(LABELS, reversed(prices), strict=True)))

    pile.habits.takes_model = swapped


def first_price_only(pile: Pile) -> None:
    """All energy of a charge counts under the price in force when it began."""

    def one(values: Values) -> Values:
        assert pile.model is not None
        first = pile.model.tariff.label_at(values["start_time"])
        for label in LABELS:
            whole = values["total_energy"] if label == first else Decimal(0)
            values |= {f"{label}_energy": whole, f"{label}_loss_energy": whole}
        return priced(values)

    pile.habits.change("transaction_record", one)


class LatePrices(PileClock):
    """A clock by which prices change five minutes late."""

    def label(self, tariff: Tariff, at: int) -> str:
        return tariff.label_at(self.time(at) - LAG)

    def next_change(self, tariff: Tariff, at: int) -> int | None:
        change = tariff.next_change(self.time(at) - LAG)
        return None if change is None else self.moment(change + LAG)


def prices_late(pile: Pile) -> None:
    at = milliseconds(pile.now)
    pile.clock = LatePrices(pile.clock.time(at), at)


def amount_coarse(pile: Pile) -> None:
    def whole(values: Values) -> Values:
        for label in LABELS:
            values[f"{label}_amount"] = values[f"{label}_amount"].quantize(Decimal(1), rounding=ROUND_DOWN)
        return values | {"total_amount": sum(values[f"{label}_amount"] for label in LABELS)}

    pile.habits.change("transaction_record", whole)


def total_without_service(pile: Pile) -> None:
    def energy_fees(values: Values) -> Values:
        assert pile.model is not None
        prices = pile.model.tariff.prices
        fees = sum(values[f"{label}_loss_energy"] * prices[label].energy for label in LABELS)
        return values | {"total_amount": Decimal(fees).quantize(Decimal("0.0001"))}

    pile.habits.change("transaction_record", energy_fees)


FAULTS = (
    KnownFault(
        name="old_model",
        apply=old_model,
        zh="收下了新的计费模型，却按旧的电价计费",
        en="takes the new billing model and charges by the old prices",
        case="single_tariff",
        found_by="amount_mismatch",
        also=("amount_by_price", "unit_price"),
        changes="arithmetic",
        dialect="late_model_request",
    ),
    KnownFault(
        name="slots_shifted",
        apply=slots_shifted,
        zh="48 个时段错了一格",
        en="the table of 48 slots is shifted by one",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("amount_by_price", "energy_without_slot"),
        changes="arithmetic",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="no_service_fee",
        apply=no_service_fee,
        zh="单价和金额里没有服务费",
        en="unit prices and amounts leave out the service fee",
        case="single_tariff",
        found_by="amount_mismatch",
        also=("amount_by_price", "unit_price"),
        changes="arithmetic",
        dialect="rounded_energies",
    ),
    KnownFault(
        name="total_without_service",
        apply=total_without_service,
        zh="总金额只算电费，没算服务费",
        en="the total amount counts energy fees only",
        case="cross_tariff",
        found_by="amount_mismatch",
        also=("sum_of_amounts", "sums_far_off"),
        changes="arithmetic",
        dialect="no_meter",
    ),
    KnownFault(
        name="prices_swapped",
        apply=prices_swapped,
        zh="尖和谷、峰和平的电价互换了",
        en="the prices of sharp and valley, of peak and flat are swapped",
        case="single_tariff",
        found_by="amount_mismatch",
        also=("amount_by_price", "unit_price"),
        changes="arithmetic",
        dialect="serial_own",
    ),
    KnownFault(
        name="first_price_only",
        apply=first_price_only,
        zh="整次充电都按开始时的价格段计费",
        en="the whole charge counts under the price of its beginning",
        case="cross_tariff",
        found_by="no_split",
        also=(
            "energy_mismatch",
            "energy_split",
        ),
        changes="arithmetic",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="prices_late",
        apply=prices_late,
        zh="到了价格边界 5 分钟后才换价",
        en="changes the price five minutes after the boundary",
        case="cross_tariff",
        found_by="no_split",
        also=(
            "energy_mismatch",
            "energy_split",
        ),
        changes="arithmetic",
        dialect="old_time_in_reply",
    ),
    KnownFault(
        name="amount_coarse",
        apply=amount_coarse,
        zh="金额只算到元，角分舍去",
        en="amounts are cut to whole yuan",
        case="cross_tariff",
        found_by="amount_mismatch",
        also=("price_times_energy", "sums_far_off"),
        changes="arithmetic",
        dialect="clock_behind",
    ),
)
