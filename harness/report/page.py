"""A run as the page shows it: every word in both languages, every number as it is printed; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from harness.core.journal import FrameSeen
from harness.core.known import Known
from harness.core.outcome import CaseOutcome, RunOutcome, count
from harness.core.pairs import Pair
from harness.core.verdict import Verdict
from harness.report.case_part import OPEN_ENDED, CasePart, Mark, case_part, mark
from harness.report.chart import Line, line_of_time
from harness.report.known import how
from harness.report.outcome import Journals, Read, in_a_sentence
from harness.report.review import Note
from harness.report.rules_page import Cite, RulesPart, rules_part
from harness.report.words import word


class ResultLine(NamedTuple):
    """A case in the table of results."""

    id: str
    title: Pair
    declared: Pair
    mark: Mark
    sentence: Pair
    took: str
    review: Note | None = None


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
