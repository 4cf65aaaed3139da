"""Records of a journal as lines for people: frames with their fields and bytes, events in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from harness.core import wording
from harness.core.frame import FrameType, Row
from harness.core.journal import (
    PILE,
    Answered,
    AnyEvent,
    EventSeen,
    FrameSeen,
    Misbehaved,
    Opened,
    Prolonged,
    Prompted,
    Record,
    StepEnded,
)
from harness.core.message import Damage, Message
from harness.core.pairs import Pair, in_both, told
from harness.core.play_words import ACTS
from harness.core.rows import both_readings, meanings_of
from harness.report.outcome import Read
from harness.report.words import EVENTS, HOW, word


class FieldLine(NamedTuple):
    """One field of a frame; `cited` when a finding rests on it."""

    offset: int
    hex: str
    title: Pair
    reading: Pair
    cited: bool


class Piece(NamedTuple):
    """Some bytes of a frame in hex, marked or not."""

    hex: str
    cited: bool


class FrameLine(NamedTuple):
    """A frame as a report shows it; `fields` only when asked for."""

    n: int
    time: str
    up: bool
    code: str
    name: str
    title: Pair
    summary: str
    pieces: tuple[Piece, ...]
    fields: tuple[FieldLine, ...]
    damage: str


class EventLine(NamedTuple):
    """An event as a report shows it."""

    n: int
    time: str
    text: Pair
    detail: str


class Times:
    """Moments of a journal as local time."""

    def __init__(self, records: Iterable[Record], timezone: str) -> None:
        first = next((r.event for r in records if isinstance(r, EventSeen) and isinstance(r.event, Opened)), None)
        wall = first.wall if first is not None else "1970-01-01T00:00:00+00:00"
        self._opened = datetime.fromisoformat(wall).astimezone(ZoneInfo(timezone))

    def moment(self, at: float) -> datetime:
        """A moment of the journal, local and aware."""
        return self._opened + timedelta(seconds=at)

    def clock(self, at: float) -> str:
        """Time of day, to the tenth of a second."""
        return tenths(self.moment(at))


def tenths(moment: datetime) -> str:
    """Time of day, to the tenth of a second."""
    return f"{moment:%H:%M:%S.%f}"[:-5]


class Wanted(NamedTuple):
    """What is to be marked in a frame: bytes from and up to, or fields by name or by what they read."""

    places: frozenset[tuple[int, int]] = frozenset()
    words: frozenset[str] = frozenset()


NO_MARKS = Wanted()


def frame_line(record: FrameSeen, time: str, read: Read, fields: bool, wanted: Wanted = NO_MARKS) -> FrameLine:
    """A frame with, if asked for, its fields; those that are wanted are marked."""
    message = read(record.raw) if not record.damage else Damage(record.damage, 0, record.raw)
    frame = message.frame_type if isinstance(message, Message) else None
    shown = tuple(_fields(message, frame, wanted)) if isinstance(message, Message) and frame and fields else ()
    return FrameLine(
        n=record.n,
        time=time,
        up=record.sender == PILE,
        code=f"0x{frame.code:02X}" if frame else "",
        name=frame.name if frame else "",
        title=_title(message, frame),
        summary=" ".join(f"{name}={_short(value)}" for name, value in plain(message).items()),
        pieces=tuple(_pieces(record.raw, shown)),
        fields=shown,
        damage=message.reason if isinstance(message, Damage) else "",
    )


def plain(message: Message | Damage) -> dict[str, Any]:
    """The fields of a message as JSON carries them; empty for damage."""
    frame = message.frame_type if isinstance(message, Message) else None
    return frame.plain(message.values) if isinstance(message, Message) and frame else {}


def event_line(record: EventSeen, times: Times) -> EventLine:
    """An event in words."""
    event = record.event
    facts = msgspec.to_builtins(event)
    tag = str(facts.pop("type"))
    text = _event_text(event, tag, facts)
    detail = str(facts.get("detail") or facts.get("peer") or "") if tag in ("link", "clock", "closed") else ""
    detail = "" if detail and detail in text[0] else detail
    return EventLine(record.n, times.clock(record.at), text, detail)


def _event_text(event: AnyEvent, tag: str, facts: dict[str, Any]) -> Pair:
    if isinstance(event, Prompted | Answered):
        facts["act"] = wording.act(event.act, getattr(event, "params", {})) if event.act in ACTS else event.act
    if isinstance(event, StepEnded):
        facts["how"] = HOW.get(event.how, (event.how, event.how))
    if isinstance(event, Prolonged):
        facts["seconds"] = f"{event.seconds:g}"
    if "index" in facts:
        facts["number"] = facts["index"] + 1
    if isinstance(event, Answered) and event.unable:
        tag, facts["unable"] = "answer.unable", in_both(event.unable)
    if isinstance(event, Misbehaved):
        facts |= {"seconds": f"{event.seconds:g}", "what": f"{event.what}.{event.state}"}
    kind = facts.get("what") or (facts.get("how") if tag == "closed" else "")
    pair = EVENTS.get(f"{tag}.{kind}") or EVENTS.get(tag) or (f"{tag} {kind}", f"{tag} {kind}")
    return told(pair, facts)


def _title(message: Message | Damage, frame: FrameType | None) -> Pair:
    if isinstance(message, Damage):
        return word("damaged", reason=message.reason)
    return (frame.title, frame.title_en) if frame else word("unknown_type")


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        raised = [name if bit == 1 else f"{name}:{bit}" for name, bit in value.items() if bit]
        return "{" + " ".join(raised) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_short(item) for item in value[:4]) + (", …" if len(value) > 4 else "") + "]"
    return "-" if value is None else str(value)


def _fields(message: Message, frame: FrameType, wanted: Wanted) -> Iterator[FieldLine]:
    """The rows of a frame with both readings; where its body lies is seen by writing it again."""
    body = frame.encode(message.values)
    at = max(message.raw.find(body), 0)
    meanings = meanings_of(frame)
    for row in frame.rows(message.values, body, at):
        title = (row.title, row.name.replace("_", " "))
        reading = both_readings(row.reading, meanings.get(re.sub(r"\[\d+\]", "[]", row.name)))
        place = row.offset, row.offset + len(row.raw)
        cited = place in wanted.places or row.name in wanted.words or _value(row) in wanted.words
        cited = cited and bool(row.raw)
        yield FieldLine(row.offset, row.raw.hex(" ").upper(), title, reading, cited)


def _value(row: Row) -> str:
    """What a row says, without unit and meaning; a time to the second."""
    if re.match(r"\d{4}-\d\d-\d\d ", row.reading):
        return row.reading[:19]
    return row.reading.partition(" ")[0].strip('"')


def _pieces(raw: bytes, fields: Iterable[FieldLine]) -> Iterator[Piece]:
    """The bytes cut at the marks."""
    marked = [False] * len(raw)
    for field in fields:
        if field.cited:
            size = len(field.hex.split())
            marked[field.offset : field.offset + size] = [True] * size
    start = 0
    for at in range(1, len(raw) + 1):
        if at == len(raw) or marked[at] != marked[start]:
            yield Piece(raw[start:at].hex(" ").upper(), marked[start])
            start = at
