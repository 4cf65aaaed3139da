"""What every finding owes its reader, and the few that cannot give all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.core.journal import PILE, FrameSeen, Record
from harness.core.message import Message
from harness.core.outcome import CaseOutcome
from harness.core.ports import Language
from harness.core.verdict import Finding, Verdict
from harness.engine.view import View
from tests.helpers.absences import ABSENCES

NO_JOURNAL = "nothing was played, so there is no journal"
NO_RULE = "it is no matter of the protocol: people, the room or ourselves"
# Findings by their codes, with what they may lack and why. All of them are ours or the room's: none passes, none fails.
MAY_LACK: dict[str, tuple[set[str], str]] = {
    "not_declared": ({"frames", "places", "rule"}, NO_JOURNAL),
    "one_gun": ({"frames", "places", "rule"}, NO_JOURNAL),
    "bench_only": ({"frames", "places", "rule"}, NO_JOURNAL),
    "not_played": ({"frames", "places", "rule", "expected", "seen"}, NO_JOURNAL),
    "harness_fault": ({"frames", "places", "rule", "expected", "seen"}, "a bug of ours, perhaps in the judge itself"),
    "ended_by_us": ({"places", "rule"}, NO_RULE),
    "aborted": ({"places", "rule"}, NO_RULE),
    "operator_silent": ({"places", "rule"}, NO_RULE),
    "operator_unable": ({"places", "rule"}, NO_RULE),
    "no_operator": ({"places", "rule"}, NO_RULE),
    "firmware_version_bad": ({"places", "rule"}, NO_RULE),
    "loop_late": ({"places", "rule"}, NO_RULE),
    "pile_offline": ({"places"}, "a pile that is not there sends nothing"),
    "pile_lost": ({"places"}, "a line that is cut before anything came holds events alone"),
    "nothing_checked": ({"places", "rule"}, "it is about the case: no check of it had anything to look at"),
}

OURS = (Verdict.BROKEN, Verdict.NOT_EARNED, Verdict.NOT_APPLICABLE)


def lacks(finding: Finding) -> set[str]:
    """What it does not say though it should."""
    told = {
        "frames": finding.frames,
        "places": finding.places,
        "rule": finding.rule,
        "expected": finding.expected,
        "seen": finding.seen,
    }
    return {name for name, value in told.items() if not value}


def may_lack(finding: Finding) -> set[str]:
    """What it need not say: what passes or is held against the pile has no excuse."""
    return MAY_LACK[finding.code][0] if finding.code in MAY_LACK and finding.verdict in OURS else set()


def lacking(outcomes: Iterable[CaseOutcome]) -> list[tuple[str, str, str, frozenset[str]]]:
    """Findings that lack what they may not lack."""
    return [
        (outcome.id, finding.check, finding.code, frozenset(missing))
        for outcome in outcomes
        for finding in outcome.findings
        if (missing := lacks(finding) - may_lack(finding))
    ]


def misplaced(outcome: CaseOutcome, records: Sequence[Record]) -> list[Finding]:
    """Findings whose bytes are not those of a frame they cite, or that leave out a frame they cite."""
    frames = {record.n: len(record.raw) for record in records if isinstance(record, FrameSeen)}
    return [
        finding
        for finding in outcome.findings
        if {place.frame for place in finding.places} != set(finding.frames) & set(frames)
        or any(not 0 <= p.start < p.end <= frames[p.frame] for p in finding.places)
    ]


def unattended(outcome: CaseOutcome, records: Sequence[Record], language: Language) -> list[Finding]:
    """Findings of something that did not happen without both ends of their window, or a heartbeat of the pile in it."""
    absences = [finding for finding in outcome.findings if finding.code in ABSENCES and finding.frames]
    beats = {record.n for record in records if _is_beat(record, language)}
    return [finding for finding in absences if _leaves_out(finding, beats) or not _has_ends(finding, records, language)]


def _is_beat(record: Record, language: Language) -> bool:
    if not isinstance(record, FrameSeen) or record.sender != PILE or record.damage:
        return False
    message = language.read(record.raw)
    return isinstance(message, Message) and language.role(message.name) == "heartbeat"


def _leaves_out(finding: Finding, beats: set[int]) -> bool:
    return any(finding.frames[0] < n < finding.frames[-1] for n in beats - set(finding.frames))


def _has_ends(finding: Finding, records: Sequence[Record], language: Language) -> bool:
    """Two records, and two frames where a gun of the case has as many in the window; only ours may rest on less."""
    if len(finding.frames) < 2 and finding.verdict not in OURS:
        return False
    view = View(records, language)
    views = [each for each in (view, view.beside) if each.gun_no]
    inside = [sum(finding.frames[0] <= s.n <= finding.frames[-1] for s in each.frames) for each in views]
    cited = sum(isinstance(view.by_number.get(n), FrameSeen) for n in finding.frames)
    return cited >= min([2, *inside])
