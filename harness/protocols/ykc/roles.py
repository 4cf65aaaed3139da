"""What YKC frames are for, in the words of core/ports.py, and what in a reply says yes."""

from __future__ import annotations

from typing import Any

from harness.core.message import Message

ROLES = {
    "login": "login",
    "login_reply": "login_reply",
    "heartbeat": "heartbeat",
    "heartbeat_reply": "heartbeat_reply",
    "billing_model_request": "tariff_request",
    "billing_model_request_reply": "tariff",
    "billing_model_set": "tariff",
    "billing_model_set_reply": "tariff_reply",
    "realtime_read": "read_request",
    "realtime_data": "reading",
    "start_request": "ask_start",
    "start_confirm": "ask_start_reply",
    "remote_start": "start",
    "remote_start_reply": "start_reply",
    "remote_stop": "stop",
    "remote_stop_reply": "stop_reply",
    "transaction_record": "record",
    "transaction_record_confirm": "record_reply",
    "time_sync": "time",
    "time_sync_reply": "time_reply",
    "remote_reboot": "reboot",
    "remote_reboot_reply": "reboot_reply",
    "remote_update": "update",
    "remote_update_reply": "update_reply",
    "qr_set": "qr",
    "qr_set_reply": "qr_reply",
    "qr_prefix_set": "qr",
    "qr_prefix_set_reply": "qr_reply",
}

# Which field of a reply reports, and which of its values is success. The result byte alone decides (E-43); F1 is
# the other way round from all others (ykc-qr: captures show 0 for success).
RESULTS: dict[str, tuple[str, int]] = {
    "login_reply": ("login_result", 0),
    "billing_model_verify_reply": ("verify_result", 0),
    "billing_model_set_reply": ("set_result", 1),
    "start_confirm": ("auth_success", 1),
    "remote_start_reply": ("start_result", 1),
    "remote_stop_reply": ("stop_result", 1),
    "transaction_record_confirm": ("confirm_result", 0),
    "balance_update_reply": ("update_result", 0),
    "offline_card_sync_reply": ("save_result", 1),
    "work_param_set_reply": ("set_result", 1),
    "ground_lock_control_reply": ("control_result", 1),
    "remote_reboot_reply": ("set_result", 1),
    "remote_update_reply": ("update_status", 0),
    "parallel_start_confirm": ("auth_success", 1),
    "parallel_remote_start_reply": ("start_result", 1),
    "qr_set_reply": ("set_result", 1),
    "qr_prefix_set_reply": ("set_result", 0),
}


def succeeded(message: Message) -> bool | None:
    """Does a reply report success? None when the frame reports neither."""
    found = RESULTS.get(message.name)
    if found is None:
        return None
    field, success = found
    return bool(getattr(message.values, field) == success)


def fail_reason(message: Message) -> tuple[str, str]:
    """The reason a negative reply gives: its `fail_reason`, else what its result byte means."""
    frame_type = message.frame_type
    if frame_type is None or message.name not in RESULTS:
        return "", ""
    fields = frame_type.by_name
    field = "fail_reason" if "fail_reason" in fields else RESULTS[message.name][0]
    code: Any = getattr(message.values, field)
    return (fields[field].choices or {}).get(code, (f"未列出的代码 0x{code:02X}", f"code 0x{code:02X}, not listed"))
