"""Unusual but legal: starting, stopping and reporting."""

from __future__ import annotations

from decimal import Decimal

from harness.protocols.ykc.codes import CHARGING, IDLE
from harness.sim.ykc.charge import Charge
from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.gun import Gun
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import Values, after, never

BEFORE_ALL = Decimal("25.0000")  # kWh of a charge before the pile was switched on
BMS = ("charge_handshake", "charge_parameter_config", "bms_demand_charger_output", "bms_info", "charge_end")


def start_after_failure(pile: Pile) -> None:
    """The lock of the gun takes a while: first "not plugged in", then within 60 s the start (R-ST-6)."""
    pile.habits.start_delay = 12.0


def late_start_reply(pile: Pile) -> None:
    pile.habits.delays["remote_start_reply"] = 50.0


def record_before_stop_reply(pile: Pile) -> None:
    pile.habits.delays["remote_stop_reply"] = 8.0


def late_reports(pile: Pile) -> None:
    pile.habits.change_delay = 4.0


def frequent_reports(pile: Pile) -> None:
    pile.habits.charging_period = 3.0


def one_idle_report(pile: Pile) -> None:
    """One report within each charge says idle (R-RT-9 lets one pass)."""
    count: dict[str, int] = {}

    def idle(values: Values) -> Values:
        gun = values["gun_no"]
        count[gun] = count.get(gun, 0) + 1 if values["status"] == CHARGING else 0
        return values | {"status": IDLE} if count[gun] == 2 else values

    pile.habits.change("realtime_data", idle)


def energy_stays_after_the_end(pile: Pile) -> None:
    """Idle reports go on showing the energy of the last charge, and so does the first one of the next."""
    last: dict[str, Charge] = {}

    def kept(values: Values) -> Values:
        gun, charge = values["gun_no"], pile.guns[values["gun_no"]].charge
        before = last.get(gun)
        if charge is not None and values["status"] == CHARGING:
            last[gun] = charge
        if charge is not None and charge is before:
            return values
        return values | {"energy": BEFORE_ALL if before is None else before.energy}

    pile.habits.change("realtime_data", kept)


def no_bms_frames(pile: Pile) -> None:
    never(pile, *BMS)


def record_retried(pile: Pile) -> None:
    """The first confirmation of each record is lost, so it comes again."""
    lost: set[str] = set()

    def first(serial: str) -> bool:
        new = serial not in lost
        lost.add(serial)
        return not new

    pile.habits.listen("transaction_record_confirm", lambda message, now: first(message.values.transaction_serial))


def vin_at_plug_in(pile: Pile) -> None:
    """The car sends its VIN whenever it is plugged in."""
    was: dict[str, int] = {}

    def asks(values: Values) -> Values:
        gun = pile.guns[values["gun_no"]]
        if values["gun_plugged"] and not was.get(gun.number, 0) and pile.online:
            after(pile, 1.0, f"vin {gun.number}", lambda now: _ask(gun, now))
        was[gun.number] = values["gun_plugged"]
        return values

    pile.habits.change("realtime_data", asks)


def _ask(gun: Gun, now: float) -> None:
    if gun.state == "idle":
        gun.start_by_vin(now)


DIALECTS = (
    Dialect(
        name="start_after_failure",
        apply=start_after_failure,
        zh="先应答启动失败（未插枪），12 秒后应答成功并启动",
        en="first refuses a start as not plugged in, then confirms it 12 s later and starts",
    ),
    Dialect(
        name="late_start_reply",
        apply=late_start_reply,
        zh="50 秒后才应答 0x33",
        en="answers with 0x33 after 50 s",
        also=("start_reply_missing",),
    ),
    Dialect(
        name="record_before_stop_reply",
        apply=record_before_stop_reply,
        zh="交易记录先到，0x35 后到",
        en="the record comes before the 0x35",
        also=("stop_order",),
    ),
    Dialect(
        name="late_reports",
        apply=late_reports,
        zh="状态变化 4 秒后上送",
        en="a change is reported after 4 s",
        also=("change_not_reported",),
    ),
    Dialect(
        name="frequent_reports",
        apply=frequent_reports,
        zh="充电中每 3 秒上送 0x13",
        en="sends 0x13 every 3 s during a charge",
    ),
    Dialect(
        name="one_idle_report",
        apply=one_idle_report,
        zh="每次充电有一条 0x13 说空闲",
        en="one report within each charge says idle",
        also=("idle_not_zero", "idle_report_in_charge"),
    ),
    Dialect(
        name="energy_stays_after_the_end",
        apply=energy_stays_after_the_end,
        zh="充电结束后 0x13 仍带着上一次的电量",
        en="idle reports go on showing the energy of the last charge",
        also=("amount_by_price", "idle_not_zero", "loss_energy"),
    ),
    Dialect(
        name="no_bms_frames",
        apply=no_bms_frames,
        zh="不上送 BMS 报文",
        en="sends no BMS frames",
        also=("bms_gap", "bms_phase_missing"),
    ),
    Dialect(
        name="record_retried",
        apply=record_retried,
        zh="第一次 0x40 丢了，交易记录重发",
        en="the first 0x40 is lost, so the record is sent again",
        also=("record_after_confirm",),
    ),
    Dialect(
        name="vin_at_plug_in",
        apply=vin_at_plug_in,
        zh="插枪就用 VIN 申请启动",
        en="asks for a start by VIN whenever it is plugged in",
    ),
)
