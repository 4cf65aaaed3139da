"""What an audit of a session found: breaches of the protocol's own rules, apart from any case's verdict.

A protocol gives an auditor; reports, pages and tools for other people's captures only read what it found. Like a
verdict an audit is a function of the records alone: fed one by one as they happen or all at once, it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol

import msgspec

from harness.core.journal import Record
from harness.core.verdict import Place

MOST_TOLD = 20  # findings of one check that are told one by one; the others are counted


class Level(StrEnum):
    """How grave a breach is: must fails a run, should does not, a remark is held against nobody."""

    MUST = "must"
    SHOULD = "should"
    REMARK = "remark"


GRAVEST_FIRST = (Level.MUST, Level.SHOULD, Level.REMARK)


class AuditFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One breach of one rule: the frames it rests on (journal numbers), what was expected and what was seen.

    `rule` is the id of the rule in the document's list (R-HB-1), or of an erratum (E-43). `check` names the check that
    found it; a rule may have several. `fields` are the fields of the last frame cited that were looked at, `spans`
    their bytes. Where something did not come, `window` holds the pile's heartbeats while it was waited for and the
    record that ended the wait. `at` is in seconds since the journal was opened.
    """

    rule: str
    check: str
    level: Level
    zh: str
    en: str
    frames: tuple[int, ...] = ()
    at: float = 0.0
    gun_no: str = ""
    expected: str = ""
    seen: str = ""
    fields: tuple[str, ...] = ()
    spans: tuple[Place, ...] = ()
    window: tuple[int, ...] = ()
    section: str = ""

    @property
    def beats(self) -> tuple[int, ...]:
        """The pile's heartbeats while something was waited for, which show that it was there."""
        return self.window[:-1]


class NotJudged(msgspec.Struct, frozen=True):
    """A rule that could not be judged so many times, and why (`no_times`: the frames have none)."""

    rule: str
    check: str
    why: str
    count: int = 1


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """All that an auditor has to say about a session.

    `counts` tells how often each check found something, those findings included that are not told one by one.
    """

    findings: tuple[AuditFinding, ...] = ()
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)
    not_judged: tuple[NotJudged, ...] = ()
    frames: int = 0
    strict: bool = False
    rules: str = ""  # version of the rules

    def of(self, level: Level) -> tuple[AuditFinding, ...]:
        """The findings of a level."""
        return tuple(finding for finding in self.findings if finding.level is level)

    @property
    def worst(self) -> Level | None:
        """The gravest level that occurs; None when nothing was found."""
        present = {finding.level for finding in self.findings}
        return next((level for level in GRAVEST_FIRST if level in present), None)

    @property
    def broken(self) -> bool:
        """Was a rule broken that must be kept?"""
        return self.worst is Level.MUST


class Auditor(Protocol):
    """Hears a session record by record."""

    def see(self, record: Record) -> tuple[AuditFinding, ...]:
        """One more record; gives what it brought to light."""

    def result(self) -> Audit:
        """Everything by now; a duty still open is no finding."""


def any_broken(audits: Iterable[Audit | None]) -> bool:
    """Does any of them hold a breach of a rule that must be kept?"""
    return any(audit is not None and audit.broken for audit in audits)


__all__ = ["GRAVEST_FIRST", "MOST_TOLD", "Audit", "AuditFinding", "Auditor", "Level", "NotJudged", "any_broken"]
