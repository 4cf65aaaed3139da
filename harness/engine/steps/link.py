"""Steps by which the platform misbehaves on purpose, and waits for what the pile makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import Field

from harness.core import mischief
from harness.core.journal import GONE, LinkChanged, Misbehaved
from harness.core.mischief import Mischief
from harness.core.pairs import joined
from harness.core.ports import Language
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import CUT_OFF, NOTHING, ONLINE, RECORD, found, not_seen
from harness.engine.evidence import attended, window
from harness.engine.records import first_confirm, records_of
from harness.engine.steps.base import Ended, Mistake, Play, Span, Step, frame_mistakes, unknown_names
from harness.engine.steps.frames import SENT_NAMES
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run

Moment = tuple[int, float]  # a number in the journal and its moment
SHORT, LONG, SPREAD = 30.0, 300.0, 0.2  # s between two sendings of a record, and how far off that may be (E-RETRY)
MOST_REPEATS = 3
SILENCE: tuple[str, str] = ("连接断开", "the connection going")


class Misbehave(Step):
    """Do something that a platform should not do. It ends by itself, at the end of the case at the latest."""

    key = "misbehave"
    shorthand = "what"
    what: Literal["withhold", "delay", "refuse_login", "cut", "split", "rubbish", "wrong_crc", "repeat", "untimely"]
    frame: str = Field("", description="the frame it is done with")
    values: dict[str, Any] = Field(default_factory=dict)
    times: int = Field(1, ge=1, le=20, description="how often, for each gun")
    seconds: float = Field(0, ge=0, le=120, description="delay: so late; split: so long between two pieces")
    pieces: int = Field(4, ge=2, le=20, description="split: into so many")
    label: str = Field("", description="a name by which `since` of later steps means this moment")

    def play(self, run: Run) -> Play:
        if run.current_in_the_way():
            return Ended("unmet", detail={"why": "current_flows"})
        n = run.bench.misbehave(self._deed(run))
        run.mark(self.label, n or run.journal.last)
        return Ended(frames=(n,) if n else ())
        yield

    def _deed(self, run: Run) -> Mischief:
        return Mischief(
            what=self.what,
            frame=self.frame,
            values=run.filled(self.values),
            times=self.times,
            seconds=self.seconds,
            pieces=self.pieces,
            spares_current=run.spares_current,
        )

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        if self.what in mischief.WITHOUT_FRAME:
            if self.frame:
                yield Mistake("frame", f"{self.what} 不带报文", f"{self.what} takes no frame")
            return
        if self.what in mischief.TIMED and not self.seconds:
            yield Mistake(self.key, f"{self.what} 要写 seconds", f"{self.what} takes seconds")
        if not self.frame:
            yield Mistake(self.key, f"{self.what} 要写 frame", f"{self.what} takes a frame")
            return
        yield from frame_mistakes(language, "frame", self.frame, self.values)
        yield from unknown_names(self.values, SENT_NAMES)

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return f"misbehave.{self.what}", {"frame": self.frame} if self.frame else {}


class Behave(Step):
    """Misbehave no more; replies that were withheld are sent now."""

    key = "behave"
    label: str = ""

    def play(self, run: Run) -> Play:
        run.bench.behave()
        run.mark(self.label, run.journal.last)
        return Ended()
        yield


class Course(NamedTuple):
    """What became of the connection: when it went, since when the pile is waited for, when it was back."""

    lost: Moment | None = None
    waited_from: Moment | None = None
    back: Moment | None = None


def course_of(view: View, first: int, last: int) -> Course:
    """How it was between two numbers; a login that we refuse makes the wait begin anew."""
    course = Course()
    for record in view.events:
        event, here = record.event, (record.n, record.at)
        if not first <= record.n <= last:
            continue
        if isinstance(event, LinkChanged) and event.what in GONE:
            course = Course(course.lost or here, here)
        elif course.lost and isinstance(event, Misbehaved) and (event.what, event.state) == ("refuse_login", "done"):
            course = course._replace(waited_from=here)
        elif course.lost and not course.back and isinstance(event, LinkChanged) and event.what in ("login", "relogin"):
            course = course._replace(back=here)
    return course


class Back(Step):
    """See whether the pile goes away; if it does, it has to be back in time."""

    key = "back"
    away: bool = True
    since: str = ""
    lost_within: float = Field(30, gt=0, description="seconds in which the connection goes, if it goes")
    within: float = Field(180, gt=0, description="seconds in which it is back, from its going or a refused login")
    goes: Literal["yes", "perhaps", "should"] = Field("yes", description="should: it is a remark when it stays")

    def play(self, run: Run) -> Play:
        first, base = run.moment(self.since, run.now)
        base = run.now if base is None else base
        while True:
            began = run.now - run.journal.moment()
            course = course_of(run.view(), first, run.journal.last)
            if course.back is not None:
                return Ended()
            waited = course.waited_from
            due = base + self.lost_within if waited is None else began + waited[1] + self.within
            if run.now >= due:
                return Ended("done", detail={"stayed": True}) if waited is None else Ended("late")
            run.lasts_until(due)
            yield due

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        first, _ = span.labels.get(self.since, (span.n, span.at))
        course = course_of(view, first, span.end_n)
        if course.lost is None:
            yield self._stayed(view, first, span)
            return
        beside = window(view, course.lost[0], span.end_n)
        since = course.waited_from or course.lost
        logins = [s.n for s in view.of_role("login", since[0] - 1) if s.n <= span.end_n]
        if course.back is not None and logins:
            cited = [course.lost[0], since[0], logins[-1], course.back[0]]
            after = course.back[1] - since[1]
            yield self._say(Verdict.PASSED, "back_online", cited, f"{after:.1f} s")
        elif span.how == "late":
            yield self._say(Verdict.FAILED, "not_back", beside, joined(NOTHING))
        else:
            yield not_seen(view, self.key, "R-LG-1", ("登录", "a login"), (since[0], span.end_n))

    def _stayed(self, view: View, first: int, span: Span) -> Finding:
        """The connection stayed, as far as frames of the pile show."""
        inside = [seen for seen in view.frames if first < seen.n <= span.end_n and view.from_pile(seen)]
        asked = [(e.gun_no, n) for _, _, e in view.of_event(Misbehaved) if e.state == "done" for n in e.frames]
        withheld = [(gun, n) for gun, n in asked if n > first and n in view.by_number]
        if not inside or self.goes == "yes" or (self.goes == "should" and not withheld):
            return not_seen(view, self.key, "R-NET-1", SILENCE, (first, span.end_n))
        beside = window(view, first, span.end_n)
        if self.goes == "perhaps":
            verdict, code, rule, count = Verdict.PASSED, "stayed_online", "R-NET-1", 0
        else:
            verdict, code, rule = Verdict.REMARK, "stayed_unanswered", "R-HB-2"
            count = max(Counter(gun for gun, _ in withheld).values())
        expected, seen = joined(ONLINE if self.goes == "perhaps" else CUT_OFF), joined(ONLINE)
        frames = attended(view, [*beside, *(n for _, n in withheld)])
        return found(verdict, self.key, code, rule=rule, expected=expected, seen=seen, frames=frames, count=count)

    def _say(self, verdict: Verdict, code: str, frames: list[int], seen: str) -> Finding:
        return found(
            verdict,
            self.key,
            code,
            rule="R-LG-1",
            expected=f"≤ {self.within:g} s",
            seen=seen,
            frames=frames,
            within=f"{self.within:g}",
        )


class Settled(Step):
    """Wait until the record of the charge is in; a pile that is online for so long and sends none has lost it."""

    key = "settled"
    away: bool = True
    within: float = Field(240, gt=0)

    def play(self, run: Run) -> Play:
        spent = {True: 0.0, False: 0.0}  # s online and offline
        while run.view().charge.start is not None and not records_of(run.view()):
            online, since = run.bench.online(), run.now
            due = since + self.within - spent[online]
            if since >= due:
                return Ended("late", detail={"online": online})
            run.lasts_until(due)
            yield due
            spent[online] += run.now - since
        return Ended(frames=tuple(seen.n for seen in records_of(run.view())[:1]))

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        if span.how != "late" or view.charge.start is None or not view.charge.charging or view.charge.record:
            return
        if not span.detail.get("online"):
            yield not_seen(view, self.key, "R-TX-4", RECORD, (span.n, span.end_n))
            return
        ends = [view.charge.start.n, view.charge.charging[-1].n]
        yield found(
            Verdict.FAILED,
            self.key,
            "record_lost",
            rule="R-TX-4 R-LG-4",
            expected=f"≤ {self.within:g} s",
            seen=joined(NOTHING),
            frames=attended(view, [*ends, *window(view, span.n, span.end_n)]),
            within=f"{self.within:g}",
        )


class Repeats(Step):
    """See how often and when the record is sent again while it is not confirmed; either reading of E-RETRY is right."""

    key = "repeats"
    within: float = Field(370, gt=0, description="seconds after the first sending; more than the 5 min of 8.8")
    settle: float = Field(40, gt=0, description="seconds to look on after the last repeat there may be")

    def play(self, run: Run) -> Play:
        while True:
            due = self._due(run.view())
            end = run.now - run.journal.moment() + due
            if run.now >= end:
                return Ended(frames=tuple(seen.n for seen in records_of(run.view())))
            run.lasts_until(end)
            yield end

    def _due(self, view: View) -> float:
        """Until when to look on, as a moment of the journal."""
        sent = records_of(view)
        if not sent:
            return 0.0
        confirmed = first_confirm(view, sent[0])
        if confirmed is not None:
            return confirmed.at + self.settle
        return sent[-1].at + self.settle if len(sent) > MOST_REPEATS else sent[0].at + self.within

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        sent = [seen for seen in records_of(view) if seen.n <= span.end_n]
        if not sent:
            yield not_seen(view, self.key, "R-TX-2 R-TX-3", RECORD, (span.n, span.end_n))
            return
        confirmed = first_confirm(view, sent[0])
        end = confirmed.n if confirmed is not None and confirmed.n <= span.end_n else span.end_n
        before = [seen for seen in sent if seen.n <= end]
        gaps = [later.at - earlier.at for earlier, later in pairwise(before)]
        if not gaps and confirmed is not None and confirmed.at - sent[0].at < LONG:
            return  # it was confirmed before the longer of the two times was over
        code, rule = reading_of_gaps(gaps)
        yield found(
            Verdict.REMARK,
            self.key,
            code,
            rule=rule,
            expected="3 × 30 s / 1 × 300 s",
            seen=", ".join(f"{gap:.1f} s" for gap in gaps) or joined(NOTHING),
            frames=[*(seen.n for seen in before), *window(view, sent[0].n, end)],
            count=len(gaps),
            gaps=", ".join(f"{gap:.0f}" for gap in gaps),
            within=f"{self.within:g}",
        )


def reading_of_gaps(gaps: list[float]) -> tuple[str, str]:
    """Which of the two readings the times between sendings show, and the rule that it is."""
    if not gaps:
        return "not_repeated", "R-TX-2 R-TX-3"
    if all(abs(gap - SHORT) <= SHORT * SPREAD for gap in gaps) and len(gaps) <= MOST_REPEATS:
        return "repeats_after_30", "R-TX-2"
    if len(gaps) == 1 and abs(gaps[0] - LONG) <= LONG * SPREAD:
        return "repeats_after_300", "R-TX-3"
    return "repeats_otherwise", "R-TX-2 R-TX-3"
