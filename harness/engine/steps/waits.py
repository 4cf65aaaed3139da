"""Steps that wait for a state: ready, room, steer, pause, relogin."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field

from harness.core.amounts import Tariff
from harness.core.journal import GONE, ClockGiven, EventSeen, LinkChanged, TariffGiven
from harness.core.pairs import joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import NOTHING, found, not_seen
from harness.engine.evidence import attended, window
from harness.engine.steps.base import Ended, GunStep, Play, Span, Step
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run

TARIFF_AGAIN = 90.0  # s in which a pile that asks for its tariff again has it or has refused it
STATE_FRESH = 10.0  # s to wait after asking for a report, or for a stop
AFTER_CHANGE = timedelta(seconds=70)  # a pile's clock may be off by 60 s (E-TZ)
STEADY = 60.0  # s in which a reconnect makes a move of the clock void
ANSWERED = 20.0  # s in which it is known whether the clock followed
MOVE_AND_REPLY = 2  # frames that a move rests on
LONGEST_WAIT = timedelta(minutes=31)
NEARLY = timedelta(seconds=10)
ACCEPTED, REFUSED = ("已接受", "accepted"), ("拒绝", "refused")
CLOCK, COMMAND = ("对时及应答", "the time that was told and its reply"), ("下发的命令", "the command")
GOING, LOGIN = ("断线", "the loss of the connection"), ("重新登录", "the login that follows")


class Ready(GunStep):
    """Wait until the pile is online, its gun known and not charging and, if asked for, our tariff accepted.

    A gun that never says how it is (R-RT-4 sets no time) holds nothing up: what follows will show it.
    """

    key = "ready"
    within: float = Field(120, gt=0)
    tariff: bool = False
    idle: bool = True

    def play(self, run: Run) -> Play:
        end, asked = run.now + self.within, 0
        run.lasts_until(end)
        if run.current_in_the_way():
            return Ended("unmet", detail={"why": "current_flows"})
        while (missing := self._missing(run)) and missing != "tariff_refused" and run.now < end:
            if missing in ("state", "still_charging") and run.bench.online():
                asked += 1
                run.send(run.frame_of("read_request" if missing == "state" or asked % 2 else "stop"), {})
            again = min(end, run.now + STATE_FRESH)
            while run.now < again and self._missing(run) == missing:
                yield again
        return Ended("unmet", detail={"why": missing}) if missing not in ("", "state") else Ended()

    def _missing(self, run: Run) -> str:
        bench = run.bench
        if not bench.online():
            return "pile_offline"
        if self.tariff and bench.tariff() is None:
            return "tariff_refused" if bench.tariff_refused() else "tariff_not_accepted"
        reading = run.last_reading()
        if reading is None:
            return "state"
        return "still_charging" if self.idle and reading.status == "charging" else ""

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        given = [r.event for r in view.events if isinstance(r.event, TariffGiven)]
        if self.tariff and any(event.what == "simple" for event in given):
            frames = next(event.frames for event in given if event.what == "simple")
            yield found(
                Verdict.REMARK,
                self.key,
                "tariff_simple",
                rule="R-BM-4",
                expected=joined(ACCEPTED),
                seen=joined(REFUSED),
                frames=frames,
                fields=["prices", "result"],
            )


def tariff_in_force(run: Run) -> Generator[float, object, Tariff | Ended]:
    """The tariff, once the pile has it for good: one given by request counts until it asks again (R-BM-4)."""
    end = run.now + TARIFF_AGAIN
    while (tariff := run.bench.tariff()) is None:
        refused = run.bench.tariff_refused()
        if refused or run.now >= end:
            return Ended("unmet", detail={"why": "tariff_refused" if refused else "tariff_not_accepted"})
        yield min(end, run.now + STATE_FRESH)
    return tariff


class Room(Step):
    """Wait until the price changes are far enough away for a charge within one tariff."""

    key = "room"
    shorthand = "minutes"
    minutes: float = Field(gt=0, lt=29)

    def play(self, run: Run) -> Play:
        tariff = yield from tariff_in_force(run)
        if isinstance(tariff, Ended):
            return tariff
        while (wait := self._wait(tariff, run.bench.pile_time())) > 0:
            end = run.now + wait
            while run.now < end:
                yield end
        return Ended()

    def _wait(self, tariff: Tariff, pile_time: datetime) -> float:
        """So many seconds until the last change is past for any clock and the next one far enough away."""
        changes = tariff.changes_between(pile_time - AFTER_CHANGE, pile_time + timedelta(minutes=self.minutes))
        return (changes[-1] + AFTER_CHANGE - pile_time).total_seconds() if changes else 0.0


class Steer(Step):
    """Set the pile's clock to shortly before a price change; if it does not follow, wait for the real one."""

    key = "steer"
    lead: float = Field(200, gt=STEADY + 30, lt=300)

    def play(self, run: Run) -> Play:
        tariff = yield from tariff_in_force(run)
        if isinstance(tariff, Ended):
            return tariff
        run.bench.steer_clock(self.lead)
        began, end, moved = run.now, run.now + ANSWERED, False
        while run.now < end:
            what = yield end
            told = what.event.what if isinstance(what, EventSeen) and isinstance(what.event, ClockGiven) else ""
            if told == "void":
                moved = False
                break
            if told == "moved":
                moved, end = True, began + STEADY
        if moved:
            return Ended("done", detail={"followed": True})
        return (yield from self._wait_for_change(run, tariff))

    def _wait_for_change(self, run: Run, tariff: Tariff) -> Play:
        """The real boundary, with as much time before it as the moved one would have had."""
        least, pile_time = timedelta(seconds=self.lead), run.bench.pile_time()
        change = tariff.next_change(pile_time + least - NEARLY)
        if change is None or change - pile_time > LONGEST_WAIT + least:
            return Ended("unmet", detail={"why": "boundary_not_reached"})
        end = run.now + max((change - pile_time - least).total_seconds(), 0)
        while run.now < end:
            yield end
        return Ended("done", detail={"followed": False})

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        told = [(n, e) for n, _, e in view.of_event(ClockGiven) if span.n < n <= span.end_n]
        given = [e for _, e in told]
        n, last = next(((n, e) for n, e in reversed(told) if e.what in ("moved", "void")), (0, None))
        if last is None:
            return
        frames = view.there(
            [*(e.frame for e in given), *(s.n for s in view.of_role("time_reply", span.n) if s.n <= span.end_n)]
        )
        verdict, code = Verdict.PASSED, "clock_moved"
        if last.what == "void":
            sent = any(event.frame for event in given)
            verdict, code = Verdict.REMARK, "clock_not_followed" if sent else "clock_not_moved"
        elif len(frames) < MOVE_AND_REPLY:
            yield not_seen(view, self.key, "R-TI-2", CLOCK, (span.n, span.end_n))
            return
        seen = last.detail or f"{last.offset:+.0f} s"
        cited: Sequence[int] = frames or window(view, span.n, span.end_n)
        if code == "clock_not_followed":
            cited = attended(view, [*frames, n])
        yield found(verdict, self.key, code, rule="R-TI-2", expected="≤ 60 s", seen=seen, frames=cited, fields=["time"])


class Pause(Step):
    """Let time pass; `say` names a sentence with a countdown."""

    key = "pause"
    shorthand = "seconds"
    seconds: float = Field(gt=0)
    say: str = Field("", pattern="^(|reboot)$")

    def play(self, run: Run) -> Play:
        end = run.now + self.seconds
        while run.now < end:
            yield end
        return Ended()

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return (f"pause.{self.say}" if self.say else "pause"), {"seconds": f"{self.seconds:g}"}


class Relogin(Step):
    """The pile goes away (or is replaced by a new login) and comes back."""

    key = "relogin"
    away: bool = True
    lost_within: float = Field(60, gt=0)
    within: float = Field(180, gt=0)
    since: str = ""

    def play(self, run: Run) -> Play:
        first, base = run.moment(self.since, run.now)
        base = run.now if base is None else base
        lost = back = False
        for event in run.link_events_since(first):
            lost, back = _gone(event, lost), _back(event, lost, back)
        while not lost:
            what = yield base + self.lost_within
            if what is None and run.now >= base + self.lost_within:
                return Ended("late", detail={"what": "lost"})
            lost, back = _gone(what, lost), _back(what, lost, back)
        while not back:
            what = yield base + self.within
            if what is None and run.now >= base + self.within:
                return Ended("late", detail={"what": "back"})
            back = _back(what, lost, back)
        return Ended()

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        first, base = span.labels.get(self.since, (span.n, span.at))
        links = [(n, at, e.what) for n, at, e in view.of_event(LinkChanged) if first < n <= span.end_n]
        command = view.there([first])
        if self.since and not command:
            yield not_seen(view, self.key, "R-RB-1", COMMAND, (span.n, span.end_n))
            return
        lost = next(((n, at) for n, at, what in links if what in GONE), None)
        if lost is None:
            beside = window(view, first, span.end_n)
            yield self._missed(view, span, "connection_not_lost", "R-RB-1", beside, self.lost_within)
            return
        last = [seen.n for seen in view.frames if first <= seen.n < lost[0] and view.from_pile(seen)][-1:]
        yield self._came("connection_lost", "R-RB-1", [lost[0], *command, *last], self.lost_within, lost[1] - base)
        logins = [s.n for s in view.of_role("login", first) if s.n <= span.end_n]
        back = next(((n, at) for n, at, what in links if what in ("login", "relogin") and n >= lost[0]), None)
        if back is None or not logins:
            yield self._missed(view, span, "not_back", "R-LG-1", window(view, first, span.end_n), self.within)
        else:
            yield self._came("back_online", "R-LG-1", [logins[-1], back[0]], self.within, back[1] - base)

    def _came(self, code: str, rule: str, frames: list[int], within: float, after: float) -> Finding:
        return found(
            Verdict.PASSED, self.key, code, rule=rule, expected=f"≤ {within:g} s", seen=f"{after:.1f} s", frames=frames
        )

    def _missed(self, view: View, span: Span, code: str, rule: str, frames: list[int], within: float) -> Finding:
        if span.how != "late":
            lacks = GOING if code == "connection_not_lost" else LOGIN
            return not_seen(view, self.key, rule, lacks, (span.n, span.end_n))
        return found(
            Verdict.FAILED,
            self.key,
            code,
            rule=rule,
            expected=f"≤ {within:g} s",
            seen=joined(NOTHING),
            frames=frames,
            within=f"{within:g}",
        )


def _link(what: object) -> str:
    return what.event.what if isinstance(what, EventSeen) and isinstance(what.event, LinkChanged) else ""


def _gone(what: object, lost: bool) -> bool:
    return lost or _link(what) in GONE


def _back(what: object, lost: bool, back: bool) -> bool:
    return back or (lost and _link(what) in ("login", "relogin"))
