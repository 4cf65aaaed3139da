"""Guns and charges as the frames show them. Watchers only read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.amounts import Tariff
from harness.protocols.ykc.codes import CHARGING

if TYPE_CHECKING:
    from harness.protocols.ykc.audit.scene import Seen

MOST_RECORDS = 2  # of one charge that are remembered


def same_gun(one: str, other: str) -> bool:
    """Do two numbers name one gun? From 10 on some piles count in binary (E-GUN)."""
    return one == other or _decimal(one) == _decimal(other)


def _decimal(number: str) -> str:
    return number if number.isdecimal() else f"{int(number, 16):02d}"


class Charge:
    """One charge by its serial. Whatever was not seen is None.

    `order` is what started it: our 0x34, our positive 0x32, our 0xA2 or 0xA4; None when the session begins amid the
    charge or the pile started it by itself. `way` is app, card, vin or "".
    """

    def __init__(self, serial: str, gun_no: str, order: Seen | None, way: str) -> None:
        self.serial = serial
        self.gun_no = gun_no
        self.order = order
        self.way = way
        self.asked: Seen | None = None  # the 0x31 (0xA1) that our 0x32 (0xA2) answered
        self.accepted: Seen | None = None  # the positive 0x33 (0xA3); for card and VIN the order itself
        self.refused: Seen | None = None  # the last negative 0x33
        self.first: Seen | None = None  # the first 0x13 that says charging
        self.last: Seen | None = None  # the last one
        self.ended: Seen | None = None  # the first 0x13 afterwards that does not say charging
        self.stop: Seen | None = None  # our first 0x36 while it ran or was about to
        self.stop_reply: Seen | None = None  # the 0x35 to it
        self.records: list[Seen] = []  # the first one and its first repeat
        self.tariff: Tariff | None = None  # in force when it began
        self.tariffs: list[Tariff] = []  # that one, and those taken while it ran: which counts then is open (E-TARIFF)
        self.relogins = 0  # since it was ordered


class Gun:
    """One gun: its last report (`last`) and the one before (`previous`), its present or last charge."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.last: Seen | None = None
        self.previous: Seen | None = None
        self.stored: Seen | None = None  # the last report of charging that may tell what was, not what is (R-RT-10)
        self.asked: Seen | None = None  # the 0x31 or 0xA1 that was not answered yet
        self.charge: Charge | None = None
        self.told_to_stop: Seen | None = None  # our last 0x36, whatever it carried out then

    @property
    def charging(self) -> bool:
        """Does the last report say charging?"""
        return self.last is not None and self.last.values.status == CHARGING

    @property
    def taken(self) -> bool:
        """Does it charge, so that another order changes nothing?"""
        return self.charging and self.charge is not None and not self.charge.records


__all__ = ["MOST_RECORDS", "Charge", "Gun", "same_gun"]
