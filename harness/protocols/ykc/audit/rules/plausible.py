"""Byte order and decimals (3.2), which only show where a value is impossible one way and plausible the other."""

from __future__ import annotations

from decimal import Decimal

from harness.core.journal import LinkChanged
from harness.protocols.ykc.audit.rule import SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING

MOST_VOLTS, MOST_AMPERES = Decimal(1500), Decimal(1000)
USUAL_VOLTS = (Decimal(180), Decimal(1000))
ENOUGH = Decimal("0.2")  # kWh by voltage and current, from which a scale can be told
FACTOR = 4  # a scale is off by ten at least; reports are rough
HOUR = 3600
LONGEST_GAP = 40.0  # s between reports over which power may be added up

BYTE_ORDER = Rule(
    id="R-DT-1",
    check="byte_order",
    level=SHOULD,
    section="3.2",
    tolerance="plausibility only",
    zh="{field} 为 {got}，高低字节调换后是 {swapped}：多字节数应低字节在前",
    en="{field} is {got}, with its bytes swapped {swapped}: numbers are sent low byte first",
)
SCALE = Rule(
    id="R-DT-2",
    check="energy_scale",
    level=SHOULD,
    section="3.2",
    tolerance="plausibility only: a factor of 4",
    zh="{gun} 号枪上报充电 {got} kWh，按电压和电流约 {wanted} kWh：小数位可能不对",
    en="gun {gun} reports {got} kWh charged, by voltage and current it is about {wanted} kWh: decimals may be off",
    also=("loss_energy", "record_energy"),
)


class ByteOrder(Watcher):
    """Voltage and current of a charging gun."""

    rules = (BYTE_ORDER,)

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        volts = seen.values.output_voltage
        if seen.values.status != CHARGING or volts <= MOST_VOLTS:
            return
        swapped = _swapped(volts)
        if USUAL_VOLTS[0] <= swapped <= USUAL_VOLTS[1]:
            self.scene.tell(
                BYTE_ORDER,
                [seen.n],
                gun=seen.values.gun_no,
                expected=f"{swapped} V",
                seen=f"{volts} V",
                fields=("output_voltage",),
                field=("输出电压", "output_voltage"),
                got=f"{volts} V",
                swapped=f"{swapped} V",
            )


class Scales(Watcher):
    """The energy of a charge against what voltage and current come to."""

    rules = (SCALE,)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._first: dict[str, Seen] = {}
        self._worked: dict[str, Decimal] = {}

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        self._first.clear()

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        before = gun.previous
        if gun.stored is seen:
            self._first.pop(gun.number, None)
        elif seen.values.status != CHARGING:
            self._over(gun.number, before)
        elif gun.number not in self._first:
            self._first[gun.number], self._worked[gun.number] = seen, Decimal(0)
        elif before is not None and self.scene.times:
            self._add(gun.number, before, seen)

    def _add(self, gun: str, before: Seen, seen: Seen) -> None:
        seconds = seen.at - before.at
        if seconds > LONGEST_GAP or not 0 < seen.values.output_voltage <= MOST_VOLTS:
            self._first.pop(gun, None)  # not known what flowed meanwhile
            return
        power = (_power(before) + _power(seen)) / 2
        self._worked[gun] += power * Decimal(seconds) / HOUR

    def _over(self, gun: str, last: Seen | None) -> None:
        first = self._first.pop(gun, None)
        if first is None or last is None:
            return
        worked, said = self._worked[gun], last.values.energy - first.values.energy
        if worked < ENOUGH or said <= 0 or worked / FACTOR <= said <= worked * FACTOR:
            return
        got, wanted = f"{said:.4f}", f"{worked:.2f}"
        self.scene.tell(
            SCALE,
            [first.n, last.n],
            gun=gun,
            expected=f"≈ {wanted} kWh",
            seen=f"{got} kWh",
            fields=("energy",),
            of=last,
            got=got,
            wanted=wanted,
        )


def _power(seen: Seen) -> Decimal:
    """kW."""
    return Decimal(seen.values.output_voltage * seen.values.output_current / 1000)


def _swapped(value: Decimal) -> Decimal:
    """A value of two bytes with one decimal, its bytes the other way round."""
    raw = int(value * 10)
    return Decimal((raw & 255) << 8 | raw >> 8) / 10
