"""Who may start a charge at a pile: registered cards and VINs, and how their numbers are compared."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from harness.core.pile import PileProfile
from harness.core.ports import Garbled

# Reasons of 0x32.
NO_ACCOUNT = 0x01
NOT_HERE = 0x06
NO_VIN = 0x09

CARD_DIGITS = 16
LEAST_BYTES = 3  # of a card that tell whose it is: fewer may be those of another card
LEAST_DIGITS = 6
LEAST_CHARACTERS = 9  # of a VIN: its first eight are those of a whole series of cars
ENOUGH = Decimal("100.00")  # CNY; what an account holds when nothing else is registered


class Card(Protocol):
    """A registered card: what the reader reads (hex), what is printed on it, what it holds in CNY."""

    @property
    def physical(self) -> str: ...
    @property
    def logical(self) -> str: ...
    @property
    def balance(self) -> Decimal: ...


class Registered(Protocol):
    """The cards and VINs that may charge at every pile."""

    @property
    def cards(self) -> Sequence[Card]: ...
    @property
    def vins(self) -> Sequence[str]: ...


class Nobody:
    """No cards, no VINs: only what the pile profiles declare."""

    cards: Sequence[Card] = ()
    vins: Sequence[str] = ()


class Account(NamedTuple):
    """Who may charge, as 0x32 and 0x34 present it."""

    logical: str = "0" * CARD_DIGITS
    physical: str = "0" * CARD_DIGITS
    balance: Decimal = ENOUGH


def card_account(number: str, profile: PileProfile, registered: Registered) -> Account | None:
    """The account of a card shown at a pile; None when it is not registered."""
    for card in registered.cards:
        if same_card(number, card.physical):
            return Account(card.logical, padded(card.physical), card.balance)
    if profile.items.card and same_card(number, profile.items.card):
        return Account(physical=padded(profile.items.card))
    return None


def vin_account(vin: str, profile: PileProfile, registered: Registered) -> Account | None:
    """The account of a VIN; one that was not turned round by the pile is taken all the same (E-VIN)."""
    known = {*registered.vins, profile.items.vin} - {""}
    return Account() if vin in known or vin[::-1] in known else None


def remote_account(profile: PileProfile, registered: Registered) -> Account:
    """The account a remote start presents: the pile's declared card, else the first registered, else none."""
    number = profile.items.card or (registered.cards[0].physical if registered.cards else "")
    return (card_account(number, profile, registered) if number else None) or Account()


def padded(number: str) -> str:
    """A card number as its 16 hex digits, zero-filled on the left."""
    return number.upper().rjust(CARD_DIGITS, "0")


def same_card(one: str, other: str) -> bool:
    """The same card? Filled on either side, or with its last four bytes turned round (E-CARD)."""
    first, second = bare(padded(one)), bare(padded(other))
    return bool(first) and (first == second or bare(turned(padded(one))) == second)


def bare(number: str) -> bytes:
    """The bytes of a card number without the zeros that fill it up."""
    return bytes.fromhex(number).strip(b"\0")


def turned(number: str) -> str:
    """A card number with its last four bytes the other way round."""
    return number[:-8] + bytes.fromhex(number[-8:])[::-1].hex().upper()


def garbled_card(shown: str, registered: str) -> Garbled:
    """How a number is the registered one written wrongly: one end of it alone, or its value in decimal digits."""
    if same_card(shown, registered):
        return ""
    part, whole = bare(padded(shown)), bare(padded(registered))
    if len(part) >= LEAST_BYTES and (whole.startswith(part) or whole.endswith(part)):
        return "cut"
    decimal = str(int(registered or "0", 16))
    return "decimal" if len(decimal) >= LEAST_DIGITS and shown.lstrip("0") == decimal else ""


def garbled_vin(shown: str, registered: str) -> Garbled:
    """Characters are missing at one end of the registered VIN, in whichever order it was sent (E-VIN)."""
    if not LEAST_CHARACTERS <= len(shown) < len(registered):
        return ""
    either = (registered, registered[::-1])
    return "cut" if any(vin.startswith(shown) or vin.endswith(shown) for vin in either) else ""
