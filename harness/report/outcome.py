"""What a report says, as data: each finding with its sentences, and the JSON of a whole run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from harness.core import wording
from harness.core.journal import EventSeen, Record
from harness.core.message import Damage, Message
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair
from harness.core.play_words import CHECKS
from harness.core.verdict import Finding, Verdict
from harness.report.known import known_data
from harness.report.rules import case_data, session_data
from harness.report.words import word

Read = Callable[[bytes], Message | Damage]
Journals = Mapping[str, Sequence[Record]]  # the records of each case, by the key of its journal

NO_JOURNALS: Journals = MappingProxyType({})

# The order in which findings are read: what failed first.
GRAVITY = (Verdict.FAILED, Verdict.BROKEN, Verdict.NOT_EARNED, Verdict.REMARK, Verdict.NOT_APPLICABLE, Verdict.PASSED)


class Told(NamedTuple):
    """A finding with its sentences, zh and en; the remedy is empty where there is nothing to do."""

    finding: Finding
    text: Pair
    remedy: Pair
    check: Pair


def told(finding: Finding) -> Told:
    """A finding with its sentences. An old journal may hold a code that has none any more: the code then stands."""
    text, remedy = (finding.code, finding.code), ("", "")
    if finding.code in wording.FINDINGS:
        text = wording.say(finding.code, finding.params)
    if finding.verdict is not Verdict.PASSED:
        remedy = wording.remedy(finding.code, finding.params)
    check = CHECKS.get(finding.check) or text
    return Told(finding, text, remedy, check)


def gravest_first(findings: Sequence[Finding]) -> list[Told]:
    """All findings with their sentences, the gravest first, else in the order found."""
    return [told(finding) for finding in sorted(findings, key=lambda finding: GRAVITY.index(finding.verdict))]


def in_a_sentence(case: CaseOutcome) -> Pair:
    """What came of a case in one sentence: its gravest finding, or that all checks passed."""
    noted = gravest_first(case.noted())
    return noted[0].text if noted else word("all_passed", n=len(case.findings))


def as_data(outcome: RunOutcome, journals: Journals) -> dict[str, Any]:
    """A run as plain data: `findings` are those that are no pass, `checks` all of them with verdict and remedy.

    `frames` are numbers in frames.jsonl, `bytes` those bytes of them that were looked at (a whole frame has no field),
    `rules` the version of the rules that were judged by. What else a check rests on (connections, answers, the firmware
    server) is in its `events`. `audit` are breaches of the protocol's own rules.
    """
    return {
        "pile": outcome.pile_code,
        "started": local(outcome.started, outcome.timezone),
        "ended": local(outcome.ended, outcome.timezone),
        "run": outcome.run_id,
        "verdict": outcome.verdict.value,
        "rules_broken": outcome.rules_broken,
        "session": session_data(outcome),
        "known": known_data(outcome),
        "cases": [_case(case, journals.get(case.key, ()), outcome.timezone) for case in outcome.cases],
    }


def to_json(outcome: RunOutcome, journals: Journals = NO_JOURNALS) -> str:
    """outcome.json; without the journals a check's events are not told from its frames."""
    return msgspec.json.format(msgspec.json.encode(as_data(outcome, journals)), indent=2).decode() + "\n"


def local(stamp: str, timezone: str) -> str:
    """A stamp kept in UTC as people read it: ISO 8601 in the run's own zone; "" stays "" """
    return datetime.fromisoformat(stamp).astimezone(ZoneInfo(timezone)).isoformat() if stamp else ""


def _case(case: CaseOutcome, records: Sequence[Record], timezone: str) -> dict[str, Any]:
    events = {record.n: record for record in records if isinstance(record, EventSeen)}
    return {
        "id": case.id,
        "verdict": case.verdict.value,
        "title_zh": case.title_zh,
        "title_en": case.title_en,
        "started": local(case.started, timezone),
        "ended": local(case.ended, timezone),
        "attempts": case.attempts,
        "rules": case.rules,
        "findings": [_finding(each, events) for each in gravest_first(case.noted())],
        "checks": [_check(told(finding), events) for finding in case.findings],
        **case_data(case),
    }


def _finding(each: Told, events: Mapping[int, EventSeen]) -> dict[str, Any]:
    finding = each.finding
    return {
        "code": finding.code,
        "text_zh": each.text[0],
        "text_en": each.text[1],
        "rule": finding.rule,
        "expected": finding.expected,
        "seen": finding.seen,
        "frames": [n for n in finding.frames if n not in events],
        "bytes": [msgspec.to_builtins(place) for place in finding.places],
    }


def _check(each: Told, events: Mapping[int, EventSeen]) -> dict[str, Any]:
    cited = [events[n] for n in each.finding.frames if n in events]
    return {
        "check": each.finding.check,
        "verdict": each.finding.verdict.value,
        **_finding(each, events),
        "events": [{"n": event.n, "at": event.at, **msgspec.to_builtins(event.event)} for event in cited],
        "remedy_zh": each.remedy[0],
        "remedy_en": each.remedy[1],
    }
