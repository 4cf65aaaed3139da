"""Steps on single frames: send, expect, poll, push_qr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from harness.core.ports import Heard, Language, Offline
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import found
from harness.engine.matching import Difference, differences
from harness.engine.steps.base import Ended, Play, Span, Step, frame_mistakes
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

if TYPE_CHECKING:
    from harness.engine.run import Run

END_OF_CHARGE = "end"  # a moment that is worked out: see charge.Charge.end


class Send(Step):
    """Send a frame to the pile; pile code and gun number fill themselves in, `$names` are values of the run."""

    key = "send"
    frame: str
    values: dict[str, Any] = Field(default_factory=dict)
    label: str = Field("", description="a name by which `since` of later steps means this moment")

    def play(self, run: Run) -> Play:
        try:
            n = run.send(self.frame, self.values)
        except Offline:
            return Ended("unmet", detail={"why": "pile_offline"})
        run.mark(self.label, n)
        return Ended(frames=(n,))
        yield

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[tuple[str, str]]:
        yield from frame_mistakes(language, "frame", self.frame, self.values)

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return "send", {"frame": self.frame}


class Expect(Step):
    """Wait until the pile sends a frame with these values; a frame that differs does not end the wait, time does."""

    key = "expect"
    frame: str
    within: float = Field(gt=0, description="seconds from the beginning of this step, or from `since`")
    grace: float = Field(0, ge=0, description="seconds to wait on for a frame that is late already")
    since: str = Field("", description="the label of an earlier step, or `end`: the end of the charge")
    where: dict[str, str] = Field(default_factory=dict)
    tolerate: dict[str, str] = Field(default_factory=dict, description="values that else make a remark")
    seen: str = "frame_seen"
    late: str = ""
    missing: str = "frame_late"
    rule: str = ""

    def play(self, run: Run) -> Play:
        begin = run.now
        first, _ = run.moment(self.since, begin)
        for heard in run.heard_since(first):
            if self._is(run.concerns(heard), heard, run):
                return Ended(frames=(heard.n,))
        while True:
            _, base = run.moment(self.since, begin)
            due = None if base is None else base + self.within + self.grace
            what = yield due
            if what is None and due is not None and run.now >= due:
                return Ended("late")
            if isinstance(what, Heard) and self._is(run.concerns(what), what, run):
                return Ended(frames=(what.n,))

    def _is(self, concerns: bool, heard: Heard, run: Run) -> bool:
        if not concerns or heard.message.name != self.frame:
            return False
        return not differences(run.filled(self.where), heard.message)

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        label = span.labels.get(self.since)
        base, first = (label[1], label[0]) if label else (span.at, span.n)
        if self.since == END_OF_CHARGE:
            end = view.charge.end()
            base = end if end is not None else span.at
            first = view.charge.stop.n if view.charge.stop else span.n
        if label and not self.since:
            first = span.n
        wanted = {key: self._value(text, view) for key, text in self.where.items()}
        candidates = [
            s for s in view.of(self.frame, first) if view.from_pile(s) and s.n <= span.end_n and self._concerns(view, s)
        ]
        right = next((s for s in candidates if not differences(wanted, s.message)), None)
        if right is not None:
            yield from self._came(view, right, base)
        elif span.how == "done":
            yield found(Verdict.NOT_EARNED, self.key, "not_seen", rule=self.rule)
        else:
            yield self._missed(view, candidates, wanted, first)

    def _value(self, text: str, view: View) -> str:
        return view.charge.serial if text == "$serial" else text

    def _concerns(self, view: View, seen: Seen) -> bool:
        bill = view.language.bill(seen.message)
        return bill is None or (view.charge.record is not None and seen.n >= view.charge.record.n)

    def _came(self, view: View, seen: Seen, base: float) -> Iterator[Finding]:
        after = seen.at - base
        facts: dict[str, Any] = {"frame": view.language.title(self.frame), "within": _short(self.within)}
        cited = [seen.n]
        if after > self.within:
            code = self.late or self.missing
            yield found(
                Verdict.FAILED,
                self.key,
                code,
                rule=self.rule,
                expected=f"≤ {_short(self.within)} s",
                frames=cited,
                **{**facts, "seen": f"{after:.1f}"},
            )
            return
        tolerated = differences(self.tolerate, seen.message)
        yield found(
            Verdict.PASSED,
            self.key,
            self.seen,
            rule=self.rule,
            expected=f"≤ {_short(self.within)} s",
            frames=cited,
            **{**facts, "seen": f"{max(after, 0):.1f} s"},
        )
        for field, wanted, got in tolerated:
            yield found(
                Verdict.REMARK,
                self.key,
                "frame_tolerated",
                rule=self.rule,
                expected=wanted,
                frames=cited,
                **{**facts, "field": field, "got": got, "seen": got},
            )

    def _missed(self, view: View, candidates: list[Seen], wanted: Mapping[str, str], first: int) -> Finding:
        facts: dict[str, Any] = {"frame": view.language.title(self.frame), "within": _short(self.within)}
        window = _window(view, first)
        if not candidates:
            return found(
                Verdict.FAILED,
                self.key,
                self.missing,
                rule=self.rule,
                expected=f"≤ {_short(self.within)} s",
                frames=window,
                **facts,
            )
        nearest = candidates[-1]
        wrong: Difference = differences(wanted, nearest.message)[0]
        refused = view.language.succeeded(nearest.message) is False
        if refused and view.language.role(self.frame) == "start_reply":
            reason = view.language.fail_reason(nearest.message)
            return found(
                Verdict.FAILED,
                self.key,
                "start_refused",
                rule=self.rule,
                seen=reason[0],
                frames=[nearest.n],
                reason=reason,
            )
        code = self.missing if self.missing != "frame_late" else "frame_differs"
        return found(
            Verdict.FAILED,
            self.key,
            code,
            rule=self.rule,
            expected=wrong.wanted,
            frames=[nearest.n],
            **{**facts, "field": wrong.field, "wanted": wrong.wanted, "got": wrong.got, "seen": wrong.got},
        )

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[tuple[str, str]]:
        yield from frame_mistakes(language, "frame", self.frame, {**self.where, **self.tolerate})
        if self.since and self.since != END_OF_CHARGE and self.since not in labels:
            yield "since", f"no earlier step has the label '{self.since}'"

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return "expect", {"frame": self.frame}


def _window(view: View, first: int) -> list[int]:
    """What opens and closes the window of something that never came: its first frame and the last one heard."""
    after = [seen.n for seen in view.frames if seen.n >= first]
    return [after[0], after[-1]] if after else []


def _short(seconds: float) -> str:
    return f"{seconds:g}"


class Poll(Step):
    """Ask again and again until an answer with these values comes."""

    key = "poll"
    send: str = "realtime_read"
    frame: str = "realtime_data"
    every: float = Field(5, gt=0)
    within: float = Field(60, gt=0)
    until: str = Field("estop_clear", pattern="^estop_clear$")
    seen: str = "estop_released"
    missing: str = "estop_not_cleared"

    def play(self, run: Run) -> Play:
        end = run.now + self.within
        while run.now < end:
            try:
                run.send(self.send, {})
            except Offline:
                return Ended("unmet", detail={"why": "pile_lost"})
            again = min(run.now + self.every, end)
            while run.now < again:
                what = yield again
                if isinstance(what, Heard) and self._clear(run.bench.language, what):
                    return Ended(frames=(what.n,))
        return Ended("late")

    def _clear(self, language: Language, heard: Heard) -> bool:
        reading = language.reading(heard.message)
        return reading is not None and not reading.estop

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        readings = [
            (s.n, view.language.reading(s.message)) for s in view.of_role("reading", span.n) if s.n <= span.end_n
        ]
        clear = next((n for n, reading in readings if reading is not None and not reading.estop), None)
        if clear is not None:
            yield found(Verdict.PASSED, self.key, self.seen, rule="E-BIT1", frames=[clear])
        elif span.how == "done" or not readings:
            yield found(Verdict.NOT_EARNED, self.key, "not_seen", rule="E-BIT1")
        else:
            frames = [n for n, _ in readings]
            yield found(
                Verdict.FAILED, self.key, self.missing, rule="E-BIT1", frames=frames, within=_short(self.within)
            )

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[tuple[str, str]]:
        yield from frame_mistakes(language, "send", self.send, {})
        yield from frame_mistakes(language, "frame", self.frame, {})


class PushQr(Step):
    """Send the gun's QR code in the pile's dialect; without a reply again, and on to the scan all the same."""

    key = "push_qr"
    tries: int = Field(3, ge=1)
    every: float = Field(10, gt=0)

    def play(self, run: Run) -> Play:
        push = run.bench.qr_push()
        if push is None:
            return Ended("unmet", detail={"why": "not_declared"})
        for _ in range(self.tries):
            try:
                run.send(push.frame, push.values)
            except Offline:
                return Ended("unmet", detail={"why": "pile_offline"})
            again = run.now + self.every
            while run.now < again:
                what = yield again
                if isinstance(what, Heard) and what.message.name == push.reply:
                    return Ended(frames=(what.n,))
        return Ended("done", detail={"replied": False})
