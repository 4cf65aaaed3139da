"""What each frame tells of a pile: the facts are changed here before any watcher hears of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.protocols.ykc.audit.charges import MOST_RECORDS, Charge, Gun
from harness.protocols.ykc.audit.facts import PileFacts
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import CHARGING, START_CARD, START_VIN
from harness.protocols.ykc.tariffs import tariff_of

if TYPE_CHECKING:
    from harness.protocols.ykc.audit.scene import Seen

RECORDS_ELSEWHERE = {0x39, 0x3D, 0x3F}  # records of V1.2, V1.7 and V1.4
BURST = 5.0  # s; reports stored while offline are uploaded in quicker succession than this
WAYS = {START_CARD: "card", START_VIN: "vin"}  # start_mode


def learn(pile: PileFacts, seen: Seen) -> None:
    """A frame, either way."""
    what = LEARN.get(seen.message.name)
    if what is not None:
        what(pile, seen)


def _login(pile: PileFacts, seen: Seen) -> None:
    pile.login, pile.accepted = seen, None
    pile.logins += 1
    pile.away.back(seen.at)
    pile.edition = seen.values.protocol_version
    pile.online = True
    pile.from_first_byte = True  # a login is the first frame of a connection, wherever we began to look
    for gun in pile.guns.values():
        gun.last = gun.previous = None


def _login_reply(pile: PileFacts, seen: Seen) -> None:
    if seen.values.login_result == 0:
        pile.accepted = seen


def _time_sync(pile: PileFacts, seen: Seen) -> None:
    time = seen.values.current_time.time
    if time is not None:
        pile.clock.told(seen.at, time)


def _model_compared(pile: PileFacts, seen: Seen) -> None:
    if seen.values.verify_result == 1 and pile.tariff is not None:
        pile.models.seen(None, seen.at)  # it has another than it was given


def _model_given(pile: PileFacts, seen: Seen) -> None:
    pile.models.seen(tariff_of(seen.values), seen.at)
    _takes(pile, seen)


def _takes(pile: PileFacts, given: Seen) -> None:
    tariff = tariff_of(given.values)
    if tariff is not None:
        pile.takes(tariff, int(given.values.loss_ratio))


def _model_pushed(pile: PileFacts, seen: Seen) -> None:
    pile.models.seen(tariff_of(seen.values), seen.at)
    pile.tariff_pushed = seen


def _model_answered(pile: PileFacts, seen: Seen) -> None:
    if pile.tariff_pushed is not None and seen.values.set_result == 1:
        _takes(pile, pile.tariff_pushed)
    elif pile.tariff_pushed is None:
        pile.models.seen(None, seen.at)  # a log may lack what it answers
    pile.tariff_pushed = None


def _ordered(pile: PileFacts, seen: Seen) -> None:
    """0x34 and 0xA4."""
    serial = real_serial(seen.values.transaction_serial)
    if serial and serial not in pile.charges:
        pile.remember(Charge(serial, seen.values.gun_no, seen, "app"))


def _asked(pile: PileFacts, seen: Seen) -> None:
    """0x31 and 0xA1."""
    pile.gun(seen.values.gun_no).asked = seen


def _confirmed_start(pile: PileFacts, seen: Seen) -> None:
    """0x32 and 0xA2."""
    values = seen.values
    serial = real_serial(values.transaction_serial)
    gun = pile.gun(values.gun_no)
    asked, gun.asked = gun.asked, None
    if values.auth_success == 1 and serial and serial not in pile.charges:
        way = "" if asked is None else WAYS.get(asked.values.start_mode, "")
        charge = pile.remember(Charge(serial, values.gun_no, seen, way))
        charge.accepted, charge.asked = seen, asked


def _start_reply(pile: PileFacts, seen: Seen) -> None:
    charge = pile.charge_of(seen.values.transaction_serial)
    if charge is None:
        return
    if seen.values.start_result == 1:
        charge.accepted = charge.accepted or seen
    else:
        charge.refused = seen


def _report(pile: PileFacts, seen: Seen) -> None:
    gun = pile.gun(seen.values.gun_no)
    gun.previous, gun.last = gun.last, seen
    if seen.values.status == CHARGING and _perhaps_stored(pile, gun, seen):
        _stored(pile, gun, seen)
    elif seen.values.status == CHARGING:
        _charges(pile, gun, seen)
    elif gun.charge is not None and gun.charge.last is not None and gun.charge.ended is None:
        gun.charge.ended = seen


def _perhaps_stored(pile: PileFacts, gun: Gun, seen: Seen) -> bool:
    """Of a charge that began before this connection, and not in a row at the pace of live data?"""
    serial = real_serial(seen.values.transaction_serial)
    charge = pile.charge_of(serial) if serial else gun.charge
    if not pile.logins or (charge is not None and charge.order is not None and not charge.relogins):
        return False
    before = gun.previous
    if before is None or before.values.status != CHARGING or serial in pile.records:
        return True
    return real_serial(before.values.transaction_serial) != serial or seen.at - before.at < BURST


def _stored(pile: PileFacts, gun: Gun, seen: Seen) -> None:
    """It tells that there is or was such a charge, and nothing of how the gun is now."""
    gun.stored = seen
    serial = real_serial(seen.values.transaction_serial)
    if serial and serial not in pile.charges and serial not in pile.records:
        pile.heard_of(Charge(serial, gun.number, None, ""))


def _charges(pile: PileFacts, gun: Gun, seen: Seen) -> None:
    serial = real_serial(seen.values.transaction_serial)
    charge = pile.charge_of(serial) if serial else gun.charge
    if charge is None or (not serial and charge.records):
        charge = pile.remember(Charge(serial, gun.number, None, ""))
    gun.charge = charge
    charge.first = charge.first or seen
    charge.last, charge.ended = seen, None


def _stop(pile: PileFacts, seen: Seen) -> None:
    gun = pile.gun(seen.values.gun_no)
    gun.told_to_stop = seen
    charge = gun.charge
    if charge is not None and not charge.records:
        charge.stop = charge.stop or seen


def _stop_reply(pile: PileFacts, seen: Seen) -> None:
    charge = pile.gun(seen.values.gun_no).charge
    if charge is not None and charge.stop is not None:
        charge.stop_reply = charge.stop_reply or seen


def _record(pile: PileFacts, seen: Seen) -> None:
    pile.records.setdefault(seen.values.transaction_serial, seen)
    if len(pile.records) > pile.most_charges:
        del pile.records[next(iter(pile.records))]
    charge = pile.charge_of(seen.values.transaction_serial)
    if charge is not None and len(charge.records) < MOST_RECORDS:
        charge.records.append(seen)


def _unlisted(pile: PileFacts, seen: Seen) -> None:
    """A frame of a type that the catalogue does not list."""
    pile.other_records |= seen.up and seen.values.code in RECORDS_ELSEWHERE


LEARN = {
    "": _unlisted,
    "login": _login,
    "login_reply": _login_reply,
    "time_sync": _time_sync,
    "billing_model_verify_reply": _model_compared,
    "billing_model_request_reply": _model_given,
    "billing_model_set": _model_pushed,
    "billing_model_set_reply": _model_answered,
    "remote_start": _ordered,
    "parallel_remote_start": _ordered,
    "start_request": _asked,
    "parallel_start_request": _asked,
    "start_confirm": _confirmed_start,
    "parallel_start_confirm": _confirmed_start,
    "remote_start_reply": _start_reply,
    "parallel_remote_start_reply": _start_reply,
    "realtime_data": _report,
    "remote_stop": _stop,
    "remote_stop_reply": _stop_reply,
    "transaction_record": _record,
}

__all__ = ["learn"]
