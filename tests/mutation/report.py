"""The score, and what survived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from tests.mutation.equivalent import MOST
from tests.mutation.mutants import Mutant
from tests.mutation.trial import Outcome

GOAL = 0.95


class Share(msgspec.Struct, frozen=True):
    """Of one file: how many changes were noticed, of how many that make a difference."""

    file: str
    noticed: int
    of: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What it came to. `by` counts what noticed: journals, tests, time (endless), end (the process ended)."""

    score: float
    noticed: int
    of: int
    all: int
    equivalent: int
    by: dict[str, int]
    files: tuple[Share, ...]
    survived: tuple[Mutant, ...]
    noticed_though_equivalent: tuple[Mutant, ...]
    seconds: float

    @property
    def good(self) -> bool:
        """Enough noticed, few listed, and none of those noticed?"""
        few = self.equivalent <= MOST * self.all
        return self.score >= GOAL and few and not self.noticed_though_equivalent


def summary(
    results: Iterable[tuple[Mutant, Outcome]], equivalent: set[tuple[str, str, str, int]], seconds: float
) -> Summary:
    """From the outcomes of all trials."""
    all_of_them = sorted(results, key=lambda each: (each[0].file, each[0].number))
    real = [(mutant, outcome) for mutant, outcome in all_of_them if mutant.key not in equivalent]
    listed = [(mutant, outcome) for mutant, outcome in all_of_them if mutant.key in equivalent]
    noticed = [mutant for mutant, outcome in real if outcome.kind]
    of, by = Counter(mutant.file for mutant, _ in real), Counter(mutant.file for mutant in noticed)
    return Summary(
        score=len(noticed) / len(real) if real else 1.0,
        noticed=len(noticed),
        of=len(real),
        all=len(all_of_them),
        equivalent=len(listed),
        by=dict(Counter(outcome.kind for _, outcome in real if outcome.kind)),
        files=tuple(Share(file, by[file], count) for file, count in of.items()),
        survived=tuple(mutant for mutant, outcome in real if not outcome.kind),
        noticed_though_equivalent=tuple(mutant for mutant, outcome in listed if outcome.kind),
        seconds=round(seconds, 1),
    )


def lines(result: Summary) -> Iterable[str]:
    """For people."""
    yield from (f"{share.noticed:5} of {share.of:4}  {share.file}" for share in result.files)
    yield from _told("survived", result.survived)
    yield from _told("listed as making no difference, and noticed", result.noticed_though_equivalent)
    how = ", ".join(f"{kind} {count}" for kind, count in sorted(result.by.items()))
    yield (
        f"\n{result.noticed} of {result.of} noticed ({how}): {result.score:.1%}; {result.equivalent} of {result.all} "
        f"make no difference; {result.seconds:.0f} s"
    )


def _told(title: str, mutants: tuple[Mutant, ...]) -> Iterable[str]:
    if mutants:
        yield f"\n{title}:"
    for each in mutants:
        nth = f" (nth = {each.nth})" if each.nth > 1 else ""
        yield f"  {each.file}:{each.line}:{each.column}  {each.what}{nth}\n      {each.text}"


__all__ = ["GOAL", "Summary", "lines", "summary"]
