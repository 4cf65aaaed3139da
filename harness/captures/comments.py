"""What a packet's comment says of its frame: the case and step it belongs to, its number there, and findings on it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from harness.captures.journal_out import recalled
from harness.core import wording
from harness.core.journal import EventSeen, FrameSeen, Opened, Record, StepBegan
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Verdict

SAME = timedelta(seconds=0.5)  # a frame is put down in the pile's journal and in a case's one after the other
SIGNS = {Verdict.FAILED: "✘", Verdict.REMARK: "✔•"}


class Said(NamedTuple):
    """What is said of a frame of a case, which came at a moment."""

    at: datetime
    text: str


Told = Mapping[tuple[str, bytes], deque[Said]]


def comments(
    opened: datetime, frames: Iterable[FrameSeen], cases: Iterable[CaseOutcome], journals: Mapping[str, list[Record]]
) -> dict[int, str]:
    """Comments for the frames of a pile's journal, by their numbers in it."""
    told = _told(cases, journals)
    found: dict[int, str] = {}
    for frame in frames:
        waiting = told.get((frame.sender, frame.raw))
        moment = opened + timedelta(seconds=frame.at)
        while waiting and waiting[0].at < moment - SAME:
            waiting.popleft()
        if waiting and waiting[0].at <= moment + SAME:
            found[frame.n] = waiting.popleft().text
    return found


def _told(cases: Iterable[CaseOutcome], journals: Mapping[str, list[Record]]) -> Told:
    """What is said of each frame of the cases, by its sender and bytes, in the order they came."""
    told: defaultdict[tuple[str, bytes], deque[Said]] = defaultdict(deque)
    for case in cases:
        for frame, said in _of_case(case, journals.get(case.key, [])):
            told[frame.sender, frame.raw].append(said)
    return told


def _of_case(case: CaseOutcome, records: list[Record]) -> Iterator[tuple[FrameSeen, Said]]:
    events = [record for record in records if isinstance(record, EventSeen)]
    opening = next((seen.event for seen in events if isinstance(seen.event, Opened)), None)
    if opening is None:
        return
    opened, left_out, findings, step = datetime.fromisoformat(opening.wall), recalled(events), _findings(case), ""
    for record in records:
        if isinstance(record, EventSeen):
            if isinstance(record.event, StepBegan):
                step = f" · 第 {record.event.index + 1} 步 {record.event.key}"
        elif record.n not in left_out:
            text = f"{case.title_zh} {case.id}{step} · #{record.n}"
            yield record, Said(opened + timedelta(seconds=record.at), "\n".join((text, *findings[record.n])))


def _findings(case: CaseOutcome) -> defaultdict[int, list[str]]:
    """The sentences of findings that say something, by the frames they cite."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for finding in case.noted():
        if finding.code not in wording.FINDINGS:  # of a case's own; it says what it expected
            continue
        text = " / ".join(wording.say(finding.code, finding.params))
        for n in finding.frames:
            found[n].append(f"{SIGNS.get(finding.verdict, '◌')} {text}")
    return found


__all__ = ["comments"]
