"""Steps that send frames: send, poll, push_qr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from harness.core.pairs import joined
from harness.core.ports import Heard, Language
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import found, not_seen
from harness.engine.evidence import window
from harness.engine.steps.base import (
    Ended,
    GunStep,
    Mistake,
    Play,
    Span,
    Step,
    frame_mistakes,
    unknown_codes,
    unknown_names,
)
from harness.engine.tolerances import Tolerances
from harness.engine.view import NAMES, View

if TYPE_CHECKING:
    from harness.engine.run import Run

ACCOUNT = ("logical_card", "physical_card")  # what a remote start presents
PUBLISHED = ("host", "port", "user", "password", "path")  # set by the step `publish`
CLEAR, NOT_CLEAR = ("已清除", "cleared"), ("还在", "still there")  # a fault
SENT_NAMES = (*NAMES, *ACCOUNT, *PUBLISHED)


class Send(GunStep):
    """Send a frame to the pile; pile code and gun number fill themselves in, `$names` are values of the run."""

    key = "send"
    frame: str
    values: dict[str, Any] = Field(default_factory=dict)
    label: str = Field("", description="a name by which `since` of later steps means this moment")

    def play(self, run: Run) -> Play:
        n = run.send(self.frame, self.values)
        run.mark(self.label, n)
        return Ended(frames=(n,))
        yield

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        yield from frame_mistakes(language, "frame", self.frame, self.values)
        yield from unknown_names(self.values, SENT_NAMES)

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return "send", {"frame": self.frame}


class Poll(GunStep):
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
        run.lasts_until(end)
        while run.now < end:
            run.send(self.send, {})
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
            (s.n, reading)
            for s in view.of_role("reading", span.n)
            if s.n <= span.end_n and (reading := view.language.reading(s.message)) is not None
        ]
        clear = next((n for n, reading in readings if not reading.estop), None)
        if clear is not None:
            yield found(
                Verdict.PASSED,
                self.key,
                self.seen,
                rule="E-BIT1",
                expected=joined(CLEAR),
                seen=joined(CLEAR),
                frames=[clear],
                fields=["estop"],
            )
        elif span.how != "late" or not readings:
            yield not_seen(view, self.key, "E-BIT1", view.language.title(self.frame), (span.n, span.end_n))
        else:
            beside = window(view, span.n, span.end_n)
            yield self._not_cleared(view, [*beside, *(n for n, _ in readings)])

    def _not_cleared(self, view: View, frames: list[int]) -> Finding:
        verdict, code = Verdict.FAILED, self.missing
        if view.charge.bit_always_set:
            verdict, code = Verdict.REMARK, "estop_not_reported"
        return found(
            verdict,
            self.key,
            code,
            rule="E-BIT1",
            expected=joined(CLEAR),
            seen=joined(NOT_CLEAR),
            frames=frames,
            fields=["estop"],
            within=f"{self.within:g}",
        )

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        yield from frame_mistakes(language, "send", self.send, {})
        yield from frame_mistakes(language, "frame", self.frame, {})
        yield from unknown_codes({"seen": self.seen, "missing": self.missing})


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
            run.send(push.frame, push.values)
            again = run.now + self.every
            while run.now < again:
                what = yield again
                if isinstance(what, Heard) and what.message.name == push.reply:
                    return Ended(frames=(what.n,))
        return Ended("done", detail={"replied": False})
