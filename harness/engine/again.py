"""A case judged again from its records, and how that differs from what was kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from harness.core.auditing import Audit
from harness.core.journal import EventSeen, Opened, Record
from harness.core.outcome import CaseOutcome
from harness.core.pile import PileProfile
from harness.core.ports import Language
from harness.core.rejudged import Judged, JudgedSession
from harness.core.verdict import Verdict
from harness.engine.judge import judge, not_applicable, not_played
from harness.engine.loader import digest, read

APPLIES = "按今天的规则它适用 / by the rules of today it applies"
Plain = dict[str, Any]


def judge_session(kept: Audit, records: Sequence[Record], language: Language) -> JudgedSession:
    """The session audited by the rules of today."""
    if not records:
        return JudgedSession(kept=kept)
    again = language.audit(records, kept.strict)
    before, now = (msgspec.to_builtins(audit) for audit in (kept, again))
    return JudgedSession(kept=kept, again=again, differs=tuple(name for name in now if before[name] != now[name]))


def judge_again(kept: CaseOutcome, records: Sequence[Record], language: Language) -> Judged:
    """The case judged by the rules of today. PersonError when its journal does not hold the case any more."""
    if not kept.key:
        return Judged(kept=kept)
    strict = kept.audit is not None and kept.audit.strict
    again = msgspec.structs.replace(judge(records, language, strict), key=kept.key)
    return Judged(kept=kept, again=again, differs=tuple(differences(kept, again)), whole=is_whole(records))


def refuse_again(kept: CaseOutcome, text: str, profile: PileProfile, language: Language) -> Judged:
    """A case that was not played, looked at again by its text: does it apply to the pile or not?"""
    if kept.verdict is not Verdict.NOT_APPLICABLE or digest(text) != kept.digest:
        return Judged(kept=kept)
    scenario = read(text, language, kept.id)
    again = not_applicable(scenario, profile) or not_played(scenario, APPLIES)
    return Judged(kept=kept, again=again, differs=tuple(differences(kept, again)))


def differences(kept: CaseOutcome, again: CaseOutcome) -> Iterator[str]:
    """The names of what is not the same, both as a store gives them back: verdict, findings, all else."""
    one, other = _plain(kept), _plain(again)
    findings = one.pop("findings"), other.pop("findings")
    if one["verdict"] != other["verdict"]:
        yield f"{one['verdict']} → {other['verdict']}"
    yield from _findings(*findings)
    yield from (name for name in one if name != "verdict" and one[name] != other[name])


def _findings(kept: list[Plain], again: list[Plain]) -> Iterator[str]:
    """Findings that are gone, new ones, and those that rest on something else."""
    before, now = _by_name(kept), _by_name(again)
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield f"{'+' if name not in before else '−' if name not in now else ''}{name}"


def _by_name(findings: list[Plain]) -> dict[str, list[Plain]]:
    found: dict[str, list[Plain]] = {}
    for finding in findings:
        found.setdefault(f"{finding['check']}: {finding['code']}", []).append(finding)
    return found


def _plain(outcome: CaseOutcome) -> Plain:
    plain: Plain = msgspec.json.decode(msgspec.json.encode(outcome))
    return plain


def gaps(records: Sequence[Record]) -> list[int]:
    """The numbers after which records are missing: they are counted without a gap."""
    return [a.n for a, b in pairwise(records) if b.n != a.n + 1]


def is_whole(records: Sequence[Record]) -> bool:
    """Does it begin as a journal begins, and lack nothing between?"""
    first = records[0] if records else None
    return isinstance(first, EventSeen) and isinstance(first.event, Opened) and not gaps(records)
