"""What goes wrong on piles whose guns share what each should have for itself."""

from __future__ import annotations

from typing import Any

from harness.core.message import Message
from harness.protocols.ykc.codes import CHARGING
from harness.sim.ykc import frames
from harness.sim.ykc.charge import Charge
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.gun import Gun
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.states import INTERLOCK, OK, STOPPED_REMOTELY
from harness.sim.ykc.ways import RECORD_ENERGIES, REPORT_ENERGIES, Values, priced

FIRST = "01"
IN_A_CHARGE = ("realtime_data", "bms_demand_charger_output", "bms_info")


def serials_crossed(pile: Pile) -> None:
    """One place for the serial of a charge: the last start overwrites that of the other gun, in all but the record."""
    last = _last_serial(pile)

    def shared(values: Values) -> Values:
        charging = values.get("transaction_serial") and values.get("status", CHARGING) == CHARGING
        return values | last if charging else values

    for frame in IN_A_CHARGE:
        pile.habits.change(frame, shared)


def records_crossed(pile: Pile) -> None:
    """One place for the serial that the next record takes."""
    last = _last_serial(pile)
    pile.habits.change("transaction_record", lambda values: values | last)


def _last_serial(pile: Pile) -> Values:
    """The serial of the last start, whichever gun it was for."""
    last: Values = {}

    def started(message: Message, now: float) -> bool:
        last["transaction_serial"] = message.values.transaction_serial
        return True

    pile.habits.listen("remote_start", started)
    return last


def energies_crossed(pile: Pile) -> None:
    """The record of a gun takes its energies from the counter of the other one."""
    charges = _charges(pile)
    kept: dict[str, Values] = {}

    def others(values: Values) -> Values:
        other = next((charges[n] for n in pile.guns if n != values["gun_no"] and n in charges), None)
        if other is None:
            return values
        wrong = kept.setdefault(values["transaction_serial"], _energies(pile, other))
        return priced(values | wrong | {"meter_end": values["meter_start"] + wrong["total_energy"]})

    pile.habits.change("transaction_record", others)


def _charges(pile: Pile) -> dict[str, Charge]:
    """The last charge of each gun that reported one."""
    charges: dict[str, Charge] = {}

    def seen(values: Values) -> Values:
        charge = pile.guns[values["gun_no"]].charge
        if charge is not None:
            charges[values["gun_no"]] = charge
        return values

    pile.habits.change("realtime_data", seen)
    return charges


def _energies(pile: Pile, charge: Charge) -> Values:
    said = frames.transaction_record(next(iter(pile.guns.values())), charge)
    return {name: said[name] for name in RECORD_ENERGIES}


def readings_crossed(pile: Pile) -> None:
    """A gun at rest reports what the other one has charged."""

    def others(values: Values) -> Values:
        busy = next((gun for gun in _beside(pile, values["gun_no"]) if gun.charge is not None), None)
        if values["status"] == CHARGING or busy is None or busy.charge is None:
            return values
        return values | dict.fromkeys(REPORT_ENERGIES, busy.charge.energy)

    pile.habits.change("realtime_data", others)


def stop_of_wrong_gun(pile: Pile) -> None:
    """0x36 stops the other gun while that charges, and is answered as if all were well."""

    def stop(message: Message, now: float) -> bool:
        named = pile.guns.get(message.values.gun_no)
        other = next((gun for gun in _beside(pile, message.values.gun_no) if gun.charge is not None), None)
        if named is None or other is None:
            return True
        named.say("remote_stop_reply", {"stop_result": 1, "fail_reason": OK}, message.serial)
        other.stop(STOPPED_REMOTELY, now)
        return False

    pile.habits.listen("remote_stop", stop)


def stop_of_both_guns(pile: Pile) -> None:
    """0x36 stops whatever charges."""

    def stop(message: Message, now: float) -> bool:
        for gun in _beside(pile, message.values.gun_no):
            gun.stop(STOPPED_REMOTELY, now)
        return True

    pile.habits.listen("remote_stop", stop)


def estop_of_one_gun(pile: Pile) -> None:
    """The emergency stop is wired to the first gun alone."""
    pile.habits.estop_reaches = lambda gun_no: gun_no == FIRST


def record_of_second_gun_lost(pile: Pile) -> None:
    """Only the first gun's charge is kept when the pile goes dark in the midst of it."""

    def kept(values: Values) -> Values | None:
        lost = values["gun_no"] != FIRST and values["stop_reason"] == INTERLOCK
        return None if lost else values

    pile.habits.change("transaction_record", kept)


def resumes_after_reboot(pile: Pile) -> None:
    """After a reboot a gun reports its interrupted charge as if it went on."""
    before: dict[str, Values] = {}
    rebooted: list[bool] = []

    def reboot(message: Message, now: float) -> bool:
        rebooted.append(True)
        return True

    def goes_on(values: Values) -> Values:
        gun: str = values["gun_no"]
        if values["status"] == CHARGING:
            before[gun] = values
        return before.get(gun, values) if rebooted else values

    pile.habits.listen("remote_reboot", reboot)
    pile.habits.change("realtime_data", goes_on)


def _beside(pile: Pile, gun_no: Any) -> list[Gun]:
    return [gun for number, gun in pile.guns.items() if number != gun_no]


FAULTS = (
    KnownFault(
        name="serials_crossed",
        apply=serials_crossed,
        zh="后启动的枪的交易流水号，另一把枪也用了",
        en="the serial of the last start is used by the other gun, too",
        case="two_guns_stop",
        found_by="serial_crossed",
        also=("bms_phase_order", "bms_serial_changed", "charging_after_record", "serial_changed", "serial_differs"),
        changes="field",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="records_crossed",
        apply=records_crossed,
        zh="两把枪的交易记录用同一个流水号",
        en="the records of both guns carry the serial of the last start",
        case="two_guns_stop",
        found_by="record_crossed",
        also=("record_after_confirm", "record_differs", "serial_changed"),
        changes="field",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="energies_crossed",
        apply=energies_crossed,
        zh="一把枪的交易记录取了另一把枪的电量",
        en="the record of a gun takes the energies of the other one",
        case="two_guns_stop",
        found_by="energy_crossed",
        also=("energy_mismatch", "record_energy"),
        changes="arithmetic",
        dialect="serial_zero",
    ),
    KnownFault(
        name="readings_crossed",
        apply=readings_crossed,
        zh="空闲的枪上报另一把枪的电量",
        en="a gun at rest reports what the other one has charged",
        case="two_guns_stop",
        found_by="rest_moves",
        also=("energy_mismatch", "idle_not_zero"),
        dialect="frames_joined",
    ),
    KnownFault(
        name="stop_of_wrong_gun",
        apply=stop_of_wrong_gun,
        zh="停本枪，停掉的是另一把",
        en="a stop for one gun stops the other one",
        case="two_guns_stop",
        found_by="other_stopped",
        also=("charging_after_stop", "record_missing", "stop_reason_not_fitting", "stopped_by_other"),
        dialect="serial_own",
    ),
    KnownFault(
        name="stop_of_both_guns",
        apply=stop_of_both_guns,
        zh="停一把枪，两把都停",
        en="a stop for one gun stops both",
        case="two_guns_stop",
        found_by="other_stopped",
        also=("stop_reason_not_fitting", "stopped_by_other"),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="estop_of_one_gun",
        apply=estop_of_one_gun,
        zh="急停只停第一把枪",
        en="the emergency stop stops the first gun only",
        case="two_guns_estop",
        found_by="estop_one_gun",
        also=(
            "estop_reason_wrong",
            "record_missing",
        ),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="record_of_second_gun_lost",
        apply=record_of_second_gun_lost,
        zh="重启时丢了第二把枪的交易记录",
        en="the record of the second gun is lost in a reboot",
        case="two_guns_reboot",
        found_by="record_missing",
        dialect="frames_split",
    ),
    KnownFault(
        name="resumes_after_reboot",
        apply=resumes_after_reboot,
        zh="重启后上报中断的充电还在继续",
        en="after a reboot the interrupted charge is reported as going on",
        case="two_guns_reboot",
        found_by="resumed",
        dialect="serial_zero",
    ),
)
