"""What the judge looks at: one attempt of a journal, its frames read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from harness.core.amounts import Tariff
from harness.core.journal import (
    PILE,
    PLATFORM,
    AnyEvent,
    AttemptBegan,
    ClockGiven,
    EventSeen,
    FrameSeen,
    Opened,
    Record,
    TariffGiven,
)
from harness.core.message import Message
from harness.core.pile import PileProfile
from harness.core.ports import Language
from harness.engine.charge import Charge, charge_in

Kind = TypeVar("Kind")


class Seen(NamedTuple):
    """A frame that made a message: its number, moment, sender."""

    n: int
    at: float
    sender: str
    message: Message


class View:
    """The last attempt of a journal, indexed; everything before it counts for clock and tariff only."""

    def __init__(self, records: Iterable[Record], language: Language) -> None:
        self.language = language
        self.records = tuple(records)
        self.events = tuple(record for record in self.records if isinstance(record, EventSeen))
        self.opened = self._first(Opened) or Opened(wall="1970-01-01T00:00:00+00:00")
        begun = [record.n for record in self.events if isinstance(record.event, AttemptBegan)]
        self.begin_n = begun[-1] if begun else 0
        self.frames = tuple(self._read())

    def _read(self) -> Iterator[Seen]:
        for record in self.records:
            if isinstance(record, FrameSeen) and not record.damage:
                message = self.language.read(record.raw)
                if isinstance(message, Message):
                    yield Seen(record.n, record.at, record.sender, message)

    def _first(self, kind: type[Kind]) -> Kind | None:
        return next((record.event for record in self.events if isinstance(record.event, kind)), None)

    @cached_property
    def profile(self) -> PileProfile:
        """The profile the journal was opened with."""
        return msgspec.convert(dict(self.opened.profile), PileProfile)

    @property
    def gun_no(self) -> str:
        """The gun under test."""
        return self.opened.gun_no

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

    @cached_property
    def last_at(self) -> float:
        """When observation ended."""
        return self.records[-1].at if self.records else 0.0

    @cached_property
    def tariff(self) -> Tariff | None:
        """The tariff last accepted by the pile."""
        accepted = [
            r.event
            for r in self.events
            if isinstance(r.event, TariffGiven) and r.event.what in ("accepted", "in_force")
        ]
        return msgspec.convert(dict(accepted[-1].tariff), Tariff) if accepted else None

    @cached_property
    def tariff_frames(self) -> tuple[int, ...]:
        """The frames by which the tariff in force was given and accepted."""
        given = [
            r.event
            for r in self.events
            if isinstance(r.event, TariffGiven) and r.event.what in ("accepted", "in_force")
        ]
        return given[-1].frames if given else ()

    def pile_time(self, at: float, before: int | None = None) -> datetime:
        """What the pile's clock should have read at a moment, local and naive, by what it had been told.

        `before` is a journal number: the clock may be set back in the very moment in which a frame arrives.
        """
        true = datetime.fromisoformat(self.opened.wall) + timedelta(seconds=at)
        local = true.astimezone(ZoneInfo(self.opened.timezone)).replace(tzinfo=None)
        return local + timedelta(seconds=self.offset(at, before))

    def offset(self, at: float, before: int | None = None) -> float:
        """Pile time minus true time at a moment, in seconds, as it was told."""
        known = [r for r in self.events if r.at <= at and (before is None or r.n < before)]
        given = [r.event for r in known if isinstance(r.event, ClockGiven)]
        if not given or given[-1].what == "void":
            return 0.0
        return given[-1].offset

    def moment(self, pile_time: datetime, near: float) -> float:
        """The journal's moment at which the pile's clock read `pile_time`, with the offset that held at `near`."""
        return near + (pile_time - self.pile_time(near)).total_seconds()

    def from_pile(self, seen: Seen) -> bool:
        """Did the pile send it?"""
        return seen.sender == PILE

    def sent(self, role: str) -> list[Seen]:
        """All frames of a role that we sent in the attempt."""
        return [seen for seen in self.of_role(role) if seen.sender == PLATFORM]


__all__ = ["AnyEvent", "Seen", "View"]
