"""A transaction record as a Bill, a 0x13 as a Reading: all of a charge that the ledger ever sees."""

from __future__ import annotations

from typing import Any

from harness.core.amounts import Bill, Part, Reading
from harness.protocols.ykc.tariffs import LABELS

STATUSES = {0: "offline", 1: "fault", 2: "idle", 3: "charging"}
ESTOP_BITS = 0b11  # Bit1 may be the lowest bit or the one above it (E-BIT1)
NO_SERIAL = "0" * 32


def bill_of(values: Any) -> Bill:
    """What a 0x3B says."""
    return Bill(
        serial=values.transaction_serial,
        gun_no=values.gun_no,
        parts=tuple(_part(values, label) for label in LABELS),
        total_energy=values.total_energy,
        total_loss_energy=values.total_loss_energy,
        total_amount=values.total_amount,
        meter_start=values.meter_start,
        meter_end=values.meter_end,
        start=values.start_time.time,
        end=values.end_time.time,
        traded=values.trade_time.time,
        stop_reason=values.stop_reason,
        trade_flag=values.trade_flag,
        vin=str(values.vin),
        card=values.physical_card_no.hex().upper(),
    )


def _part(values: Any, label: str) -> Part:
    return Part(
        label=label,
        unit_price=getattr(values, f"{label}_unit_price"),
        energy=getattr(values, f"{label}_energy"),
        loss_energy=getattr(values, f"{label}_loss_energy"),
        amount=getattr(values, f"{label}_amount"),
    )


def reading_of(values: Any) -> Reading:
    """What a 0x13 says."""
    return Reading(
        serial=real_serial(values.transaction_serial),
        gun_no=values.gun_no,
        status=STATUSES.get(values.status, ""),
        plugged=values.gun_plugged == 1,
        voltage=values.output_voltage,
        current=values.output_current,
        energy=values.energy,
        amount=values.amount,
        soc=values.soc,
        estop=bool(values.hardware_fault.raw & ESTOP_BITS),
    )


def real_serial(serial: str) -> str:
    """A transaction serial, "" when it is all zeros: no charge."""
    return "" if serial == NO_SERIAL else serial
