"""Which piles play which cases, with which seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import msgspec

from harness.data import data_root
from harness.engine.loader import load
from harness.protocols.ykc.language import YkcLanguage
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS

Kind = Literal["fault", "clean", "dialect"]

CLEAN_PILES = ("demo", "ac", "single", "four-guns")  # fixtures/piles/
FAULT_SEEDS = 3
CLEAN_SEEDS = 10


class Play(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated pile, the cases it plays one after another, and the seed of all chance in it."""

    kind: Kind
    name: str
    cases: tuple[str, ...]
    profile: str = "demo"
    faults: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    seed: int = 0


@cache
def suites() -> tuple[tuple[str, ...], ...]:
    """The ids of all cases that ship, suite by suite: each suite is played with a pile that begins anew."""
    folder = data_root() / "scenarios" / "ykc"
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        found.setdefault(load(path, YkcLanguage()).head.suite, []).append(path.stem)
    return tuple(tuple(cases) for cases in found.values())


def plays(fault_seeds: int = FAULT_SEEDS, clean_seeds: int = CLEAN_SEEDS, only: Sequence[str] = ()) -> Iterator[Play]:
    """Every fault on a plain pile and on its dialect, every clean pile and every dialect with all cases.

    `only` names the faults and dialects wanted; all, with the clean piles, when it is empty.
    """
    for seed in range(fault_seeds):
        yield from (play for name in FAULTS for play in _of_fault(name, seed) if not only or name in only)
    for seed in range(clean_seeds):
        if not only:
            yield from _clean(seed)
        yield from (play for name in DIALECTS for play in _of_dialect(name, seed) if not only or name in only)


def _of_fault(name: str, seed: int) -> Iterator[Play]:
    fault = FAULTS[name]
    yield Play(kind="fault", name=name, cases=(fault.case,), faults=(name,), seed=seed)
    if fault.dialect:
        profile = DIALECTS[fault.dialect].profile
        yield Play(
            kind="fault",
            name=name,
            cases=(fault.case,),
            profile=profile,
            faults=(name,),
            dialects=(fault.dialect,),
            seed=seed,
        )


def _clean(seed: int) -> Iterator[Play]:
    for profile in CLEAN_PILES:
        for cases in suites():
            yield Play(kind="clean", name=profile, cases=cases, profile=profile, seed=seed)


def _of_dialect(name: str, seed: int) -> Iterator[Play]:
    profile = DIALECTS[name].profile
    for cases in suites():
        yield Play(kind="dialect", name=name, cases=cases, profile=profile, dialects=(name,), seed=seed)


__all__ = ["CLEAN_PILES", "CLEAN_SEEDS", "FAULT_SEEDS", "Play", "plays", "suites"]
