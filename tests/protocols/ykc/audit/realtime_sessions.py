"""Real-time data: their periods, their values, the states they tell, and the BMS frames."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.edited import ALL, Edited, good, idle
from tests.protocols.ykc.audit.sessions import Sessions

SERIAL = "32010600019236012604171001400001"
OFFLINE_STOP = 0x6B
BORN: dict[str, Any] = {"battery_production_month": 6, "battery_production_day": 15}


def charging(values: Any) -> bool:
    return bool(values.status == 3)


def about(number: int) -> Callable[[Any], bool]:
    """The how manieth report of a charge (from 1), to choose it by its energy."""
    session = good()
    reports = [session.values("realtime_data", n) for n in range(len(session.frames("realtime_data")))]
    energy = [values.energy for values in reports if values.status == 3][number - 1]
    return lambda v: bool(v.status == 3 and v.energy == energy)


def without(*numbers: int) -> Edited:
    """A charge of which reports got lost."""
    session = good()
    for chosen in [about(number) for number in numbers]:
        session.drop("realtime_data", chosen)
    return session


def _idle_amid(*numbers: int) -> Edited:
    session = good()
    zeros = dict.fromkeys(
        (
            "output_voltage",
            "output_current",
            "soc",
            "charging_time",
            "remaining_time",
            "energy",
            "loss_energy",
            "amount",
        ),
        0,
    )
    cold = dict.fromkeys(("gun_cable_temperature", "battery_max_temperature"), -50)
    for chosen in [about(number) for number in numbers]:
        session.change("realtime_data", chosen, status=2, **zeros, **cold)
    return session


def _faulty_amid(*numbers: int) -> Edited:
    session = good()
    for chosen in [about(number) for number in numbers]:
        session.change("realtime_data", chosen, status=1)
    return session


def asked(session: Edited, at: float, answer_at: float | None, serial: bytes = b"\1\1", **values: Any) -> Edited:
    """0x12 for gun 1 and its answer."""
    session.down(at, "realtime_read", serial=serial, gun_no="01")
    if answer_at is not None:
        said = {"status": 2, "gun_homed": 1} | values
        session.up(answer_at, "realtime_data", serial=serial, gun_no="01", **said)
    return session


def _fault_told_when_asked(then_after: float | None) -> Edited:
    """A gun becomes faulty: the answer to 0x12 says it, a report of its own so much later."""
    session = asked(idle(), 100, 100.2, status=1)
    if then_after is not None:
        session.up(100.2 + then_after, "realtime_data", serial=b"\7\7", gun_no="01", status=1, gun_homed=1)
    return session


def _again_after_record(seconds: float) -> Edited:
    """A report that still says charging so long after the record."""
    session = good()
    last = session.frames("realtime_data")[-2]
    at = session.at("transaction_record") + seconds
    session.records.append(msgspec.structs.replace(last, at=at))
    for _ in range(int(seconds) // 10 + 2):
        for gun in ("01", "02"):
            session.up(session.frames("heartbeat")[-2].at + 10, "heartbeat", gun_no=gun)
    return session


def cut_off(record_after: float | None) -> Edited:
    """A charge that ended while the connection was broken; the record comes so long after the login, or never."""
    session = idle(900.0)
    login = session.at("login")
    beats = {id(record) for record in session.frames("heartbeat")}
    begun = [r for r in session.records if login <= r.at <= login + 0.5 and id(r) not in beats]
    values: dict[str, Any] = {"transaction_serial": SERIAL, "gun_no": "01"}
    session.down(100, "remote_start", **values, account_balance=100)
    session.up(100.2, "remote_start_reply", **values, start_result=1)
    flow: dict[str, Any] = {"status": 3, "gun_plugged": 1, "output_voltage": 400, "output_current": 100}
    session.up(101, "realtime_data", **values, **flow)
    session.up(116, "realtime_data", **values, **flow, energy="0.1667", loss_energy="0.1667", amount="0.2890")
    session.records = [r for r in session.records if not 118 <= r.at < 140]
    session.event(118, LinkChanged("lost"))
    session.records += [msgspec.structs.replace(r, at=140 + r.at - login) for r in begun]
    session.change("billing_model_verify", 1, billing_model_no="0100")
    if record_after is not None:
        session.up(140 + record_after, "transaction_record", **values, **_bill())
        session.down(140 + record_after, "transaction_record_confirm", transaction_serial=SERIAL)
    return session


def _bill() -> dict[str, Any]:
    at = datetime(2026, 4, 17, 10, 1, 40)
    return {
        "start_time": at,
        "end_time": at.replace(second=59),
        "trade_time": at.replace(second=59),
        "trade_flag": 1,
        "stop_reason": OFFLINE_STOP,
        "meter_start": 10,
        "meter_end": "10.1667",
        "sharp_unit_price": "1.734",
        "sharp_energy": "0.1667",
        "sharp_loss_energy": "0.1667",
        "sharp_amount": "0.2891",
        "total_energy": "0.1667",
        "total_loss_energy": "0.1667",
        "total_amount": "0.2891",
    }


def _falls(number: int, by: str) -> Edited:
    """From one report on the energy is less than it was."""
    session = good()
    before: Decimal = _values(number - 1).energy

    def less(value: Decimal) -> Decimal:
        return before - Decimal(by)

    return session.change("realtime_data", about(number), energy=less, loss_energy=less, amount=_priced(before, by))


def _priced(before: Decimal, by: str) -> Decimal:
    return Decimal((before - Decimal(by)) * Decimal("1.734")).quantize(Decimal("0.0001"))


def _values(number: int) -> Any:
    chosen = about(number)
    session = good()
    reports = [session.values("realtime_data", n) for n in range(len(session.frames("realtime_data")))]
    return next(values for values in reports if chosen(values))


def _last_charges_energy(number: int) -> Edited:
    """A report shows what the charge before came to."""
    return good().change("realtime_data", about(number), energy="25.0000", loss_energy="25.0000", amount="43.3500")


def _handshake_late(broken_off: bool) -> Edited:
    """A second handshake amid the charge, perhaps after an error of the exchange."""
    session = good()
    at = session.at("bms_info", 2) + 2
    serial = session.values("remote_start").transaction_serial
    if broken_off:
        session.up(at - 1, "error_report", transaction_serial=serial, gun_no="01")
    return session.up(at, "charge_handshake", transaction_serial=serial, gun_no="01", **BORN)


def _bms_on_ac() -> Edited:
    session = good(name="ac")
    serial = session.values("remote_start").transaction_serial
    return session.up(
        100, "bms_info", transaction_serial=serial, gun_no="01", battery_status_2={"charge_permission": 1}
    )


SESSIONS = {
    "realtime_late": Sessions(
        breaks=lambda: without(3),
        legal=lambda: good().move("realtime_data", 2.5, about(3)),
    ),
    "realtime_gap": Sessions(
        breaks=lambda: without(3, 4, 5), legal=lambda: good().move("realtime_data", 2.5, about(4))
    ),
    "idle_realtime_gap": Sessions(
        breaks=lambda: idle().drop("realtime_data", lambda v: v.gun_no == "02", since=200, until=400),
        legal=lambda: idle().move("realtime_data", 50, lambda v: v.gun_no == "02"),
    ),
    "change_not_reported": Sessions(
        breaks=lambda: _fault_told_when_asked(None),
        legal=lambda: _fault_told_when_asked(4.5),
    ),
    "call_not_answered": Sessions(
        breaks=lambda: asked(idle(), 100, None),
        legal=lambda: asked(idle(), 100, None).up(109, "realtime_data", gun_no="01", status=2, gun_homed=1),
    ),
    "idle_amid_charge": Sessions(breaks=lambda: _idle_amid(3, 4), legal=lambda: _faulty_amid(3, 4)),
    "idle_report_in_charge": Sessions(
        breaks=lambda: _idle_amid(3),
        legal=lambda: good().change("realtime_data", about(3), status=1),
    ),
    "charging_after_record": Sessions(breaks=lambda: _again_after_record(25), legal=lambda: _again_after_record(12)),
    "status_offline": Sessions(
        breaks=lambda: idle().change("realtime_data", lambda v: v.gun_no == "02", status=0),
        legal=lambda: idle().change("realtime_data", lambda v: v.gun_no == "02", status=1),
    ),
    "stored_record_missing": Sessions(breaks=lambda: cut_off(None), legal=lambda: cut_off(250)),
    "idle_not_zero": Sessions(
        breaks=lambda: idle().change("realtime_data", ALL, output_voltage="3.5"),
        legal=lambda: idle().change("realtime_data", ALL, gun_cable_temperature=0, gun_cable_code=b"CABLE001"),
    ),
    "idle_temperature": Sessions(
        breaks=lambda: idle().change("realtime_data", ALL, gun_cable_temperature=0),
        legal=lambda: idle().change("realtime_data", ALL, gun_homed=2),
    ),
    "ac_not_zero": Sessions(
        breaks=lambda: good(name="ac").change("realtime_data", charging, soc=55),
        legal=lambda: good(name="ac").change("realtime_data", charging, battery_max_temperature=0),
    ),
    "soc_above_100": Sessions(
        breaks=lambda: good().change("realtime_data", charging, soc=101),
        legal=lambda: good().change("realtime_data", charging, soc=100),
        strict=True,
    ),
    "energy_falls": Sessions(breaks=lambda: _falls(4, "0.05"), legal=lambda: _last_charges_energy(1)),
    "charging_time": Sessions(
        breaks=lambda: good().change("realtime_data", about(4), charging_time=5),
        legal=lambda: good().change("realtime_data", about(4), charging_time=2),
    ),
    "bms_gap": Sessions(
        breaks=lambda: good().drop("bms_info", 2),
        legal=lambda: good().move("bms_info", 2.5, 2),
    ),
    "bms_phase_missing": Sessions(
        breaks=lambda: good().drop("charge_parameter_config"),
        legal=lambda: good().move("charge_handshake", -1.1),
    ),
    "bms_phase_order": Sessions(
        breaks=lambda: _handshake_late(broken_off=False), legal=lambda: _handshake_late(broken_off=True)
    ),
    "bms_on_ac": Sessions(
        breaks=_bms_on_ac,
        legal=lambda: good(name="ac").change("realtime_data", charging, gun_cable_temperature=30),
    ),
}
