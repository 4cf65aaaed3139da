"""What goes wrong with card numbers and VINs."""

from __future__ import annotations

from collections.abc import Callable

from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.states import BY_CARD, BY_VIN
from harness.sim.ykc.ways import Values, always

CARD_FIELD = "account_or_physical_card_no"


def card_pairs_swapped(pile: Pile) -> None:
    """The record is kept in words of two bytes, and those of the card go out low byte first."""

    def swapped(values: Values) -> Values:
        number = bytes(values["physical_card_no"])
        pairs = (number[at : at + 2][::-1] for at in range(0, len(number), 2))
        return values | {"physical_card_no": b"".join(pairs)}

    pile.habits.change("transaction_record", swapped)


def card_cut(pile: Pile) -> None:
    _asks_by(pile, BY_CARD, lambda v: v | {CARD_FIELD: v[CARD_FIELD][-3:].rjust(8, b"\0")})


def card_decimal(pile: Pile) -> None:
    """The number as it is printed, in decimal digits, instead of as it is read."""

    def printed(values: Values) -> Values:
        digits = f"{int.from_bytes(values[CARD_FIELD]):016d}"[-16:]
        return values | {CARD_FIELD: bytes.fromhex(digits)}

    _asks_by(pile, BY_CARD, printed)


def vin_forward(pile: Pile) -> None:
    def forward(values: Values) -> Values:
        return values | {"vin": str(values["vin"])[::-1]}

    _asks_by(pile, BY_VIN, forward)


def vin_cut(pile: Pile) -> None:
    _asks_by(pile, BY_VIN, lambda v: v | {"vin": str(v["vin"])[:16]})


def record_vin_reversed(pile: Pile) -> None:
    pile.habits.change("transaction_record", lambda v: v | {"vin": str(v["vin"])[::-1]})


def record_card_missing(pile: Pile) -> None:
    always(pile, "transaction_record", physical_card_no=bytes(8))


def _asks_by(pile: Pile, mode: int, change: Callable[[Values], Values]) -> None:
    """Change what is asked for in one way."""

    def asked(values: Values) -> Values:
        return change(values) if values["start_mode"] == mode else values

    pile.habits.change("start_request", asked)


FAULTS = (
    KnownFault(
        name="card_pairs_swapped",
        apply=card_pairs_swapped,
        zh="交易记录里卡号的字节两两颠倒",
        en="the bytes of the card number in the record are swapped in pairs",
        case="card",
        found_by="card_wrong",
        also=("card_changed",),
        changes="field",
        dialect="card_turned",
    ),
    KnownFault(
        name="card_cut",
        apply=card_cut,
        zh="0x31 里的卡号只有后三个字节",
        en="0x31 carries only the last three bytes of the card number",
        case="card",
        found_by="card_cut",
        changes="field",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="card_decimal",
        apply=card_decimal,
        zh="卡号换算成十进制后才上送",
        en="the card number is converted to decimal digits before it is sent",
        case="card",
        found_by="card_decimal",
        changes="arithmetic",
        dialect="serial_zero",
    ),
    KnownFault(
        name="vin_forward",
        apply=vin_forward,
        zh="0x31 里的 VIN 没有反序",
        en="the VIN in 0x31 is not reversed",
        case="vin",
        found_by="vin_in_order",
        changes="field",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="vin_cut",
        apply=vin_cut,
        zh="0x31 里的 VIN 少一位",
        en="the VIN in 0x31 lacks a character",
        case="vin",
        found_by="vin_cut",
        also=("vin_partly",),
        changes="field",
        dialect="frames_split",
    ),
    KnownFault(
        name="record_vin_reversed",
        apply=record_vin_reversed,
        zh="交易记录里的 VIN 是反序的",
        en="the VIN in the record is reversed",
        case="vin",
        found_by="vin_wrong",
        also=("record_vin",),
        changes="field",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="record_card_missing",
        apply=record_card_missing,
        zh="交易记录里没有卡号",
        en="the record carries no card number",
        case="card",
        found_by="card_wrong",
        also=("card_changed",),
        changes="field",
        dialect="rounded_energies",
    ),
)
