"""A run as SARIF: what its cases and its audit found, each at the pile's profile and at the frames it rests on.

The profile stands in the repository that is built, so a code server can show a result there and follow it from commit
to commit; frames change with every run and are places that led to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from types import MappingProxyType

from harness.core import wording
from harness.core.breaches import CheckFound, Noted, found_in
from harness.core.expecting import known_of, known_of_session
from harness.core.journal import FrameSeen
from harness.core.known import Known
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair
from harness.core.verdict import Verdict
from harness.report.known import stale_lines
from harness.report.outcome import Journals, Told, gravest_first
from harness.report.rules import summary, where
from harness.report.sarif import LEVELS, Notice, SarifResult, SarifRule, Spot, to_sarif

GRAVITY = {Verdict.FAILED: "error", Verdict.REMARK: "note"}  # all else is a warning: no result
MOST_LINKED = 6
FRAMES, JOURNAL = "frames.jsonl", "journal.jsonl"
BEFORE_SESSION = 2  # lines of journal.jsonl before the records of the session


class RunPlaces:
    """Where the results of a run stand: the pile's profile, and the files of the report with their lines."""

    def __init__(self, outcome: RunOutcome, journals: Journals, profile: str = "", folder: str = "") -> None:
        self._profile = profile
        self._frames = str(PurePath(folder, FRAMES))
        self._journal = str(PurePath(folder, JOURNAL))
        self._lines: dict[tuple[str, int], int] = {}
        for case in outcome.cases:
            for record in journals.get(case.key, ()):
                if isinstance(record, FrameSeen):
                    self._lines[case.key, record.n] = len(self._lines) + 1
        key = outcome.session_of.key if outcome.session_of is not None else ""
        self._session = {record.n: line for line, record in enumerate(journals.get(key, ()), BEFORE_SESSION + 1)}

    def of_case(self, case: CaseOutcome, frames: tuple[int, ...]) -> tuple[Spot, ...]:
        """Frames in the journal of a case, and the profile at the end."""
        cited = [n for n in frames if (case.key, n) in self._lines][-MOST_LINKED:]
        lines = [Spot(file=self._frames, line=self._lines[case.key, n], what=f"frame #{n}") for n in cited]
        return self._with_profile(lines, f"case {case.id}")

    def of(self, each: Noted) -> tuple[Spot, ...]:
        """Frames of a breach: in its case's journal, else in that of the session."""
        if each.case is not None and each.own is not None:
            return self.of_case(each.case, each.own.frames)
        cited = [n for n in each.finding.frames if n in self._session][-MOST_LINKED:]
        lines = [Spot(file=self._journal, line=self._session[n], what=f"frame #{n}") for n in cited]
        return self._with_profile(lines, "session")

    def _with_profile(self, lines: list[Spot], what: str) -> tuple[Spot, ...]:
        if self._profile:
            return (*lines, Spot(file=self._profile, line=1, what=what))
        return tuple(lines) or (Spot(file=self._frames, what=what),)


def run_sarif(
    outcome: RunOutcome,
    journals: Journals,
    profile: str = "",
    folder: str = "",
    checks: Mapping[str, Pair] = MappingProxyType({}),
) -> str:
    """The run as a SARIF log. `profile` is the pile's file and `folder` that of the report, as the build knows them.

    `checks` has the sentence of each check of the audit, with {names} for values.
    """
    places = RunPlaces(outcome, journals, profile, folder)
    rules: dict[str, SarifRule] = {}
    results: list[SarifResult] = []
    for case in outcome.cases:
        for same in _by_code(case):
            rule = _rule(case, same[0])
            rules[rule.id] = rule
            results.append(_result(case, same, places, known_of(outcome, case)))
    for found in found_in(outcome):
        rules.setdefault(found.first.check, _audit_rule(found, checks))
        results.append(_audit_result(outcome, found, places))
    return to_sarif(rules.values(), results, _notices(outcome))


def _by_code(case: CaseOutcome) -> list[list[Told]]:
    """The findings of a case that say something, those of one code together, the gravest first."""
    groups: dict[str, list[Told]] = {}
    for each in gravest_first(case.noted()) if case.verdict is not Verdict.NOT_APPLICABLE else ():
        groups.setdefault(each.finding.code, []).append(each)
    return list(groups.values())


def _rule(case: CaseOutcome, each: Told) -> SarifRule:
    """A finding of a case is a rule of its own: so it is followed from commit to commit by itself."""
    zh, en = wording.FINDINGS.get(each.finding.code, each.text)
    return SarifRule(
        id=_id(case, each),
        text=(f"{case.title_zh}：{zh}", f"{case.title_en}: {en}"),
        level=GRAVITY.get(each.finding.verdict, "warning"),
        rule=each.finding.rule,
    )


def _id(case: CaseOutcome, each: Told) -> str:
    return f"{case.id}/{each.finding.code}"


def _result(case: CaseOutcome, same: list[Told], places: RunPlaces, known: Mapping[str, Known]) -> SarifResult:
    finding, (zh, en) = same[0].finding, same[0].text
    facts = {
        "case": case.id,
        "verdict": finding.verdict.value,
        "rule": finding.rule,
        "expected": finding.expected,
        "seen": finding.seen,
        "frames": finding.frames,
    }
    return SarifResult(
        rule=_id(case, same[0]),
        level=GRAVITY.get(finding.verdict, "warning"),
        text=_with_remedy((f"{case.title_zh}：{zh}", f"{case.title_en}: {en}"), same[0].remedy),
        spots=places.of_case(case, finding.frames),
        facts={name: value for name, value in facts.items() if value},
        times=len(same),
        known=_reason(known.get(finding.code)),
    )


def _with_remedy(text: Pair, remedy: Pair) -> Pair:
    return (f"{text[0]}。{remedy[0]}", f"{text[1]}. {remedy[1]}") if remedy[0] else text


def _audit_rule(found: CheckFound, checks: Mapping[str, Pair]) -> SarifRule:
    first = found.first
    text = checks.get(first.check, (first.check, first.check))
    return SarifRule(id=first.check, text=text, level=LEVELS[found.level], section=first.section, rule=first.rule)


def _audit_result(outcome: RunOutcome, found: CheckFound, places: RunPlaces) -> SarifResult:
    first, (zh, en) = found.first, where(outcome, found)
    facts = {
        "rule": first.rule,
        "section": first.section,
        "gun": first.gun_no,
        "expected": first.expected,
        "seen": first.seen,
        "frames": (found.noted[0].own or first).frames,
    }
    return SarifResult(
        rule=first.check,
        level=LEVELS[found.level],
        text=(f"{first.zh}（{zh}）", f"{first.en} ({en})"),
        spots=places.of(found.noted[0]),
        facts={name: value for name, value in facts.items() if value},
        times=found.times,
        known=_reason(_known(outcome, found)),
    )


def _known(outcome: RunOutcome, found: CheckFound) -> Known | None:
    """Why a check is known, if all that it found is."""
    met = [
        (known_of(outcome, each.case) if each.case is not None else known_of_session(outcome)).get(each.finding.check)
        for each in found.noted
    ]
    return met[0] if all(met) else None


def _reason(known: Known | None) -> str:
    return f"{known.reason} (≤ {known.until})" if known is not None else ""


def _notices(outcome: RunOutcome) -> Iterator[Notice]:
    zh, en = summary(outcome)
    if zh:
        yield Notice("note", (f"协议规范：{zh}", f"protocol rules: {en}"))
    for line in stale_lines(outcome):
        yield Notice("error", (line, line))


__all__ = ["run_sarif"]
