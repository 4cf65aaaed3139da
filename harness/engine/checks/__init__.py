"""The checks a scenario may name: each looks at a view and cites what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType

from harness.core.verdict import Finding
from harness.engine.checks import course, device, kept, link, money, two_guns
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

Check = Callable[[View, Tolerances], Iterator[Finding]]

CHECKS: MappingProxyType[str, Check] = MappingProxyType(
    {
        "serial": course.serial,
        "statuses": course.statuses,
        "stop_reason": course.stop_reason,
        "estop_reason": course.estop_reason,
        "trade_flag": course.trade_flag,
        "times": course.times,
        "card": course.card,
        "vin": course.vin,
        "energy": money.energy,
        "split": money.split,
        "amount": money.amount,
        "qr": device.qr,
        "update": device.update,
        "started": kept.started,
        "record_kept": kept.record_kept,
        "confirmed": kept.confirmed,
        "over_the_cut": link.over_the_cut,
        "crc": link.crc,
        "start_repeat": link.start_repeat,
        "tariff_change": link.tariff_change,
        "stop_idle": link.stop_idle,
        "apart": two_guns.apart,
        "goes_on": two_guns.goes_on,
        "rests": two_guns.rests,
        "all_stop": two_guns.all_stop,
        "not_resumed": two_guns.not_resumed,
    }
)
