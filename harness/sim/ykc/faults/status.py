"""What goes wrong with the real-time data: when they come, and what state they tell."""

from __future__ import annotations

from harness.protocols.ykc.codes import CHARGING, IDLE
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import Values, utter

NEVER = 1e9
FLICKERS_AT = 2  # which report of a charge


def idle_while_charging(pile: Pile) -> None:
    """A contact flickers: once in a charge two reports in a row say idle."""
    count: dict[str, int] = {}

    def flickers(values: Values) -> Values:
        gun = values["gun_no"]
        count[gun] = count.get(gun, 0) + 1 if values["status"] == CHARGING else 0
        if count[gun] != FLICKERS_AT:
            return values
        utter(pile, "realtime_data", values | {"status": IDLE})
        return values | {"status": IDLE}

    pile.habits.change("realtime_data", flickers)


def no_change_report(pile: Pile) -> None:
    pile.habits.change_delay = None


def change_late(pile: Pile) -> None:
    pile.habits.change_delay = 40.0


def no_periodic_report(pile: Pile) -> None:
    pile.habits.charging_period = NEVER


def reports_slow(pile: Pile) -> None:
    pile.habits.charging_period = 60.0


def reports_without_serial(pile: Pile) -> None:
    pile.habits.change("realtime_data", lambda v: v | {"transaction_serial": "0" * 32})


def charging_after_end(pile: Pile) -> None:
    """A gun goes on saying that it charges until it is pulled."""
    last: dict[str, Values] = {}

    def on(values: Values) -> Values:
        gun = values["gun_no"]
        if values["status"] == CHARGING:
            last[gun] = values
        if gun in last and values["gun_plugged"] and values["status"] == IDLE:
            return last[gun]
        return values

    pile.habits.change("realtime_data", on)


FAULTS = (
    KnownFault(
        name="idle_while_charging",
        apply=idle_while_charging,
        zh="充电中接点抖动，连续两次上报空闲",
        en="a contact flickers: two reports in a row say idle amid the charge",
        case="single_tariff",
        found_by="idle_while_charging",
        also=("idle_amid_charge", "idle_not_zero"),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="no_change_report",
        apply=no_change_report,
        zh="状态变化时不上送 0x13，只按周期上送",
        en="a change of status is not reported, only the period counts",
        case="single_tariff",
        found_by="charging_late",
        also=("change_not_reported", "realtime_gap"),
        dialect="serial_own",
    ),
    KnownFault(
        name="change_late",
        apply=change_late,
        zh="状态变化 40 秒后才上送",
        en="a change of status is reported 40 s late",
        case="single_tariff",
        found_by="change_not_reported",
        dialect="frames_split",
    ),
    KnownFault(
        name="no_periodic_report",
        apply=no_periodic_report,
        zh="充电中不按 15 秒上送 0x13",
        en="sends no periodic 0x13 during a charge",
        case="single_tariff",
        found_by="realtime_gap",
        also=("realtime_late",),
        dialect="no_bms_frames",
    ),
    KnownFault(
        name="reports_slow",
        apply=reports_slow,
        zh="充电中每 60 秒才上送 0x13",
        en="sends 0x13 every 60 s during a charge",
        case="single_tariff",
        found_by="realtime_gap",
        also=("realtime_late",),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="reports_without_serial",
        apply=reports_without_serial,
        zh="充电中 0x13 的交易流水号全为 0",
        en="the transaction serial in 0x13 is zero during the charge",
        case="single_tariff",
        found_by="serial_changed",
        also=("serial_differs",),
        changes="field",
        dialect="rounded_energies",
    ),
    KnownFault(
        name="charging_after_end",
        apply=charging_after_end,
        zh="充电结束后一直上报充电中，直到拔枪",
        en="goes on reporting that it charges after the end, until the gun is pulled",
        case="two_guns_stop",
        found_by="charging_after_record",
        also=("bms_gap", "realtime_gap", "realtime_late"),
        dialect="frames_joined",
    ),
)
