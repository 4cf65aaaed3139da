"""Kinds of fields that registrants fill in: brought into shape, then judged, each mistake said beside its field."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from harness.core.documents import wrong
from harness.profiles import CardNumber, Version, Vin
from web.words import say

CHINA = "+86"
CHINESE_DIGITS = 11
LEAST_DIGITS, MOST_DIGITS = 8, 15  # of a number with its country, as the telephone companies have it
VIN_LETTERS = 17
PROTOCOLS = ("1.5", "1.6", "1.7", "1.8", "2.0", "2.1")
SPOKEN = ("1.5", "1.6")  # by the platform, so far
NOT_IN_VINS = frozenset("IOQ")


def one_line(text: str) -> str:
    """Text without stray spaces and without what cannot be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def phone(text: str) -> str:
    """A telephone number with its country, +86 unless another is typed."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(letter for letter in plain if letter not in " -()\u00a0")
    digits = plain.removeprefix(CHINA)
    if not digits:
        raise said("forms.missing")
    if digits.startswith("+"):
        return _foreign(digits)
    if not _are_digits(digits):
        raise said("fields.phone_digits")
    if len(digits) < CHINESE_DIGITS:
        raise said("fields.phone_short", n=CHINESE_DIGITS - len(digits))
    if len(digits) > CHINESE_DIGITS:
        raise said("fields.phone_long", n=len(digits) - CHINESE_DIGITS)
    return CHINA + digits


def local_phone(number: str) -> str:
    """A telephone number as it stands behind +86 in a form."""
    return number.removeprefix(CHINA)


def said(key: str, **params: object) -> PydanticCustomError:
    """What a validator raises: a sentence of the catalogue."""
    return wrong(*say(key, **params))


def _foreign(text: str) -> str:
    if not _are_digits(text[1:]) or not LEAST_DIGITS <= len(text) - 1 <= MOST_DIGITS:
        raise said("fields.phone_foreign")
    return text


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _card(text: str) -> str | None:
    """A card number as people copy it, with spaces or colons between the bytes; nothing typed is no number yet."""
    plain = _squeezed(text).replace(":", "").removeprefix("0X")
    if plain and (set(plain) - set("0123456789ABCDEF") or len(plain) > 16):
        raise said("fields.card")
    if len(plain) % 2:
        raise said("fields.card_odd", n=len(plain))
    return plain or None


def _vin(text: str) -> str | None:
    plain = _squeezed(text)
    if NOT_IN_VINS & set(plain):
        raise said("fields.vin_letters")
    if plain and len(plain) != VIN_LETTERS:
        raise said("fields.vin_length", n=len(plain))
    if plain and not (plain.isascii() and plain.isalnum()):
        raise said("fields.vin_letters")
    return plain or None


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split())


def _version(text: str) -> str:
    if len(text) > 8 or not text.isascii():
        raise said("fields.version")
    return text


def _whole(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain and not _are_digits(plain):
        raise said("fields.whole")
    if not plain:
        raise said("forms.missing")
    return plain


def _protocol(text: str) -> str:
    plain = _squeezed(text).removeprefix("V")
    if plain not in PROTOCOLS:
        raise said("fields.protocol")
    return plain


Line = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=64)]
Company = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=128)]
Maybe = Annotated[str, BeforeValidator(one_line), Field(max_length=64)]
Phone = Annotated[str, AfterValidator(phone)]
CardOrNone = Annotated[CardNumber | None, BeforeValidator(_card)]
VinOrNone = Annotated[Vin | None, BeforeValidator(_vin)]
ProgramVersion = Annotated[Version, BeforeValidator(_version)]
ProtocolVersion = Annotated[str, BeforeValidator(_protocol)]
PowerKw = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=2000)]
Guns = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=99)]
