"""What a gun says, as values of the frames: real-time data, BMS frames, the record. Fields not named are zero."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harness.protocols.ykc.codes import CHARGING
from harness.sim.ykc.charge import Charge
from harness.sim.ykc.tariff import LABELS

if TYPE_CHECKING:
    from harness.sim.ykc.telling import Telling

CELLS = 100
NO_BMS_VERSION = bytes.fromhex("0112082007FFFFFF")  # number 1, day 18, month 8, year 2016, three bytes of filling


def realtime_data(gun: Telling) -> dict[str, Any]:
    """0x13: all zero but the state when nothing charges, the serial too (R-RT-5); no battery on AC (R-RT-6)."""
    values: dict[str, Any] = {
        "status": gun.status,
        "gun_homed": 0 if gun.plugged else 1,
        "gun_plugged": int(gun.plugged),
        "hardware_fault": {"emergency_stop": int(gun.pile.estop)},
    }
    charge = gun.charge
    if charge is None or gun.status != CHARGING:
        return values
    values |= {
        "transaction_serial": charge.order.serial,
        "output_voltage": charge.volts,
        "output_current": charge.amps,
        "gun_cable_temperature": 28 + charge.minutes // 4,
        "charging_time": charge.minutes,
        "energy": charge.energy,
        "loss_energy": charge.loss_energy,
        "amount": charge.amount,
    }
    if gun.socket.dc:
        values["soc"] = charge.car.soc
        values["battery_max_temperature"] = charge.car.celsius
        values["remaining_time"] = charge.minutes_left
    return values


def charge_handshake(gun: Telling, charge: Charge) -> dict[str, Any]:
    """0x15: who the car is."""
    return {
        "transaction_serial": charge.order.serial,
        "bms_protocol_version": "010100",
        "battery_type": 3,
        "battery_rated_capacity": Decimal(charge.car.capacity_steps) / 4000,
        "battery_rated_voltage": 400,
        "battery_manufacturer": "DEMO",
        "battery_pack_no": 1,
        "battery_production_year": 2023,
        "battery_production_month": 6,
        "battery_production_day": 15,
        "battery_charge_count": 120,
        "battery_ownership": 1,
        "vin": charge.car.vin,
        "bms_software_version": NO_BMS_VERSION,
    }


def charge_parameter_config(gun: Telling, charge: Charge) -> dict[str, Any]:
    """0x17: what car and pile can do; currents count towards the pile, so charging is negative (E-400A)."""
    return {
        "transaction_serial": charge.order.serial,
        "cell_max_allowed_voltage": Decimal("4.35"),
        "bms_max_allowed_current": -250,
        "battery_nominal_energy": Decimal(charge.car.capacity_steps // 1000) / 10,
        "bms_max_allowed_voltage": 435,
        "bms_max_allowed_temperature": 60,
        "battery_soc": charge.car.soc,
        "battery_voltage": Decimal(charge.car.volts10) / 10,
        "pile_max_output_voltage": 750,
        "pile_min_output_voltage": 200,
        "pile_max_output_current": -250,
        "pile_min_output_current": 0,
    }


def bms_demand_charger_output(gun: Telling, charge: Charge) -> dict[str, Any]:
    """0x23: what the battery asks for and what it gets."""
    wanted = Decimal(gun.socket.watts * 10 // charge.car.volts10)
    return {
        "transaction_serial": charge.order.serial,
        "bms_voltage_demand": 435,
        "bms_current_demand": -wanted,
        "bms_charge_mode": 2,
        "bms_measured_voltage": charge.volts,
        "bms_measured_current": -charge.amps,
        "bms_max_cell": {"cell_max_voltage": charge.car.volts10 * 10 // CELLS, "cell_max_voltage_group": 1},
        "soc": charge.car.soc,
        "bms_remaining_time": charge.minutes_left,
        "pile_output_voltage": charge.volts,
        "pile_output_current": -charge.amps,
        "charging_time": min(600, charge.minutes),
    }


def bms_info(gun: Telling, charge: Charge) -> dict[str, Any]:
    """0x25: how the battery is; charging is permitted."""
    return {
        "transaction_serial": charge.order.serial,
        "cell_max_voltage_no": 12,
        "battery_max_temperature": charge.car.celsius,
        "max_temperature_point_no": 3,
        "battery_min_temperature": charge.car.celsius - 3,
        "min_temperature_point_no": 7,
        "battery_status_2": {"charge_permission": 1},
    }


def charge_end(gun: Telling, charge: Charge) -> dict[str, Any]:
    """0x19: how it stood at the end."""
    return {
        "transaction_serial": charge.order.serial,
        "end_soc": charge.car.soc,
        "cell_min_voltage": Decimal(charge.car.volts10 // CELLS - 1) / 10,
        "cell_max_voltage": Decimal(charge.car.volts10 // CELLS) / 10,
        "battery_min_temperature": charge.car.celsius - 3,
        "battery_max_temperature": charge.car.celsius,
        "charging_time": min(600, charge.minutes),
        "pile_output_energy": charge.energy.quantize(Decimal("0.1")),
        "charger_no": int(gun.number),
    }


def transaction_record(gun: Telling, charge: Charge) -> dict[str, Any]:
    """0x3B: the bill (R-TX-8, R-TX-9); the parts add up to the meter difference exactly."""
    values: dict[str, Any] = {
        "transaction_serial": charge.order.serial,
        "start_time": charge.began,
        "end_time": charge.ended,
        "meter_start": charge.meter_start,
        "meter_end": charge.meter_end,
        "total_energy": charge.energy,
        "total_loss_energy": charge.loss_energy,
        "total_amount": charge.amount,
        "vin": charge.order.vin,
        "trade_flag": charge.order.trade_flag,
        "trade_time": charge.ended,
        "stop_reason": charge.stop_reason,
        "physical_card_no": charge.order.card,
    }
    for label in LABELS:
        energy = charge.part(label)
        values[f"{label}_unit_price"] = charge.model.tariff.prices[label].total
        values[f"{label}_energy"] = energy
        values[f"{label}_loss_energy"] = charge.model.with_loss(energy)
        values[f"{label}_amount"] = charge.model.amount(label, energy)
    return values
