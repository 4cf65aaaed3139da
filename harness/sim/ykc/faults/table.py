"""All faults by name: what the vendor got wrong, and who must find it."""

from __future__ import annotations

from collections.abc import Iterable

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
from harness.sim.ykc.named import named
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
    return named(FAULTS, name, ("故障", "fault"))
