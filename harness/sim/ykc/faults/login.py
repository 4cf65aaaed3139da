"""What goes wrong between the connection and the first charge: login, and asking for the billing model."""

from __future__ import annotations

from harness.core.message import Message
from harness.sim.ykc import frames
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import Values, deaf, never, utter


def talks_before_login(pile: Pile) -> None:
    """What is about to be sent when the login is made up goes out before it."""

    def report_first(values: Values) -> Values:
        for gun in pile.guns.values():
            utter(pile, "realtime_data", {"gun_no": gun.number, **frames.realtime_data(gun)})
        return values

    pile.habits.change("login", report_first)


def no_verify(pile: Pile) -> None:
    never(pile, "billing_model_verify", "billing_model_request")


def no_model_request(pile: Pile) -> None:
    def refuse(message: Message, now: float) -> bool:
        pile.say("billing_model_set_reply", {"set_result": 0}, message.serial)
        return False

    deaf(pile, "billing_model_verify_reply")
    pile.habits.listen("billing_model_set", refuse)


def model_never_kept(pile: Pile) -> None:
    def forget(message: Message, now: float) -> bool:
        pile.agenda.set("model", now + 2.0, pile.contact.request_model)
        return False

    pile.habits.listen("billing_model_request_reply", forget)


FAULTS = (
    KnownFault(
        name="talks_before_login",
        apply=talks_before_login,
        zh="登录成功之前就上送实时数据",
        en="sends real-time data before the login",
        case="single_tariff",
        found_by="before_login",
        also=("login_missing", "serial_start"),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="no_verify",
        apply=no_verify,
        zh="登录后不发 0x05，也不请求计费模型",
        en="neither verifies its billing model after the login nor asks for one",
        case="single_tariff",
        found_by="model_not_verified",
        dialect="late_model_request",
    ),
    KnownFault(
        name="no_model_request",
        apply=no_model_request,
        zh="0x06 说模型不同，桩不发 0x09，平台下发的模型也不收",
        en="told that its model differs it never asks for the right one, and refuses it when it is pushed",
        case="single_tariff",
        found_by="tariff_refused",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="model_never_kept",
        apply=model_never_kept,
        zh="收到计费模型后不保存，不停地请求",
        en="does not keep the billing model it is given and asks on and on",
        case="single_tariff",
        found_by="tariff_refused",
        dialect="frames_joined",
    ),
)
