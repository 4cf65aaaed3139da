"""What the one line of a frame in a list says: the values that count, in a few words of each language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from harness.core.fields import Bcd, Field, Opaque
from harness.core.frame import FrameType
from harness.core.message import Message, Unknown
from harness.core.pairs import Pair
from harness.core.parts import Bits, Repeat
from harness.core.rows import both_readings
from harness.core.texts import Text

# The fields of a frame that count, in the order they are said; one with "=" is said with its title. The gun comes
# first of itself. A frame that is not here shows its first own fields.
COUNT = {
    "error_report": (
        "bms_err_identification bms_err_parameter bms_err_charging bms_err_end"
        " charger_err_identification charger_err_parameter charger_err_charging charger_err_end"
    ),
    "bms_abort": "bms_abort_reason bms_abort_fault bms_abort_error",
    "charger_abort": "charger_abort_reason charger_abort_fault charger_abort_error",
    "login": "program_version pile_type gun_count= protocol_version=",
    "login_reply": "login_result",
    "heartbeat": "gun_status=",
    "heartbeat_reply": "heartbeat_ack=",
    "billing_model_verify": "billing_model_no=",
    "billing_model_verify_reply": "verify_result",
    "billing_model_request_reply": "billing_model_no= sharp_energy_price= valley_energy_price=",
    "billing_model_set": "billing_model_no= sharp_energy_price= valley_energy_price=",
    "billing_model_set_reply": "set_result=",
    "realtime_data": "status output_voltage output_current energy amount hardware_fault",
    "charge_handshake": "battery_type battery_rated_voltage= vin=",
    "charge_parameter_config": "bms_max_allowed_voltage= bms_max_allowed_current battery_soc=",
    "charge_end": "end_soc= charging_time= pile_output_energy=",
    "bms_demand_charger_output": (
        "bms_voltage_demand= bms_current_demand pile_output_voltage= pile_output_current soc="
    ),
    "bms_info": "battery_max_temperature= battery_min_temperature=",
    "start_request": "start_mode account_or_physical_card_no= vin=",
    "start_confirm": "auth_success= fail_reason= account_balance=",
    "remote_start": "account_balance= logical_card_no=",
    "remote_start_reply": "start_result= fail_reason=",
    "remote_stop_reply": "stop_result= fail_reason=",
    "transaction_record": "total_energy total_amount trade_flag stop_reason=",
    "transaction_record_confirm": "confirm_result transaction_serial",
    "balance_update": "new_balance=",
    "balance_update_reply": "update_result",
    "time_sync": "current_time",
    "time_sync_reply": "current_time",
    "qr_set": "qr_content",
    "qr_set_reply": "set_result=",
    "qr_prefix_set": "qr_prefix qr_format",
    "qr_prefix_set_reply": "set_result=",
    "remote_reboot": "exec_control",
    "remote_reboot_reply": "set_result=",
    "remote_update": "server_address server_port= file_path",
    "remote_update_reply": "update_status",
    "ground_lock_report": "lock_status parking_status alarm_status",
    "ground_lock_control": "lock_action",
    "parallel_start_request": "start_mode account_or_physical_card_no= vin= main_aux_flag",
    "parallel_start_confirm": "auth_success= fail_reason= account_balance=",
    "parallel_remote_start": "account_balance= logical_card_no=",
    "parallel_remote_start_reply": "start_result= fail_reason= main_aux_flag",
}
COMMON = ("transaction_serial", "pile_code", "gun_no")
MOST = 3  # fields of a frame that COUNT does not know
SHORT_TITLES: dict[str, Pair] = {
    "bms_voltage_demand": ("需求", "Demand"),
    "pile_output_voltage": ("输出", "Output"),
    "program_version": ("程序", "Program"),
    "sharp_energy_price": ("尖电费", "Sharp"),
    "valley_energy_price": ("谷电费", "Valley"),
    "battery_rated_voltage": ("额定", "Rated"),
    "bms_max_allowed_voltage": ("最高允许", "At most"),
    "battery_soc": ("SOC", "SOC"),
    "soc": ("SOC", "SOC"),
    "end_soc": ("SOC", "SOC"),
    "charging_time": ("时间", "Time"),
    "pile_output_energy": ("输出", "Output"),
    "stop_reason": ("停止", "Stop"),
    "auth_success": ("鉴权", "Authorisation"),
}
UNITS_ZH = {"CNY": "元", "CNY/kWh": "元/kWh", "times": "次", "year": "年", "month": "月", "day": "日"}
ACRONYMS = frozenset(("ac", "acdc", "bms", "crc", "dc", "dc20", "fc08", "hv", "qr", "rc10", "sim", "soc", "vin"))


class Said(NamedTuple):
    """A field as one line says it."""

    field: Field
    title: Pair  # ("", "") when the value speaks for itself


def one_line(message: Message) -> Pair:
    """The values that count."""
    frame = message.frame_type
    if frame is None:
        assert isinstance(message.values, Unknown)
        size = len(message.values.body)
        return f"目录里没有这个类型 · 消息体 {size} 字节", f"Not in the catalogue · body of {size} bytes"
    parts = list(_parts(frame, message.values))
    zh, en = " · ".join(zh for zh, _ in parts), " · ".join(en for _, en in parts)
    return zh, en[:1].upper() + en[1:]


def gun_of(message: Message) -> str:
    """The gun a message names, two digits; "" when it names none."""
    number = getattr(message.values, "gun_no", None)
    return "" if number is None else number if isinstance(number, str) else f"{number:02d}"


def english(name: str) -> str:
    """A name of the catalogue as words: acronyms stay, the first letter is large."""
    words = [word.upper() if word in ACRONYMS else word for word in name.split("_")]
    text = " ".join("No." if word == "no" and number else word for number, word in enumerate(words))
    return text[:1].upper() + text[1:]


def value_of(field: Field, value: Any) -> Pair:
    """A value with its unit or its meaning; a code that has one goes without its number, and without notes."""
    if isinstance(field, Bits):
        return _raised(field, value)
    if field.choices is not None and value in field.choices:
        zh, en = field.choices[value]
        return zh.partition("（")[0] or zh, en.partition(" (")[0]
    if isinstance(field, Text):
        return str(value), str(value)
    return in_units(*both_readings(field.show(value), field.choices), field.unit)


def in_units(zh: str, en: str, unit: str) -> Pair:
    """A reading with the unit named in its own language."""
    if unit in UNITS_ZH and zh.endswith(f" {unit}"):
        zh = f"{zh.removesuffix(unit)}{UNITS_ZH[unit]}"
    return zh, en


def _parts(frame: FrameType, values: Any) -> Iterator[Pair]:
    gun = _gun(values)
    if gun is not None:
        yield gun
    said = [(each, value) for each in said_of(frame) if not _says_nothing(each.field, value := _value(each, values))]
    if not said and gun is None and "pile_code" in frame.by_name:
        said = [(_as_said(frame.by_name["pile_code"], titled=True), values.pile_code)]
    for each, value in said:
        zh, en = value_of(each.field, value)
        yield f"{each.title[0]} {zh}".removeprefix(" "), f"{each.title[1]} {en}".removeprefix(" ")


def _value(said: Said, values: Any) -> Any:
    return getattr(values, said.field.name)


def _gun(values: Any) -> Pair | None:
    """The gun as a list says it: 1枪."""
    number = str(getattr(values, "gun_no", "")).lstrip("0")
    return (f"{number}枪", f"Gun {number}") if number else None


def _says_nothing(field: Field, value: Any) -> bool:
    """Left out, an empty text, the number of a card that is not there, no bit that is set, no reason to fail."""
    if value is None or value == "":
        return True
    if isinstance(field, Bits):
        return not value.raw
    if isinstance(field, Opaque | Bcd):
        return field.length >= 8 and not any(bytes.fromhex(value) if isinstance(value, str) else value)
    return field.name == "fail_reason" and value == 0


@cache
def said_of(frame: FrameType) -> tuple[Said, ...]:
    """The fields that the one line of a frame says, in their order."""
    named = COUNT.get(frame.name)
    if named is None:
        own = [field for field in frame.fields if field.name not in COMMON and not isinstance(field, Repeat)]
        return tuple(_as_said(field, titled=True) for field in own[:MOST])
    return tuple(_as_said(frame.by_name[name.rstrip("=")], name.endswith("=")) for name in named.split())


def _as_said(field: Field, titled: bool) -> Said:
    if not titled:
        return Said(field, ("", ""))
    return Said(field, SHORT_TITLES.get(field.name, (field.title, english(field.name))))


def _raised(field: Bits, value: Any) -> Pair:
    raised = [bit for bit in field.bits if bit.of(value.raw)]
    zh = "、".join(bit.title for bit in raised)
    en = ", ".join(bit.name.replace("_", " ") for bit in raised)
    return zh, en
