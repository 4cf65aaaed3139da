"""All faults by name: what the vendor got wrong, and which finding catches it in which case."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import msgspec

from harness.core.errors import PersonError
from harness.sim.ykc.faults import billing, charging, upkeep
from harness.sim.ykc.pile import Fault

APP_CASES = ("single_tariff", "cross_tariff", "estop")
PLATFORM_STOPS = ("single_tariff", "cross_tariff", "card", "vin")
CHARGES = (*PLATFORM_STOPS, "estop")


class KnownFault(msgspec.Struct, frozen=True):
    """A fault: its function, one line of what a vendor got wrong, and the finding that catches it in each case."""

    name: str
    apply: Fault
    zh: str
    en: str
    caught: Mapping[str, str]


def _in(cases: tuple[str, ...], code: str) -> dict[str, str]:
    return dict.fromkeys(cases, code)


_ALL = (
    KnownFault(
        "record_late",
        billing.record_late,
        "交易记录在充电结束 45 秒后才上送",
        "the record is sent 45 s after the end of the charge",
        _in(CHARGES, "record_late"),
    ),
    KnownFault(
        "record_missing",
        billing.record_missing,
        "不上送交易记录",
        "no record is ever sent",
        _in(CHARGES, "record_missing"),
    ),
    KnownFault(
        "wrong_total",
        billing.wrong_total,
        "总电量比电表差和分段之和大",
        "the total energy exceeds the meter difference and the sum of the parts",
        _in(PLATFORM_STOPS, "energy_mismatch"),
    ),
    KnownFault(
        "wrong_split",
        billing.wrong_split,
        "三成电量计入了错误的价格段",
        "three tenths of the energy are put under the wrong price",
        _in(PLATFORM_STOPS, "energy_mismatch"),
    ),
    KnownFault(
        "wrong_stop_reason",
        billing.wrong_stop_reason,
        "停止原因总是手动停止",
        "the stop reason is always: stopped by hand",
        _in(PLATFORM_STOPS, "stopped_by_other") | {"estop": "estop_reason_wrong"},
    ),
    KnownFault(
        "wrong_transaction_serial",
        billing.wrong_transaction_serial,
        "交易记录用了另一个交易流水号",
        "the record carries another transaction serial",
        _in(CHARGES, "serial_changed"),
    ),
    KnownFault(
        "no_energy",
        charging.no_energy,
        "上报充电中，但没有电流",
        "reports charging, but no current flows",
        _in(PLATFORM_STOPS, "no_energy"),
    ),
    KnownFault(
        "stops_by_itself",
        charging.stops_by_itself,
        "充电 15 秒后自行停止",
        "ends the charge by itself after 15 s",
        _in(PLATFORM_STOPS, "stopped_by_other") | {"estop": "estop_reason_wrong"},
    ),
    KnownFault(
        "no_0x33",
        charging.no_0x33,
        "启动充电，但不应答 0x33",
        "starts the charge, but never answers with 0x33",
        _in(APP_CASES, "no_start_reply"),
    ),
    KnownFault(
        "estop_ignored",
        charging.estop_ignored,
        "急停按钮不起作用",
        "the emergency stop does nothing",
        {"estop": "act_not_seen"},
    ),
    KnownFault(
        "qr_wrong",
        upkeep.qr_wrong,
        "屏幕上显示另一把枪的二维码",
        "the screen shows the code of another gun",
        {"qr_set": "qr_wrong"},
    ),
    KnownFault(
        "upgrade_old_version",
        upkeep.upgrade_old_version,
        "应答升级成功，但仍是旧版本",
        "reports success of the update, but runs the old version",
        {"upgrade": "version_unchanged"},
    ),
)

FAULTS: dict[str, KnownFault] = {fault.name: fault for fault in _ALL}


def fault_named(name: str) -> KnownFault:
    """The fault of a name; an unknown one is an error that offers the nearest."""
    found = FAULTS.get(name)
    if found is None:
        near = get_close_matches(name, FAULTS, 1)
        known = f"did you mean {near[0]}?" if near else "known are " + ", ".join(FAULTS)
        known_zh = f"是否指 {near[0]}？" if near else "现有 " + ", ".join(FAULTS)
        raise PersonError(f"there is no fault named {name!r}; {known}", f"没有名为 {name!r} 的故障；{known_zh}")
    return found
