"""The step that waits for a frame of the pile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from harness.core.ports import Heard, Language
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import found
from harness.engine.matching import Difference, differences
from harness.engine.steps.base import Ended, Play, Span, Step, frame_mistakes
from harness.engine.tolerances import Tolerances
from harness.engine.view import Seen, View

if TYPE_CHECKING:
    from harness.engine.run import Run

END_OF_CHARGE = "end"  # a moment that is worked out: see charge.Charge.end


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
        after = max(seen.at - base, 0.0)
        if after > self.within:
            yield self._say(
                view, Verdict.FAILED, self.late or self.missing, [seen.n], f"{after:.1f} s", after=f"{after:.1f}"
            )
            return
        yield self._say(view, Verdict.PASSED, self.seen, [seen.n], f"{after:.1f} s")
        for field, _, got in differences(self.tolerate, seen.message):
            yield self._say(view, Verdict.REMARK, "frame_tolerated", [seen.n], got, field=field, got=got)

    def _missed(self, view: View, candidates: list[Seen], wanted: Mapping[str, str], first: int) -> Finding:
        if not candidates:
            return self._say(view, Verdict.FAILED, self.missing, _window(view, first))
        nearest = candidates[-1]
        cited = [nearest.n]
        wrong: Difference = differences(wanted, nearest.message)[0]
        if view.language.succeeded(nearest.message) is False and view.language.role(self.frame) == "start_reply":
            reason = view.language.fail_reason(nearest.message)
            return self._say(view, Verdict.FAILED, "start_refused", cited, reason[0], reason=reason)
        code = self.missing if self.missing != "frame_late" else "frame_differs"
        seen = f"{wrong.field} {wrong.got}"
        return self._say(view, Verdict.FAILED, code, cited, seen, field=wrong.field, wanted=wrong.wanted, got=wrong.got)

    def _say(
        self, view: View, verdict: Verdict, code: str, frames: Iterable[int], seen: str = "", **facts: Any
    ) -> Finding:
        facts = {"frame": view.language.title(self.frame), "within": _short(self.within), **facts}
        expected = f"≤ {_short(self.within)} s"
        return found(verdict, self.key, code, rule=self.rule, expected=expected, seen=seen, frames=frames, **facts)

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
