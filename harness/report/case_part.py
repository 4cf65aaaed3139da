"""A case as the page shows it: every word in both languages, every number as it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from harness.core import wording
from harness.core.journal import FrameSeen, Record
from harness.core.outcome import CaseOutcome, ChargeCurve, Settlement, StepOutcome
from harness.core.pairs import Pair
from harness.core.verdict import Finding, Verdict
from harness.report.chart import RANKS, Chart, draw, ranks, state
from harness.report.lines import NO_MARKS, EventLine, FrameLine, Times, Wanted, event_line, frame_line
from harness.report.outcome import Read, Told, gravest_first
from harness.report.review import Note
from harness.report.rules_page import RuleLine, case_lines, frames_of, grave, marked
from harness.report.words import HOW, word

FIRST_RECORDS, LAST_RECORDS = 300, 100  # of a case, in the folded list; frames.jsonl holds all
MOST_CITED, MOST_MORE = 40, 20
DATE = r"\d{4}-\d\d-\d\d"
LEAST_MARK = 4  # characters of a value by which its bytes are found: shorter ones are found everywhere

OPEN_ENDED = (Verdict.BROKEN, Verdict.NOT_EARNED)


class Mark(NamedTuple):
    """A verdict as colour, shape and word."""

    state: str
    word: Pair


class CheckLine(NamedTuple):
    """A finding with what was expected, what was seen and what it rests on."""

    mark: Mark
    name: Pair
    text: Pair
    remedy: Pair
    expected: str
    seen: str
    rule: str
    cites: tuple[int, ...]
    code: str = ""  # by which a list of known failures names it; none where it passed


class SumLine(NamedTuple):
    """A line of the table of sums."""

    rank: str
    label: Pair
    pile: str
    platform: str
    difference: str
    ok: bool
    total: bool


class StepLine(NamedTuple):
    """A step with its time and how it ended."""

    title: Pair
    state: str
    how: Pair
    time: str
    took: str
    line: Pair
    attempt: Pair | None


class ChargePart(NamedTuple):
    """A charge as a picture and as sums; `gun` says whose it is where a case is about two guns."""

    gun: Pair
    chart: Chart | None
    energies: tuple[SumLine, ...]
    amounts: tuple[SumLine, ...]
    note: Pair


class CasePart(NamedTuple):
    """A case with all that was found; `beside` is the charge of the other gun, in a case about two."""

    id: str
    title: Pair
    about: Pair
    mark: Mark
    reasons: tuple[CheckLine, ...]
    not_ours: bool
    checks: tuple[CheckLine, ...]
    chart: Chart | None
    energies: tuple[SumLine, ...]
    amounts: tuple[SumLine, ...]
    note: Pair
    steps: tuple[StepLine, ...]
    cited: tuple[FrameLine | EventLine, ...]
    cited_more: tuple[FrameLine | EventLine, ...]
    head: tuple[FrameLine | EventLine, ...]
    left_out: Pair | None
    tail: tuple[FrameLine | EventLine, ...]
    records: int
    anchors: frozenset[int]
    digest: Pair | None
    review: Note | None = None
    gun: Pair = ("", "")
    beside: ChargePart | None = None
    rules: tuple[RuleLine, ...] = ()
    cited_rules: tuple[FrameLine, ...] = ()


def mark(verdict: Verdict) -> Mark:
    """Colour, shape and word of a verdict."""
    return Mark(state(verdict), wording.verdict_word(verdict))


def case_part(case: CaseOutcome, records: Sequence[Record], timezone: str, read: Read) -> CasePart:
    """A case with all that was found, for pages that show one alone."""
    times = Times(records, timezone)
    checks = [_check(told) for told in gravest_first(case.findings)]
    reasons = [_check(told) for told in gravest_first(case.noted())]
    charge = charge_part(case.charge)
    cited, cited_more = _cited(case, records, times, read)
    cited_rules = frames_of(grave(case.audit), records, times, read, but=[line.n for line in (*cited, *cited_more)])
    lines = [_line(record, times, read) for record in _some(records)]
    hidden = len(records) - len(lines)
    cut = FIRST_RECORDS if hidden else len(lines)
    return CasePart(
        id=case.id,
        title=(case.title_zh, case.title_en),
        about=(case.description_zh, case.description_en),
        mark=mark(case.verdict),
        reasons=tuple(_remedy_once(check, after) for check, after in zip_longest(reasons, reasons[1:])),
        not_ours=case.verdict in OPEN_ENDED,
        checks=tuple(checks) if case.verdict is not Verdict.NOT_APPLICABLE else (),
        gun=charge.gun,
        chart=charge.chart,
        energies=charge.energies,
        amounts=charge.amounts,
        note=charge.note,
        beside=charge_part(case.beside) if case.beside is not None else None,
        steps=tuple(_step(step, times, case.attempts > 1) for step in case.steps),
        cited=cited,
        cited_more=cited_more,
        head=tuple(lines[:cut]),
        left_out=word("left_out", n=hidden) if hidden else None,
        tail=tuple(lines[cut:]),
        records=len(records),
        anchors=frozenset(line.n for line in (*cited, *cited_more, *cited_rules, *lines)),
        rules=case_lines(case),
        cited_rules=cited_rules,
        digest=word("digest", case=case.id, digest=f"{case.digest[:4]}…{case.digest[-4:]}") if case.digest else None,
    )


def charge_part(curve: ChargeCurve | None) -> ChargePart:
    """A charge as a picture and as sums; all empty where there was none."""
    if curve is None:
        return ChargePart(("", ""), None, (), (), ("", ""))
    return ChargePart(
        gun=word("whose", n=curve.gun) if curve.gun else ("", ""),
        chart=draw(curve),
        energies=tuple(_sums(curve, curve.energies)),
        amounts=tuple(_sums(curve, curve.amounts)),
        note=(curve.note_zh, curve.note_en),
    )


def _check(told: Told) -> CheckLine:
    finding = told.finding
    return CheckLine(
        mark=mark(finding.verdict),
        name=told.check,
        text=told.text,
        remedy=told.remedy,
        expected=finding.expected,
        seen=finding.seen,
        rule=finding.rule,
        cites=finding.frames,
        code=finding.code if finding.verdict is not Verdict.PASSED else "",
    )


def _remedy_once(check: CheckLine, after: CheckLine | None) -> CheckLine:
    """Where several findings in a row have one remedy, it stands below the last."""
    return check._replace(remedy=("", "")) if after is not None and after.remedy == check.remedy else check


def _sums(curve: ChargeCurve, rows: Sequence[Settlement]) -> Iterator[SumLine]:
    rank = ranks(curve.bands)
    for row in rows:
        yield SumLine(
            rank=rank.get(row.label, row.label if row.label in RANKS else RANKS[-1]) if row.label else "",
            label=(row.label_zh, row.label_en),
            pile=_number(row.pile),
            platform=_number(row.platform),
            difference=_signed(row.difference),
            ok=row.ok,
            total=not row.label,
        )


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:.4f}"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return "—"
    return f"{value:.4f}" if value == 0 else f"{value:+.4f}".replace("-", "−")


def _step(step: StepOutcome, times: Times, several: bool) -> StepLine:
    ended = step.ended if step.ended is not None else step.began
    spent = (ended or 0.0) - (step.began or 0.0)
    return StepLine(
        title=(step.title_zh, step.title_en),
        state="ok" if step.how in ("done", "early") else "hold",
        how=HOW.get(step.how, (step.how, step.how)),
        time=times.clock(step.began) if step.began is not None else "",
        took=f"{spent:.1f} s",
        line=word("line", n=step.line),
        attempt=word("attempt", n=step.attempt) if several else None,
    )


def _cited(
    case: CaseOutcome, records: Sequence[Record], times: Times, read: Read
) -> tuple[tuple[FrameLine | EventLine, ...], tuple[FrameLine | EventLine, ...]]:
    """The records that findings rest on: those of what is no pass, and the others apart."""
    noted = {n for finding in case.noted() for n in finding.frames}
    others = {n for finding in case.findings for n in finding.frames} - noted
    wanted: dict[int, Wanted] = {}
    for finding in case.findings:
        for n in finding.frames:
            if n in others or finding.verdict is not Verdict.PASSED:
                known = wanted.get(n, Wanted())
                more = _wanted(finding, n)
                wanted[n] = Wanted(known.places | more.places, known.words | more.words)
    for n, more in marked(grave(case.audit)).items():
        if n in wanted:
            wanted[n] = Wanted(wanted[n].places, wanted[n].words | more.words)

    def lines(numbers: set[int], most: int) -> tuple[FrameLine | EventLine, ...]:
        chosen = [record for record in records if record.n in numbers]
        return tuple(_line(record, times, read, wanted[record.n]) for record in chosen[:most])

    return lines(noted, MOST_CITED), lines(others, MOST_MORE)


def _wanted(finding: Finding, n: int) -> Wanted:
    """What to mark in a cited frame: the bytes the finding rests on; an old one has none, then what reads as it saw."""
    if finding.places:
        return Wanted(frozenset((p.start, p.end) for p in finding.places if p.frame == n and p.field))
    if finding.fields:
        return Wanted(words=frozenset(finding.fields))
    words = re.split(r"[,，\s]+", f"{finding.seen} {finding.expected}")
    telling = {word for word in words if len(word) >= LEAST_MARK and re.search("[1-9]", word)}
    return Wanted(words=frozenset({word for word in telling if not re.fullmatch(DATE, word)} | {finding.seen}))


def _some(records: Sequence[Record]) -> Sequence[Record]:
    if len(records) <= FIRST_RECORDS + LAST_RECORDS:
        return records
    return [*records[:FIRST_RECORDS], *records[-LAST_RECORDS:]]


def _line(record: Record, times: Times, read: Read, wanted: Wanted | None = None) -> FrameLine | EventLine:
    """A record; a frame has its fields when it is said which are wanted."""
    if isinstance(record, FrameSeen):
        return frame_line(record, times.clock(record.at), read, fields=wanted is not None, wanted=wanted or NO_MARKS)
    return event_line(record, times)
