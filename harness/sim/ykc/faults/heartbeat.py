"""What goes wrong with heartbeats."""

from __future__ import annotations

from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import Values, always

SLOW = 45.0


def heartbeat_slow(pile: Pile) -> None:
    pile.habits.heartbeat_period = SLOW


def no_heartbeat_charging(pile: Pile) -> None:
    def unless_busy(values: Values) -> Values | None:
        return None if pile.busy else values

    pile.habits.change("heartbeat", unless_busy)


def heartbeat_of_no_gun(pile: Pile) -> None:
    always(pile, "heartbeat", gun_no="00")


FAULTS = (
    KnownFault(
        name="heartbeat_slow",
        apply=heartbeat_slow,
        zh="每 45 秒才发一次心跳",
        en="sends a heartbeat every 45 s only",
        case="card",
        found_by="heartbeat_gap",
        also=("heartbeat_interval",),
        dialect="serial_zero",
    ),
    KnownFault(
        name="no_heartbeat_charging",
        apply=no_heartbeat_charging,
        zh="充电时不发心跳",
        en="sends no heartbeat while it charges",
        case="single_tariff",
        found_by="heartbeat_gap",
        also=("reconnect",),
        dialect="no_bms_frames",
    ),
    KnownFault(
        name="heartbeat_of_no_gun",
        apply=heartbeat_of_no_gun,
        zh="心跳里的枪号是 00",
        en="the heartbeat carries gun number 00",
        case="single_tariff",
        found_by="gun_unknown",
        also=("heartbeat_interval",),
        changes="field",
        dialect="crc_high_first",
    ),
)
