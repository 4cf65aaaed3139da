"""What goes wrong with transaction records: when they come, and what they name."""

from __future__ import annotations

from harness.core.message import Message
from harness.protocols.ykc.codes import CHARGING
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.frames import transaction_record
from harness.sim.ykc.gun import Gun
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.states import APP, CARD, STOPPED_BY_HAND
from harness.sim.ykc.ways import Values, after, always, never, utter

LATE = 45.0
SAVED_AFTER = 10.0
SWAPPED = {APP: CARD, CARD: APP}


def record_late(pile: Pile) -> None:
    pile.habits.record_delay = LATE


def record_missing(pile: Pile) -> None:
    never(pile, "transaction_record")


def billed_twice(pile: Pile) -> None:
    """What the pile keeps for itself under a serial of its own goes up too, once the order's record is confirmed."""
    said: dict[str, Values] = {}

    def keep(values: Values) -> Values:
        said[values["transaction_serial"]] = values
        return values

    def again(message: Message, now: float) -> bool:
        values = said.pop(message.values.transaction_serial, None)
        if values is not None:
            own = values | {"transaction_serial": _own_serial(pile, values)}
            after(pile, 2.0, "billed twice", lambda at: utter(pile, "transaction_record", own))
        return True

    pile.habits.change("transaction_record", keep)
    pile.habits.listen("transaction_record_confirm", again)


def _own_serial(pile: Pile, record: Values) -> str:
    return f"{pile.profile.pile_code}{record['gun_no']}{record['start_time']:%y%m%d%H%M%S}9001"


def record_before_end(pile: Pile) -> None:
    """What is saved in the midst of a charge, against a loss of power, goes up as its record."""
    said: set[str] = set()

    def saved(values: Values) -> Values:
        gun = pile.guns[values["gun_no"]]
        if values["status"] == CHARGING and gun.charge is not None and gun.charge.order.serial not in said:
            said.add(gun.charge.order.serial)
            after(pile, SAVED_AFTER, f"saved {gun.number}", lambda now: _send_saved(pile, gun, now))
        return values

    pile.habits.change("realtime_data", saved)


def _send_saved(pile: Pile, gun: Gun, now: float) -> None:
    if gun.charge is not None:
        gun.charge.advance(milliseconds(now))
        gun.charge.ended = pile.clock.time(milliseconds(now))
        utter(pile, "transaction_record", {"gun_no": gun.number, **transaction_record(gun, gun.charge)})


def wrong_transaction_serial(pile: Pile) -> None:
    pile.habits.record_serial = lambda serial: f"{(int(serial) + 1) % 10**32:032d}"


def trade_flag_swapped(pile: Pile) -> None:
    pile.habits.change("transaction_record", lambda v: v | {"trade_flag": SWAPPED.get(v["trade_flag"], APP)})


def wrong_stop_reason(pile: Pile) -> None:
    always(pile, "transaction_record", stop_reason=STOPPED_BY_HAND)


FAULTS = (
    KnownFault(
        name="record_late",
        apply=record_late,
        zh="交易记录在充电结束 45 秒后才上送",
        en="the record is sent 45 s after the end of the charge",
        case="single_tariff",
        found_by="record_late",
        also=("record_overdue",),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="record_missing",
        apply=record_missing,
        zh="不上送交易记录",
        en="no record is ever sent",
        case="single_tariff",
        found_by="record_missing",
        also=("record_overdue",),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="billed_twice",
        apply=billed_twice,
        zh="0x40 确认后，同一次充电又以桩自编的流水号上送一笔",
        en="once 0x40 came the same charge is billed again under a serial of the pile's own",
        case="two_guns_stop",
        found_by="serial_invented",
        dialect="frames_joined",
    ),
    KnownFault(
        name="record_before_end",
        apply=record_before_end,
        zh="充电开始 10 秒后保存的中间记录也当交易记录上送",
        en="what is saved ten seconds into a charge is sent as its record, and the charge goes on",
        case="link_reply_late",
        found_by="charging_after_record",
        also=("bms_phase_missing", "stop_reason_unlisted"),
        dialect="serial_own",
    ),
    KnownFault(
        name="wrong_transaction_serial",
        apply=wrong_transaction_serial,
        zh="交易记录用了另一个交易流水号",
        en="the record carries another transaction serial",
        case="single_tariff",
        found_by="serial_changed",
        also=("serial_differs",),
        changes="field",
        dialect="no_meter",
    ),
    KnownFault(
        name="trade_flag_swapped",
        apply=trade_flag_swapped,
        zh="交易标识把 APP 和卡弄反了",
        en="the trade flag confuses app and card",
        case="card",
        found_by="trade_flag_wrong",
        also=("trade_flag_unfit",),
        changes="field",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="wrong_stop_reason",
        apply=wrong_stop_reason,
        zh="停止原因总是手动停止",
        en="the stop reason is always: stopped by hand",
        case="single_tariff",
        found_by="stopped_by_other",
        also=("stop_reason_not_fitting",),
        changes="field",
        dialect="rounded_energies",
    ),
)
