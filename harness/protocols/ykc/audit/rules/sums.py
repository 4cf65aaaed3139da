"""What a transaction record adds up to by itself (8.7, E-SUM)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from harness.core.pairs import Pair
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Seen
from harness.protocols.ykc.audit.tolerances import PERCENT
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.tariffs import LABEL_NAMES, LABELS

ENERGY_ROUNDING = Decimal("0.0010")  # kWh
AMOUNT_ROUNDING = Decimal("0.01")  # CNY
COARSE = Decimal("0.03")  # six numbers rounded to 0.01, half a step each, come to no more

SUM_OF_PARTS = Rule(
    id="E-SUM",
    check="sum_of_parts",
    level=SHOULD,
    section="8.7",
    tolerance="0.0010 kWh; 0.03 without a meter",
    zh="交易记录的{what}为 {got} kWh，四个时段之和为 {wanted} kWh",
    en="the record's {what} is {got} kWh, its four parts come to {wanted} kWh",
    also=("sums_far_off",),
)
SUM_OF_AMOUNTS = Rule(
    id="R-TX-8",
    check="sum_of_amounts",
    level=SHOULD,
    section="8.7",
    tolerance="0.01 CNY; 0.03 without a meter (E-SUM)",
    zh="交易记录的消费金额为 {got} 元，四个时段之和为 {wanted} 元",
    en="the record's total amount is {got} CNY, its four parts come to {wanted} CNY",
    also=("sums_far_off",),
)
PRICE_TIMES_ENERGY = Rule(
    id="E-SUM",
    check="price_times_energy",
    level=SHOULD,
    section="8.7",
    tolerance="0.01 CNY; 0.03 without a meter",
    zh="交易记录的{what}金额为 {got} 元，单价乘电量为 {wanted} 元",
    en="the record's {what} amount is {got} CNY, unit price times energy is {wanted} CNY",
    also=("sums_far_off",),
)
METER_DIFFERENCE = Rule(
    id="E-SUM",
    check="meter_difference",
    level=SHOULD,
    section="8.7",
    tolerance="0.0010 kWh; not without a meter",
    zh="交易记录的总电量为 {got} kWh，电表止值减起值为 {wanted} kWh",
    en="the record's total energy is {got} kWh, the meter difference is {wanted} kWh",
    also=("sums_far_off",),
)
FAR_OFF = Rule(
    id="E-SUM",
    check="sums_far_off",
    level=MUST,
    section="8.7",
    doubt="E-SUM",
    tolerance="1 %, and 0.03 kWh or CNY for rounding",
    zh="交易记录自相矛盾：{what}为 {got}，按其他字段应为 {wanted}，相差超过 1%",
    en="the record contradicts itself by more than 1 %: {what} is {got}, by its other fields {wanted}",
    also=("sum_of_parts", "sum_of_amounts", "price_times_energy", "meter_difference"),
)
NO_METER = Rule(
    id="E-SUM",
    check="meter_absent",
    level=REMARK,
    section="8.7",
    zh="交易记录的电表起止值都是 0：桩没有电表，按实时数据结算",
    en="both meter readings of the record are 0: the pile has no meter, 0x13 is what can be settled by",
)


class Sum(NamedTuple):
    """A value of the record, and what it must be by its other fields."""

    rule: Rule
    what: Pair
    fields: tuple[str, ...]
    got: Decimal
    wanted: Decimal
    rounding: Decimal

    @property
    def error(self) -> Decimal:
        """By how much they differ."""
        return abs(self.got - self.wanted)

    @property
    def far_off(self) -> bool:
        """More than any rounding can explain?"""
        return self.error > max(COARSE, PERCENT * max(abs(self.got), abs(self.wanted)))


class Sums(Watcher):
    """The arithmetic of each record, once."""

    rules = (SUM_OF_PARTS, SUM_OF_AMOUNTS, PRICE_TIMES_ENERGY, METER_DIFFERENCE, FAR_OFF, NO_METER)

    _told_no_meter = False

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        if self.scene.pile.repeats(seen):
            return
        values = seen.values
        no_meter = not (values.meter_start or values.meter_end) and values.total_energy > 0
        if no_meter:
            self._no_meter(seen)
        wrong = [each for each in sums_of(values) if each.error > (COARSE if no_meter else each.rounding)]
        for each in wrong:
            self._tell(each.rule, seen, each)
        worst = max((each for each in wrong if each.far_off), key=lambda each: each.error, default=None)
        if worst is not None:
            self._tell(FAR_OFF, seen, worst)

    def _no_meter(self, record: Seen) -> None:
        """Once: the next record will not have one either."""
        if not self._told_no_meter:
            self._told_no_meter = True
            fields = ("meter_start", "meter_end")
            expected = "电表读数 / meter readings"
            gun = record.values.gun_no
            self.scene.tell(NO_METER, [record.n], gun=gun, expected=expected, seen="0, 0", fields=fields)

    def _tell(self, rule: Rule, record: Seen, wrong: Sum) -> None:
        got, wanted = f"{wrong.got:.4f}", f"{wrong.wanted:.4f}"
        self.scene.tell(
            rule,
            [record.n],
            gun=record.values.gun_no,
            expected=wanted,
            seen=got,
            fields=wrong.fields,
            what=wrong.what,
            got=got,
            wanted=wanted,
        )


def sums_of(values: Any) -> Iterator[Sum]:
    """All sums that a 0x3B can be held to."""
    yield _total(values, SUM_OF_PARTS, "total_energy", "energy", ("总电量", "total energy"), ENERGY_ROUNDING)
    what = ("计损总电量", "total loss energy")
    yield _total(values, SUM_OF_PARTS, "total_loss_energy", "loss_energy", what, ENERGY_ROUNDING)
    yield _total(values, SUM_OF_AMOUNTS, "total_amount", "amount", ("消费金额", "total amount"), AMOUNT_ROUNDING)
    counted = "loss_energy" if values.total_loss_energy else "energy"  # losses are not always kept
    for label in LABELS:
        yield _part(values, label, counted)
    if values.meter_start or values.meter_end:
        difference = values.meter_end - values.meter_start
        fields = ("meter_start", "meter_end", "total_energy")
        what = ("总电量", "total energy")
        yield Sum(METER_DIFFERENCE, what, fields, values.total_energy, difference, ENERGY_ROUNDING)


def _total(values: Any, rule: Rule, total: str, part: str, what: Pair, rounding: Decimal) -> Sum:
    parts = tuple(f"{label}_{part}" for label in LABELS)
    added = sum((getattr(values, name) for name in parts), Decimal(0))
    return Sum(rule, what, (*parts, total), getattr(values, total), added, rounding)


def _part(values: Any, label: str, counted: str) -> Sum:
    fields = (f"{label}_unit_price", f"{label}_{counted}", f"{label}_amount")
    price, energy, amount = (getattr(values, name) for name in fields)
    return Sum(PRICE_TIMES_ENERGY, LABEL_NAMES[label], fields, amount, price * energy, AMOUNT_ROUNDING)
