"""What each frame of the platform makes a pile do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.core.message import Message
from harness.protocols.ykc.codes import WHEN_IDLE
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.gun import Gun
from harness.sim.ykc.states import MISMATCH
from harness.sim.ykc.tariff import read_model
from harness.sim.ykc.upgrade import WRONG_CODE

if TYPE_CHECKING:
    from harness.sim.ykc.pile import Pile

Order = Callable[["Pile", Message, float], None]

QR_STORED_A, QR_STORED_C = 1, 0  # success in 0x59 and in 0xF1
LEAST_POWER, MOST_POWER = 30, 100


def gun_of(pile: Pile, message: Message) -> Gun | None:
    """The gun a frame is about; None when it is another pile's or there is no such gun."""
    values = message.values
    if values.pile_code != pile.profile.pile_code:
        return None
    return pile.guns.get(values.gun_no)


def ours(pile: Pile, message: Message) -> bool:
    """Is this frame about this pile?"""
    return bool(message.values.pile_code == pile.profile.pile_code)


def login_reply(pile: Pile, message: Message, now: float) -> None:
    if ours(pile, message):
        pile.contact.login_reply(message.values, now)


def heartbeat_reply(pile: Pile, message: Message, now: float) -> None:
    pile.contact.heartbeat_reply()


def billing_model_verify_reply(pile: Pile, message: Message, now: float) -> None:
    if ours(pile, message):
        pile.contact.verified(message.values, now)


def billing_model_request_reply(pile: Pile, message: Message, now: float) -> None:
    """0x0A: taken if it makes sense, else asked for again."""
    model = read_model(message.values) if ours(pile, message) else None
    if model is not None:
        pile.take_model(model)
        pile.contact.model_settled(now)


def billing_model_set(pile: Pile, message: Message, now: float) -> None:
    """0x58 (R-BM-10)."""
    if not ours(pile, message):
        return
    model = read_model(message.values)
    if model is not None:
        pile.take_model(model)
    pile.say("billing_model_set_reply", {"set_result": int(model is not None)}, message.serial)


def time_sync(pile: Pile, message: Message, now: float) -> None:
    """0x56: the answer carries the new time (E-TZ leaves that open); a time that is none changes nothing."""
    if not ours(pile, message):
        return
    told = message.values.current_time.time
    if told is not None:
        pile.set_clock(told, now)
    time = pile.clock.time(milliseconds(now))
    pile.say("time_sync_reply", {"current_time": time}, message.serial)


def realtime_read(pile: Pile, message: Message, now: float) -> None:
    gun = gun_of(pile, message)
    if gun is not None:
        gun.report(now, message.serial)


def start_confirm(pile: Pile, message: Message, now: float) -> None:
    gun = gun_of(pile, message)
    if gun is not None:
        gun.confirm(message.values, now)


def remote_start(pile: Pile, message: Message, now: float) -> None:
    gun = gun_of(pile, message)
    if gun is not None:
        gun.remote_start(message.values, message.serial, now)
        return
    values = message.values
    answer = {"transaction_serial": values.transaction_serial, "gun_no": values.gun_no, "fail_reason": MISMATCH}
    pile.say("remote_start_reply", answer, message.serial)


def remote_stop(pile: Pile, message: Message, now: float) -> None:
    gun = gun_of(pile, message)
    if gun is not None:
        gun.remote_stop(message.serial, now)
        return
    answer = {"gun_no": message.values.gun_no, "stop_result": 0, "fail_reason": MISMATCH}
    pile.say("remote_stop_reply", answer, message.serial)


def transaction_record_confirm(pile: Pile, message: Message, now: float) -> None:
    pile.records.confirmed(message.values.transaction_serial, message.values.confirm_result)


def work_param_set(pile: Pile, message: Message, now: float) -> None:
    """0x52: a limit below 30 % or above 100 % is refused and changes nothing (E-52)."""
    if not ours(pile, message):
        return
    fits = LEAST_POWER <= message.values.max_output_power <= MOST_POWER
    if fits:
        pile.working = message.values.work_permission == 0
        pile.power_percent = message.values.max_output_power
    pile.say("work_param_set_reply", {"set_result": int(fits)}, message.serial)


def remote_reboot(pile: Pile, message: Message, now: float) -> None:
    """0x92: answered, then carried out (R-RB-1)."""
    if ours(pile, message):
        pile.say("remote_reboot_reply", {"set_result": 1}, message.serial)
        pile.reboot_soon(now, when_idle=message.values.exec_control == WHEN_IDLE)


def remote_update(pile: Pile, message: Message, now: float) -> None:
    if ours(pile, message):
        pile.upgrade.command(message.values, message.serial, now)
    else:
        pile.say("remote_update_reply", {"update_status": WRONG_CODE}, message.serial)


def qr_set(pile: Pile, message: Message, now: float) -> None:
    """0x5A; a pile of another dialect does not know it and stays silent."""
    gun = gun_of(pile, message)
    if gun is not None and pile.profile.qr_dialect == "5A":
        gun.qr = pile.habits.keeps_qr(str(message.values.qr_content))
        gun.say("qr_set_reply", {"set_result": QR_STORED_A}, message.serial)


def qr_prefix_set(pile: Pile, message: Message, now: float) -> None:
    """0xF0: the pile composes the text: prefix, pile code, and with format 1 the gun."""
    if not ours(pile, message) or pile.profile.qr_dialect != "F0":
        return
    values = message.values
    for gun in pile.guns.values():
        text = str(values.qr_prefix) + pile.profile.pile_code + (gun.number if values.qr_format == 1 else "")
        gun.qr = pile.habits.keeps_qr(text)
    pile.say("qr_prefix_set_reply", {"set_result": QR_STORED_C}, message.serial)


ORDERS: dict[str, Order] = {
    "login_reply": login_reply,
    "heartbeat_reply": heartbeat_reply,
    "billing_model_verify_reply": billing_model_verify_reply,
    "billing_model_request_reply": billing_model_request_reply,
    "billing_model_set": billing_model_set,
    "time_sync": time_sync,
    "realtime_read": realtime_read,
    "start_confirm": start_confirm,
    "remote_start": remote_start,
    "remote_stop": remote_stop,
    "transaction_record_confirm": transaction_record_confirm,
    "work_param_set": work_param_set,
    "remote_reboot": remote_reboot,
    "remote_update": remote_update,
    "qr_set": qr_set,
    "qr_prefix_set": qr_prefix_set,
}
