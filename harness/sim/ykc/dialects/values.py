"""Unusual but legal: energies, meters, fault bits, screens, firmware."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import RECORD_ENERGIES, REPORT_ENERGIES, Values, always

QR_KEPT = 100
CARD_FIELD = "account_or_physical_card_no"
LOSSES = {name: 0 for name in RECORD_ENERGIES if "loss" in name}


def no_meter(pile: Pile) -> None:
    always(pile, "transaction_record", meter_start=0, meter_end=0)


def _hundredths(value: Any) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def rounded_energies(pile: Pile) -> None:
    """Energies are shown to 0.01 kWh, amounts are computed before rounding."""

    def rounding(values: Values) -> Values:
        return values | {n: _hundredths(values[n]) for n in (*RECORD_ENERGIES, *REPORT_ENERGIES) if n in values}

    pile.habits.change("transaction_record", rounding)
    pile.habits.change("realtime_data", rounding)


def no_meter_and_rounded(pile: Pile) -> None:
    rounded_energies(pile)
    no_meter(pile)


def no_loss_energies(pile: Pile) -> None:
    """Losses and the running amount are not kept (captures show that)."""
    always(pile, "transaction_record", **LOSSES)
    always(pile, "realtime_data", loss_energy=0, amount=0)


def _fault_bits(pile: Pile, bits: Any) -> None:
    def shown(values: Values) -> Values:
        return values | {"hardware_fault": bits(values["hardware_fault"]["emergency_stop"])}

    pile.habits.change("realtime_data", shown)


def other_fault_bit(pile: Pile) -> None:
    _fault_bits(pile, lambda pressed: 2 * pressed)


def second_bit_always_set(pile: Pile) -> None:
    _fault_bits(pile, lambda pressed: 2 | pressed)


def no_fault_bit(pile: Pile) -> None:
    _fault_bits(pile, lambda pressed: 0)


def qr_100(pile: Pile) -> None:
    pile.habits.keeps_qr = lambda text: text[:QR_KEPT]


def firmware_twice(pile: Pile) -> None:
    pile.habits.fetches = 2


def card_turned(pile: Pile) -> None:
    """The reader gives the last four bytes of a card the other way round, the record has them as they are (E-CARD)."""

    def turned(values: Values) -> Values:
        number = bytes(values[CARD_FIELD])
        return values | {CARD_FIELD: number[:-4] + number[-4:][::-1]}

    pile.habits.change("start_request", turned)


def ac_zeros(pile: Pile) -> None:
    """An AC pile keeps zeros where there is no battery (R-RT-6); it is the plain pile of that kind."""


DIALECTS = (
    Dialect(
        name="no_meter",
        apply=no_meter,
        zh="没有电表，记录的电表读数都是 0",
        en="has no meter: both readings of the record are 0",
        also=("meter_absent",),
    ),
    Dialect(
        name="rounded_energies",
        apply=rounded_energies,
        zh="电量只到 0.01 度",
        en="energies are rounded to 0.01 kWh",
        also=("meter_difference", "sum_of_parts"),
    ),
    Dialect(
        name="no_meter_and_rounded",
        apply=no_meter_and_rounded,
        zh="没有电表，电量只到 0.01 度",
        en="has no meter and rounds energies to 0.01 kWh",
        also=("meter_absent",),
    ),
    Dialect(
        name="no_loss_energies",
        apply=no_loss_energies,
        zh="不填计损电量和充电中的金额",
        en="leaves loss energies and the running amount at 0",
        also=("amount_by_price", "loss_energy"),
    ),
    Dialect(
        name="other_fault_bit",
        apply=other_fault_bit,
        zh="急停故障位在第二低位",
        en="the bit of the emergency stop is the second lowest",
    ),
    Dialect(
        name="second_bit_always_set",
        apply=second_bit_always_set,
        zh="第二低的故障位一直置位",
        en="the second lowest fault bit is always set",
    ),
    Dialect(name="no_fault_bit", apply=no_fault_bit, zh="不上送故障位", en="never sets a fault bit"),
    Dialect(
        name="qr_100",
        apply=qr_100,
        zh="二维码内容只保留 100 个字符",
        en="keeps 100 characters of a QR code",
    ),
    Dialect(name="firmware_twice", apply=firmware_twice, zh="固件下载两遍", en="fetches the firmware twice"),
    Dialect(
        name="card_turned",
        apply=card_turned,
        zh="0x31 里卡号的后四个字节与交易记录顺序相反",
        en="the last four bytes of the card number in 0x31 are in reverse order, those of the record are not",
        also=("card_changed",),
    ),
    Dialect(
        name="ac_zeros",
        apply=ac_zeros,
        zh="交流桩，没有 BMS，电池数据为 0",
        en="an AC pile without BMS frames, its battery data 0",
        profile="ac",
    ),
)
