"""What goes wrong with starting and stopping."""

from __future__ import annotations

from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.states import BUSY
from harness.sim.ykc.ways import Values, always, never

STOPS_AFTER = 15.0


def no_0x33(pile: Pile) -> None:
    never(pile, "remote_start_reply")


def start_reply_late(pile: Pile) -> None:
    pile.habits.delays["remote_start_reply"] = 95.0


def start_reply_other_serial(pile: Pile) -> None:
    def other(values: Values) -> Values:
        return values | {"transaction_serial": f"{(int(values['transaction_serial']) + 1) % 10**32:032d}"}

    pile.habits.change("remote_start_reply", other)


def no_energy(pile: Pile) -> None:
    pile.habits.power_percent = 0


def starts_on_paper(pile: Pile) -> None:
    pile.habits.begins = False


def refuses_and_starts(pile: Pile) -> None:
    always(pile, "remote_start_reply", start_result=0, fail_reason=BUSY)


def stops_by_itself(pile: Pile) -> None:
    pile.habits.stops_after = STOPS_AFTER


def does_not_stop(pile: Pile) -> None:
    pile.habits.stop_delay = None


def stops_late(pile: Pile) -> None:
    pile.habits.stop_delay = 40.0


def no_0x35(pile: Pile) -> None:
    never(pile, "remote_stop_reply")


def stop_reply_says_failed(pile: Pile) -> None:
    always(pile, "remote_stop_reply", stop_result=0)


def estop_ignored(pile: Pile) -> None:
    pile.habits.estop_works = False


def estop_bit_stays(pile: Pile) -> None:
    pressed: set[str] = set()

    def kept(values: Values) -> Values:
        if values["hardware_fault"]["emergency_stop"]:
            pressed.add(values["gun_no"])
        return values | {"hardware_fault": {"emergency_stop": int(values["gun_no"] in pressed)}}

    pile.habits.change("realtime_data", kept)


FAULTS = (
    KnownFault(
        name="no_0x33",
        apply=no_0x33,
        zh="启动充电，但不应答 0x33",
        en="starts the charge, but never answers with 0x33",
        case="single_tariff",
        found_by="no_start_reply",
        also=("charges_unconfirmed", "start_reply_missing"),
        dialect="serial_zero",
    ),
    KnownFault(
        name="start_reply_late",
        apply=start_reply_late,
        zh="95 秒后才应答 0x33",
        en="answers with 0x33 after 95 s",
        case="single_tariff",
        found_by="no_start_reply",
        also=("charges_unconfirmed", "start_reply_missing"),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="start_reply_other_serial",
        apply=start_reply_other_serial,
        zh="0x33 里是另一个交易流水号",
        en="the 0x33 carries another transaction serial",
        case="single_tariff",
        found_by="serial_changed",
        also=("reply_unasked", "serial_differs"),
        changes="field",
        dialect="frames_joined",
    ),
    KnownFault(
        name="no_energy",
        apply=no_energy,
        zh="上报充电中，但没有电流",
        en="reports charging, but no current flows",
        case="single_tariff",
        found_by="no_energy",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="starts_on_paper",
        apply=starts_on_paper,
        zh="应答启动成功，但没有启动",
        en="confirms the start and does not start",
        case="single_tariff",
        found_by="charging_late",
        dialect="serial_own",
    ),
    KnownFault(
        name="refuses_and_starts",
        apply=refuses_and_starts,
        zh="应答启动失败，却开始充电",
        en="refuses the start and charges all the same",
        case="single_tariff",
        found_by="start_refused",
        also=("charging_refused",),
        dialect="rounded_energies",
    ),
    KnownFault(
        name="stops_by_itself",
        apply=stops_by_itself,
        zh="没有收到 0x36，充电 15 秒后自行停止",
        en="ends the charge by itself after 15 s, before any 0x36",
        case="single_tariff",
        found_by="stopped_by_other",
        dialect="no_meter",
    ),
    KnownFault(
        name="does_not_stop",
        apply=does_not_stop,
        zh="应答停止成功，但继续充电",
        en="confirms the stop and goes on charging",
        case="single_tariff",
        found_by="record_missing",
        also=("charging_after_stop",),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="stops_late",
        apply=stops_late,
        zh="应答停止成功，40 秒后才停",
        en="confirms the stop and stops 40 s later",
        case="single_tariff",
        found_by="charging_after_stop",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="no_0x35",
        apply=no_0x35,
        zh="停止充电，但不应答 0x35",
        en="stops, but does not answer with 0x35",
        case="single_tariff",
        found_by="no_stop_reply",
        also=("stop_order",),
        dialect="frames_split",
    ),
    KnownFault(
        name="stop_reply_says_failed",
        apply=stop_reply_says_failed,
        zh="已停止充电，却应答停止失败",
        en="stops, and answers that it failed to",
        case="single_tariff",
        found_by="no_stop_reply",
        also=("failure_without_reason",),
        changes="field",
        dialect="old_time_in_reply",
    ),
    KnownFault(
        name="estop_ignored",
        apply=estop_ignored,
        zh="急停按钮不起作用",
        en="the emergency stop does nothing",
        case="estop",
        found_by="act_not_seen",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="estop_bit_stays",
        apply=estop_bit_stays,
        zh="松开急停后状态恢复，故障位不清除",
        en="the gun is idle again after the release, the bit of the emergency stop stays",
        case="estop",
        found_by="estop_not_cleared",
        dialect="crc_high_first",
    ),
)
