"""What goes wrong with energies: in reports, in records, and between meter and parts."""

from __future__ import annotations

from decimal import Decimal

from harness.core.amounts import rounded
from harness.protocols.ykc.codes import CHARGING
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.meter import kwh
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.tariff import LABELS
from harness.sim.ykc.ways import PART_ENERGIES, RECORD_ENERGIES, REPORT_ENERGIES, Values, priced, scaled

OVERFLOW = Decimal("0.6553")
TENTH = Decimal("0.1")


def wrong_total(pile: Pile) -> None:
    def swollen(values: Values) -> Values:
        more = rounded(values["total_energy"] * Decimal("0.05") + Decimal("0.05"))
        return values | {
            "total_energy": values["total_energy"] + more,
            "total_loss_energy": values["total_loss_energy"] + more,
        }

    pile.habits.change("transaction_record", swollen)


def wrong_split(pile: Pile) -> None:
    def moved(values: Values) -> Values:
        most = max(LABELS, key=lambda label: values[f"{label}_energy"])
        other = LABELS[(LABELS.index(most) + 1) % len(LABELS)]
        part = rounded(values[f"{most}_energy"] * Decimal("0.3"))
        for label, energy in ((most, -part), (other, part)):
            values[f"{label}_energy"] += energy
            values[f"{label}_loss_energy"] += energy
        return priced(values)

    pile.habits.change("transaction_record", moved)


def parts_off(pile: Pile) -> None:
    pile.habits.change("transaction_record", lambda v: priced(scaled(v, PART_ENERGIES, Decimal("1.02"))))


def report_scale(pile: Pile) -> None:
    pile.habits.change("realtime_data", lambda v: scaled(v, (*REPORT_ENERGIES, "amount"), TENTH))


def record_scale(pile: Pile) -> None:
    def smaller(values: Values) -> Values:
        said = priced(scaled(values, RECORD_ENERGIES, TENTH))
        return said | {"meter_end": values["meter_start"] + said["total_energy"]}

    pile.habits.change("transaction_record", smaller)


def meter_back(pile: Pile) -> None:
    """The counter of a charge has 16 bits of a tenth of a watt-hour, and begins anew when it is full."""

    def wrapped(values: Values) -> Values:
        return values | {name: values[name] % OVERFLOW for name in REPORT_ENERGIES if name in values}

    pile.habits.change("realtime_data", wrapped)


def energy_stands(pile: Pile) -> None:
    """Every report of a charge repeats the energy of its first."""
    first: dict[str, Values] = {}

    def same(values: Values) -> Values:
        if values["status"] != CHARGING:
            return values
        known = first.setdefault(values["transaction_serial"], {name: values[name] for name in REPORT_ENERGIES})
        return values | known

    pile.habits.change("realtime_data", same)


def meter_of_other_gun(pile: Pile) -> None:
    def other(values: Values) -> Values:
        gun = next((gun for number, gun in pile.guns.items() if number != values["gun_no"]), None)
        shown = kwh(gun.meter.steps if gun is not None else 1)
        return values | {"meter_start": shown, "meter_end": shown}

    pile.habits.change("transaction_record", other)


def record_of_other_gun(pile: Pile) -> None:
    def other(values: Values) -> Values:
        return values | {"gun_no": "02" if values["gun_no"] == "01" else "01"}

    pile.habits.change("transaction_record", other)


def meter_before_rectifier(pile: Pile) -> None:
    def more(values: Values) -> Values:
        used = rounded((values["meter_end"] - values["meter_start"]) * Decimal("1.06"))
        return values | {"meter_end": values["meter_start"] + used}

    pile.habits.change("transaction_record", more)


def loss_added(pile: Pile) -> None:
    """Three percent of loss are billed though the loss ratio is 0."""
    losses = tuple(name for name in RECORD_ENERGIES if "loss" in name)
    pile.habits.change("transaction_record", lambda v: priced(scaled(v, losses, Decimal("1.03"))))


FAULTS = (
    KnownFault(
        name="wrong_total",
        apply=wrong_total,
        zh="总电量比电表差和分段之和大",
        en="the total energy exceeds the meter difference and the sum of the parts",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("meter_difference", "sum_of_parts", "sums_far_off"),
        changes="arithmetic",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="wrong_split",
        apply=wrong_split,
        zh="三成电量计入了错误的价格段",
        en="three tenths of the energy are put under the wrong price",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("energy_without_slot",),
        changes="arithmetic",
        dialect="no_meter",
    ),
    KnownFault(
        name="parts_off",
        apply=parts_off,
        zh="各价格段电量之和比总电量多 2%",
        en="the parts add up to 2 % more than the total",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("sum_of_parts",),
        changes="arithmetic",
        dialect="rounded_energies",
    ),
    KnownFault(
        name="report_scale",
        apply=report_scale,
        zh="0x13 的电量按 0.001 度上送（应为 0.0001）",
        en="energies in 0x13 count 0.001 kWh instead of 0.0001",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("energy_scale", "record_energy"),
        changes="arithmetic",
        dialect="serial_zero",
    ),
    KnownFault(
        name="record_scale",
        apply=record_scale,
        zh="交易记录的电量按 0.001 度上送（应为 0.0001）",
        en="energies in the record count 0.001 kWh instead of 0.0001",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("record_energy",),
        changes="arithmetic",
        dialect="frames_split",
    ),
    KnownFault(
        name="meter_back",
        apply=meter_back,
        zh="电量计数器溢出，充电中电量往回跳",
        en="the energy counter overflows: the energy jumps back during the charge",
        case="single_tariff",
        found_by="energy_falls",
        also=("amount_by_price", "energy_mismatch", "energy_scale", "record_energy"),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="energy_stands",
        apply=energy_stands,
        zh="充电中 0x13 的电量一直不变",
        en="the energy in 0x13 stands still during the charge",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("amount_by_price", "record_energy"),
        dialect="frames_joined",
    ),
    KnownFault(
        name="meter_of_other_gun",
        apply=meter_of_other_gun,
        zh="交易记录里的电表读数是另一把枪的",
        en="the meter readings in the record are those of the other gun",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("meter_difference", "sums_far_off"),
        changes="arithmetic",
        dialect="serial_own",
    ),
    KnownFault(
        name="record_of_other_gun",
        apply=record_of_other_gun,
        zh="交易记录挂在另一把枪上",
        en="the record is sent under the other gun",
        case="single_tariff",
        found_by="record_gun",
        also=("record_missing",),
        changes="field",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="meter_before_rectifier",
        apply=meter_before_rectifier,
        zh="电表装在整流模块前面，读数差比计费电量多 6%",
        en="the meter sits before the rectifier and shows 6 % more than is billed",
        case="single_tariff",
        found_by="energy_mismatch",
        also=("meter_difference", "sums_far_off"),
        changes="arithmetic",
        dialect="old_time_in_reply",
    ),
    KnownFault(
        name="loss_added",
        apply=loss_added,
        zh="计损比为 0，仍按 3% 的损耗计费",
        en="bills 3 % of loss though the loss ratio is 0",
        case="single_tariff",
        found_by="amount_mismatch",
        also=("loss_ratio",),
        changes="arithmetic",
        dialect="one_heartbeat",
    ),
)
