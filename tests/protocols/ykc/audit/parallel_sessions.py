"""Several guns charging one car."""

from __future__ import annotations

from tests.protocols.ykc.audit.edited import Edited, idle
from tests.protocols.ykc.audit.sessions import Sessions

PARALLEL = "260417100140"
SERIALS = {gun: f"32010600019236{gun}2604171001400001" for gun in ("01", "02")}


def _asked(serials: tuple[str, str] = (PARALLEL, PARALLEL), flags: tuple[int, int] = (0, 1)) -> Edited:
    """Both guns ask for one parallel charge."""
    session = idle()
    for number, (serial, flag) in enumerate(zip(serials, flags, strict=True), 1):
        session.up(
            100 + number,
            "parallel_start_request",
            gun_no=f"0{number}",
            parallel_serial=serial,
            main_aux_flag=flag,
            start_mode=1,
        )
    return session


def _confirmed(results: tuple[int, int]) -> Edited:
    session = _asked()
    for gun, result in zip(("01", "02"), results, strict=True):
        session.down(
            103,
            "parallel_start_confirm",
            gun_no=gun,
            transaction_serial=SERIALS[gun],
            auth_success=result,
            parallel_serial=PARALLEL,
        )
    return session


def _charging(session: Edited, gun: str, serial: str) -> Edited:
    return session.up(
        110, "realtime_data", gun_no=gun, transaction_serial=serial, status=3, gun_plugged=1, output_voltage=400
    ).cut(112)


def _refused_and_charging() -> Edited:
    return _charging(_confirmed((1, 0)), "01", SERIALS["01"])


def _refused_and_at_rest() -> Edited:
    return _confirmed((1, 0)).cut(112)


def _ordered(results: tuple[int, int], reasons: tuple[int, int] = (0, 0), parallel: str = PARALLEL) -> Edited:
    session = idle()
    for gun, result, reason in zip(("01", "02"), results, reasons, strict=True):
        session.down(
            100, "parallel_remote_start", gun_no=gun, transaction_serial=SERIALS[gun], parallel_serial=PARALLEL
        )
        session.up(
            101,
            "parallel_remote_start_reply",
            gun_no=gun,
            transaction_serial=SERIALS[gun],
            start_result=result,
            fail_reason=reason,
            main_aux_flag=int(gun) - 1,
            parallel_serial=parallel,
        )
    return session.cut(112)


def _plugged_after(seconds: float) -> Edited:
    session = idle().down(
        100, "parallel_remote_start", gun_no="01", transaction_serial=SERIALS["01"], parallel_serial=PARALLEL
    )
    for at, result, reason in ((101, 0, 5), (100 + seconds, 1, 0)):
        session.up(
            at,
            "parallel_remote_start_reply",
            gun_no="01",
            transaction_serial=SERIALS["01"],
            start_result=result,
            fail_reason=reason,
            parallel_serial=PARALLEL,
        )
    return session.cut(100.5 + seconds)


SESSIONS = {
    "parallel_serials_differ": Sessions(
        breaks=lambda: _asked(serials=(PARALLEL, "260417100141")).cut(105),
        legal=lambda: _asked().cut(105),
    ),
    "parallel_main_guns": Sessions(
        breaks=lambda: _asked(flags=(0, 0)).cut(105),
        legal=lambda: _asked(flags=(1, 0)).cut(105),
    ),
    "parallel_started_partly": Sessions(breaks=_refused_and_charging, legal=_refused_and_at_rest),
    "parallel_answers_differ": Sessions(
        breaks=lambda: _ordered((1, 0), (0, 3)),
        legal=lambda: _ordered((1, 0), (0, 5)),
    ),
    "parallel_serial_changed": Sessions(
        breaks=lambda: _ordered((1, 1), parallel="260417100149"),
        legal=lambda: _ordered((1, 1)),
    ),
    "parallel_not_per_gun": Sessions(
        breaks=lambda: _charging(_ordered((1, 1)), "02", SERIALS["01"]),
        legal=lambda: _charging(_ordered((1, 1)), "02", SERIALS["02"]),
    ),
    "parallel_late_success": Sessions(breaks=lambda: _plugged_after(66), legal=lambda: _plugged_after(64)),
}
