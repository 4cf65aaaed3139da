"""What the audits of a run found, each breach once: the session of the pile holds what its cases hold, and more.

A session's finding that falls into the time of a case is that case's own when the case has the same: then its frames
can be shown there. Numbers of frames are those of the journal that a finding is from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from harness.core.auditing import GRAVEST_FIRST, Audit, AuditFinding, Level
from harness.core.outcome import CaseOutcome, RunOutcome

SAME_MOMENT = 1.0  # s between the moments of a breach in two journals: time of day may be set between them


class Noted(NamedTuple):
    """A breach and the case in whose time it was, None between cases.

    `own` is what that case says of it. Without one the finding's frames are in the pile's own journal alone.
    """

    finding: AuditFinding
    case: CaseOutcome | None = None
    own: AuditFinding | None = None


class CheckFound(NamedTuple):
    """All that a check found in a run, in order; `times` also counts what is not told one by one."""

    noted: tuple[Noted, ...]
    times: int

    @property
    def first(self) -> AuditFinding:
        """The first of them."""
        return self.noted[0].finding

    @property
    def level(self) -> Level:
        """How grave they are."""
        return self.first.level

    @property
    def cases(self) -> tuple[CaseOutcome, ...]:
        """The cases in whose time they were, each once."""
        return tuple({id(each.case): each.case for each in self.noted if each.case is not None}.values())

    @property
    def between(self) -> bool:
        """Was one of them in no case's time?"""
        return any(each.case is None for each in self.noted)


def found_in(outcome: RunOutcome) -> list[CheckFound]:
    """What each check found, the gravest first; empty as well when there was no audit."""
    groups: dict[str, list[Noted]] = {}
    for each in noted(outcome):
        groups.setdefault(each.finding.check, []).append(each)
    found = [CheckFound(tuple(group), _count(outcome, check, len(group))) for check, group in groups.items()]
    return sorted(found, key=lambda each: GRAVEST_FIRST.index(each.level))


def noted(outcome: RunOutcome) -> Iterator[Noted]:
    """Each breach once: those of the session, then those that a case alone holds."""
    left = {id(case): list(case.audit.findings) for case in outcome.cases if case.audit is not None}
    for finding in outcome.session.findings if outcome.session is not None else ():
        case = case_at(outcome, finding)
        own = _own(outcome, finding, case, left[id(case)]) if case is not None and id(case) in left else None
        if case is not None and own is not None:
            left[id(case)].remove(own)
        yield Noted(finding, case, own)
    for case in outcome.cases:
        yield from (Noted(own, case, own) for own in left.get(id(case), ()) if not _untold(outcome.session, own))


def case_at(outcome: RunOutcome, finding: AuditFinding) -> CaseOutcome | None:
    """The case in whose time a finding of the session falls."""
    moment = moment_of(outcome, Noted(finding))
    played = [case for case in outcome.cases if case.started and case.ended]
    return next((case for case in played if moment is not None and _during(case, moment)), None)


def moment_of(outcome: RunOutcome, each: Noted) -> datetime | None:
    """When a breach was, in UTC; None when that is not known."""
    opened = outcome.session_of.opened if outcome.session_of is not None else ""
    if each.case is not None and each.finding is each.own:
        opened = each.case.started
    return datetime.fromisoformat(opened) + timedelta(seconds=each.finding.at) if opened else None


def audits(outcome: RunOutcome) -> Sequence[Audit]:
    """The audits of a run: that of the session first."""
    found = (outcome.session, *(case.audit for case in outcome.cases))
    return [audit for audit in found if audit is not None]


def _during(case: CaseOutcome, moment: datetime) -> bool:
    return datetime.fromisoformat(case.started) <= moment <= datetime.fromisoformat(case.ended)


def _own(
    outcome: RunOutcome, finding: AuditFinding, case: CaseOutcome, its: Sequence[AuditFinding]
) -> AuditFinding | None:
    """What a case says of a breach that the session holds."""
    moment = moment_of(outcome, Noted(finding))
    assert moment is not None
    at = (moment - datetime.fromisoformat(case.started)).total_seconds()
    same = (own for own in its if (own.check, own.gun_no) == (finding.check, finding.gun_no))
    return next((own for own in same if abs(own.at - at) <= SAME_MOMENT), None)


def _untold(session: Audit | None, own: AuditFinding) -> bool:
    """Does the session count breaches of this check that it does not tell one by one? Then this is one of them."""
    if session is None:
        return False
    return session.counts.get(own.check, 0) > sum(each.check == own.check for each in session.findings)


def _count(outcome: RunOutcome, check: str, told: int) -> int:
    if outcome.session is not None and check in outcome.session.counts:
        return max(told, outcome.session.counts[check])
    return max(told, sum(case.audit.counts.get(check, 0) for case in outcome.cases if case.audit is not None))


__all__ = ["CheckFound", "Noted", "audits", "case_at", "found_in", "moment_of", "noted"]
