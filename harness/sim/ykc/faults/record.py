"""What goes wrong with transaction records: when they come, and what they name."""

from __future__ import annotations

from harness.core.message import Message
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.frames import transaction_record
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.states import APP, CARD, STOPPED_BY_HAND, STOPPED_REMOTELY
from harness.sim.ykc.ways import Values, after, always, never, utter

LATE = 45.0
SWAPPED = {APP: CARD, CARD: APP}


def record_late(pile: Pile) -> None:
    pile.habits.record_delay = LATE


def record_missing(pile: Pile) -> None:
    never(pile, "transaction_record")


def record_again(pile: Pile) -> None:
    """A record that was confirmed is sent again ten seconds later."""
    said: dict[str, Values] = {}

    def keep(values: Values) -> Values:
        said[values["transaction_serial"]] = values
        return values

    def again(message: Message, now: float) -> bool:
        values = said.pop(message.values.transaction_serial, None)
        if values is not None:
            after(pile, 10.0, "record again", lambda at: utter(pile, "transaction_record", values))
        return True

    pile.habits.change("transaction_record", keep)
    pile.habits.listen("transaction_record_confirm", again)


def record_before_end(pile: Pile) -> None:
    """The record leaves with the stop command, while current still flows."""

    said: set[str] = set()

    def at_once(message: Message, now: float) -> bool:
        gun = pile.guns[message.values.gun_no]
        if gun.charge is not None and gun.charge.order.serial not in said:
            said.add(gun.charge.order.serial)
            gun.charge.advance(milliseconds(now))
            gun.charge.stop_reason = STOPPED_REMOTELY
            gun.charge.ended = pile.clock.time(milliseconds(now))
            utter(pile, "transaction_record", {"gun_no": gun.number, **transaction_record(gun, gun.charge)})
        return True

    pile.habits.listen("remote_stop", at_once)
    never(pile, "transaction_record")


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
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="record_missing",
        apply=record_missing,
        zh="不上送交易记录",
        en="no record is ever sent",
        case="single_tariff",
        found_by="record_missing",
        also=("record_late",),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="record_again",
        apply=record_again,
        zh="0x40 已确认，10 秒后又上送同一条记录",
        en="sends a record again 10 s after 0x40 confirmed it",
        case="link_reply_late",
        found_by="record_after_confirm",
        dialect="frames_joined",
    ),
    KnownFault(
        name="record_before_end",
        apply=record_before_end,
        zh="收到 0x36 就上送交易记录，这时还有电流",
        en="sends the record upon 0x36, while current still flows",
        case="single_tariff",
        found_by="stop_order",
        dialect="serial_own",
    ),
    KnownFault(
        name="wrong_transaction_serial",
        apply=wrong_transaction_serial,
        zh="交易记录用了另一个交易流水号",
        en="the record carries another transaction serial",
        case="single_tariff",
        found_by="serial_changed",
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
        changes="field",
        dialect="rounded_energies",
    ),
)
