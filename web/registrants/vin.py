"""The check digit of a VIN. Real test cars have wrong ones, so it is worth a remark and never a refusal."""

from __future__ import annotations

WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
               strict=True)),
}  # fmt: skip
PLACE = 8


def check_digit(vin: str) -> str:
    """What should stand in the ninth place of a VIN."""
    rest = sum(VALUES[letter] * weight for letter, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def is_odd(vin: str) -> bool:
    """Does a VIN carry another check digit than it should? What is no VIN does not."""
    return is_vin(vin) and vin[PLACE] != check_digit(vin)


def is_vin(text: str) -> bool:
    """Has it the length and the letters of one?"""
    return len(text) == len(WEIGHTS) and all(letter in VALUES for letter in text)
