"""Values of real-time data that are to be zero, or at most full (7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.protocols.ykc.audit.once import Once
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import IDLE

TEMPERATURES = ("gun_cable_temperature", "battery_max_temperature")
NO_TEMPERATURE = (-50, 0)  # raw 0, or 0 degrees (E-ZERO)
METERED = ("output_voltage", "output_current", "energy", "loss_energy", "amount")
WHEN_IDLE = (*METERED, "soc", "charging_time", "remaining_time")
ON_AC = ("soc", "remaining_time")
FULL = 100

IDLE_VALUES = Rule(
    id="R-RT-5",
    check="idle_not_zero",
    level=SHOULD,
    section="7.2",
    tolerance="a temperature may be raw 0 or 0 °C",
    zh="{gun} 号枪空闲，0x13 里 {names} 不是 0",
    en="gun {gun} is idle, but {names} in 0x13 is not 0",
)
IDLE_DEGREES = Rule(
    id="E-ZERO",
    check="idle_temperature",
    level=REMARK,
    section="7.2",
    zh="{gun} 号枪空闲时温度填 0 °C（原始值 50），不是原始值 0",
    en="gun {gun}: idle, temperatures are 0 °C (raw 50) instead of raw 0",
)
AC_VALUES = Rule(
    id="R-RT-6",
    check="ac_not_zero",
    level=MUST,
    section="7.2",
    tolerance="a temperature may be raw 0 or 0 °C",
    zh="交流桩 {gun} 号枪，0x13 里 {names} 不是 0",
    en="AC pile, gun {gun}: {names} in 0x13 is not 0",
)
SOC = Rule(
    id="E-SCALE",
    check="soc_above_100",
    level=MUST,
    section="7.2",
    doubt="E-SCALE",
    zh="{gun} 号枪 SOC 为 {got}%，超过 100%",
    en="gun {gun}: soc {got} %, above 100 %",
)


class Zeros(Watcher):
    """Fields that are to be zero, and the soc."""

    rules = (IDLE_VALUES, IDLE_DEGREES, AC_VALUES, SOC)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._once = Once()

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        values = seen.values
        if values.status == IDLE:
            self._zero(IDLE_VALUES, seen, _filled(values, WHEN_IDLE, TEMPERATURES))
            if 0 in (values.gun_cable_temperature, values.battery_max_temperature):
                self._degrees(seen)
        if self.scene.pile.is_ac:
            self._zero(AC_VALUES, seen, _filled(values, ON_AC, TEMPERATURES[1:]))
        if values.soc > FULL:
            self._soc(seen)

    def _zero(self, rule: Rule, seen: Seen, fields: list[str]) -> None:
        """Told once for each set of fields: such a pile does it in every report."""
        if not fields or not self._once.first(rule.check, seen.values.gun_no, *fields):
            return
        titles = {field.name: field.title for field in seen.values.frame_type.fields}
        self.scene.tell(
            rule,
            [seen.n],
            gun=seen.values.gun_no,
            expected="0",
            seen=", ".join(f"{name} {getattr(seen.values, name)}" for name in fields),
            fields=fields,
            names=("、".join(titles[name] for name in fields), ", ".join(fields)),
        )

    def _degrees(self, seen: Seen) -> None:
        gun = seen.values.gun_no
        if self._once.first(IDLE_DEGREES.check, gun):
            self.scene.tell(IDLE_DEGREES, [seen.n], gun=gun, expected="0x00", seen="0x32", fields=TEMPERATURES)

    def _soc(self, seen: Seen) -> None:
        gun, got = seen.values.gun_no, seen.values.soc
        if self._once.first(SOC.check, gun, seen.values.transaction_serial):
            self.scene.tell(SOC, [seen.n], gun=gun, expected="≤ 100 %", seen=f"{got} %", fields=("soc",), got=got)


def _filled(values: Any, names: Sequence[str], temperatures: Sequence[str]) -> list[str]:
    found = [name for name in names if getattr(values, name)]
    return found + [name for name in temperatures if getattr(values, name) not in NO_TEMPERATURE]


__all__ = ["Zeros"]
