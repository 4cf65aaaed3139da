"""The step that waits for a frame of the pile."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from pydantic import Field

from harness.core.pairs import Pair, joined, slashed
from harness.core.ports import Heard, Language
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import NOTHING, found, not_seen, pile_lost
from harness.engine.evidence import attended, window
from harness.engine.matching import Difference, differences
from harness.engine.steps.base import (
    Ended,
    GunStep,
    Mistake,
    Play,
    Span,
    frame_mistakes,
    unknown_codes,
    unknown_names,
)
from harness.engine.tolerances import Tolerances
from harness.engine.view import NAMES, Seen, View

if TYPE_CHECKING:
    from harness.engine.run import Run

LONGEST_CHARGE = 600.0  # s to wait for the end of a charge that nobody stopped
STARTED, NOT_STARTED = ("启动", "started"), ("未启动", "not started")
END_OF_CHARGE = "end"  # a moment that is worked out: see charge.Charge.end


class Expect(GunStep):
    """Wait until the pile sends a frame with these values; a frame that differs does not end the wait, time does."""

    key = "expect"
    frame: str
    within: float = Field(gt=0, description="seconds from the beginning of this step, or from `since`")
    slack: float = Field(0, ge=0, description="seconds on top that a frame may take on its way")
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
        waiting = deque(run.heard_since(first))
        while True:
            while waiting:
                heard = waiting.popleft()
                if self._is_it(run, heard):
                    return Ended(frames=(heard.n,))
            _, base = run.moment(self.since, begin)
            other = self._other_record(run)
            known, base = base is not None, begin + LONGEST_CHARGE if base is None else base
            due = base + self._limit + (0 if other else self.grace)
            run.lasts_until(base + self.within if known else due)
            if run.now >= due:
                return Ended("done", (other,)) if other else Ended("late")
            what = yield due
            if isinstance(what, Heard):
                waiting.append(what)

    @property
    def _limit(self) -> float:
        return self.within + self.slack

    def _is_it(self, run: Run, heard: Heard) -> bool:
        if heard.message.name != self.frame or run.view().is_of_another(heard.message):
            return False
        return not differences(run.filled(self.where), heard.message)

    def _other_record(self, run: Run) -> int:
        """A record of this charge under a wrong serial; the right one is waited for as long as it is in time."""
        if run.bench.language.role(self.frame) != "record":
            return 0
        record = run.view().charge.record
        return record.n if record is not None else 0

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        first, base = self._since(view, span)
        wanted = _filled(view, self.where)
        candidates = [
            s for s in view.of(self.frame, first) if view.from_pile(s) and s.n <= span.end_n and _counts(view, s)
        ]
        right = next((s for s in candidates if not differences(wanted, s.message)), None)
        if right is not None:
            yield from self._came(view, right, base, self._counted_from(view, span), first)
        elif span.how == "late" and base is not None:
            yield self._lost(view, span, base) or self._missed(view, span, candidates, wanted, first)
        else:
            lacks = view.language.title(self.frame) if base is not None else ("充电结束", "the end of the charge")
            yield not_seen(view, self.key, self._rule(view), lacks, (first, span.end_n))

    def _since(self, view: View, span: Span) -> tuple[int, float | None]:
        """The number after which frames count, and the moment the time runs from: None for an end that never came."""
        if self.since != END_OF_CHARGE:
            return span.labels.get(self.since, (span.n, span.at))
        end, first = view.charge.end(), view.charge.stop or view.charge.start
        return first.n if first else span.n, end

    def _counted_from(self, view: View, span: Span) -> list[int]:
        """The frames from which the time runs."""
        charge = view.charge
        if self.since != END_OF_CHARGE:
            return list(view.there([span.labels.get(self.since, (0, 0.0))[0]]))
        end = [report.n for report in charge.reports if report.at == charge.end()]
        return [seen.n for seen in (charge.stop, charge.stop_reply) if seen] + end

    def _came(self, view: View, seen: Seen, base: float | None, before: list[int], first: int) -> Iterator[Finding]:
        base = seen.at if base is None else base  # it came before any end was seen
        after = max(seen.at - base, 0.0)
        if after <= self._limit:
            expected = self._in_time(self.slack if after > self.within else 0)
            yield self._say(view, Verdict.PASSED, self.seen, [*before, seen.n], f"{after:.1f} s", expected)
        else:
            cut = [n for n, _ in view.cuts(base, seen.at)]
            verdict = Verdict.REMARK if cut else Verdict.FAILED  # a time limit does not run on over a relogin (R-TX-1)
            code, cited = self.late or self.missing, attended(view, [*before, *cut, *window(view, first, seen.n)])
            yield self._say(view, verdict, code, cited, f"{after:.1f} s", after=f"{after:.1f}")
        for field, wanted, got in differences(_filled(view, self.tolerate), seen.message):
            expected, told = _valued(field, wanted), _valued(field, got)
            tolerated = self._say(
                view, Verdict.REMARK, "frame_tolerated", [seen.n], told, expected, field=field, got=got
            )
            yield msgspec.structs.replace(tolerated, fields=(field,))

    def _lost(self, view: View, span: Span, base: float) -> Finding | None:
        """What was under way when the connection broke may be lost: an answer, or the stop that it would answer."""
        stop, record = view.charge.stop, view.language.role(self.frame) == "record"
        cuts = view.cuts(min(base, stop.at) if record and stop else base, span.end_at)
        if self.away or not cuts:
            return None
        reply = view.charge.stop_reply
        told = not stop or (reply is not None and reply.n <= span.end_n)
        if record and told and span.end_at - cuts[-1][1] > self._limit:
            return None  # a record is kept and sent again (R-LG-4, R-TX-4)
        return pile_lost(view, self.key, [n for n, _ in cuts])

    def _missed(self, view: View, span: Span, candidates: list[Seen], wanted: Mapping[str, str], first: int) -> Finding:
        cited = window(view, first, span.end_n)
        if not candidates:
            return self._say(view, Verdict.FAILED, self.missing, cited, joined(NOTHING))
        nearest = candidates[-1]
        cited += (seen.n for seen in candidates)
        wrong: Difference = differences(wanted, nearest.message)[0]
        if view.language.succeeded(nearest.message) is False and view.language.role(self.frame) == "start_reply":
            reason = view.language.fail_reason(nearest.message)
            seen, expected = joined(NOT_STARTED), joined(STARTED)
            return self._say(view, Verdict.FAILED, "start_refused", cited, seen, expected, reason=reason)
        code = self.missing if self.missing != "frame_late" else "frame_differs"
        told = {"field": wrong.field, "wanted": wrong.wanted, "got": wrong.got}
        seen, expected = _valued(wrong.field, wrong.got), _valued(wrong.field, wrong.wanted)
        return self._say(view, Verdict.FAILED, code, cited, seen, expected, **told)

    def _say(
        self,
        view: View,
        verdict: Verdict,
        code: str,
        frames: Iterable[int],
        seen: str = "",
        expected: str = "",
        **facts: Any,
    ) -> Finding:
        facts = {"frame": view.language.title(self.frame), "within": _short(self.within), **facts}
        expected = expected or self._in_time()
        return found(
            verdict,
            self.key,
            code,
            rule=self._rule(view),
            expected=expected,
            seen=seen,
            frames=frames,
            fields=[*self.where, *(["result"] if code == "start_refused" else [])],
            **facts,
        )

    def _rule(self, view: View) -> str:
        """The rule that the case names, else the section of the frame."""
        return self.rule or view.language.section(self.frame)

    def _in_time(self, slack: float = 0) -> str:
        """The time limit; what a frame may take on its way is told only where it counts."""
        return f"≤ {_short(self.within)} s" + (f" + {_short(slack)} s" if slack else "")

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        yield from frame_mistakes(language, "frame", self.frame, self.where, bits=True)
        if language.has_frame(self.frame):
            yield from frame_mistakes(language, "frame", self.frame, self.tolerate, bits=True)
        for values in (self.where, self.tolerate):
            yield from unknown_names(values, NAMES)
        yield from unknown_codes({"seen": self.seen, "late": self.late, "missing": self.missing})

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return "expect.charging" if self.seen == "charging_seen" else "expect", {"frame": self.frame}


def _counts(view: View, seen: Seen) -> bool:
    """Records of other charges do not count; a pile may still be sending those (R-RT-10)."""
    bill, record = view.language.bill(seen.message), view.charge.record
    return bill is None or view.charge.start is None or (record is not None and seen.n >= record.n)


def _filled(view: View, values: Mapping[str, str]) -> Mapping[str, str]:
    """Wanted values with the names of the run replaced."""
    return {key: view.values[text[1:]] if text.startswith("$") else text for key, text in values.items()}


def _valued(field: str, value: Pair) -> str:
    """A field with its value, as both languages show it."""
    return slashed((f"{field} {value[0]}", f"{field} {value[1]}"))


def _short(seconds: float) -> str:
    return f"{seconds:g}"
