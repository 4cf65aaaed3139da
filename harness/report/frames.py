"""The frames of a run one by one, for machines and spreadsheets: jsonl, csv, txt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from harness.core import wording
from harness.core.journal import PILE, FrameSeen
from harness.core.message import Damage, Message
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.report.lines import Times, event_line, frame_line, plain
from harness.report.outcome import Journals, Read, gravest_first

BOM = "\ufeff"  # without it spreadsheets take UTF-8 for the local code page
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be worked out
CSV_HEAD = ("n", "time", "case", "direction", "type", "name", "title", "hex", "fields", "damage")


class Frame(NamedTuple):
    """A frame with the case it belongs to."""

    case: CaseOutcome
    record: FrameSeen
    time: str
    message: Message | Damage

    @property
    def way(self) -> str:
        """Up from the pile, down from the platform."""
        return "up" if self.record.sender == PILE else "down"

    @property
    def name(self) -> str | None:
        """Its name in the catalogue."""
        return (self.message.name or None) if isinstance(self.message, Message) else None

    @property
    def damage(self) -> str:
        """Why it is none."""
        return self.message.reason if isinstance(self.message, Damage) else ""


def frames(outcome: RunOutcome, journals: Journals, read: Read) -> Iterator[Frame]:
    """All frames of a run in order."""
    for case in outcome.cases:
        records = journals.get(case.key, ())
        times = Times(records, outcome.timezone)
        for record in records:
            if isinstance(record, FrameSeen):
                time = times.moment(record.at).isoformat(timespec="milliseconds")
                message = Damage(record.damage, 0, record.raw) if record.damage else read(record.raw)
                yield Frame(case, record, time, message)


def to_jsonl(outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """frames.jsonl: one object a line."""
    return "".join(_json(frame) for frame in frames(outcome, journals, read))


def to_csv(outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """A table for spreadsheets, which shall neither guess the encoding nor work anything out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_HEAD)
    for frame in frames(outcome, journals, read):
        writer.writerow([_harmless(cell) for cell in _cells(frame)])
    return BOM + out.getvalue()


def to_txt(outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """The run as plain text: verdicts, findings, then every frame and event."""
    return "\n".join((*_head(outcome), *_log(outcome, journals, read))) + "\n"


def _json(frame: Frame) -> str:
    data: dict[str, Any] = {
        "n": frame.record.n,
        "time": frame.time,
        "direction": frame.way,
        "hex": frame.record.raw.hex().upper(),
        "name": frame.name,
        "fields": plain(frame.message),
        "case": frame.case.id,
        "damage": frame.damage or None,
    }
    return msgspec.json.encode(data).decode() + "\n"


def _cells(frame: Frame) -> tuple[str, ...]:
    kind = frame.message.frame_type if isinstance(frame.message, Message) else None
    fields = msgspec.json.encode(plain(frame.message)).decode() if kind else ""
    return (
        str(frame.record.n),
        frame.time,
        frame.case.id,
        frame.way,
        f"0x{kind.code:02X}" if kind else "",
        frame.name or "",
        kind.title if kind else "",
        frame.record.raw.hex(" ").upper(),
        fields,
        frame.damage,
    )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _head(outcome: RunOutcome) -> Iterator[str]:
    yield f"联调报告 {outcome.profile.model} {outcome.pile_code}"
    yield f"{outcome.started} – {outcome.ended}  {' / '.join(wording.verdict_word(outcome.verdict))}"
    yield ""
    for case in outcome.cases:
        yield f"{case.title_zh} {case.id}: {' / '.join(wording.verdict_word(case.verdict))}"
        for each in gravest_first(case.noted()):
            finding = each.finding
            cites = " ".join(f"#{n}" for n in finding.frames)
            yield f"    {each.text[0]} / {each.text[1]}"
            yield f"    应当 {finding.expected or '—'}  看到 {finding.seen or '—'}  {finding.rule} {cites}".rstrip()
            if each.remedy[0]:
                yield f"    {each.remedy[0]} / {each.remedy[1]}"


def _log(outcome: RunOutcome, journals: Journals, read: Read) -> Iterator[str]:
    for case in outcome.cases:
        records = journals.get(case.key, ())
        times = Times(records, outcome.timezone)
        yield from ("", f"===== {case.title_zh} {case.id} =====")
        for record in records:
            if isinstance(record, FrameSeen):
                line = frame_line(record, times, read, fields=False)
                way = "桩→平台" if line.up else "平台→桩"
                yield f"#{line.n} {line.time} {way} {line.code} {line.title[0]}".rstrip()
                yield f"    {record.raw.hex(' ').upper()}"
                if line.summary:
                    yield f"    {line.summary}"
            else:
                said = event_line(record, times)
                yield f"#{said.n} {said.time} * {said.text[0]} {said.detail}".rstrip()
