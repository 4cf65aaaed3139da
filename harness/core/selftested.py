"""What a self-test came to: who found each fault, and what should not be."""

from __future__ import annotations

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: on how many plays it was found, on plain piles and on its dialect, and by what else."""

    fault: str
    case: str
    found_by: str
    dialect: str
    plain: tuple[int, int]  # found, played
    odd: tuple[int, int]
    others: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Was it found every time?"""
        return self.plain[0] == self.plain[1] and self.odd[0] == self.odd[1]


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """A pile that is right, plain or odd: how many cases it played, how often, and how often it was blamed.

    It is blamed where anything was held against it, or found though its dialect does not name it.
    """

    pile: str
    odd: bool
    cases: int
    plays: int
    blamed: int


class Wrong(msgspec.Struct, frozen=True):
    """Something that should not be: which play, and what."""

    play: str
    seed: int
    what: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a self-test came to."""

    lines: tuple[Line, ...]
    right: tuple[Right, ...]
    dialects: int
    clean: int
    plays: int
    seeds: int
    missed: tuple[str, ...]
    false_findings: tuple[Wrong, ...]
    unstable: tuple[Wrong, ...]
    seconds: float

    @property
    def good(self) -> bool:
        """Everything as it should be?"""
        return not (self.missed or self.false_findings or self.unstable)


__all__ = ["Line", "Right", "Summary", "Wrong"]
