"""A run as plain text: verdicts, findings, then every frame and event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from harness.core import wording
from harness.core.breaches import found_in
from harness.core.journal import FrameSeen
from harness.core.outcome import RunOutcome
from harness.core.pairs import parted
from harness.report.known import how, known_line
from harness.report.lines import FrameLine, Times, event_line, frame_line
from harness.report.outcome import Journals, Read, gravest_first
from harness.report.rules import summary
from harness.report.rules_text import rule_lines
from harness.report.words import word


def to_txt(outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """All of it in one text."""
    return "\n".join((*_head(outcome), *_log(outcome, journals, read))) + "\n"


def _head(outcome: RunOutcome) -> Iterator[str]:
    yield f"联调报告 {outcome.profile.model} {outcome.pile_code}"
    zone = ZoneInfo(outcome.timezone)
    begin, end = (_local(stamp, zone) for stamp in (outcome.started, outcome.ended))
    yield f"{begin} – {end}  {' / '.join(wording.verdict_word(outcome.verdict))}"
    yield ""
    for case in outcome.cases:
        yield f"{case.title_zh} {case.id}: {' / '.join(wording.verdict_word(case.verdict))}"
        for each in gravest_first(case.noted()):
            finding = each.finding
            cites = " ".join(f"#{n}" for n in finding.frames)
            yield f"    {each.text[0]} / {each.text[1]}"
            if finding.expected or finding.seen or cites:
                wanted, got = (parted(value)[0] or "—" for value in (finding.expected, finding.seen))
                yield f"    应当 {wanted}  看到 {got}  {finding.rule} {cites}".rstrip()
            if each.remedy[0]:
                yield f"    {each.remedy[0]} / {each.remedy[1]}"
    for met in outcome.known:
        yield f"{' / '.join(how(met))}: {known_line(met)}"
    if summary(outcome)[0]:
        yield f"{word('rules_kept')[0]}: {' / '.join(summary(outcome))}"
        yield from (f"    {line}" for line in rule_lines(outcome, found_in(outcome)))


def _local(stamp: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone(zone):%Y-%m-%d %H:%M:%S %z}" if stamp else "—"


def _log(outcome: RunOutcome, journals: Journals, read: Read) -> Iterator[str]:
    for case in outcome.cases:
        records = journals.get(case.key, ())
        times = Times(records, outcome.timezone)
        yield from ("", f"===== {case.title_zh} {case.id} =====")
        for record in records:
            if isinstance(record, FrameSeen):
                yield from txt_lines(record, frame_line(record, times.clock(record.at), read, fields=False))
            else:
                said = event_line(record, times)
                yield f"#{said.n} {said.time} * {said.text[0]} {said.detail}".rstrip()


def txt_lines(record: FrameSeen, line: FrameLine) -> Iterator[str]:
    """One frame: what it is, its bytes, its fields."""
    way = "桩→平台" if line.up else "平台→桩"
    yield f"#{line.n} {line.time} {way} {line.code} {line.title[0]}".rstrip()
    yield f"    {record.raw.hex(' ').upper()}"
    if line.summary:
        yield f"    {line.summary}"
