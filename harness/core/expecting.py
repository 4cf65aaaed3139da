"""A run held against a list of known failures. Verdicts and audits stay as they are; only the exit code looks here.

What could not be looked at because of a known failure goes with it, as it does for verdicts (`CaseOutcome.noted`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from harness.core.auditing import Audit, Level
from harness.core.breaches import case_at
from harness.core.known import SESSION, Known, KnownMet, Met
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.verdict import Verdict, worst

WITH_RESULT = frozenset({Verdict.PASSED, Verdict.REMARK, Verdict.FAILED})


def held_against(outcome: RunOutcome, known: Iterable[Known], today: date) -> RunOutcome:
    """The run with what became of each known failure in it."""
    return msgspec.structs.replace(outcome, known=tuple(KnownMet(each, _met(outcome, each, today)) for each in known))


def without_known(outcome: RunOutcome) -> RunOutcome:
    """The run as it would have come out without what is known."""
    if not outcome.known:
        return outcome
    cases = tuple(_case_without(case, known_of(outcome, case)) for case in outcome.cases)
    return msgspec.structs.replace(outcome, cases=cases, session=_session_without(outcome))


def known_of(outcome: RunOutcome, case: CaseOutcome) -> Mapping[str, Known]:
    """What is known of a case, by finding: also what is known of the whole session."""
    return _known(outcome, (case.id, SESSION))


def known_of_session(outcome: RunOutcome) -> Mapping[str, Known]:
    """What is known of the whole session, by finding."""
    return _known(outcome, (SESSION,))


def stale(outcome: RunOutcome) -> tuple[KnownMet, ...]:
    """What the list says that is not so any more."""
    return tuple(each for each in outcome.known if each.stale)


def unexpected(outcome: RunOutcome) -> tuple[tuple[str, str], ...]:
    """The failures that are not known, each as case and finding: a run with all of them on its list does not fail.

    What breaks a rule between cases, or in several of them, is one of the whole session.
    """
    left = without_known(outcome)
    own = [
        (case.id, each.code)
        for case in left.cases
        if case.verdict is Verdict.FAILED
        for each in case.noted()
        if each.verdict is Verdict.FAILED and each.code not in known_of(outcome, case)
    ]
    broken: dict[str, set[str]] = {}
    for where, check in _broken(left):
        broken.setdefault(check, set()).add(where)
    rules = [(min(where) if len(where) == 1 else SESSION, check) for check, where in broken.items()]
    listed = {(each.known.case, each.known.finding) for each in outcome.known}  # expired: that is told with the list
    return tuple(each for each in dict.fromkeys((*own, *rules)) if not {each, (SESSION, each[1])} & listed)


def _broken(outcome: RunOutcome) -> Iterator[tuple[str, str]]:
    """Each breach of a rule that must be kept, as the case in whose time it was, or the session, and its check."""
    for case in outcome.cases:
        yield from ((case.id, each.check) for each in case.audit.of(Level.MUST)) if case.audit is not None else ()
    for finding in outcome.session.of(Level.MUST) if outcome.session is not None else ():
        at = case_at(outcome, finding)
        yield (at.id if at is not None else SESSION), finding.check


def _known(outcome: RunOutcome, cases: tuple[str, ...]) -> dict[str, Known]:
    met = [each.known for each in outcome.known if each.how is Met.KNOWN and each.known.case in cases]
    return {known.finding: known for known in met}


def _met(outcome: RunOutcome, known: Known, today: date) -> Met:
    expired = today > date.fromisoformat(known.until)
    found = known.finding in set(_found(outcome, known.case))
    if not found and not _looked_at(outcome, known.case):
        return Met.LAPSED if expired else Met.UNSEEN  # nothing of it is in this run: no reason to fail it
    if expired:
        return Met.EXPIRED
    return Met.KNOWN if found else Met.GONE


def _found(outcome: RunOutcome, name: str) -> Iterator[str]:
    """The codes and checks of all that was found in a case, or anywhere in the session."""
    for case in outcome.cases:
        if case.id == name:
            yield from (each.code for each in case.findings if each.verdict is not Verdict.PASSED)
        if name in (case.id, SESSION) and case.audit is not None:
            yield from (each.check for each in case.audit.findings)
    for finding in outcome.session.findings if outcome.session is not None else ():
        at = case_at(outcome, finding)
        if name == SESSION or (at is not None and at.id == name):
            yield finding.check


def _looked_at(outcome: RunOutcome, name: str) -> bool:
    """Was there a chance to find it?"""
    if name == SESSION:
        return outcome.session is not None
    return any(case.id == name and case.verdict in WITH_RESULT for case in outcome.cases)


def _case_without(case: CaseOutcome, known: Mapping[str, Known]) -> CaseOutcome:
    noted = case.noted()
    left = [finding for finding in noted if finding.code not in known]
    verdict = case.verdict
    if len(left) < len(noted):
        verdict = worst(left) if left else Verdict.PASSED
    return msgspec.structs.replace(case, verdict=verdict, audit=_audit_without(case.audit, known))


def _audit_without(audit: Audit | None, known: Mapping[str, Known]) -> Audit | None:
    if audit is None:
        return None
    left = tuple(finding for finding in audit.findings if finding.check not in known)
    return msgspec.structs.replace(audit, findings=left)


def _session_without(outcome: RunOutcome) -> Audit | None:
    """The audit of the session without what is known of it, or of the case in whose time it was."""
    audit = outcome.session
    if audit is None:
        return None
    left = []
    for finding in audit.findings:
        case = case_at(outcome, finding)
        known = known_of(outcome, case) if case is not None else known_of_session(outcome)
        if finding.check not in known:
            left.append(finding)
    return msgspec.structs.replace(audit, findings=tuple(left))


__all__ = ["held_against", "known_of", "known_of_session", "stale", "unexpected", "without_known"]
