"""协议规范 on the pages: what the audit of an attempt found, a row for each check, and that of all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from harness.core.auditing import GRAVEST_FIRST, Audit, AuditFinding, Level
from harness.core.outcome import CaseOutcome
from harness.core.pairs import Pair, parted
from web.services import NOTHING
from web.words import say

MOST_CITED = 6  # frames that a row names
WORDS = {Level.MUST: "rules.must", Level.SHOULD: "rules.should", Level.REMARK: "rules.remark"}


class Cite(NamedTuple):
    """A frame that a finding rests on; `fields` are those that were looked at, `case` names its case among several."""

    key: str
    n: int
    fields: tuple[str, ...]
    case: Pair = NOTHING


class Breach(NamedTuple):
    """A check that found something, and how often; the sentence is that of the first time.

    Where something did not come, the pile sent so many `beats` meanwhile; `meanwhile` are the first and the last.
    """

    level: str
    word: Pair
    rule: str
    section: str
    text: Pair
    expected: Pair
    seen: Pair
    times: int
    cites: tuple[Cite, ...]
    beats: int = 0
    meanwhile: tuple[Cite, ...] = ()


class Rules(NamedTuple):
    """Breaches, gravest first; `counts` are the levels that occur, `unchecked` the attempts that have no audit."""

    breaches: tuple[Breach, ...] = ()
    counts: tuple[tuple[str, Pair, int], ...] = ()
    checked: int = 0
    unchecked: int = 0


class Told(NamedTuple):
    """A finding and where it was made."""

    finding: AuditFinding
    key: str
    case: Pair


def rules_of(outcome: CaseOutcome) -> Rules:
    """What the audit of one attempt found."""
    return _rules([(outcome, NOTHING)])


def rules_together(outcomes: Iterable[CaseOutcome]) -> Rules:
    """What the audits of several attempts found, each check once; a frame then says of which case it is."""
    return _rules([(outcome, (outcome.title_zh, outcome.title_en)) for outcome in outcomes])


def level_word(level: Level) -> Pair:
    """A level as people read it."""
    return say(WORDS[level])


def sentence(finding: AuditFinding) -> Pair:
    """What a finding says, as a sentence of its own."""
    return finding.zh, finding.en[:1].upper() + finding.en[1:]


def _rules(played: Sequence[tuple[CaseOutcome, Pair]]) -> Rules:
    found: dict[str, list[Told]] = {}
    times: Counter[str] = Counter()
    audits = [outcome.audit for outcome, _ in played if outcome.audit is not None]
    for outcome, case in played:
        for finding in outcome.audit.findings if outcome.audit is not None else ():
            found.setdefault(finding.check, []).append(Told(finding, outcome.key, case))
    for audit in audits:
        times.update(_times(audit))
    breaches = [_breach(told, times[check]) for check, told in found.items()]
    return Rules(
        breaches=tuple(each for level in GRAVEST_FIRST for each in breaches if each.level == level),
        counts=tuple(_counts(breaches)),
        checked=len(audits),
        unchecked=len(played) - len(audits),
    )


def _times(audit: Audit) -> Counter[str]:
    """How often each check found something, also what is not told one by one."""
    return Counter(finding.check for finding in audit.findings) | Counter(audit.counts)


def _counts(breaches: Sequence[Breach]) -> Iterator[tuple[str, Pair, int]]:
    for level in GRAVEST_FIRST:
        n = sum(breach.level == level for breach in breaches)
        if n:
            yield level.value, level_word(level), n


def _breach(told: Sequence[Told], times: int) -> Breach:
    first = told[0].finding
    return Breach(
        level=first.level.value,
        word=level_word(first.level),
        rule=first.rule,
        section=first.section,
        text=sentence(first),
        expected=parted(first.expected),
        seen=parted(first.seen),
        times=times,
        cites=tuple(dict.fromkeys(_cites(told)))[:MOST_CITED],
        beats=len(first.beats),
        meanwhile=tuple(Cite(told[0].key, n, ()) for n in dict.fromkeys((*first.beats[:1], *first.beats[-1:]))),
    )


def _cites(told: Sequence[Told]) -> Iterator[Cite]:
    """The first finding whole, of the others the frame that each ends on."""
    for number, (finding, key, case) in enumerate(told):
        last = finding.frames[-1:]
        if number == 0:
            yield from (Cite(key, n, (), case) for n in finding.frames[:-1])
        yield from (Cite(key, n, finding.fields, case) for n in last)
