"""Verdicts, findings, and how findings add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec


class Verdict(StrEnum):
    """How a case ended: FAILED is the pile's doing, BROKEN ours or the room's, REMARK a pass with something to say."""

    PASSED = "PASSED"
    REMARK = "REMARK"
    NOT_EARNED = "NOT_EARNED"
    BROKEN = "BROKEN"
    FAILED = "FAILED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


_WORST_FIRST = (Verdict.FAILED, Verdict.BROKEN, Verdict.NOT_EARNED, Verdict.REMARK, Verdict.PASSED)


class Place(msgspec.Struct, frozen=True):
    """Bytes of a cited frame that were looked at: from `start` up to `end`; `field` is "" for the frame as a whole."""

    frame: int
    field: str
    start: int
    end: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One observed fact that counts: what was looked at, what was expected, what was seen, and the frames it rests on.

    `code` has its sentences in wording.py; `params` fill them. `rule` is a rule id or section. `frames` are journal
    numbers. A passed check is a finding too, with verdict PASSED. `check` names the check or step that made it.
    `fields` are the fields that were looked at and `places` where they stand in the frames; a frame that has none of
    them counts as a whole: that it came.
    """

    code: str
    verdict: Verdict
    check: str = ""
    rule: str = ""
    expected: str = ""
    seen: str = ""
    frames: tuple[int, ...] = ()
    params: Mapping[str, Any] = msgspec.field(default_factory=dict)
    fields: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def worst(findings: Iterable[Finding]) -> Verdict:
    """Add findings up: the worst wins, and nothing at all is NOT_EARNED."""
    present = {finding.verdict for finding in findings}
    for verdict in _WORST_FIRST:
        if verdict in present:
            return verdict
    return Verdict.NOT_EARNED


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Add verdicts of cases up; nothing but NOT_APPLICABLE is NOT_APPLICABLE."""
    present = set(verdicts)
    for verdict in _WORST_FIRST:
        if verdict in present:
            return verdict
    return Verdict.NOT_APPLICABLE
