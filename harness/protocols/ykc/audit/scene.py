"""What every watcher is handed: the moment, the facts of the pile, and the ways to tell a breach or set a duty."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from harness.core.auditing import MOST_TOLD, AuditFinding, NotJudged
from harness.core.journal import LOOP_WATCHED
from harness.core.message import Message
from harness.core.pairs import Pair, told
from harness.core.verdict import Place
from harness.protocols.ykc.audit.facts import PileFacts
from harness.protocols.ykc.audit.rule import Rule
from harness.protocols.ykc.framing import HEADER
from harness.protocols.ykc.places import places_of

MOST_BEATS = 200  # heartbeats remembered, that a finding may name those of its window
SILENCE = 30.0  # s after which a silent pile counts as offline (E-HB); what is due sooner may be due on a dead line


class Seen(NamedTuple):
    """A frame that made a message: its number, its moment, whether the pile sent it."""

    n: int
    at: float
    up: bool
    message: Message

    @property
    def name(self) -> str:
        """The name of the frame; "" for a type that the catalogue does not list."""
        return self.message.name

    @property
    def values(self) -> Any:
        """The values of the frame."""
        return self.message.values

    @property
    def body(self) -> bytes:
        """The bytes of its body."""
        return self.message.raw[HEADER:-2]

    @property
    def code(self) -> str:
        """The type of the frame as it stands on the wire, like 0x3B."""
        return f"0x{self.message.raw[5]:02X}"

    @property
    def title(self) -> Pair:
        """The frame for people, like 0x3B 交易记录."""
        kind = self.message.frame_type
        return (f"{self.code} {kind.title}", f"{self.code} {kind.title_en}") if kind else (self.code, self.code)


class Duty:
    """Something that the pile owes until a moment; `done()` when it came. One still open at the end is not judged.

    `from_the_living`: it counts as missing only when the pile speaks again on the connection, which may be dead.
    """

    __slots__ = ("at", "call", "from_the_living", "open", "over_relogin", "rule", "since")

    def __init__(
        self, rule: Rule, since: float, at: float, call: Callable[[], None], over_relogin: bool, from_the_living: bool
    ) -> None:
        self.rule = rule
        self.since = since
        self.at = at
        self.call = call
        self.open = True
        self.over_relogin = over_relogin
        self.from_the_living = from_the_living

    def done(self) -> None:
        """It came, or nobody waits for it any more."""
        self.open = False


class Scene:
    """One pile under audit. Watchers read `at`, `n` and `pile`, and call `tell` and `owe`."""

    def __init__(self, *, strict: bool = False, times: bool = True) -> None:
        self.strict = strict
        self.times = times
        self.at = 0.0
        self.n = 0
        self.message: Message | None = None  # of the record at hand
        self.pile = PileFacts()
        self.counts: dict[str, int] = {}
        self.findings: list[AuditFinding] = []
        self._not_judged: dict[tuple[str, str], tuple[Rule, int]] = {}  # by check and reason
        self._duties: list[tuple[float, int, Duty]] = []
        self._overdue: list[Duty] = []  # whether the pile could have kept them its next frame will show
        self._made = 0
        self._late: list[tuple[float, float]] = []  # when our own loop came late, and by how much
        self._beats: deque[tuple[float, int]] = deque(maxlen=MOST_BEATS)
        self._window: tuple[int, ...] = ()  # of the duty that just falls due

    # What a watcher says

    def tell(
        self,
        rule: Rule,
        frames: Iterable[int],
        *,
        gun: str = "",
        expected: str = "",
        seen: str = "",
        fields: Iterable[str] = (),
        of: Seen | None = None,
        **facts: Any,
    ) -> None:
        """A rule was broken: the frames it rests on in order, and what fills the rule's sentences.

        `fields` stand in the last of them: the frame at hand, or `of`. A fact may be a pair (zh, en). `expected` and
        `seen` are texts, a pair joined by " / " where it has words.
        """
        count = self.counts[rule.check] = self.counts.get(rule.check, 0) + 1
        if count > MOST_TOLD:
            return
        zh, en = told((rule.zh, rule.en), {"gun": gun.lstrip("0") or "?", "seen": seen, **facts})
        cited, looked_at = tuple(frames), tuple(fields)
        self.findings.append(
            AuditFinding(
                rule=rule.id,
                check=rule.check,
                level=rule.level_when(self.strict),
                zh=zh,
                en=en,
                frames=cited,
                at=self.at,
                gun_no=gun,
                expected=expected,
                seen=seen,
                fields=looked_at,
                spans=self._spans(cited, looked_at, of),
                window=tuple(n for n in self._window if n not in cited),
                section=rule.section,
            )
        )

    def _spans(self, frames: tuple[int, ...], fields: tuple[str, ...], of: Seen | None) -> tuple[Place, ...]:
        """The bytes of the fields in the last frame cited."""
        n, message = (self.n, self.message) if of is None else (of.n, of.message)
        if message is None or frames[-1:] != (n,):
            return ()
        places = (place for field in fields for place in places_of(message, field))
        return tuple(Place(n, place.field, place.start, place.end) for place in places)

    def owe(self, rule: Rule, call: Callable[[], None], *, over_relogin: bool = False) -> Duty:
        """From now the pile owes something for the rule's window and slack; then `call`, unless `done()` came before.

        What arrives in the very moment is in time. A connection that is lost ends the duty, unless `over_relogin`.
        Without times nothing is ever due, and the rule is counted as not judged.
        """
        return self.owe_within(rule, rule.limit, call, over_relogin=over_relogin)

    def owe_within(self, rule: Rule, seconds: float, call: Callable[[], None], *, over_relogin: bool = False) -> Duty:
        """As `owe`, with a time of its own."""
        duty = Duty(rule, self.at, self.at + seconds, call, over_relogin, not over_relogin and seconds < SILENCE)
        if self.timed(rule):
            self._wait(duty)
        return duty

    def timed(self, rule: Rule) -> bool:
        """Can times be judged here? When not, that is counted for the rule."""
        if not self.times:
            self.cannot(rule, "no_times")
        return self.times

    def cannot(self, rule: Rule, why: str) -> None:
        """A rule cannot be judged here, for want of something that the frames did not show."""
        _, count = self._not_judged.get((rule.check, why), (rule, 0))
        self._not_judged[rule.check, why] = rule, count + 1

    def reads_records(self, rule: Rule) -> bool:
        """Can the pile's records be read, or are they those of another edition? When not, that is counted."""
        if self.pile.has_no_0x3b:
            self.cannot(rule, "other_edition")
        return not self.pile.has_no_0x3b

    def elapsed(self, start: float, end: float | None = None) -> float:
        """Seconds between two moments (the latter now when left out), less those by which our own loop came late."""
        end = self.at if end is None else end
        return end - start - self.lateness(start, end)

    def at_most(self, start: float, end: float) -> float:
        """Seconds that can have been between two moments, when our own loop may have heard of the first one late."""
        return end - start + self.lateness(start, end)

    def lateness(self, start: float, end: float) -> float:
        """By how much our own loop came late between two moments, or just before the first."""
        return sum(seconds for at, seconds in self._late if start - LOOP_WATCHED <= at <= end)

    def not_judged(self) -> tuple[NotJudged, ...]:
        """What could not be judged, and why."""
        return tuple(NotJudged(rule.id, rule.check, why, count) for (_, why), (rule, count) in self._not_judged.items())

    def open_duties(self, why: str) -> tuple[NotJudged, ...]:
        """What the pile owes at present, for who has to break off here and can never say whether it came."""
        counts: dict[str, tuple[Rule, int]] = {}
        for duty in (*self._overdue, *(duty for _, _, duty in self._duties)):
            if duty.open:
                counts[duty.rule.check] = duty.rule, counts.get(duty.rule.check, (duty.rule, 0))[1] + 1
        return tuple(NotJudged(rule.id, rule.check, why, count) for rule, count in counts.values())

    # What the auditor does

    def beat(self) -> None:
        """The frame at hand is a heartbeat of the pile."""
        self._beats.append((self.at, self.n))

    def ring(self, at: float, n: int) -> None:
        """Let fall due what was owed until before a moment, that of the record `n`."""
        duties = self._duties
        while duties and duties[0][0] < at:
            due, _, duty = heapq.heappop(duties)
            if duty.open and duty.from_the_living:
                self._overdue.append(duty)
            elif duty.open:
                self._fall_due(duty, due, n)
        self.at = at

    def spoke(self) -> None:
        """The pile said something: its connection is alive, and what is overdue will not have come in time."""
        overdue, self._overdue = self._overdue, []
        now = self.at
        for duty in overdue:
            if duty.open:
                self._fall_due(duty, duty.at, self.n)
        self.at = now

    def _fall_due(self, duty: Duty, due: float, n: int) -> None:
        duty.open = False
        self.at = due
        self._window = (*(beat for at, beat in self._beats if duty.since <= at and beat < n), n)
        duty.call()
        self._window = ()

    def late(self, at: float, seconds: float, n: int) -> None:
        """Our own loop came late: what fell due while it stood still, or is due later, gets so much more time."""
        stood = seconds + LOOP_WATCHED
        self.ring(max(self.at, at - stood), n)
        self._late = [*self._late[-99:], (at, stood)]
        waiting = [duty for duty in (*self._overdue, *(duty for _, _, duty in sorted(self._duties))) if duty.open]
        self._overdue = [duty for duty in waiting if duty.at < at - stood]
        self._duties = []
        for duty in waiting:
            if duty.at >= at - stood:
                duty.at += stood
                self._wait(duty)

    def _wait(self, duty: Duty) -> None:
        self._made += 1
        heapq.heappush(self._duties, (duty.at, self._made, duty))

    def disconnected(self) -> None:
        """The connection is gone, and with it what was owed on it."""
        self._overdue.clear()
        for _, _, duty in self._duties:
            if not duty.over_relogin:
                duty.open = False


__all__ = ["Duty", "Scene", "Seen"]
