"""Breaches of the protocol's own rules, as every report tells them: once for the run, in detail where they happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from harness.core.auditing import GRAVEST_FIRST, Audit, AuditFinding
from harness.core.breaches import CheckFound, Noted, audits, found_in, moment_of, noted
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair
from harness.core.wording import LEVELS
from harness.report.words import word


def summary(outcome: RunOutcome) -> Pair:
    """How many checks of each level found something, or that none did; both "" when there was no audit."""
    found = audits(outcome)
    if not found:
        return "", ""
    counts = tally(found_in(outcome))
    return counts if counts[0] else word("rules_clean", n=f"{max(audit.frames for audit in found):,}")


def tally(found: Sequence[CheckFound]) -> Pair:
    """How many checks of each level found something; both "" when none did."""
    counts = {level: sum(each.level is level for each in found) for level in GRAVEST_FIRST}
    told = [(LEVELS[level], count) for level, count in counts.items() if count]
    return "，".join(f"{zh} {n}" for (zh, _), n in told), ", ".join(f"{en} {n}" for (_, en), n in told)


def checks_of(audit: Audit, case: CaseOutcome | None = None) -> list[CheckFound]:
    """What each check found in one audit alone, the gravest first; `case` is the one it is of."""
    groups: dict[str, list[Noted]] = {}
    for finding in gravest(audit):
        groups.setdefault(finding.check, []).append(Noted(finding, case, finding if case is not None else None))
    return [CheckFound(tuple(group), audit.counts.get(check, len(group))) for check, group in groups.items()]


def where(outcome: RunOutcome, found: CheckFound) -> Pair:
    """In the time of which cases, or outside of them."""
    told = [(case.title_zh, case.title_en) for case in found.cases]
    if found.between:
        first = next(each.finding for each in found.noted if each.case is None)
        told.append(word("before_cases" if _before(outcome, first) else "between_cases"))
    return "、".join(zh for zh, _ in told), ", ".join(en for _, en in told)


def section(finding: AuditFinding) -> str:
    """The section of the document, as §6.3; "" where the rule is one."""
    return f"§{finding.section}" if finding.section and not finding.rule.startswith("§") else ""


def gravest(audit: Audit) -> list[AuditFinding]:
    """The findings of an audit, the gravest first."""
    return sorted(audit.findings, key=lambda finding: GRAVEST_FIRST.index(finding.level))


def case_data(case: CaseOutcome) -> dict[str, Any]:
    """The part of a case in outcome.json; null where there was no audit."""
    if case.audit is None:
        return {"audit": None, "not_judged": []}
    told = [_finding(finding, case.audit.counts.get(finding.check, 1)) for finding in gravest(case.audit)]
    return {"audit": told, "not_judged": case.audit.not_judged}


def session_data(outcome: RunOutcome) -> dict[str, Any] | None:
    """The part of the session in outcome.json: `frames` are numbers in the pile's own journal, `case_frames` the same
    in that of the case in whose time they were."""
    audit, journal = outcome.session, outcome.session_of
    if audit is None:
        return None
    return {
        "journal": journal.key if journal is not None else "",
        "frames": audit.frames,
        "strict": audit.strict,
        "rules": audit.rules,
        "audit": [_in_session(outcome, each, audit) for each in noted(outcome) if each.finding is not each.own],
        "not_judged": audit.not_judged,
    }


def _in_session(outcome: RunOutcome, each: Noted, audit: Audit) -> dict[str, Any]:
    moment = moment_of(outcome, each)
    return {
        **_finding(each.finding, audit.counts.get(each.finding.check, 1)),
        "time": moment.astimezone(ZoneInfo(outcome.timezone)).isoformat() if moment is not None else "",
        "case": each.case.id if each.case is not None else None,
        "case_frames": each.own.frames if each.own is not None else (),
    }


def _finding(finding: AuditFinding, count: int) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "section": finding.section,
        "check": finding.check,
        "level": finding.level.value,
        "zh": finding.zh,
        "en": finding.en,
        "gun": finding.gun_no,
        "expected": finding.expected,
        "seen": finding.seen,
        "frames": finding.frames,
        "fields": finding.fields,
        "spans": finding.spans,
        "window": finding.window,
        "count": count,
    }


def _before(outcome: RunOutcome, finding: AuditFinding) -> bool:
    """Was it before the first case began?"""
    began = [case.started for case in outcome.cases if case.started]
    moment = moment_of(outcome, Noted(finding))
    return moment is not None and bool(began) and moment < datetime.fromisoformat(began[0])


__all__ = ["case_data", "checks_of", "gravest", "section", "session_data", "summary", "tally", "where"]
