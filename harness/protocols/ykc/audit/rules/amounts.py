"""Energy, loss energy, amount and time of a charge from report to report, against the billing model (7.2, 3.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.once import Once
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.rules.periods import labels_in
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING

CENT, ROUNDING = Decimal("0.01"), Decimal("0.005")
LITTLE = Decimal("0.1")  # kWh below which a loss does not show
MINUTES = 2.0  # by which a counted time may be off

LOSS = Rule(
    id="R-RT-7",
    check="loss_energy",
    level=SHOULD,
    section="7.2",
    tolerance="0.01 kWh",
    zh="{gun} 号枪计损充电度数 {got}，充电度数 {wanted}：没有计损比例时两者应相等",
    en="gun {gun}: loss_energy {got}, energy {wanted}; without a loss ratio they are equal",
)
AMOUNT = Rule(
    id="R-RT-8",
    check="amount_by_price",
    level=SHOULD,
    section="7.2",
    tolerance="between the lowest and the highest price so far; 0.01 CNY and energies rounded to 0.01 kWh",
    zh="{gun} 号枪已充金额 {got} 元，按至今的电价应在 {low} 至 {high} 元之间",
    en="gun {gun}: amount {got} CNY, by the prices so far it lies between {low} and {high}",
)
FALLS = Rule(
    id="R-RT-8",
    check="energy_falls",
    level=SHOULD,
    section="7.2",
    tolerance="0.01 kWh; the first report may carry the last charge's; not over a relogin",
    zh="{gun} 号枪同一次充电的充电度数从 {wanted} 降到 {got}",
    en="gun {gun}: the energy of one charge fell from {wanted} to {got} kWh",
    also=("energy_scale", "amount_by_price"),
)
RATIO = Rule(
    id="R-LS-1",
    check="loss_ratio",
    level=MUST,
    section="3.3",
    tolerance="losses of 0 are not judged; a ratio in any unit",
    doubt="E-LOSS",
    zh="{gun} 号枪交易记录里计损电量 {got}、电量 {wanted}，计损比例是 {ratio}",
    en="gun {gun}: the record has loss energy {got} and energy {wanted}, the loss ratio is {ratio}",
)
TIME = Rule(
    id="R-DT-2",
    check="charging_time",
    level=REMARK,
    section="7.2",
    tolerance="plausibility only: 2 min; not over a relogin",
    zh="{gun} 号枪累计充电时间 {got} 分钟，启动至今只有 {wanted} 分钟",
    en="gun {gun}: charging_time {got} min, since the start it is {wanted} min",
)


class Course:
    """One charge as its reports go on: the last of them, and the prices that may have counted by now."""

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        self.last: Seen | None = None
        self.since = charge.order.at if charge.order is not None else None
        self.prices: set[Decimal] = set()


class Amounts(Watcher):
    """Energy, loss energy, amount and time of a charge from report to report."""

    rules = (FALLS, LOSS, AMOUNT, TIME)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._courses: dict[str, Course] = {}
        self._once = Once()

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        values = seen.values
        charge = self.scene.pile.gun(values.gun_no).charge
        if values.status != CHARGING or charge is None or not charge.serial:
            return
        if values.transaction_serial != charge.serial or charge.relogins:
            return  # stored reports may come in any order (R-RT-10)
        course = self._courses.get(values.gun_no)
        if course is None or course.charge is not charge:
            course = self._courses[values.gun_no] = Course(charge)
        self._falls(course, seen)
        self._loss(charge, seen)
        self._amount(course, seen)
        self._time(charge, seen)
        course.last, course.since = seen, seen.at

    def _falls(self, course: Course, seen: Seen) -> None:
        last = course.last
        if last is None or last is course.charge.first or last.values.energy - seen.values.energy <= CENT:
            return
        self._tell(FALLS, [last, seen], f"≥ {last.values.energy}", "energy", last.values.energy)

    def _loss(self, charge: Charge, seen: Seen) -> None:
        energy, loss = seen.values.energy, seen.values.loss_energy
        if self.scene.pile.loss_ratio == 0 and abs(loss - energy) > CENT and self._first(LOSS, charge):
            self._tell(LOSS, [seen], str(energy), "loss_energy", energy)

    def _amount(self, course: Course, seen: Seen) -> None:
        """Between energy times the lowest and the highest price so far; the pile has its amounts before it rounds."""
        self._widen(course, seen)
        if not course.prices:
            return
        values = seen.values
        energy = values.loss_energy or values.energy
        low, high = energy * min(course.prices), energy * max(course.prices)
        slack = CENT + ROUNDING * max(course.prices)
        if low - slack <= values.amount <= high + slack or not self._first(AMOUNT, course.charge):
            return
        expected = f"{low:.4f} – {high:.4f}"
        self._tell(AMOUNT, [seen], expected, "amount", expected, low=f"{low:.4f}", high=f"{high:.4f}")

    def _widen(self, course: Course, seen: Seen) -> None:
        clock, since = self.scene.pile.clock, seen.at if course.since is None else course.since
        moments = [
            (start + offset - CLOCK_SLACK, end + offset + CLOCK_SLACK)
            for offset in clock.offsets_now
            if (start := clock.true(since)) is not None and (end := clock.true(seen.at)) is not None
        ]
        for tariff in course.charge.tariffs:
            course.prices |= {tariff.prices[label].total for label in labels_in(tariff, moments)}

    def _time(self, charge: Charge, seen: Seen) -> None:
        order = charge.order
        if order is None or not self.scene.timed(TIME):
            return
        minutes, got = (seen.at - order.at) / 60, seen.values.charging_time
        if got > minutes + MINUTES and self._first(TIME, charge):
            self._tell(TIME, [order, seen], f"≤ {minutes:.0f}", "charging_time", f"{minutes:.0f}")

    def _first(self, rule: Rule, charge: Charge) -> bool:
        return self._once.first(rule.check, charge.serial)

    def _tell(self, rule: Rule, frames: list[Seen], expected: str, field: str, wanted: object, **facts: Any) -> None:
        got = getattr(frames[-1].values, field)
        self.scene.tell(
            rule,
            [seen.n for seen in frames],
            gun=frames[-1].values.gun_no,
            expected=expected,
            seen=str(got),
            fields=(field,),
            got=got,
            wanted=wanted,
            **facts,
        )


class Losses(Watcher):
    """Loss energies of the record."""

    rules = (RATIO,)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        ratio = self.scene.pile.loss_ratio
        if ratio is None:
            return
        for label in ("sharp", "peak", "flat", "valley", "total"):
            names = f"{label}_energy", f"{label}_loss_energy"
            energy, loss = (getattr(seen.values, name) for name in names)
            if loss and _wrong(ratio, energy, loss):
                self.scene.tell(
                    RATIO,
                    [seen.n],
                    gun=seen.values.gun_no,
                    expected=f"{energy}" if ratio == 0 else f"> {energy}",
                    seen=f"{loss}",
                    fields=names,
                    got=loss,
                    wanted=energy,
                    ratio=ratio,
                )
                return


def _wrong(ratio: int, energy: Decimal, loss: Decimal) -> bool:
    """Without a ratio both are equal; with one the loss energy is more, in whatever unit the ratio is."""
    return abs(loss - energy) > CENT if ratio == 0 else energy > LITTLE and loss <= energy


__all__ = ["Amounts", "Losses"]
