"""One change on trial: journals that run its lines are judged anew, then tests that run them."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from tests.mutation.lines import Lines
from tests.mutation.mutants import Mutant, Where

LEAST, TIMES = 5.0, 30  # s of processor time for one look, and so many times what it took without a change

JOURNALS, TESTS = "journals", "tests"


class Look(NamedTuple):
    """A journal judged or a test run: True when all is as ever. `seconds` is what it took at first."""

    kind: str
    name: str
    seconds: float
    same: Callable[[], bool]


class Outcome(msgspec.Struct, frozen=True):
    """What noticed a change first, and of which kind that is; both "" when nothing did."""

    kind: str = ""
    name: str = ""


class Looks:
    """All there is to look at, by the lines that it runs."""

    def __init__(self) -> None:
        self._all: list[Look] = []
        self._by_line: defaultdict[tuple[str, int], list[int]] = defaultdict(list)

    def add(self, look: Look, lines: Lines) -> None:
        """One more, and what it ran."""
        for line in lines:
            self._by_line[line].append(len(self._all))
        self._all.append(look)

    def at(self, mutant: Mutant, path: str) -> list[Look]:
        """What may notice a change: journals first, each kind with what is quick first."""
        if mutant.where is Where.TOP or mutant.where is Where.DEFAULT:
            found: Iterable[Look] = self._all  # their lines run once, when they are loaded
        else:
            lines = range(mutant.first, mutant.last + 1)
            found = [self._all[n] for n in {n for line in lines for n in self._by_line.get((path, line), ())}]
        return sorted(found, key=lambda look: (look.kind != JOURNALS, look.seconds, look.name))


def tried(looks: Sequence[Look]) -> Outcome:
    """Look until something differs. What takes much longer than it should ends the process."""
    try:
        for look in looks:
            signal.setitimer(signal.ITIMER_PROF, max(LEAST, TIMES * look.seconds))
            if not _same(look):
                return Outcome(look.kind, look.name)
        return Outcome()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)  # whoever goes on in this process is not ended by it


def _same(look: Look) -> bool:
    try:
        return look.same()
    except Exception:
        return False


def equal(said: Callable[[], Any], before: Any) -> Callable[[], bool]:
    """Is the same said as before?"""
    return lambda: bool(said() == before)


__all__ = ["JOURNALS", "TESTS", "Look", "Looks", "Outcome", "equal", "tried"]
