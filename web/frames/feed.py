"""Frames as they happen, for the pages that watch a pile: batches four times a second, made once for all of them.

It is a sink of the piles' journals and lives, like they, in the reactor thread. What nobody watches costs one look into
a dictionary; what somebody watches is kept for a while, so that a page that was away for a moment misses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from harness.core.clock import Clock
from harness.core.journal import EventSeen, FrameSeen, Opened, Record
from harness.core.lens import Lens
from harness.store.frame_log import Place
from harness.store.journal_audits import Audited
from web.frames.rows import FrameRow, frame_row
from web.streams import Event, Hub

EVERY = 0.25  # s between two batches of a pile
TURNS = 8  # in which piles take turns meanwhile: no batch to hundreds of pages makes a pile wait for its reply
KEPT = 2000  # frames of a pile
MOST_ROWS = 100  # of a batch: the newest; the page fetches the others
MOST_MISSED = 300  # frames that are sent again; who missed more fetches a page
FORGET_AFTER = 240  # times that nobody listened
FOLLOW_AFTER = 0.5  # s from a frame to the try to catch up with its journal: by then it is in the store
MOST_WAITING = 2000  # records that wait until the audit has caught up; if there are more it begins behind them
EVENT = "frames"
FOUND = "found"  # the audit found something: pages ask what

Told = Callable[[Audited | None], None]  # None: it could not be audited this time


class LiveAudits(Protocol):
    """The audits of journals, as the thread of the piles may use them (store.journal_audits)."""

    def follow(self, key: str, first: int, told: Told) -> None:
        """Catch up with a journal up to the record `first`, on another thread."""

    def hear(self, key: str, record: Record) -> int | None:
        """The next record; gives how many findings there are, or None when it has to be caught up with again."""

    def leave(self, key: str) -> None:
        """It is heard no more."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Rows, newest first; `after` is the number of the frame before them, 0 when that is not known here."""

    key: str
    after: int
    rows: tuple[FrameRow, ...]


class Watched:
    """A pile that is watched, and its latest frames; `key` is "" until its journal begins."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.key = ""
        self.opened = datetime.min
        self.frames: deque[FrameSeen] = deque(maxlen=KEPT)
        self.sent = 0  # the number up to which pages have it
        self.idle = 0
        self.live = False  # is its audit at the end of the journal?
        self.waiting: list[Record] = []  # what the audit is to hear then
        self.following = False
        self.follow_at: float | None = None
        self.findings = self.told = 0  # how many there are, and how many pages know of

    def after(self, n: int) -> list[FrameSeen]:
        """The frames after a number, oldest first."""
        return list(takewhile(lambda frame: frame.n > n, reversed(self.frames)))[::-1]


class FrameFeed:
    """Sink of all pile journals, publisher of the channels `frames:<model id>`.

    What it hears of a watched pile the audit of its journal hears too, once that has caught up with it.
    """

    def __init__(self, clock: Clock, hub: Hub, lens: Lens, timezone: str) -> None:
        self.audits: LiveAudits | None = None
        self._clock = clock
        self._hub = hub
        self._lens = lens
        self._zone = ZoneInfo(timezone)
        self._opened: dict[str, tuple[str, datetime]] = {}  # the journal of each pile, by its code, and its beginning
        self._watched: dict[str, Watched] = {}  # by pile code
        self._kept: dict[str, Watched] = {}  # by the key of the journal: all that a frame has to look at
        self._ticking = False
        self._turn = 0
        hub.set_replay(EVENT, self.missed)

    def __call__(self, key: str, record: Record) -> None:
        """A record of a pile's journal."""
        if isinstance(record, EventSeen) and isinstance(record.event, Opened):
            self._open(key, record.event)
        watched = self._kept.get(key)
        if watched is not None:
            if isinstance(record, FrameSeen):
                watched.frames.append(record)
            self._audit(watched, record)

    def watch(self, model_id: int, pile_code: str) -> None:
        """Somebody opened the page of a model: its frames are kept ready as long as somebody listens."""
        channel = f"{EVENT}:{model_id}"
        watched = self._watched.get(pile_code)
        if watched is None or watched.channel != channel:
            if watched is not None:
                self._leave(watched)
            self._watched[pile_code] = watched = Watched(channel)
            self._begin(watched, pile_code)
        watched.idle = 0
        if not self._ticking:
            self._arm()

    def missed(self, channel: str, last_id: str) -> Sequence[Event] | None:
        """What a page missed after a place; None when that is too long ago."""
        place = Place.read(last_id)
        watched = next((each for each in self._watched.values() if each.channel == channel), None)
        if place is None or watched is None or watched.key != place.key:
            return None
        if not watched.frames or place.n < watched.frames[0].n:
            return None
        found = [frame for frame in watched.after(place.n) if frame.n <= watched.sent]
        if len(found) > MOST_MISSED:
            return None
        return [self._event(watched, place.n, found)] if found else []

    def _open(self, key: str, opened: Opened) -> None:
        pile_code = str(opened.profile.get("pile_code", ""))
        self._opened[pile_code] = key, datetime.fromisoformat(opened.wall)
        if pile_code in self._watched:
            self._begin(self._watched[pile_code], pile_code)

    def _begin(self, watched: Watched, pile_code: str) -> None:
        """Keep the frames of a pile, once it has a journal."""
        if pile_code not in self._opened:
            return
        self._leave(watched)
        watched.key, watched.opened = self._opened[pile_code]
        watched.sent = watched.findings = watched.told = 0
        watched.frames.clear()
        self._kept[watched.key] = watched

    def _leave(self, watched: Watched) -> None:
        """Keep them no more."""
        if self._kept.get(watched.key) is watched:
            del self._kept[watched.key]
        if watched.live and self.audits is not None:
            self.audits.leave(watched.key)
        watched.live = False
        watched.waiting.clear()

    def _arm(self) -> None:
        self._ticking = True
        self._clock.call_at(self._clock.monotonic() + EVERY / TURNS, self._tick)

    def _tick(self) -> None:
        self._turn = (self._turn + 1) % TURNS
        for pile_code, watched in tuple(self._watched.items())[self._turn :: TURNS]:
            self._send(watched)
            if watched.idle > FORGET_AFTER:
                del self._watched[pile_code]
                self._leave(watched)
        self._ticking = False
        if self._watched:
            self._arm()

    def _send(self, watched: Watched) -> None:
        """A batch to all who listen; with nobody there the frames only wait to be missed."""
        before, fresh = watched.sent, watched.after(watched.sent)
        if fresh:
            watched.sent = fresh[-1].n
        if not self._hub.listeners(watched.channel):
            watched.idle += 1
            return
        watched.idle = 0
        self._follow(watched)
        if len(fresh) > MOST_ROWS:
            before, fresh = fresh[-MOST_ROWS - 1].n, fresh[-MOST_ROWS:]
        if fresh:
            event = self._event(watched, before, fresh)
            self._hub.publish(watched.channel, event.name, event.data, event.id)

    def _audit(self, watched: Watched, record: Record) -> None:
        if self.audits is None:
            return
        if watched.live and self._heard(watched, record):
            return
        if len(watched.waiting) == MOST_WAITING:
            watched.waiting.clear()
        watched.waiting.append(record)

    def _heard(self, watched: Watched, record: Record) -> bool:
        found = self.audits.hear(watched.key, record) if self.audits is not None else None
        watched.live = found is not None
        if found is not None:
            watched.findings = found
        return watched.live

    def _follow(self, watched: Watched) -> None:
        """Tell pages what was found; before that the audit has to catch up, a moment after a record came."""
        if watched.findings != watched.told:
            watched.told = watched.findings
            self._hub.publish(watched.channel, FOUND, str(watched.told))
        if self.audits is None or watched.live or watched.following or not watched.waiting:
            return
        now, key = self._clock.monotonic(), watched.key
        if watched.follow_at is None:
            watched.follow_at = now + FOLLOW_AFTER
        elif now >= watched.follow_at:
            watched.follow_at, watched.following = None, True
            self.audits.follow(key, watched.waiting[0].n, lambda audited: self._followed(watched, key, audited))

    def _followed(self, watched: Watched, key: str, audited: Audited | None) -> None:
        watched.following = False
        if audited is None or self.audits is None:
            return
        if self._kept.get(key) is not watched:  # nobody watches any more, or another journal has begun
            self.audits.leave(key)
            return
        watched.findings = len(audited.findings)
        if audited.live and all(self._heard(watched, record) for record in watched.waiting):
            watched.waiting.clear()

    def _event(self, watched: Watched, after: int, frames: Iterable[FrameSeen]) -> Event:
        rows = tuple(self._row(watched, frame) for frame in frames)[::-1]
        batch = Batch(key=watched.key, after=after, rows=rows)
        return Event(EVENT, msgspec.json.encode(batch).decode(), rows[0].place)

    def _row(self, watched: Watched, frame: FrameSeen) -> FrameRow:
        at = watched.opened + timedelta(seconds=frame.at)
        place = str(Place(watched.key, frame.n))
        return frame_row(self._lens, self._zone, place, at, frame.sender, frame.raw, frame.damage)
