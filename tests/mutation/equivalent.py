"""The changes of which a person found that they make no difference: tests/equivalent.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tests.mutation.mutants import Mutant
from tests.mutation.places import CHECKOUT

LIST = CHECKOUT / "tests" / "equivalent.toml"
MOST = 0.05  # of all changes


class Equivalent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change, named as Mutant.key names it, and why nothing can notice it."""

    file: str
    line: str
    what: str
    nth: int = 1
    reason: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        """As that of the mutant."""
        return self.file, self.line, self.what, self.nth


class _All(msgspec.Struct, forbid_unknown_fields=True):
    mutant: list[Equivalent] = []


def listed(path: Path = LIST) -> list[Equivalent]:
    """All that are listed."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _All).mutant


def troubles(entries: list[Equivalent], mutants: Iterable[Mutant], files: Iterable[str]) -> list[str]:
    """What is wrong with the list, as far as these files go: no such change, listed twice, no reason, too many."""
    mine, known = [entry for entry in entries if entry.file in set(files)], {mutant.key for mutant in mutants}
    found = [f"there is no such change: {entry.key}" for entry in mine if entry.key not in known]
    found += [f"listed without a reason: {entry.key}" for entry in mine if not entry.reason.strip()]
    keys = [entry.key for entry in mine]
    return found + [f"listed twice: {key}" for key in sorted({key for key in keys if keys.count(key) > 1})]


__all__ = ["LIST", "MOST", "Equivalent", "listed", "troubles"]
