"""A run as the page shows it: every word in both languages, every number as it is printed; nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain, zip_longest
from typing import NamedTuple
from zoneinfo import ZoneInfo

from harness.core import wording
from harness.core.journal import FrameSeen, Record
from harness.core.known import Known
from harness.core.outcome import CaseOutcome, ChargeCurve, RunOutcome, Settlement, StepOutcome, count
from harness.core.verdict import Finding, Verdict
from harness.report.chart import RANKS, Chart, Line, draw, line_of_time, ranks, state
from harness.report.known import how
from harness.report.lines import NO_MARKS, EventLine, FrameLine, Times, Wanted, event_line, frame_line
from harness.report.outcome import Journals, Pair, Read, Told, gravest_first, in_a_sentence
from harness.report.review import Note
from harness.report.rules_page import Cite, RuleLine, RulesPart, case_lines, frames_of, grave, marked, rules_part
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


class ResultLine(NamedTuple):
    """A case in the table of results."""

    id: str
    title: Pair
    declared: Pair
    mark: Mark
    sentence: Pair
    took: str
    review: Note | None = None


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


class KnownLine(NamedTuple):
    """A failure that was known, and what became of it."""

    known: Known
    how: Pair
    stale: bool


class Page(NamedTuple):
    """All of it."""

    model: str
    pile_code: str
    mark: Mark
    tally: Pair
    facts: tuple[tuple[Pair, Pair], ...]
    results: tuple[ResultLine, ...]
    line: Line | None
    cases: tuple[CasePart, ...]
    review: Note | None = None
    rules: RulesPart | None = None
    anchors: frozenset[Cite] = frozenset()  # the frames that it shows
    known: tuple[KnownLine, ...] = ()


def page(outcome: RunOutcome, journals: Journals, read: Read) -> Page:
    """The page of a run."""
    zone = ZoneInfo(outcome.timezone)
    spans = [_span(case, zone) for case in outcome.cases]
    parts = [case_part(case, journals.get(case.key, ()), outcome.timezone, read) for case in outcome.cases]
    rules = rules_part(outcome, journals, read)
    outside = [Cite(rules.id, line.n) for line in rules.cited] if rules is not None else []
    return Page(
        model=outcome.profile.model,
        pile_code=outcome.pile_code,
        mark=mark(outcome.verdict),
        tally=tally(outcome.cases),
        facts=tuple(_facts(outcome, journals)),
        results=tuple(_result(case, span) for case, span in zip(outcome.cases, spans, strict=True)),
        line=line_of_time(outcome.cases, spans),
        cases=tuple(parts),
        rules=rules,
        known=tuple(KnownLine(each.known, how(each), each.stale) for each in outcome.known),
        anchors=frozenset((*outside, *(Cite(part.id, n) for part in parts for n in part.anchors))),
    )


def mark(verdict: Verdict) -> Mark:
    """Colour, shape and word of a verdict."""
    return Mark(state(verdict), wording.verdict_word(verdict))


def tally(cases: Sequence[CaseOutcome]) -> Pair:
    """How many cases came out how."""
    applying = [case for case in cases if case.verdict is not Verdict.NOT_APPLICABLE]
    if not applying:
        return word("nothing")
    counts = (
        ("tally_passed", count(applying, Verdict.PASSED, Verdict.REMARK)),
        ("tally_remark", count(applying, Verdict.REMARK)),
        ("tally_failed", count(applying, Verdict.FAILED)),
        ("tally_open", count(applying, *OPEN_ENDED)),
    )
    told = [word(name, n=n) for name, n in counts if n]
    of_zh, of_en = word("tally_of", n=len(applying))
    return f"{of_zh} " + "，".join(zh for zh, _ in told), f"{of_en} " + ", ".join(en for _, en in told)


def _facts(outcome: RunOutcome, journals: Journals) -> Iterator[tuple[Pair, Pair]]:
    profile = outcome.profile
    zone = ZoneInfo(outcome.timezone)
    kind_zh, kind_en = word("dc" if profile.kind == "dc" else "ac")
    guns = ", ".join(sorted({case.gun_no.lstrip("0") for case in outcome.cases if case.gun_no}))
    frames = sum(isinstance(record, FrameSeen) for record in chain(*(journals.get(c.key, ()) for c in outcome.cases)))
    rules = next((case.rules for case in outcome.cases if case.rules), "—")
    yield word("pile_code"), _same(outcome.pile_code)
    yield (
        word("kind"),
        (
            f"{kind_zh} {profile.power_kw} kW，{profile.guns} 枪" + (f"，测 {guns} 枪" if guns else ""),
            f"{kind_en} {profile.power_kw} kW, guns: {profile.guns}" + (f", tested: {guns}" if guns else ""),
        ),
    )
    yield word("version"), _same(profile.program_version or "—")
    qr_zh, qr_en = word("with_qr", dialect=profile.qr_dialect) if profile.qr_dialect != "none" else ("", "")
    yield word("protocol"), (f"V{profile.protocol_version}{qr_zh}", f"V{profile.protocol_version}{qr_en}")
    yield word("started"), _same(_local(outcome.started, zone))
    yield word("ended"), _same(_local(outcome.ended, zone))
    yield word("frames"), _same(f"{frames:,}")
    yield word("rules"), _same(rules)


def _same(text: str) -> Pair:
    return text, text


def _local(stamp: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone(zone):%Y-%m-%d %H:%M:%S}" if stamp else "—"


def _span(case: CaseOutcome, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if not (case.started and case.ended):
        return None
    return datetime.fromisoformat(case.started).astimezone(zone), datetime.fromisoformat(case.ended).astimezone(zone)


def _result(case: CaseOutcome, span: tuple[datetime, datetime] | None) -> ResultLine:
    return ResultLine(
        id=case.id,
        title=(case.title_zh, case.title_en),
        declared=word("no" if case.verdict is Verdict.NOT_APPLICABLE else "yes"),
        mark=mark(case.verdict),
        sentence=in_a_sentence(case),
        took=took(span[1] - span[0]) if span is not None else "",
    )


def took(span: timedelta) -> str:
    """Minutes and seconds."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"


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
        state={"done": "ok", "skipped": "na"}.get(step.how, "hold"),
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
