"""Transaction records: what they say, what they add up to, when they come and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from harness.core.journal import EventSeen, LinkChanged
from tests.protocols.ykc.audit.edited import Edited, good, idle
from tests.protocols.ykc.audit.sessions import Sessions

RECORD = "transaction_record"
CONFIRM = "transaction_record_confirm"
BY_HAND = 0x45
OFFLINE_CARD = 4
OFFLINE_SERIAL = "32010600019236012604171001400001"


def more(by: str) -> Callable[[Any], Any]:
    """A number that is so much higher."""
    return lambda value: value + Decimal(by)


def changed(case: str = "single_tariff", name: str = "demo", **fields: Any) -> Edited:
    """A good session whose record says something else."""
    return good(case, name).change(RECORD, **fields)


def _without_meter(**fields: Any) -> Edited:
    return changed(meter_start=0, meter_end=0, **fields)


def _late(seconds: float) -> Edited:
    """The record comes so long after the charge's end."""
    session = good(after=400)
    wait = session.at("charge_end") + seconds - session.at(RECORD)
    return session.move(RECORD, wait).move(CONFIRM, wait)


def _unconfirmed(repeats: tuple[float, ...], confirmed: float | None = None) -> Edited:
    """A record without 0x40 that is sent again at so many seconds after the first time."""
    session = good(after=500).drop(CONFIRM)
    for seconds in repeats:
        session.again(RECORD, seconds)
    if confirmed is not None:
        serial = session.values(RECORD).transaction_serial
        session.down(session.at(RECORD) + confirmed, CONFIRM, transaction_serial=serial)
    return session


def _repeat_says(**fields: Any) -> Edited:
    return _unconfirmed((30.0,), 31.0).change(RECORD, 1, **fields)


def _again_after_confirm(seconds: float) -> Edited:
    return good(after=60).again(RECORD, seconds).again(CONFIRM, seconds + 0.1)


def _back_without_record(comes: bool) -> Edited:
    """The connection breaks before 0x40; the pile comes back, and the record comes again or does not."""
    session = good("link_cut_idle", after=600)
    links = [r for r in session.records if isinstance(r, EventSeen) and isinstance(r.event, LinkChanged)]
    lost = next(r.at for r in links if isinstance(r.event, LinkChanged) and r.event.what == "lost")
    values = offline_bill(start=timedelta(minutes=-30), flag=1)
    session.up(lost - 0.01, RECORD, **values)
    if comes:
        session.up(lost + 200, RECORD, **values)
        session.down(lost + 200.1, CONFIRM, transaction_serial=OFFLINE_SERIAL)
    return session


def offline_bill(start: timedelta, flag: int, **fields: Any) -> dict[str, Any]:
    """A record of a charge that nobody ordered, begun so long after ten o'clock."""
    began = datetime(2026, 4, 17, 10) + start
    ended = began + timedelta(seconds=90)
    return {
        "transaction_serial": OFFLINE_SERIAL,
        "gun_no": "01",
        "start_time": began,
        "end_time": ended,
        "trade_time": ended,
        "trade_flag": flag,
        "stop_reason": BY_HAND,
        "meter_start": 10,
        "meter_end": 10,
    } | fields


def _away(flag: int) -> Edited:
    """A record of a charge that began in five minutes without a connection."""
    session = idle(900)
    lost, back = 200.0, 500.0
    login = session.at("login")
    left_out = {
        id(r) for name in ("heartbeat", "heartbeat_reply", "time_sync", "time_sync_reply") for r in session.frames(name)
    }
    begun = [r for r in session.records if login <= r.at <= login + 0.3 and id(r) not in left_out]
    session.records = [r for r in session.records if not lost <= r.at < back]
    session.event(lost, LinkChanged("lost"))
    session.add(begun, back - login)
    session.change("billing_model_verify", -1, billing_model_no="0100")
    session.up(back + 1, RECORD, **offline_bill(timedelta(seconds=320), flag))
    return session.down(back + 1.1, CONFIRM, transaction_serial=OFFLINE_SERIAL)


def _times(seconds: float, **which: Any) -> Edited:
    """Times in the record are so much off."""

    def off(moment: Any) -> Any:
        return moment.time + timedelta(seconds=seconds)

    return changed(**dict.fromkeys(which or ("start_time", "end_time", "trade_time"), off))


def _coarse(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


ENERGIES = tuple(f"{label}_energy" for label in ("sharp", "peak", "flat", "valley"))

SESSIONS = {
    "sum_of_parts": Sessions(
        breaks=lambda: changed(total_loss_energy=more("0.0050")),
        legal=lambda: changed(total_loss_energy=more("0.0010")),
    ),
    "sum_of_amounts": Sessions(
        breaks=lambda: changed(total_amount=more("0.0101")),
        legal=lambda: changed(total_amount=more("-0.0100")),
    ),
    "price_times_energy": Sessions(
        breaks=lambda: changed(sharp_amount=more("0.0120"), total_amount=more("0.0120")),
        legal=lambda: changed(sharp_amount=_coarse, total_amount=_coarse),
    ),
    "meter_difference": Sessions(
        breaks=lambda: changed(meter_end=more("0.0020")),
        legal=lambda: changed(meter_start=0, meter_end=0),
    ),
    "sums_far_off": Sessions(
        breaks=lambda: changed(meter_end=more("0.5")),
        legal=lambda: changed(meter_end=more("0.0010")),
    ),
    "meter_absent": Sessions(
        breaks=lambda: _without_meter(total_energy=_coarse, total_loss_energy=_coarse),
        legal=lambda: changed(meter_start=0, meter_end=lambda _: good().values(RECORD).total_energy),
    ),
    "record_gun": Sessions(
        breaks=lambda: changed(gun_no="02"),
        legal=lambda: (
            idle()
            .up(100, RECORD, **offline_bill(timedelta(-1), OFFLINE_CARD))
            .down(100.1, CONFIRM, transaction_serial=OFFLINE_SERIAL)
        ),
    ),
    "trade_flag_unfit": Sessions(
        breaks=lambda: changed("card", trade_flag=OFFLINE_CARD),
        legal=lambda: _away(OFFLINE_CARD),
    ),
    "trade_flag_unlisted": Sessions(
        breaks=lambda: changed(trade_flag=9),
        legal=lambda: _away(OFFLINE_CARD),
    ),
    "offline_flag": Sessions(breaks=lambda: _away(2), legal=lambda: _away(OFFLINE_CARD)),
    "unit_price": Sessions(
        breaks=lambda: changed(
            sharp_unit_price="1.31250",
            sharp_amount=lambda _: _energy_fee(),
            total_amount=lambda _: _energy_fee(),
        ),
        legal=lambda: changed(peak_unit_price=0, valley_unit_price=0),
    ),
    "stop_reason_not_fitting": Sessions(
        breaks=lambda: changed(stop_reason=BY_HAND),
        legal=lambda: good("estop").change(RECORD, stop_reason=0x90),
    ),
    "stop_reason_unlisted": Sessions(
        breaks=lambda: changed("estop", stop_reason=0xE2),
        legal=lambda: changed("estop", stop_reason=0x90),
    ),
    "stop_reason_reserved": Sessions(
        breaks=lambda: changed("estop", stop_reason=0x8A),
        legal=lambda: changed("estop", stop_reason=0x89),
    ),
    "record_energy": Sessions(
        breaks=lambda: _scaled(Decimal(10)),
        legal=lambda: good().drop("realtime_data", lambda v: v.status == 3 and v.energy > Decimal("1.17")),
    ),
    "record_overdue": Sessions(breaks=lambda: _late(34), legal=lambda: _late(31)),
    "record_absent": Sessions(
        breaks=lambda: good(after=400).drop(RECORD).drop(CONFIRM),
        legal=lambda: _late(32),
    ),
    "record_not_repeated": Sessions(breaks=lambda: _unconfirmed(()), legal=lambda: _unconfirmed((350.0,))),
    "record_repeat_interval": Sessions(
        breaks=lambda: _unconfirmed((10.0, 40.0), 41.0), legal=lambda: _unconfirmed((35.0, 60.0), 61.0)
    ),
    "record_too_often": Sessions(
        breaks=lambda: _unconfirmed((30.0, 60.0, 90.0, 120.0), 121.0),
        legal=lambda: _unconfirmed((30.0, 60.0, 90.0), 200.0),
    ),
    "record_differs": Sessions(
        breaks=lambda: _repeat_says(stop_reason=BY_HAND),
        legal=lambda: _repeat_says(trade_time=datetime(2026, 4, 17, 10, 3)),
    ),
    "record_after_confirm": Sessions(breaks=lambda: _again_after_confirm(10), legal=lambda: _again_after_confirm(1.5)),
    "record_dropped": Sessions(breaks=lambda: _back_without_record(False), legal=lambda: _back_without_record(True)),
    "record_times": Sessions(breaks=lambda: _times(-200), legal=lambda: _times(55)),
}


def _energy_fee() -> Decimal:
    return Decimal(good().values(RECORD).sharp_energy * Decimal("1.31250")).quantize(Decimal("0.0001"))


def _scaled(factor: Decimal) -> Edited:
    """A record whose numbers are consistent, and so many times too big."""
    names = [*(f"{n}" for n in ENERGIES), "total_energy", "total_amount"]
    names += [name.replace("energy", "loss_energy") for name in (*ENERGIES, "total_energy")]
    names += [name.replace("energy", "amount") for name in ENERGIES]
    session = changed(**dict.fromkeys(names, lambda value: value * factor))
    start = session.values(RECORD).meter_start
    return session.change(RECORD, meter_end=start + session.values(RECORD).total_energy)
