"""Passwords and access codes: hashed by argon2, shown once, never kept."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another


def new_code() -> str:
    """A fresh access code, as people type it: ABCD-EFGH."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_password() -> str:
    """A fresh password for a person of the platform."""
    return f"{new_code()}-{new_code()}"


def tidy(code: str) -> str:
    """An access code as typed by somebody in a hurry, brought into its form."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return f"{plain[:4]}-{plain[4:]}"


def hashed(secret: str) -> str:
    """What is kept of a password or code."""
    return PasswordHasher().hash(secret)


def fits(kept: str | None, secret: str) -> bool:
    """Is this the secret that was hashed? Takes as long when there is no such account."""
    try:
        return PasswordHasher().verify(kept or _nobodys(), secret) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has."""
    return hashed(secrets.token_hex())
