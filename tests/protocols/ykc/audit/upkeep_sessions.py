"""Replies that have to come, stored cards, balance, clock, parking lock, restart, update."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.edited import ALL, Edited, good, idle
from tests.protocols.ykc.audit.sessions import Sessions

AT_ONCE, WHEN_IDLE = 1, 2
CARD, OTHER = bytes.fromhex("0000000032095DF0"), bytes.fromhex("0000000011223344")


def _asks(frame: str, **values: Any) -> Edited:
    """A pile at rest that is asked something at 100 s and does not answer."""
    return idle().down(100, frame, **values)


def _answers(asked: str, values: dict[str, Any], reply: str, answer: dict[str, Any], after: float = 9.0) -> Edited:
    return _asks(asked, **values).up(100 + after, reply, **answer)


def _silent_and_late(asked: str, values: dict[str, Any], reply: str, answer: dict[str, Any]) -> Sessions:
    return Sessions(
        breaks=lambda: _asks(asked, **values), legal=lambda: _answers(asked, values, reply, answer, after=10.4)
    )


def cards_of(*cards: bytes, **more: Any) -> list[dict[str, Any]]:
    return [{"physical_card_no": card, **more} for card in cards]


def _query(asked: bytes, told: bytes) -> Edited:
    return _answers(
        "offline_card_query",
        {"cards": cards_of(asked)},
        "offline_card_query_reply",
        {"cards": cards_of(told, query_result=1)},
        after=1,
    )


def _stored_then_queried(result: int) -> Edited:
    session = _answers(
        "offline_card_sync", {"cards": cards_of(CARD)}, "offline_card_sync_reply", {"save_result": 1}, after=1
    )
    session.down(120, "offline_card_query", cards=cards_of(CARD))
    return session.up(121, "offline_card_query_reply", cards=cards_of(CARD, query_result=result))


def _cleared_then_charged(minutes: float) -> Edited:
    """A card that is cleared, and the record of an offline charge that began so many minutes after that."""
    session = _answers(
        "offline_card_clear",
        {"cards": cards_of(CARD)},
        "offline_card_clear_reply",
        {"cards": cards_of(CARD, clear_result=1)},
        after=1,
    )
    began = datetime(2026, 4, 17, 10, 1, 41) + timedelta(minutes=minutes)
    ended = began + timedelta(minutes=1)
    return session.up(
        500,
        "transaction_record",
        transaction_serial=f"3201060001923601{began:%y%m%d%H%M%S}0001",
        gun_no="01",
        start_time=began,
        end_time=ended,
        trade_time=ended,
        trade_flag=4,
        stop_reason=0x45,
        physical_card_no=CARD,
    ).down(500, "transaction_record_confirm", transaction_serial=f"3201060001923601{began:%y%m%d%H%M%S}0001")


def topped_up(card: bytes, result: int) -> Edited:
    session = good()
    at = session.at("remote_stop") - 5
    session.down(at, "balance_update", gun_no="01", physical_card_no=card, new_balance="50.00")
    return session.up(at + 0.2, "balance_update_reply", physical_card_no=card, update_result=result)


def _limited(percent: int, result: int) -> Edited:
    return _answers(
        "work_param_set",
        {"max_output_power": percent},
        "work_param_set_reply",
        {"set_result": result},
        after=1,
    )


def _shown(minutes: float) -> Edited:
    """A second 0x56, and a 0x55 that is so many minutes off."""
    now = datetime(2026, 4, 17, 10, 5, 0)
    session = idle().down(300, "time_sync", current_time=now)
    return session.up(300.1, "time_sync_reply", current_time=now + timedelta(minutes=minutes))


def _lock(every: float, **values: Any) -> Edited:
    session = idle(1400.0)
    for number in range(1, 1 + int(1300 / every)):
        session.up(every * number, "ground_lock_report", gun_no=1, lock_status=0x55, **values)
    return session


def _moved_lock(reports: bool) -> Edited:
    session = idle(1400.0).up(50, "ground_lock_report", gun_no=1, lock_status=0x55)
    session.down(100, "ground_lock_control", gun_no=1, lock_action=0xFF)
    session.up(101, "ground_lock_control_reply", gun_no=1, control_result=1)
    return session.up(105, "ground_lock_report", gun_no=1, lock_status=0xFF) if reports else session


def told_to_restart(exec_control: int, **guns: Any) -> Edited:
    """A pile at rest that says yes to 0x92 at 100 s and stays; its guns report so, and report once more at 400 s."""
    session = idle().down(100, "remote_reboot", exec_control=exec_control)
    session.up(100.1, "remote_reboot_reply", set_result=1)
    return session.change("realtime_data", ALL, **{"gun_plugged": 0} | guns)


def restarted(exec_control: int, charging: bool) -> Edited:
    session = good() if charging else idle()
    at = session.at("remote_stop") - 10 if charging else 100.0
    session.cut(at)
    session.down(at, "remote_reboot", exec_control=exec_control)
    session.up(at + 0.1, "remote_reboot_reply", set_result=1)
    session.event(at + 1, LinkChanged("lost"))
    return session


def up_again(exec_control: int, charges: bool = False) -> Edited:
    """Back after half a minute, idle or charging on."""
    session = restarted(exec_control, charging=True)
    serial = session.values("remote_start").transaction_serial
    at = session.end + 30
    session.up(at, "login", gun_count=2, protocol_version="1.6").down(at + 0.1, "login_reply")
    if charges:
        return session.up(at + 1, "realtime_data", gun_no="01", transaction_serial=serial, status=3, gun_plugged=1)
    return session.up(at + 1, "realtime_data", gun_no="01", status=2, gun_plugged=1)


def _came_back(after: float) -> Edited:
    session = restarted(1, charging=False)
    session.up(100 + after, "login", gun_count=2, protocol_version="1.6")
    return session.down(100 + after, "login_reply")


def _stays_away() -> Edited:
    session = restarted(1, charging=False)
    return session.event(400, LinkChanged("connected"))


def _update(reply_after: float | None) -> Edited:
    session = idle(1400.0).down(100, "remote_update", pile_model=1, exec_control=1, download_timeout=5)
    return session if reply_after is None else session.up(100 + reply_after, "remote_update_reply")


SESSIONS = {
    "balance_reply_missing": _silent_and_late("balance_update", {"gun_no": "01"}, "balance_update_reply", {}),
    "card_sync_reply_missing": _silent_and_late(
        "offline_card_sync", {"cards": cards_of(CARD)}, "offline_card_sync_reply", {"save_result": 1}
    ),
    "card_clear_reply_missing": _silent_and_late(
        "offline_card_clear",
        {"cards": cards_of(CARD)},
        "offline_card_clear_reply",
        {"cards": cards_of(CARD, clear_result=1)},
    ),
    "card_query_reply_missing": _silent_and_late(
        "offline_card_query", {"cards": cards_of(CARD)}, "offline_card_query_reply", {"cards": cards_of(CARD)}
    ),
    "param_reply_missing": _silent_and_late(
        "work_param_set", {"max_output_power": 80}, "work_param_set_reply", {"set_result": 1}
    ),
    "time_reply_missing": Sessions(
        breaks=lambda: idle().drop("time_sync_reply"),
        legal=lambda: idle().move("time_sync_reply", 10),
    ),
    "lock_reply_missing": _silent_and_late(
        "ground_lock_control", {"gun_no": 1, "lock_action": 0x55}, "ground_lock_control_reply", {"gun_no": 1}
    ),
    "reboot_reply_missing": _silent_and_late(
        "remote_reboot", {"exec_control": WHEN_IDLE}, "remote_reboot_reply", {"set_result": 0}
    ),
    "balance_of_other_card": Sessions(
        breaks=lambda: topped_up(OTHER, 0),
        legal=lambda: topped_up(OTHER, 2),
    ),
    "bad_power_taken": Sessions(breaks=lambda: _limited(20, 1), legal=lambda: _limited(20, 0)),
    "cards_answered_differ": Sessions(breaks=lambda: _query(CARD, OTHER), legal=lambda: _query(CARD, CARD)),
    "stored_card_unknown": Sessions(
        breaks=lambda: _stored_then_queried(0),
        legal=lambda: _stored_then_queried(1),
    ),
    "cleared_card_charged": Sessions(
        breaks=lambda: _cleared_then_charged(2),
        legal=lambda: _cleared_then_charged(-5),
    ),
    "clock_wrong": Sessions(breaks=lambda: _shown(2), legal=lambda: _shown(-0.9)),
    "lock_silent": Sessions(
        breaks=lambda: idle(1400.0).up(50, "ground_lock_report", gun_no=1, lock_status=0x55),
        legal=lambda: _lock(590),
    ),
    "lock_change_silent": Sessions(breaks=lambda: _moved_lock(False), legal=lambda: _moved_lock(True).cut(700)),
    "lock_alarm_repeated": Sessions(breaks=lambda: _lock(50), legal=lambda: _lock(50, alarm_status=0xFF)),
    "reboot_while_charging": Sessions(
        breaks=lambda: up_again(2),
        legal=lambda: up_again(2, charges=True),
    ),
    "not_restarted": Sessions(
        breaks=lambda: told_to_restart(AT_ONCE).cut(290),
        legal=lambda: told_to_restart(WHEN_IDLE, gun_plugged=1),
    ),
    "not_back_after_reboot": Sessions(breaks=_stays_away, legal=lambda: _came_back(170)),
    "update_reply_missing": Sessions(breaks=lambda: _update(None), legal=lambda: _update(590), strict=True),
}
