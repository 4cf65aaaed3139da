"""Frames as they happen, for the pages that watch a pile: batches four times a second, made once for all of them.

It is a sink of the piles' journals and lives, like they, in the reactor thread. What nobody watches costs one look into
a dictionary; what somebody watches is kept for a while, so that a page that was away for a moment misses nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
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
LOOK_AFTER = 0.5  # s from a frame to the look at what the audit finds: by then it is in the store
EVENT = "frames"
FOUND = "found"  # the audit found something: pages ask what

Told = Callable[[Audited | None], None]  # None: it could not be audited this time
Look = Callable[[str, Told], None]


def nobody_looks(key: str, told: Told) -> None:
    """There is no audit."""


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
        self.findings = 0  # that pages know of
        self.look_at: float | None = None  # when the audit is to be looked at
        self.looking = False

    def after(self, n: int) -> list[FrameSeen]:
        """The frames after a number, oldest first."""
        return list(takewhile(lambda frame: frame.n > n, reversed(self.frames)))[::-1]


class FrameFeed:
    """Sink of all pile journals, publisher of the channels `frames:<model id>`.

    `look` has the journal of a pile audited that somebody watches, on a thread that is not ours.
    """

    def __init__(self, clock: Clock, hub: Hub, lens: Lens, timezone: str) -> None:
        self.look: Look = nobody_looks
        self._clock = clock
        self._hub = hub
        self._lens = lens
        self._zone = ZoneInfo(timezone)
        self._opened: dict[str, tuple[str, datetime]] = {}  # the journal of each pile, by its code, and its beginning
        self._watched: dict[str, Watched] = {}  # by pile code
        self._kept: dict[str, deque[FrameSeen]] = {}  # by the key of the journal: all that a frame has to look at
        self._ticking = False
        self._turn = 0
        hub.set_replay(EVENT, self.missed)

    def __call__(self, key: str, record: Record) -> None:
        """A record of a pile's journal."""
        if type(record) is FrameSeen:
            kept = self._kept.get(key)
            if kept is not None:
                kept.append(record)
        elif isinstance(record, EventSeen) and isinstance(record.event, Opened):
            self._open(key, record.event)

    def watch(self, model_id: int, pile_code: str) -> None:
        """Somebody opened the page of a model: its frames are kept ready as long as somebody listens."""
        channel = f"{EVENT}:{model_id}"
        watched = self._watched.get(pile_code)
        if watched is None or watched.channel != channel:
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
        self._kept.pop(watched.key, None)
        watched.key, watched.opened = self._opened[pile_code]
        watched.sent = watched.findings = 0
        watched.frames.clear()
        self._kept[watched.key] = watched.frames

    def _arm(self) -> None:
        self._ticking = True
        self._clock.call_at(self._clock.monotonic() + EVERY / TURNS, self._tick)

    def _tick(self) -> None:
        self._turn = (self._turn + 1) % TURNS
        for pile_code, watched in tuple(self._watched.items())[self._turn :: TURNS]:
            self._send(watched)
            if watched.idle > FORGET_AFTER:
                del self._watched[pile_code]
                self._kept.pop(watched.key, None)
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
        self._look(watched, bool(fresh))
        if len(fresh) > MOST_ROWS:
            before, fresh = fresh[-MOST_ROWS - 1].n, fresh[-MOST_ROWS:]
        if fresh:
            event = self._event(watched, before, fresh)
            self._hub.publish(watched.channel, event.name, event.data, event.id)

    def _look(self, watched: Watched, fresh: bool) -> None:
        """Frames that came are audited a moment later, all that came meanwhile in one go."""
        now, key = self._clock.monotonic(), watched.key
        if watched.look_at is not None and now >= watched.look_at and not watched.looking:
            watched.look_at, watched.looking = None, True
            self.look(key, lambda audited: self._found(watched, key, audited))
        if fresh and watched.look_at is None:
            watched.look_at = now + LOOK_AFTER

    def _found(self, watched: Watched, key: str, audited: Audited | None) -> None:
        watched.looking = False
        if audited is None or key != watched.key:  # another journal has begun
            return
        if not audited.whole:
            watched.look_at = self._clock.monotonic()
        if len(audited.findings) != watched.findings:
            watched.findings = len(audited.findings)
            self._hub.publish(watched.channel, FOUND, str(watched.findings))

    def _event(self, watched: Watched, after: int, frames: Iterable[FrameSeen]) -> Event:
        rows = tuple(self._row(watched, frame) for frame in frames)[::-1]
        batch = Batch(key=watched.key, after=after, rows=rows)
        return Event(EVENT, msgspec.json.encode(batch).decode(), rows[0].place)

    def _row(self, watched: Watched, frame: FrameSeen) -> FrameRow:
        at = watched.opened + timedelta(seconds=frame.at)
        place = str(Place(watched.key, frame.n))
        return frame_row(self._lens, self._zone, place, at, frame.sender, frame.raw, frame.damage)
