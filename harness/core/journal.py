"""Frozen records of what happened, in order: all that store, report and the judge ever look at.

A journal belongs to one run (or to one pile outside runs). Its numbers count frames and events alike; `at` is seconds
since the journal was opened, the wall time of its opening stands in its first event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from harness.core.clock import Clock
from harness.core.pairs import Said

PILE = "pile"
PLATFORM = "platform"
LOOP_WATCHED = 0.25  # s between two looks at our own loop
GONE = frozenset({"lost", "offline", "replaced"})  # what a link does when the pile goes away
MICRO = 1e6  # moments are kept in whole microseconds, so that a stored journal reads back as it was


class FrameSeen(msgspec.Struct, frozen=True, gc=False):
    """Bytes that went over the wire: a frame, or bytes that make none (`damage` then says why)."""

    n: int
    at: float
    sender: str
    raw: bytes
    damage: str = ""


class Event(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Anything else worth knowing for a verdict."""


class Opened(Event, frozen=True, tag="opened"):
    """The journal begins; what the judge needs to know is all here."""

    wall: str  # ISO 8601, UTC
    run_id: str = ""
    scenario: str = ""  # id of the case
    text: str = ""  # the YAML of the case
    digest: str = ""  # SHA-256 of the text
    profile: Mapping[str, Any] = msgspec.field(default_factory=dict)
    gun_no: str = ""
    timezone: str = "Asia/Shanghai"
    rules: str = ""  # version of the judging rules


class LinkChanged(Event, frozen=True, tag="link"):
    """A connection or what hangs on it did something.

    connected, login (the first of this process), relogin, replaced (by a login elsewhere: counts as lost), refused
    (`detail` is the pile code that is not registered), lost, offline (30 s without a frame); online: so it was when
    the run took hold (`detail` is the program version). gun_silent: no heartbeat of the gun in `detail` for 30 s;
    card_shown, vin_shown: the pile asked for a start with the number in `detail`; card_refused, vin_refused: that was
    not granted; unreadable: bytes before any login
    that make no frame; no_login: a frame before any login.
    """

    what: str
    peer: str = ""
    detail: str = ""


class ClockGiven(Event, frozen=True, tag="clock"):
    """What the pile's clock was last told: real time, moved time, or void (a move that was not followed).

    `offset` is pile time minus true time, in seconds; `frame` is the journal number of the frame that told it.
    """

    what: str  # real, moved, void
    offset: float = 0.0
    frame: int = 0
    detail: str = ""


class TariffGiven(Event, frozen=True, tag="tariff"):
    """A tariff was sent, accepted or refused; `tariff` is amounts.Tariff as plain data.

    in_force: accepted before the run took hold; simple: the pile would not take ours and gets one of two periods;
    refused: that one too, or a case's own. `frames` are the frame that gave it and the one that answered.
    """

    what: str  # in_force, sent, accepted, simple, refused
    number: str
    tariff: Mapping[str, Any] = msgspec.field(default_factory=dict)
    frames: tuple[int, ...] = ()


class Misbehaved(Event, frozen=True, tag="misbehaved"):
    """The platform did something wrong on purpose (mischief.py); what follows from that is not the pile's.

    `state`: begun and ended stand around what lasts, done is a deed. `frame` is the frame it is about; `frames` are the
    pile's frame whose reply is withheld or late, or ours that was wrong. `gun_no` is "" for the whole pile.
    """

    what: str
    state: str = "done"
    frame: str = ""
    gun_no: str = ""
    seconds: float = 0.0
    frames: tuple[int, ...] = ()


class Prompted(Event, frozen=True, tag="prompt"):
    """A person was asked; `act` as in operator.Prompt."""

    id: int
    act: str
    within: float
    params: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Prolonged(Event, frozen=True, tag="more_time"):
    """A person got `seconds` more for an open prompt; `within` is what they now have in all since it was asked."""

    id: int
    act: str
    seconds: float
    within: float


class Answered(Event, frozen=True, tag="answer"):
    """A prompt was answered; `by` is one of operator.By, `params` as they were asked."""

    id: int
    act: str
    by: str
    params: Mapping[str, Any] = msgspec.field(default_factory=dict)
    texts: tuple[str, ...] | None = None
    picture: str = ""
    firmware_name: str = ""
    firmware_version: str = ""
    firmware_size: int = 0
    unable: Said = ""


class FileFetch(Event, frozen=True, tag="ftp"):
    """What the firmware server offered (`peer` is its address) or saw.

    `what`: offered, connected, login, login_failed, opened, sent, partial, refused, disconnected.
    """

    what: str
    user: str = ""
    path: str = ""
    size: int = 0
    peer: str = ""


class StepBegan(Event, frozen=True, tag="step"):
    """A step of the case begins; `index` counts from 0, `line` is its line in the case's text."""

    index: int
    key: str
    line: int
    attempt: int = 1


# How a step ends: done; late, its time ran out; early, the charge was over before; unmet, it cannot go on; aborted.
How = Literal["done", "late", "early", "unmet", "aborted"]


class StepEnded(Event, frozen=True, tag="step_end"):
    """A step ended; `how` is one of How, `detail` are facts it wants kept."""

    index: int
    how: str
    frames: tuple[int, ...] = ()
    detail: Mapping[str, Any] = msgspec.field(default_factory=dict)


class AttemptBegan(Event, frozen=True, tag="attempt"):
    """The case starts anew; what stands before this counts no more, except as a remark."""

    number: int
    why: str
    frames: tuple[int, ...] = ()


class LoopLate(Event, frozen=True, tag="late"):
    """Our own loop came late by so many seconds: no time limit may be held against the pile there.

    It stands before what arrived meanwhile. The loop may have stood still LOOP_WATCHED longer than it says.
    """

    seconds: float


class Closed(Event, frozen=True, tag="closed"):
    """Observation ended: finished, or with the reason: aborted (by a person), ours (by the platform), fault (a bug)."""

    how: str
    detail: str = ""


AnyEvent = (
    Opened
    | LinkChanged
    | ClockGiven
    | TariffGiven
    | Misbehaved
    | Prompted
    | Prolonged
    | Answered
    | FileFetch
    | StepBegan
    | StepEnded
    | AttemptBegan
    | LoopLate
    | Closed
)


class EventSeen(msgspec.Struct, frozen=True):
    """An event with its number and moment."""

    n: int
    at: float
    event: AnyEvent


Record = FrameSeen | EventSeen
Sink = Callable[[str, Record], None]


class Journal:
    """Numbers records and hands them to its sinks in order; sinks only listen.

    `after` is the number before its first: a later case of a run counts on, a journal taken up again too, and the
    latter says by `opened_at` when, on the clock's scale, it was opened.
    """

    __slots__ = ("_clock", "_n", "_opened_at", "_sinks", "key")

    def __init__(
        self,
        key: str,
        clock: Clock,
        sinks: tuple[Sink, ...] = (),
        after: int = 0,
        opened_at: float | None = None,
    ) -> None:
        self.key = key
        self._clock = clock
        self._opened_at = clock.monotonic() if opened_at is None else opened_at
        self._sinks = sinks
        self._n = after

    @property
    def last(self) -> int:
        """The number of the last record."""
        return self._n

    def moment(self) -> float:
        """Now, in seconds since this journal was opened."""
        return self._clock.monotonic() - self._opened_at

    def frame(self, sender: str, raw: bytes, damage: str = "") -> int:
        """Keep bytes of the wire; gives their number."""
        at = int((self._clock.monotonic() - self._opened_at) * MICRO) / MICRO  # first: it may bring a LoopLate
        self._n = n = self._n + 1
        record = FrameSeen(n, at, sender, raw, damage)
        for sink in self._sinks:
            sink(self.key, record)
        return n

    def exchange(self, asked: bytes, answer: bytes) -> None:
        """Keep a frame of the pile and our answer at one moment: the short way for heartbeats."""
        at = int((self._clock.monotonic() - self._opened_at) * MICRO) / MICRO if self._sinks else 0.0
        n = self._n
        self._n = n + 2
        if self._sinks:
            first, second = FrameSeen(n + 1, at, PILE, asked), FrameSeen(n + 2, at, PLATFORM, answer)
            for sink in self._sinks:
                sink(self.key, first)
                sink(self.key, second)

    def event(self, event: AnyEvent) -> int:
        """Keep an event; gives its number."""
        at = int((self._clock.monotonic() - self._opened_at) * MICRO) / MICRO
        self._n = n = self._n + 1
        record = EventSeen(n, at, event)
        for sink in self._sinks:
            sink(self.key, record)
        return n


class Memory:
    """A sink that keeps everything in a list, for the judge of a live run and for tests."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __call__(self, key: str, record: Record) -> None:
        self.records.append(record)
