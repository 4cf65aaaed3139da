"""Steps that wait for a state: ready, room, steer, pause, relogin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field

from harness.core.journal import ClockGiven, EventSeen, LinkChanged, TariffGiven
from harness.core.ports import Heard, Offline
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import found
from harness.engine.steps.base import Ended, Play, Span, Step
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run

STATE_FRESH = 10.0  # s to wait for a report of the gun after asking for one
STOP_AGAIN = 15.0  # s
GONE = ("lost", "replaced", "offline")  # what a connection does when the pile goes away


class Ready(Step):
    """Wait until the pile is online, its gun known and not charging and, if asked for, our tariff accepted."""

    key = "ready"
    within: float = Field(120, gt=0)
    tariff: bool = False
    idle: bool = True

    def play(self, run: Run) -> Play:
        end = run.now + self.within
        asked = stopped = -1e9
        while run.now < end:
            missing = self._missing(run)
            if not missing:
                return Ended()
            if missing == "tariff_refused":
                return Ended("unmet", detail={"why": missing})
            try:
                if missing == "state" and run.now - asked >= STATE_FRESH:
                    asked = run.now
                    run.send(run.frame_of("read_request"), {})
                if missing == "still_charging" and run.now - stopped >= STOP_AGAIN:
                    stopped = run.now
                    run.send(run.frame_of("stop"), {})
            except Offline:
                pass
            yield min(end, run.now + STATE_FRESH)
        missing = self._missing(run)
        return Ended("unmet", detail={"why": "pile_offline" if missing == "state" else missing}) if missing else Ended()

    def _missing(self, run: Run) -> str:
        bench = run.bench
        if not bench.online():
            return "pile_offline"
        if self.tariff and bench.tariff() is None:
            return "tariff_refused" if bench.tariff_refused() else "tariff_not_accepted"
        reading = bench.last_reading()
        if reading is None:
            return "state"
        return "still_charging" if self.idle and reading.status == "charging" else ""

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        given = [r.event for r in view.events if isinstance(r.event, TariffGiven)]
        if self.tariff and any(event.what == "simple" for event in given):
            frames = next(event.frames for event in given if event.what == "simple")
            yield found(Verdict.REMARK, self.key, "tariff_simple", rule="R-BM-4", frames=frames)


class Room(Step):
    """Wait until the next price change is far enough away for a charge within one tariff."""

    key = "room"
    shorthand = "minutes"
    minutes: float = Field(gt=0, lt=30)

    def play(self, run: Run) -> Play:
        tariff = run.bench.tariff()
        if tariff is None:
            return Ended("unmet", detail={"why": "tariff_not_accepted"})
        pile_time = run.bench.pile_time()
        change = tariff.next_change(pile_time)
        if change is None or change - pile_time >= timedelta(minutes=self.minutes):
            return Ended()
        end = run.now + (change - pile_time).total_seconds() + 5
        while run.now < end:
            yield end
        return Ended()


class Steer(Step):
    """Set the pile's clock to shortly before a price change; if it does not follow, wait for the real one."""

    key = "steer"
    lead: float = Field(120, gt=30, lt=300)

    def play(self, run: Run) -> Play:
        tariff = run.bench.tariff()
        if tariff is None:
            return Ended("unmet", detail={"why": "tariff_not_accepted"})
        run.bench.steer_clock(self.lead)
        end = run.now + 120
        followed = None
        while followed is None and run.now < end:
            what = yield end
            if isinstance(what, EventSeen) and isinstance(what.event, ClockGiven):
                followed = {"moved": True, "void": False}.get(what.event.what)
        if followed:
            return Ended("done", detail={"followed": True})
        pile_time = run.bench.pile_time()
        change = tariff.next_change(pile_time)
        if change is None:
            return Ended("unmet", detail={"why": "tariff_not_accepted"})
        end = run.now + max((change - pile_time).total_seconds() - self.lead, 0)
        while run.now < end:
            yield end
        return Ended("done", detail={"followed": False})

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        given = [(n, e) for n, _, e in view.of_event(ClockGiven) if span.n < n <= span.end_n]
        void = [(n, e) for n, e in given if e.what == "void"]
        moved = [(n, e) for n, e in given if e.what == "moved"]
        if void:
            yield found(Verdict.REMARK, self.key, "clock_not_followed", rule="R-TI-2", frames=[void[-1][1].frame])
        elif moved:
            yield found(Verdict.PASSED, self.key, "clock_moved", rule="R-TI-2", frames=[moved[-1][1].frame])


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
        label = span.labels.get(self.since)
        first = label[0] if label else span.n
        links = [(n, e.what) for n, _, e in view.of_event(LinkChanged) if first < n <= span.end_n]
        lost = next((n for n, what in links if what in GONE), None)
        command = [s.n for s in view.frames if s.n >= first][:1]
        if lost is None:
            verdict = Verdict.FAILED if span.how == "late" else Verdict.NOT_EARNED
            yield found(
                verdict, self.key, "connection_not_lost", rule="R-RB-1", frames=command, within=f"{self.lost_within:g}"
            )
            return
        yield found(Verdict.PASSED, self.key, "connection_lost", rule="R-RB-1", frames=[lost, *command])
        logins = [s for s in view.of_role("login", first) if s.n <= span.end_n]
        back = next((n for n, what in links if what in ("login", "relogin") and n >= lost), None)
        if back is not None and logins:
            yield found(Verdict.PASSED, self.key, "back_online", rule="R-LG-1", frames=[logins[-1].n, back])
        elif span.how == "late":
            yield found(Verdict.FAILED, self.key, "not_back", rule="R-LG-1", frames=[lost], within=f"{self.within:g}")
        else:
            yield found(Verdict.NOT_EARNED, self.key, "not_seen", rule="R-LG-1")


def _link(what: object) -> str:
    return what.event.what if isinstance(what, EventSeen) and isinstance(what.event, LinkChanged) else ""


def _gone(what: object, lost: bool) -> bool:
    return lost or _link(what) in GONE


def _back(what: object, lost: bool, back: bool) -> bool:
    return back or (lost and _link(what) in ("login", "relogin"))


__all__ = ["Heard", "Pause", "Ready", "Relogin", "Room", "Steer"]
