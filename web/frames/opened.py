"""A frame that is open: its parts, which of them are marked, and what audits found about it."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from flask import request

from harness.core.auditing import AuditFinding
from harness.core.lens import OpenFrame
from harness.core.pairs import Pair, parted
from harness.store import frame_log
from harness.store.desk.values import Model
from harness.store.frame_log import LogFrame, Place
from web import access
from web.frames.notes import Marking
from web.frames.query import journal_seen
from web.frames.rows import FrameRow, rows_of
from web.results.rules import level_word, sentence
from web.whole import whole_or_none


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of the audit that rests on the frame; `others` are the other frames that it rests on."""

    level: str
    word: Pair
    rule: str
    section: str
    text: Pair
    expected: Pair
    seen: Pair
    others: tuple[int, ...]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A frame that is open; `lit` is the part whose bytes are marked, `looked_at` those that findings looked at."""

    logged: LogFrame
    row: FrameRow
    frame: OpenFrame
    lit: int
    looked_at: frozenset[int]
    findings: tuple[Finding, ...]
    case: str  # the key of its journal, when that is a case's


def opened(model: Model, place: Place) -> Opened | None:
    """The frame at a place, as far as the model may see it."""
    services = access.services()
    seen = journal_seen(services.engine, model, place.key)
    logged = frame_log.frame(services.engine, seen.journals[0], place.n)
    if logged is None or (seen.since is not None and logged.at < seen.since):
        return None
    frame, marking = services.lens.opened(logged.raw, logged.damage), Marking(services, seen.journals)
    marked = marking.of(place.key)
    ending = {field for finding in marked.found.get(place.n, ()) for field in finding.fields}
    looked_at = _parts_of(frame, ending)
    return Opened(
        logged=logged,
        row=rows_of(services, [logged], marking)[0],
        frame=frame,
        lit=_lit(frame, looked_at),
        looked_at=looked_at,
        findings=tuple(_finding(each, place.n) for each in marked.citing(place.n)),
        case=place.key if seen.journals[0].run_id else "",
    )


def _lit(frame: OpenFrame, looked_at: frozenset[int]) -> int:
    """The part that a link marks, by its bytes (`at=29-30`) or its name, else the first that was looked at; or -1."""
    begin = whole_or_none(request.args.get("at", "").partition("-")[0])
    for number, part in enumerate(frame.parts):
        if part.at is not None and begin is not None and part.at <= begin < part.at + part.end - part.start:
            return number
    return min(_parts_of(frame, request.args.getlist("field")) or looked_at, default=-1)


def _parts_of(frame: OpenFrame, fields: Collection[str]) -> frozenset[int]:
    """The parts that are fields of these names, or items of them."""
    named = ((number, part.name) for number, part in enumerate(frame.parts))
    return frozenset(number for number, name in named if name in fields or name.partition("[")[0] in fields)


def _finding(finding: AuditFinding, n: int) -> Finding:
    return Finding(
        level=finding.level.value,
        word=level_word(finding.level),
        rule=finding.rule,
        section=finding.section,
        text=sentence(finding),
        expected=parted(finding.expected),
        seen=parted(finding.seen),
        others=tuple(other for other in finding.frames if other != n),
    )
