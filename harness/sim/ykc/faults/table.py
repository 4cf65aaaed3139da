"""All faults by name: what the vendor got wrong, and who must find it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from harness.core.errors import PersonError
from harness.sim.ykc.dialects import dialect_named
from harness.sim.ykc.faults import (
    billing,
    card_vin,
    clock,
    framing,
    heartbeat,
    link,
    login,
    metering,
    qr,
    reboot,
    record,
    start_stop,
    status,
    two_guns,
    upgrade,
)
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Fault

GROUPS: dict[str, tuple[KnownFault, ...]] = {
    "framing": framing.FAULTS,
    "login": login.FAULTS,
    "heartbeat": heartbeat.FAULTS,
    "billing": billing.FAULTS,
    "metering": metering.FAULTS,
    "clock": clock.FAULTS,
    "status": status.FAULTS,
    "start_stop": start_stop.FAULTS,
    "record": record.FAULTS,
    "card_vin": card_vin.FAULTS,
    "qr": qr.FAULTS,
    "reboot": reboot.FAULTS,
    "upgrade": upgrade.FAULTS,
    "link": link.FAULTS,
    "two_guns": two_guns.FAULTS,
}

FAULTS: dict[str, KnownFault] = {fault.name: fault for group in GROUPS.values() for fault in group}


def changes(dialects: Iterable[str], faults: Iterable[str]) -> list[Fault]:
    """What is to be done to a pile before it starts: its dialects first, then its faults."""
    return [dialect_named(name).apply for name in dialects] + [fault_named(name).apply for name in faults]


def fault_named(name: str) -> KnownFault:
    """The fault of a name; an unknown one is an error that offers the nearest."""
    found = FAULTS.get(name)
    if found is None:
        near = get_close_matches(name, FAULTS, 1)
        hint = f"did you mean {near[0]}?" if near else "harness faults lists them"
        hint_zh = f"是否指 {near[0]}？" if near else "harness faults 列出全部"
        raise PersonError(f"there is no fault named {name!r}; {hint}", f"没有名为 {name!r} 的故障；{hint_zh}")
    return found
