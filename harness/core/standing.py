"""How the cases of a model stand: which attempt of each counts, what is still without a result, what may be submitted.

Only PASSED, REMARK and FAILED are results. Of each gun the last result counts; a gun that passes goes before one that
fails, then the latest goes first. What was begun before a case was rejected counts no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

import msgspec

from harness.core.pairs import Pair
from harness.core.verdict import Verdict

PASSING = (Verdict.PASSED, Verdict.REMARK)
RESULTS = (*PASSING, Verdict.FAILED)
OPEN = (Verdict.BROKEN, Verdict.NOT_EARNED)


class Shown(StrEnum):
    """What is shown of a case: OPEN is 未完成, NONE is 未开始."""

    PASSED = "passed"
    REMARK = "remark"
    FAILED = "failed"
    OPEN = "open"
    NONE = "none"
    NOT_DECLARED = "not_declared"


MAIN = "main"  # the suite that a model must pass


class Case(Protocol):
    """A case, the item and the suite it belongs to, and how many guns it takes."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> Pair: ...
    @property
    def needs(self) -> str: ...
    @property
    def suite(self) -> str: ...
    @property
    def guns(self) -> int: ...


class Declared(Protocol):
    """What is registered of a model."""

    @property
    def guns(self) -> int: ...
    def declares(self, needs: str) -> bool: ...
    def waits_for(self, needs: str) -> bool: ...


class Attempt(Protocol):
    """A case as it was played once."""

    @property
    def case(self) -> str: ...
    @property
    def gun_no(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def started(self) -> datetime: ...
    @property
    def version(self) -> str: ...


A = TypeVar("A", bound=Attempt)


class Standing(msgspec.Struct, Generic[A], frozen=True, kw_only=True):
    """How one case stands.

    `counts` is the attempt that counts, `open` a last one without a result, `guns` the last result of each gun;
    `attempts` are all of them, oldest first, those before a rejection included. `waits`: its card number or VIN is
    still to be given. `sent_back`: it was rejected and has no result since. `optional`: nothing waits for its result.
    """

    case: str
    title: Pair
    needs: str
    declared: bool
    shown: Shown
    optional: bool = False
    waits: bool = False
    sent_back: bool = False
    counts: A | None = None
    open: A | None = None
    guns: Mapping[str, A] = MappingProxyType({})
    attempts: tuple[A, ...] = ()


class Overall(msgspec.Struct, frozen=True, kw_only=True):
    """How many declared cases stand how, those left out that are optional.

    `remarks` are among `passed`, `versions` those that results were earned on.
    """

    declared: int
    passed: int
    remarks: int
    failed: int
    open: int
    none: int
    versions: tuple[str, ...]

    @property
    def mixed(self) -> bool:
        """Were the results earned on more than one program version?"""
        return len(self.versions) > 1


class Standings(msgspec.Struct, Generic[A], frozen=True, kw_only=True):
    """How all cases stand; `reasons` say why they cannot be submitted. What is optional is there where it applies."""

    cases: tuple[Standing[A], ...]
    overall: Overall
    reasons: tuple[Pair, ...]

    def of(self, case: str) -> Standing[A]:
        """The standing of one case."""
        return next(each for each in self.cases if each.case == case)


def stand(
    cases: Sequence[Case],
    declared: Declared,
    attempts: Sequence[A],
    rejected: Mapping[str, datetime] = MappingProxyType({}),
) -> Standings[A]:
    """How the cases stand; `attempts` oldest first, `rejected` when a case was last rejected."""
    each = tuple(
        _stand(case, declared, [attempt for attempt in attempts if attempt.case == case.id], rejected.get(case.id))
        for case in cases
    )
    needed = [standing for standing in each if not standing.optional]
    reasons = tuple(_reason(standing) for standing in needed if standing.declared and standing.counts is None)
    listed = tuple(standing for standing in each if standing.declared or not standing.optional)
    return Standings(cases=listed, overall=_overall(needed), reasons=reasons)


def _stand(case: Case, declared: Declared, attempts: Sequence[A], rejected: datetime | None) -> Standing[A]:
    optional = case.suite != MAIN
    if not declared.declares(case.needs) or case.guns > declared.guns:
        return Standing(
            case=case.id,
            title=case.title,
            needs=case.needs,
            declared=False,
            shown=Shown.NOT_DECLARED,
            optional=optional,
            attempts=tuple(attempts),
        )
    valid = [attempt for attempt in attempts if rejected is None or attempt.started >= rejected]
    guns = {attempt.gun_no: attempt for attempt in valid if attempt.verdict in RESULTS}
    counts = _counting([attempt for attempt in valid if attempt in guns.values()])
    last = valid[-1] if valid and valid[-1].verdict in OPEN else None
    return Standing(
        case=case.id,
        title=case.title,
        needs=case.needs,
        declared=True,
        shown=_shown(counts, last),
        optional=optional,
        waits=declared.waits_for(case.needs),
        sent_back=rejected is not None and counts is None,
        counts=counts,
        open=last,
        guns=guns,
        attempts=tuple(attempts),
    )


def _counting(last_of_guns: Sequence[A]) -> A | None:
    """A gun that passes before one that fails, then the latest."""
    passing = [attempt for attempt in last_of_guns if attempt.verdict in PASSING]
    return next(reversed(passing or list(last_of_guns)), None)


def _shown(counts: Attempt | None, last: Attempt | None) -> Shown:
    if counts is not None:
        return Shown(counts.verdict.value.lower())
    return Shown.OPEN if last is not None else Shown.NONE


def _reason(standing: Standing[A]) -> Pair:
    zh, en = standing.title
    if standing.waits:
        number_zh, number_en = (" VIN ", "VIN") if standing.needs == "vin" else ("卡号", "card number")
        return (
            f"{zh}的{number_zh}还没有填，现在不能提交审核。",
            f"{en} waits for its {number_en}, so this cannot be submitted.",
        )
    if standing.sent_back and standing.open is None:
        return (
            f"{zh}被退回后还没有重测，现在不能提交审核。",
            f"{en} was sent back and not tested again yet, so this cannot be submitted.",
        )
    return f"{zh}还没有结果，现在不能提交审核。", f"{en} has no result yet, so this cannot be submitted."


def _overall(cases: Sequence[Standing[A]]) -> Overall:
    shown = [standing.shown for standing in cases]
    versions = dict.fromkeys(standing.counts.version for standing in cases if standing.counts is not None)
    return Overall(
        declared=sum(standing.declared for standing in cases),
        passed=shown.count(Shown.PASSED) + shown.count(Shown.REMARK),
        remarks=shown.count(Shown.REMARK),
        failed=shown.count(Shown.FAILED),
        open=shown.count(Shown.OPEN),
        none=shown.count(Shown.NONE),
        versions=tuple(versions),
    )
