"""Unusual but legal: logging in, heartbeats, the billing model, the clock, records of time offline."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from harness.core.message import Message
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import Values, every

ASKS_AFTER = 8.0
OFF = timedelta(seconds=30)
FIVE_MINUTES = timedelta(minutes=5)


def one_heartbeat(pile: Pile) -> None:
    first = next(iter(pile.guns))
    pile.habits.change("heartbeat", lambda v: v if v["gun_no"] == first else None)


def late_model_request(pile: Pile) -> None:
    pile.habits.delays["billing_model_request"] = ASKS_AFTER


def asks_model_anyway(pile: Pile) -> None:
    """The model is asked for after every login, whatever 0x06 said."""

    def ask(message: Message, now: float) -> bool:
        pile.contact.request_model(now)
        return False

    pile.habits.listen("billing_model_verify_reply", ask)


def records_after_model(pile: Pile) -> None:
    """What is kept from before goes out once the model is settled (E-ORDER)."""
    pile.habits.records_first = False


def half_open(pile: Pile) -> None:
    pile.habits.hangs_up = False


def old_time_in_reply(pile: Pile) -> None:
    """0x55 gives the time before it was set (E-TZ)."""
    before: list[datetime] = []

    def remember(message: Message, now: float) -> bool:
        before[:] = [pile.clock.time(milliseconds(now))]
        return True

    pile.habits.listen("time_sync", remember)
    pile.habits.change("time_sync_reply", lambda v: v | {"current_time": before[-1]})


def clock_behind(pile: Pile) -> None:
    pile.habits.sets_clock = lambda told: told - OFF


def clock_ahead(pile: Pile) -> None:
    pile.habits.sets_clock = lambda told: told + OFF


def clock_behind_and_echoing(pile: Pile) -> None:
    """0x55 repeats what was told, though the clock is half a minute behind."""
    clock_behind(pile)
    pile.habits.change("time_sync_reply", lambda v: v | {"current_time": v["current_time"] + OFF})


def old_records(pile: Pile, every_so_often: float = 25.0) -> None:
    """Records of charges while the pile was offline come up in the midst of everything (R-RT-10)."""
    number = 0

    def upload(now: float) -> None:
        nonlocal number
        number += 1
        pile.say("transaction_record", _offline_record(pile, number, pile.clock.time(milliseconds(now))))

    every(pile, every_so_often, "old records", upload)


def _offline_record(pile: Pile, number: int, now: datetime) -> Values:
    began = now - timedelta(minutes=50 - number % 40)
    gun, energy = next(iter(pile.guns)), Decimal("3.0000")
    price = pile.model.tariff.prices["peak"].total if pile.model else Decimal("1.48790")
    return {
        "gun_no": gun,
        "transaction_serial": f"{pile.profile.pile_code}{gun}{began:%y%m%d%H%M%S}{number:04d}",
        "start_time": began,
        "end_time": began + FIVE_MINUTES,
        "trade_time": began + FIVE_MINUTES,
        "peak_unit_price": price,
        "peak_energy": energy,
        "peak_loss_energy": energy,
        "peak_amount": energy * price,
        "total_energy": energy,
        "total_loss_energy": energy,
        "total_amount": energy * price,
        "trade_flag": 4,
        "stop_reason": 0x45,
    }


DIALECTS = (
    Dialect(name="one_heartbeat", apply=one_heartbeat, zh="只给一把枪发心跳", en="heartbeats for one gun only"),
    Dialect(
        name="late_model_request",
        apply=late_model_request,
        zh="8 秒后才请求计费模型",
        en="asks for the billing model 8 s late",
    ),
    Dialect(
        name="asks_model_anyway",
        apply=asks_model_anyway,
        zh="不管 0x06 怎么说，每次登录都请求计费模型",
        en="asks for the billing model after every login, whatever 0x06 said",
    ),
    Dialect(
        name="records_after_model",
        apply=records_after_model,
        zh="重新登录后先核对计费模型，再补传交易记录",
        en="after a login the billing model is settled before kept records are sent",
    ),
    Dialect(
        name="half_open",
        apply=half_open,
        zh="重启时不关闭连接",
        en="goes down without closing its connection",
    ),
    Dialect(
        name="old_time_in_reply",
        apply=old_time_in_reply,
        zh="0x55 带的是对时前的时间",
        en="0x55 carries the time before it was set",
    ),
    Dialect(name="clock_behind", apply=clock_behind, zh="时钟慢 30 秒", en="its clock is 30 s behind"),
    Dialect(name="clock_ahead", apply=clock_ahead, zh="时钟快 30 秒", en="its clock is 30 s ahead"),
    Dialect(
        name="clock_behind_and_echoing",
        apply=clock_behind_and_echoing,
        zh="时钟慢 30 秒，0x55 照抄下发的时间",
        en="its clock is 30 s behind, 0x55 repeats what it was told",
    ),
    Dialect(
        name="old_records",
        apply=old_records,
        zh="联调中不断补传离线时的交易记录",
        en="keeps sending records of charges while it was offline",
        also=("meter_absent",),
    ),
)
