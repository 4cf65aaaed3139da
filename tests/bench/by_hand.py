"""What the generated codecs are measured against: 0x13 and 0x3B written by hand, struct and dataclass, same values."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from decimal import Decimal

from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.kinds import Moment

ONE = Decimal("0.1")
FOUR = Decimal("0.0001")
FIVE = Decimal("0.00001")
Faults = CATALOGUE.by_name("realtime_data").by_name["hardware_fault"].values_type  # type: ignore[attr-defined]

REALTIME = struct.Struct("<16s7ssBBBHHB8sBBHHIIIH")
RECORD = struct.Struct("<16s7ss7s7s" + "IIII" * 4 + "IBIBIII17sB7sB8s")


@dataclass(slots=True)
class Realtime:
    transaction_serial: str
    pile_code: str
    gun_no: str
    status: int
    gun_homed: int
    gun_plugged: int
    output_voltage: Decimal
    output_current: Decimal
    gun_cable_temperature: int
    gun_cable_code: bytes
    soc: int
    battery_max_temperature: int
    charging_time: int
    remaining_time: int
    energy: Decimal
    loss_energy: Decimal
    amount: Decimal
    hardware_fault: object


def decode_realtime(buf: bytes, at: int) -> Realtime:
    (serial, pile, gun, status, homed, plugged, voltage, current, cable, code, soc, battery, charging, remaining,
     energy, loss, amount, fault) = REALTIME.unpack_from(buf, at)  # fmt: skip
    return Realtime(
        serial.hex().upper(),
        pile.hex().upper(),
        gun.hex().upper(),
        status,
        homed,
        plugged,
        ONE * voltage,
        ONE * current,
        cable - 50,
        code,
        soc,
        battery - 50,
        charging,
        remaining,
        FOUR * energy,
        FOUR * loss,
        FOUR * amount,
        Faults(fault),
    )


def encode_realtime(values: Realtime) -> bytes:
    return REALTIME.pack(
        bytes.fromhex(values.transaction_serial),
        bytes.fromhex(values.pile_code),
        bytes.fromhex(values.gun_no),
        values.status,
        values.gun_homed,
        values.gun_plugged,
        int(values.output_voltage * 10),
        int(values.output_current * 10),
        values.gun_cable_temperature + 50,
        values.gun_cable_code,
        values.soc,
        values.battery_max_temperature + 50,
        values.charging_time,
        values.remaining_time,
        int(values.energy * 10000),
        int(values.loss_energy * 10000),
        int(values.amount * 10000),
        values.hardware_fault.raw,  # type: ignore[attr-defined]
    )


@dataclass(slots=True)
class Record:
    transaction_serial: str
    pile_code: str
    gun_no: str
    start_time: Moment
    end_time: Moment
    sharp_unit_price: Decimal
    sharp_energy: Decimal
    sharp_loss_energy: Decimal
    sharp_amount: Decimal
    peak_unit_price: Decimal
    peak_energy: Decimal
    peak_loss_energy: Decimal
    peak_amount: Decimal
    flat_unit_price: Decimal
    flat_energy: Decimal
    flat_loss_energy: Decimal
    flat_amount: Decimal
    valley_unit_price: Decimal
    valley_energy: Decimal
    valley_loss_energy: Decimal
    valley_amount: Decimal
    meter_start: Decimal
    meter_end: Decimal
    total_energy: Decimal
    total_loss_energy: Decimal
    total_amount: Decimal
    vin: str
    trade_flag: int
    trade_time: Moment
    stop_reason: int
    physical_card_no: bytes


def decode_record(buf: bytes, at: int) -> Record:
    (serial, pile, gun, start, end, p1, e1, l1, a1, p2, e2, l2, a2, p3, e3, l3, a3, p4, e4, l4, a4, from_low, from_high,
     to_low, to_high, energy, loss, amount, vin, flag, traded, reason, card) = RECORD.unpack_from(buf, at)  # fmt: skip
    return Record(
        serial.hex().upper(),
        pile.hex().upper(),
        gun.hex().upper(),
        Moment(start),
        Moment(end),
        FIVE * p1,
        FOUR * e1,
        FOUR * l1,
        FOUR * a1,
        FIVE * p2,
        FOUR * e2,
        FOUR * l2,
        FOUR * a2,
        FIVE * p3,
        FOUR * e3,
        FOUR * l3,
        FOUR * a3,
        FIVE * p4,
        FOUR * e4,
        FOUR * l4,
        FOUR * a4,
        FOUR * (from_low | from_high << 32),
        FOUR * (to_low | to_high << 32),
        FOUR * energy,
        FOUR * loss,
        FOUR * amount,
        vin.rstrip(b"\0").decode("ascii"),
        flag,
        Moment(traded),
        reason,
        card,
    )


def encode_record(values: Record) -> bytes:
    meter_start = int(values.meter_start * 10000)
    meter_end = int(values.meter_end * 10000)
    return RECORD.pack(
        bytes.fromhex(values.transaction_serial),
        bytes.fromhex(values.pile_code),
        bytes.fromhex(values.gun_no),
        values.start_time.raw,
        values.end_time.raw,
        int(values.sharp_unit_price * 100000),
        int(values.sharp_energy * 10000),
        int(values.sharp_loss_energy * 10000),
        int(values.sharp_amount * 10000),
        int(values.peak_unit_price * 100000),
        int(values.peak_energy * 10000),
        int(values.peak_loss_energy * 10000),
        int(values.peak_amount * 10000),
        int(values.flat_unit_price * 100000),
        int(values.flat_energy * 10000),
        int(values.flat_loss_energy * 10000),
        int(values.flat_amount * 10000),
        int(values.valley_unit_price * 100000),
        int(values.valley_energy * 10000),
        int(values.valley_loss_energy * 10000),
        int(values.valley_amount * 10000),
        meter_start & 0xFFFFFFFF,
        meter_start >> 32,
        meter_end & 0xFFFFFFFF,
        meter_end >> 32,
        int(values.total_energy * 10000),
        int(values.total_loss_energy * 10000),
        int(values.total_amount * 10000),
        values.vin.encode("ascii"),
        values.trade_flag,
        values.trade_time.raw,
        values.stop_reason,
        values.physical_card_no,
    )
