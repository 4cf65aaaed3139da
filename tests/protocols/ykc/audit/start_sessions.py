"""Identifiers, starts at the pile and from the platform, stops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.protocols.ykc.audit.edited import Edited, good, idle
from tests.protocols.ykc.audit.record_sessions import CONFIRM, OFFLINE_CARD, RECORD, offline_bill
from tests.protocols.ykc.audit.sessions import Sessions

SERIAL = "32010600019236012604171001400001"
OTHER = "32010600019236012604171001409999"
CHARGING, IDLE, FAULT = 3, 2, 1
NOT_PLUGGED, BUSY, OTHER_REASON = 5, 2, 3
VIN = "LNA001PD800186429"
CARD, LONG_CARD = bytes.fromhex("0000000032095DF0"), bytes.fromhex("1122334432095DF0")
BMS = ("charge_handshake", "charge_parameter_config", "bms_demand_charger_output", "bms_info", "charge_end")


def charging(values: Any) -> bool:
    return bool(values.status == CHARGING)


def _bill(start: float, **fields: Any) -> Edited:
    """A pile that rests and sends the record of a charge that nobody ordered."""
    bill = offline_bill(timedelta(seconds=start), **{"flag": OFFLINE_CARD} | fields)
    session = idle().up(300, RECORD, **bill)
    return session.down(300.1, CONFIRM, transaction_serial=bill["transaction_serial"])


def _in_reports(**fields: Any) -> Edited:
    """Reports of the charge name something else."""
    return good().change("realtime_data", charging, **fields)


def _stored_reports() -> Edited:
    """Stored data of a charge that was over before come up amid the next one."""
    session = good()
    now = session.at("bms_info", 2)
    for seconds in (1, 2, 3):
        session.up(now + seconds, "realtime_data", gun_no="01", transaction_serial=OTHER, **flow(5 + seconds))
    return session


def flow(kwh: float, amps: int = 100) -> dict[str, Any]:
    """What a charging gun reports."""
    energy = f"{kwh:.4f}"
    return {
        "status": CHARGING,
        "gun_plugged": 1,
        "output_voltage": 400,
        "output_current": amps,
        "energy": energy,
        "loss_energy": energy,
        "amount": f"{kwh * 1.734:.4f}",
    }


def _bms(serial: str) -> Edited:
    return good().change("bms_info", 1, transaction_serial=serial)


def _asks(**fields: Any) -> Edited:
    """A 0x31 that is refused at once, for want of anything else."""
    values = {"gun_no": "01", "start_mode": 1, "account_or_physical_card_no": CARD} | fields
    return idle().up(100, "start_request", b"\1\1", **values).down(100.1, "start_confirm", b"\1\1", **_refusal())


def _refusal() -> dict[str, Any]:
    return {"gun_no": "01", "auth_success": 0, "fail_reason": 1}


def _refused_at_the_reader(serial: str) -> Edited:
    """0x32 says no, and soon afterwards the gun charges under some serial."""
    return _asks().up(110, "realtime_data", gun_no="01", transaction_serial=serial, **flow(0)).cut(119)


def _without_bms(session: Edited) -> Edited:
    for name in BMS:
        session.drop(name)
    return session


def ordered(*replies: tuple[float, int, int], reports: tuple[tuple[float, dict[str, Any]], ...] = ()) -> Edited:
    """0x34 at 100 s to a gun of an AC pile, with 0x33 (after, result, reason) and 0x13 (after, values)."""
    session = idle(300, "ac")
    order = {"gun_no": "01", "transaction_serial": _serial(session)}
    session.down(100, "remote_start", b"\1\1", **order, physical_card_no=CARD)
    for after, result, reason in replies:
        session.up(100 + after, "remote_start_reply", b"\1\1", **order, start_result=result, fail_reason=reason)
    for after, values in reports:
        serial = order["transaction_serial"] if values.get("status") == CHARGING else "0" * 32
        session.up(100 + after, "realtime_data", gun_no="01", transaction_serial=serial, **values)
    return session


def _serial(session: Edited) -> str:
    return str(session.values("login").pile_code) + "01260417100140" + "0001"


def plug(state: int, status: int = IDLE) -> dict[str, Any]:
    """What a gun reports that does not charge."""
    return {"status": status, "gun_plugged": state, "gun_homed": 0}


def starts(after: float, kwh: float = 0) -> tuple[float, dict[str, Any]]:
    return after, flow(kwh, 16)


def _runs() -> list[tuple[float, dict[str, Any]]]:
    """Reports of a charge every 15 s."""
    return [starts(7 + 15 * n, n / 50) for n in range(8)]


def stop_goes_on(seconds: float, amps: int) -> Edited:
    """After 0x36 the gun still reports charging, so much later with so much current."""
    session = good("single_tariff", "ac", after=100)
    stop = session.at("remote_stop")
    for name in ("realtime_data", RECORD, CONFIRM, "charge_end"):
        if any(r.at > stop + 0.001 for r in session.frames(name)):
            session.drop(name, since=stop + 0.001)
    last = session.values("realtime_data", -1)
    serial = last.transaction_serial
    kwh = float(last.energy)
    session.up(stop + seconds, "realtime_data", gun_no="01", transaction_serial=serial, **flow(kwh, amps))
    return session.cut(stop + seconds + 10)


def app_stop(result: int, still: bool) -> Edited:
    """0x36 for a charge by card, its answer, and whether it goes on."""
    session = good("card", "ac", after=100)
    stop = session.at("remote_stop")
    session.change("remote_stop_reply", stop_result=result, fail_reason=0 if result else OTHER_REASON)
    if not still:
        return session
    for name in ("realtime_data", RECORD, CONFIRM):
        session.drop(name, since=stop + 0.001)
    last = session.values("realtime_data", -1)
    session.up(
        stop + 12,
        "realtime_data",
        gun_no="01",
        transaction_serial=last.transaction_serial,
        **flow(float(last.energy), 16),
    )
    return session.cut(stop + 14)


def pulled(goes_on: float, record: bool) -> Edited:
    """The gun is pulled amid the charge; it goes on for so long, with or without a record."""
    session = good("single_tariff", "ac", after=100)
    at = session.at("remote_stop") - 0.001
    bill, beats = session.frames(RECORD)[0], session.frames("heartbeat")
    last = [r for r in session.frames("realtime_data") if charging(session.read(r).values)][-1]
    session.cut(at)
    pulled = {"gun_no": "01", "transaction_serial": session.read(bill).values.transaction_serial}
    pulled |= flow(float(session.read(last).values.energy), 16) | {"gun_plugged": 0}
    session.up(at, "realtime_data", **pulled)
    if goes_on:
        session.up(at + goes_on, "realtime_data", **pulled)
    session.up(at + goes_on + 0.1, "realtime_data", gun_no="01", **plug(0))
    session.add([r for r in beats if at < r.at < at + 20], 0)
    if record:
        session.add([bill], at + goes_on + 1 - bill.at)
        session.change(RECORD, stop_reason=0x6B)
        session.down(at + goes_on + 1.1, CONFIRM, transaction_serial=pulled["transaction_serial"])
    return session


SESSIONS = {
    "gun_not_decimal": Sessions(
        breaks=lambda: idle().up(101, "charge_end", gun_no="0A"),
        legal=lambda: idle(name="four-guns").up(101, "charge_end", gun_no="04"),
        strict=True,
    ),
    "gun_unknown": Sessions(
        breaks=lambda: idle().up(101, "charge_end", gun_no="03"),
        legal=lambda: idle(name="four-guns").up(101, "charge_end", gun_no="03"),
    ),
    "serial_form": Sessions(
        breaks=lambda: _bill(-600, transaction_serial="32010600019236012026041710002801"),
        legal=lambda: _bill(-600, transaction_serial="32010600019236012504171000280001"),
    ),
    "serial_invented": Sessions(breaks=lambda: _bill(120, flag=2), legal=lambda: _bill(-600, flag=1)),
    "serial_differs": Sessions(
        breaks=lambda: _in_reports(transaction_serial=OTHER),
        legal=_stored_reports,
    ),
    "bms_serial_changed": Sessions(
        breaks=lambda: _bms(OTHER),
        legal=lambda: good("two_guns_stop").move("charge_end", 1.0),
    ),
    "account_start": Sessions(
        breaks=lambda: _asks(start_mode=2),
        legal=lambda: _asks(account_or_physical_card_no=bytes(8)),
    ),
    "vin_in_order": Sessions(
        breaks=lambda: _asks(start_mode=3, vin=VIN[::-1]),
        legal=lambda: _asks(start_mode=3, vin="LNA001PD800186420"),
    ),
    "vin_partly": Sessions(
        breaks=lambda: _asks(start_mode=3, vin=VIN[:16]),
        legal=lambda: _asks(start_mode=3, vin=VIN),
    ),
    "vin_not_zero": Sessions(
        breaks=lambda: _asks(vin=VIN),
        legal=lambda: _asks(vin=bytes(17)),
    ),
    "password_form": Sessions(
        breaks=lambda: _asks(password_required=1, password="0123456789ABCDEF"),
        legal=lambda: _asks(password_required=1, password="0123456789abcdef"),
    ),
    "charging_ungranted": Sessions(
        breaks=lambda: _refused_at_the_reader("0" * 32),
        legal=lambda: _refused_at_the_reader(OTHER),
    ),
    "record_vin": Sessions(
        breaks=lambda: good("vin").change(RECORD, vin=VIN[::-1]),
        legal=lambda: good("vin").change(RECORD, vin="LNA001PD800186420"),
    ),
    "card_changed": Sessions(
        breaks=lambda: good("card").change(RECORD, physical_card_no=CARD[:4] + CARD[4:][::-1]),
        legal=lambda: good().change(RECORD, physical_card_no=bytes(8)),
    ),
    "card_filled_behind": Sessions(
        breaks=lambda: good("card").change(RECORD, physical_card_no=CARD[4:] + CARD[:4]),
        legal=lambda: (
            good("card")
            .change("start_request", account_or_physical_card_no=LONG_CARD)
            .change(RECORD, physical_card_no=LONG_CARD)
        ),
    ),
    "start_reply_missing": Sessions(
        breaks=lambda: ordered((12, 0, BUSY)),
        legal=lambda: ordered((9, 0, BUSY)),
    ),
    "charging_overdue": Sessions(
        breaks=lambda: ordered((1, 1, 0), reports=((0.5, plug(1)), starts(95))).cut(199),
        legal=lambda: ordered((1, 1, 0), reports=((0.5, plug(1)), (60, plug(1, FAULT)))),
    ),
    "start_reply_too_late": Sessions(
        breaks=lambda: ordered((95, 1, 0), reports=((0.5, plug(1)),)).cut(197),
        legal=lambda: ordered((1, 0, NOT_PLUGGED), (63, 1, 0), reports=((59, plug(1)),)).cut(250),
    ),
    "charges_unconfirmed": Sessions(
        breaks=lambda: ordered(reports=((0.5, plug(1)), *_runs())).cut(205),
        legal=lambda: ordered((9, 1, 0), reports=((0.5, plug(1)), *_runs())).cut(205),
    ),
    "charging_refused": Sessions(
        breaks=lambda: ordered((1, 0, BUSY), reports=((0.5, plug(1)), starts(7))).cut(115),
        legal=lambda: good("link_start_twice"),
    ),
    "start_unplugged": Sessions(
        breaks=lambda: ordered((1, 1, 0), reports=((-50, plug(1)), (-40, plug(0)), (10, plug(0)))).cut(185),
        legal=lambda: ordered((1, 1, 0), reports=((-50, plug(1)), (-40, plug(0)), (1.5, plug(1)))).cut(185),
    ),
    "grace_missed": Sessions(
        breaks=lambda: ordered((1, 0, NOT_PLUGGED), reports=((30, plug(1)),)),
        legal=lambda: ordered((1, 0, NOT_PLUGGED), reports=((61, plug(1)),)),
    ),
    "grace_over": Sessions(
        breaks=lambda: ordered((1, 0, NOT_PLUGGED), (70, 1, 0), reports=((69, plug(1)),)).cut(255),
        legal=lambda: ordered((1, 0, NOT_PLUGGED), (64, 1, 0), reports=((58, plug(1)),)).cut(250),
    ),
    "second_start_reply": Sessions(
        breaks=lambda: ordered((1, 0, BUSY), (30, 1, 0)).cut(185),
        legal=lambda: ordered((1, 0, NOT_PLUGGED), (30, 1, 0), reports=((29, plug(1)),)).cut(215),
        strict=True,
    ),
    "reason_with_success": Sessions(
        breaks=lambda: good().change("remote_stop_reply", fail_reason=3),
        legal=lambda: good().change("remote_stop_reply", stop_result=0, fail_reason=3),
    ),
    "failure_without_reason": Sessions(
        breaks=lambda: ordered((1, 0, 0)),
        legal=lambda: ordered((1, 0, OTHER_REASON)),
    ),
    "stop_reply_missing": Sessions(
        breaks=lambda: good("link_stop_idle", after=20).drop("remote_stop_reply"),
        legal=lambda: good("link_stop_idle", after=20).move("remote_stop_reply", 9),
    ),
    "charging_after_stop": Sessions(breaks=lambda: stop_goes_on(16, 30), legal=lambda: stop_goes_on(14, 30)),
    "app_stop_refused": Sessions(breaks=lambda: app_stop(0, still=True), legal=lambda: app_stop(0, still=False)),
    "stop_order": Sessions(
        breaks=lambda: good(after=20).move("remote_stop_reply", 7),
        legal=lambda: good(after=20).move("remote_stop_reply", 0.5),
    ),
    "charging_unplugged": Sessions(breaks=lambda: pulled(7, record=True), legal=lambda: pulled(3, record=True)),
    "record_after_pull": Sessions(breaks=lambda: pulled(0, record=False), legal=lambda: pulled(0, record=True)),
}
