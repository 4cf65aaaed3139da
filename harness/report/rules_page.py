"""Breaches of the protocol's own rules on the page: a line for each check, and the frames they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.breaches import CheckFound, Noted, audits, found_in
from harness.core.journal import FrameSeen, Record
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair
from harness.core.wording import LEVELS
from harness.report.lines import FrameLine, Times, Wanted, frame_line
from harness.report.outcome import Journals, Read
from harness.report.rules import checks_of, section, summary, where
from harness.report.words import word

MOST_CITED = 8  # frames that a line names
MOST_SHOWN = 40  # frames that are shown with their fields
SESSION = "session"  # begins the names of frames of the pile's own journal


class Cite(NamedTuple):
    """A frame: its number, and the part of the page that shows it."""

    part: str
    n: int


class RuleLine(NamedTuple):
    """A check that found something, with its first finding; `times` says how often.

    `beats` are the pile's heartbeats meanwhile, where something did not come.
    """

    level: str
    word: Pair
    text: Pair
    expected: str
    seen: str
    rule: str
    section: str
    times: int
    where: Pair
    cites: tuple[Cite, ...]
    check: str = ""
    beats: tuple[int, ...] = ()


class RulesPart(NamedTuple):
    """What the audits of a run found, each breach once; `cited` are frames that no case holds."""

    summary: Pair
    about: Pair
    lines: tuple[RuleLine, ...]
    cited: tuple[FrameLine, ...]
    id: str = SESSION


def rules_part(outcome: RunOutcome, journals: Journals, read: Read) -> RulesPart | None:
    """The section on the whole run; None when there was no audit."""
    if not audits(outcome):
        return None
    found = found_in(outcome)
    lines = tuple(_line(each, where(outcome, each)) for each in found)
    about = word("rules_about" if outcome.session is not None else "rules_about_cases")
    return RulesPart(summary(outcome), about, lines, _outside(outcome, found, journals, read))


def case_lines(case: CaseOutcome) -> tuple[RuleLine, ...]:
    """The checks that found something in the journal of a case."""
    found = checks_of(case.audit, case) if case.audit is not None else []
    return tuple(_line(each, ("", "")) for each in found)


def marked(findings: Iterable[AuditFinding]) -> dict[int, Wanted]:
    """What to mark in the frames that findings rest on: their fields stand in the last."""
    wanted: dict[int, Wanted] = {}
    for finding in findings:
        for n in finding.frames:
            words = frozenset(finding.fields) if n == finding.frames[-1] else frozenset()
            wanted[n] = Wanted(words=words | wanted.get(n, Wanted()).words)
    return wanted


def grave(audit: Audit | None) -> list[AuditFinding]:
    """The findings of an audit that are more than remarks."""
    return [each for each in audit.findings if each.level is not Level.REMARK] if audit is not None else []


def frames_of(
    findings: Sequence[AuditFinding], records: Sequence[Record], times: Times, read: Read, but: Iterable[int] = ()
) -> tuple[FrameLine, ...]:
    """The frames that findings rest on, with their fields, but for some that are shown already."""
    wanted = marked(findings)
    shown = [record for record in records if record.n in wanted and isinstance(record, FrameSeen)]
    left = [record for record in shown if record.n not in set(but)][:MOST_SHOWN]
    return tuple(frame_line(each, times.clock(each.at), read, fields=True, wanted=wanted[each.n]) for each in left)


def _outside(outcome: RunOutcome, found: Sequence[CheckFound], journals: Journals, read: Read) -> tuple[FrameLine, ...]:
    """The frames that the pile's own journal alone holds."""
    records = journals.get(outcome.session_of.key, ()) if outcome.session_of is not None else ()
    outside = [each.finding for check in found for each in check.noted if each.own is None]
    grave = [finding for finding in outside if finding.level is not Level.REMARK]
    return frames_of(grave, records, Times(records, outcome.timezone), read)


def _line(found: CheckFound, when: Pair) -> RuleLine:
    first = found.first
    return RuleLine(
        level=found.level.value,
        word=LEVELS[found.level],
        text=(first.zh, first.en),
        expected=first.expected,
        seen=first.seen,
        rule=first.rule,
        section=section(first),
        times=found.times,
        where=when,
        cites=tuple(dict.fromkeys(_cites(found.noted)))[:MOST_CITED],
        check=first.check,
        beats=(found.noted[0].own or first).beats,
    )


def _cites(noted: Sequence[Noted]) -> Iterator[Cite]:
    """The first breach whole, of the others the frame that each ends on."""
    for number, each in enumerate(noted):
        part = each.case.id if each.case is not None and each.own is not None else SESSION
        frames = (each.own or each.finding).frames
        yield from (Cite(part, n) for n in (frames if number == 0 else frames[-1:]))


__all__ = ["RuleLine", "RulesPart", "case_lines", "frames_of", "grave", "marked", "rules_part"]
