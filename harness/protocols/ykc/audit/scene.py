"""What every watcher is handed: the moment, the facts of the pile, and the ways to tell a breach or set a duty."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from harness.core.auditing import MOST_TOLD, AuditFinding, NotJudged
from harness.core.message import Message
from harness.protocols.ykc.audit.facts import PileFacts
from harness.protocols.ykc.audit.rule import Rule

Pair = tuple[str, str]


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


class Duty:
    """Something that the pile owes until a moment; `done()` when it came. One still open at the end is not judged."""

    __slots__ = ("at", "call", "open", "over_relogin")

    def __init__(self, at: float, call: Callable[[], None], over_relogin: bool) -> None:
        self.at = at
        self.call = call
        self.open = True
        self.over_relogin = over_relogin

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
        self.pile = PileFacts()
        self.counts: dict[str, int] = {}
        self.findings: list[AuditFinding] = []
        self._not_judged: dict[str, tuple[Rule, int]] = {}
        self._duties: list[tuple[float, int, Duty]] = []
        self._made = 0
        self._late: list[tuple[float, float]] = []  # when our own loop came late, and by how much

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
        **facts: Any,
    ) -> None:
        """A rule was broken: the frames it rests on in order, and what fills the rule's sentences.

        A fact may be a pair (zh, en). `expected` and `seen` are texts, a pair joined by " / " where it has words.
        """
        count = self.counts[rule.check] = self.counts.get(rule.check, 0) + 1
        if count > MOST_TOLD:
            return
        zh, en = filled(rule.zh, rule.en, {"gun": gun.lstrip("0") or "?", "seen": seen, **facts})
        self.findings.append(
            AuditFinding(
                rule=rule.id,
                check=rule.check,
                level=rule.level_when(self.strict),
                zh=zh,
                en=en,
                frames=tuple(frames),
                at=self.at,
                gun_no=gun,
                expected=expected,
                seen=seen,
                fields=tuple(fields),
                section=rule.section,
            )
        )

    def owe(self, rule: Rule, call: Callable[[], None], *, over_relogin: bool = False) -> Duty:
        """From now the pile owes something for the rule's window and slack; then `call`, unless `done()` came before.

        What arrives in the very moment is in time. A connection that is lost ends the duty, unless `over_relogin`.
        Without times nothing is ever due, and the rule is counted as not judged.
        """
        return self.owe_within(rule, rule.limit, call, over_relogin=over_relogin)

    def owe_within(self, rule: Rule, seconds: float, call: Callable[[], None], *, over_relogin: bool = False) -> Duty:
        """As `owe`, with a time of its own."""
        duty = Duty(self.at + seconds, call, over_relogin)
        if self.timed(rule):
            self._made += 1
            heapq.heappush(self._duties, (duty.at, self._made, duty))
        return duty

    def timed(self, rule: Rule) -> bool:
        """Can times be judged here? When not, that is counted for the rule."""
        if not self.times:
            _, count = self._not_judged.get(rule.check, (rule, 0))
            self._not_judged[rule.check] = rule, count + 1
        return self.times

    def elapsed(self, start: float, end: float | None = None) -> float:
        """Seconds between two moments (the latter now when left out), less those by which our own loop came late."""
        end = self.at if end is None else end
        return end - start - sum(seconds for at, seconds in self._late if start <= at <= end)

    def not_judged(self) -> tuple[NotJudged, ...]:
        """What could not be judged for want of times."""
        return tuple(NotJudged(rule.id, rule.check, "no_times", count) for rule, count in self._not_judged.values())

    # What the auditor does

    def ring(self, at: float) -> None:
        """Let fall due what was owed until before a moment."""
        duties = self._duties
        while duties and duties[0][0] < at:
            due, _, duty = heapq.heappop(duties)
            if duty.open:
                duty.open = False
                self.at = due
                duty.call()
        self.at = at

    def late(self, seconds: float) -> None:
        """Our own loop came late: every duty that is open gets so much more time."""
        self._late = [*self._late[-99:], (self.at, seconds)]
        self._duties = [(due + seconds, made, duty) for due, made, duty in self._duties if duty.open]
        heapq.heapify(self._duties)

    def disconnected(self) -> None:
        """The connection is gone, and with it what was owed on it."""
        for _, _, duty in self._duties:
            if not duty.over_relogin:
                duty.open = False


def filled(zh: str, en: str, facts: dict[str, Any]) -> Pair:
    """Both sentences with their facts; of a pair each gets its own."""
    first = {name: value[0] if isinstance(value, tuple) else value for name, value in facts.items()}
    second = {name: value[1] if isinstance(value, tuple) else value for name, value in facts.items()}
    return zh.format(**first), en.format(**second)


__all__ = ["Duty", "Scene", "Seen"]
