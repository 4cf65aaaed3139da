"""What the judge looks at: one attempt of a journal, its frames read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from harness.core.amounts import Tariff
from harness.core.journal import (
    GONE,
    PILE,
    PLATFORM,
    AttemptBegan,
    ClockGiven,
    EventSeen,
    FrameSeen,
    LinkChanged,
    Opened,
    Record,
    TariffGiven,
)
from harness.core.message import Message
from harness.core.pile import PileProfile
from harness.core.ports import Language
from harness.engine.charge import Charge, charge_in

Kind = TypeVar("Kind")


NAMES = ("gun", "pile", "card", "vin", "serial")  # that a wanted value may be


class Seen(NamedTuple):
    """A frame that made a message: its number, moment, sender."""

    n: int
    at: float
    sender: str
    message: Message


class ClockTold(NamedTuple):
    """Since when the pile's clock was to be so many seconds off true time."""

    n: int
    at: float
    offset: float


class Reader:
    """Reads the frames of a growing list of records, each once, for each gun that is asked for."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._frames: list[tuple[str, Seen]] = []
        self._done = 0

    def frames(self, records: Sequence[Record], gun_no: str) -> tuple[Seen, ...]:
        """All frames by now; those that name another gun are left out."""
        return tuple(seen for gun, seen in self._by_now(records) if gun in ("", gun_no))

    def heartbeats(self, records: Sequence[Record]) -> tuple[int, ...]:
        """The numbers of the pile's heartbeats by now, whichever gun they name."""
        role = self.language.role
        beats = (seen for _, seen in self._by_now(records) if role(seen.message.name) == "heartbeat")
        return tuple(seen.n for seen in beats if seen.sender == PILE)

    def _by_now(self, records: Sequence[Record]) -> list[tuple[str, Seen]]:
        self._frames += [found for record in records[self._done :] if (found := self._read(record)) is not None]
        self._done = max(self._done, len(records))
        last = records[-1].n if records else 0
        return [(gun, seen) for gun, seen in self._frames if seen.n <= last]

    def _read(self, record: Record) -> tuple[str, Seen] | None:
        if not isinstance(record, FrameSeen) or record.damage:
            return None
        message = self.language.read(record.raw)
        if not isinstance(message, Message):
            return None
        return self.language.gun(message), Seen(record.n, record.at, record.sender, message)


class View:
    """The last attempt of a journal as one gun has it, indexed; what is before it counts for clock and tariff only.

    Frames that name another gun are left out: a run that holds a gun alone hears the whole pile. Where a case is about
    two guns, each has a view of its own and finds the other one in `beside`.
    """

    def __init__(
        self,
        records: Iterable[Record],
        language: Language,
        reader: Reader | None = None,
        beside: View | None = None,
    ) -> None:
        self.language = language
        self.records = tuple(records)
        self.events = tuple(record for record in self.records if isinstance(record, EventSeen))
        self.opened = self._first(Opened) or Opened(wall="1970-01-01T00:00:00+00:00")
        self._beside = beside
        self.gun_no = self.opened.gun_no if beside is None else self.profile.gun_beside(self.opened.gun_no)
        begun = [record.n for record in self.events if isinstance(record.event, AttemptBegan)]
        self.begin_n = begun[-1] if begun else 0
        self._reader = reader or Reader(language)
        self.frames = self._reader.frames(self.records, self.gun_no)

    def _first(self, kind: type[Kind]) -> Kind | None:
        return next((record.event for record in self.events if isinstance(record.event, kind)), None)

    @cached_property
    def heartbeats(self) -> tuple[int, ...]:
        """The numbers of the pile's heartbeats, those of its other guns too: they show that it was there."""
        return self._reader.heartbeats(self.records)

    @cached_property
    def profile(self) -> PileProfile:
        """The profile the journal was opened with."""
        return msgspec.convert(dict(self.opened.profile), PileProfile)

    @property
    def values(self) -> Mapping[str, str]:
        """What `$names` in wanted values stand for."""
        items = self.profile.items
        known = (self.gun_no, self.profile.pile_code, items.card, items.vin, self.charge.serial)
        return dict(zip(NAMES, known, strict=True))

    @cached_property
    def beside(self) -> View:
        """The view of the other gun of a case that is about two."""
        return self._beside or View(self.records, self.language, self._reader, beside=self)

    @property
    def gun(self) -> str:
        """The gun as people call it."""
        return self.gun_no.lstrip("0")

    def of_event(self, kind: type[Kind]) -> list[tuple[int, float, Kind]]:
        """All events of a kind in the attempt."""
        return [(r.n, r.at, r.event) for r in self.events if isinstance(r.event, kind) and r.n > self.begin_n]

    def of(self, frame: str, after: int = 0) -> list[Seen]:
        """All frames of a name in the attempt, from number `after` on."""
        return self._where(lambda seen: seen.message.name == frame, after)

    def of_role(self, role: str, after: int = 0) -> list[Seen]:
        """All frames of a role in the attempt."""
        return self._where(lambda seen: self.language.role(seen.message.name) == role, after)

    def _where(self, wanted: Callable[[Seen], bool], after: int) -> list[Seen]:
        first = max(self.begin_n, after)
        return [seen for seen in self.frames if seen.n > first and wanted(seen)]

    @cached_property
    def charge(self) -> Charge:
        """The charge of the attempt, as the frames show it."""
        return charge_in(self)

    def cuts(self, start: float, end: float) -> list[tuple[int, float]]:
        """When the connection was interrupted between two moments: what was under way then may be lost."""
        return [(n, at) for n, at, e in self.of_event(LinkChanged) if start <= at <= end and e.what in GONE]

    def is_of_charge(self, message: Message) -> bool:
        """Is it of the charge that was started last, as far as its serial tells?"""
        return self.charge.start is not None and self.language.serial(message) in ("", self.charge.serial)

    def is_record(self, message: Message) -> bool:
        """Is it the record of the charge, by its serial?"""
        bill = self.language.bill(message)
        return bill is not None and self.charge.start is not None and bill.serial == self.charge.serial

    def is_of_another(self, message: Message) -> bool:
        """Is it a record under another serial? It may be of an earlier charge (R-RT-10), or this one's, wrong."""
        bill = self.language.bill(message)
        return bill is not None and self.charge.start is not None and bill.serial != self.charge.serial

    @cached_property
    def last_at(self) -> float:
        """When observation ended."""
        return self.records[-1].at if self.records else 0.0

    @cached_property
    def tariff(self) -> Tariff | None:
        """The tariff last accepted by the pile, by frames that are here."""
        if self._accepted is None or (self._accepted.frames and not self.tariff_frames):
            return None
        return msgspec.convert(dict(self._accepted.tariff), Tariff)

    @cached_property
    def tariff_frames(self) -> tuple[int, ...]:
        """The frames by which the tariff in force was given and accepted."""
        return self.there(self._accepted.frames if self._accepted else ())

    @cached_property
    def _accepted(self) -> TariffGiven | None:
        given = [r.event for r in self.events if isinstance(r.event, TariffGiven)]
        return next((event for event in reversed(given) if event.what in ("accepted", "in_force")), None)

    def there(self, frames: Iterable[int]) -> tuple[int, ...]:
        """Those of the numbers that are frames of this journal."""
        return tuple(n for n in frames if n in self.seen)

    @cached_property
    def seen(self) -> dict[int, Seen]:
        """The frames by their numbers."""
        return {seen.n: seen for seen in self.frames}

    @cached_property
    def by_number(self) -> dict[int, Record]:
        """All records by their numbers."""
        return {record.n: record for record in self.records}

    def pile_time(self, at: float, before: int | None = None) -> datetime:
        """What the pile's clock should have read at a moment, local and naive, by what it had been told.

        `before` is a journal number: the clock may be set back in the very moment in which a frame arrives.
        """
        true = datetime.fromisoformat(self.opened.wall) + timedelta(seconds=at)
        local = true.astimezone(ZoneInfo(self.opened.timezone)).replace(tzinfo=None)
        return local + timedelta(seconds=self.offset(at, before))

    def offset(self, at: float, before: int | None = None) -> float:
        """Pile time minus true time at a moment, in seconds, as it was told."""
        known = [r for r in self._clock_given if r.at <= at and (before is None or r.n < before)]
        return known[-1].offset if known else 0.0

    @cached_property
    def _clock_given(self) -> list[ClockTold]:
        """What the clock was told, in order; a move that turned out void counts as never given."""
        told: list[ClockTold] = []
        for r in self.events:
            if isinstance(r.event, ClockGiven):
                while r.event.what == "void" and told and told[-1].offset:
                    told.pop()
                told.append(ClockTold(r.n, r.at, 0.0 if r.event.what == "void" else r.event.offset))
        return told

    def clock_error(self, at: float) -> float | None:
        """By how many seconds the pile's last time reply differed from what it was told; None when there was none."""
        told: datetime | None = None
        error = None
        for seen in self.frames:
            role = self.language.role(seen.message.name)
            if seen.at > at or role not in ("time", "time_reply"):
                continue
            shown = self.language.told_time(seen.message)
            if role == "time":
                told, error = shown, None
            elif told is not None and shown is not None:
                error = abs((shown - told).total_seconds())
        return error

    def from_pile(self, seen: Seen) -> bool:
        """Did the pile send it?"""
        return seen.sender == PILE

    def sent(self, role: str) -> list[Seen]:
        """All frames of a role that we sent in the attempt."""
        return [seen for seen in self.of_role(role) if seen.sender == PLATFORM]
