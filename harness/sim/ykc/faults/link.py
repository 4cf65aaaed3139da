"""What goes wrong when the platform or the line lets the pile down, or pushes what nobody asked for."""

from __future__ import annotations

from decimal import Decimal

from harness.core.message import Message
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import RECORD_ENERGIES, Values, never, priced, scaled

GREW = Decimal("1.01")
ASKS_AFTER = 35.0  # s; the platform pushes a model that nobody asks for


def gives_up_after_refusal(pile: Pile) -> None:
    def heed(message: Message, now: float) -> bool:
        pile.powered = pile.powered and message.values.login_result == 0
        return True

    pile.habits.listen("login_reply", heed)


def no_reconnect(pile: Pile) -> None:
    """Dials when it boots, and never again."""

    def booted(message: Message, now: float) -> bool:
        pile.powered = False
        return True

    pile.habits.listen("login_reply", booted)


def record_not_repeated(pile: Pile) -> None:
    said: set[str] = set()

    def once(values: Values) -> Values | None:
        new = values["transaction_serial"] not in said
        said.add(values["transaction_serial"])
        return values if new else None

    pile.habits.change("transaction_record", once)


def record_grows(pile: Pile) -> None:
    """Every sending of a record counts a little more."""
    said: dict[str, int] = {}

    def grown(values: Values) -> Values:
        times = said[values["transaction_serial"]] = said.get(values["transaction_serial"], -1) + 1
        if not times:
            return values
        more = priced(scaled(values, RECORD_ENERGIES, GREW**times))
        return more | {"meter_end": values["meter_start"] + more["total_energy"]}

    pile.habits.change("transaction_record", grown)


def record_lost_at_cut(pile: Pile) -> None:
    """A charge that runs while the connection comes back is no longer known as one that owes a record."""
    lost: set[str] = set()

    def forget(message: Message, now: float) -> bool:
        lost.update(gun.charge.order.serial for gun in pile.guns.values() if gun.charge is not None)
        return True

    pile.habits.listen("login_reply", forget)
    pile.habits.change("transaction_record", lambda v: None if v["transaction_serial"] in lost else v)


def no_0x57(pile: Pile) -> None:
    """Slow to ask for its model, so that it is pushed; and that is not answered."""
    pile.habits.delays["billing_model_request"] = ASKS_AFTER
    never(pile, "billing_model_set_reply")


FAULTS = (
    KnownFault(
        name="gives_up_after_refusal",
        apply=gives_up_after_refusal,
        zh="登录被拒绝一次后不再登录",
        en="never logs in again after one login was refused",
        case="link_login_refused",
        found_by="not_back",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="no_reconnect",
        apply=no_reconnect,
        zh="连接断开后不再重连",
        en="does not connect again once the connection is gone",
        case="link_cut_idle",
        found_by="not_back",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="record_not_repeated",
        apply=record_not_repeated,
        zh="没有收到 0x40 也不重发交易记录",
        en="does not send the record again though no 0x40 came",
        case="link_record_unconfirmed",
        found_by="record_not_repeated",
        dialect="frames_split",
    ),
    KnownFault(
        name="record_grows",
        apply=record_grows,
        zh="每重发一次，交易记录的电量多 1%",
        en="the energy of the record grows by 1 % with every repeat",
        case="link_record_unconfirmed",
        found_by="record_changed",
        also=("record_differs",),
        changes="arithmetic",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="record_lost_at_cut",
        apply=record_lost_at_cut,
        zh="充电中断过线的，不上送交易记录",
        en="sends no record of a charge during which the connection was cut",
        case="link_cut_charging",
        found_by="record_lost",
        dialect="records_after_model",
    ),
    KnownFault(
        name="no_0x57",
        apply=no_0x57,
        zh="收下计费模型 0x58，但不应答 0x57",
        en="takes the billing model of 0x58, but does not answer with 0x57",
        case="single_tariff",
        found_by="model_push_unanswered",
        dialect="crc_high_first",
    ),
)
