"""Steps that need a person, and the permits that go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from harness.core.operator import Answer
from harness.core.ports import Heard, Language
from harness.core.verdict import Finding, Verdict
from harness.core.wording import ACTS, act
from harness.engine.checks.found import found
from harness.engine.steps.base import Ended, Play, Span, Step
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run

Proof = Literal["", "plugged", "granted", "stopped"]
SHOWS_WITHIN = 30.0  # s in which a swipe that a person says was done must show as a frame
MOST_VERSION = 8  # characters, ASCII: program_version in the login has no more (§6.1)


class Ask(Step):
    """Ask a person to do something; the prompt closes by itself when the frames prove the act."""

    key = "ask"
    act: str
    within: float = Field(600, gt=0)
    proof: Proof = ""
    label: str = ""

    def play(self, run: Run) -> Play:
        if self.proof == "plugged" and self._proved(run, None):
            return Ended("done", detail={"needless": True})
        first = run.journal.last
        prompt = run.ask(self.act, self.within)
        end, answered = run.now + self.within, False
        while True:
            what = yield end
            if isinstance(what, Answer) and what.prompt_id == prompt:
                if what.by == "nobody":
                    return Ended("unmet", detail={"why": "no_operator"})
                if what.unable:
                    return Ended("unmet", detail={"why": "operator_unable", "text": what.unable})
                if self.act == "choose_firmware" and not _usable(what, run.program_version()):
                    version = what.firmware.version if what.firmware else ""
                    return Ended(
                        "unmet",
                        detail={"why": "firmware_version_bad", "version": version, "current": run.program_version()},
                    )
                if self.proof != "granted":
                    run.mark(self.label, first)
                    return Ended("done", detail={"by": what.by})
                answered, end = True, min(end, run.now + SHOWS_WITHIN)
            if self._proved(run, what):
                run.withdraw(prompt, "frames")
                run.mark(self.label, first)
                return Ended("done", detail={"by": "frames"})
            if what is None and run.now >= end:
                run.withdraw(prompt, "")
                return Ended("late", detail={"minutes": round(self.within / 60), "answered": answered})

    def _proved(self, run: Run, what: object) -> bool:
        if self.proof == "plugged":
            reading = run.bench.last_reading()
            return reading is not None and reading.plugged
        if self.proof == "granted":
            return run.granted()
        if self.proof == "stopped" and isinstance(what, Heard):
            language = run.bench.language
            reading = language.reading(what.message)
            pressed = reading is not None and reading.gun_no == run.bench.gun_no and reading.estop
            return pressed or (language.bill(what.message) is not None and run.concerns(what))
        return False

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        if span.how == "done" and self.proof == "granted":
            yield from self._granted(view, span)
        if span.how != "late":
            return
        asked = self._not_granted(view, span) if self.proof == "granted" else []
        yield from asked
        if span.detail.get("answered"):
            if not asked:
                yield found(Verdict.FAILED, self.key, "ask_start_missing", rule="R-AU-1", frames=[span.n, span.end_n])
            return
        facts = {"gun": view.gun_no, "card": view.profile.items.card, "current": view.profile.program_version}
        what = act(self.act, facts)
        yield found(
            Verdict.BROKEN,
            self.key,
            "operator_silent",
            frames=[span.n],
            minutes=span.detail.get("minutes", 0),
            act=what,
        )

    def _granted(self, view: View, span: Span) -> Iterator[Finding]:
        asked = [s for s in view.of_role("ask_start", span.n) if s.n <= span.end_n]
        if asked:
            yield found(Verdict.PASSED, self.key, "ask_start_seen", rule="R-AU-1", frames=[asked[-1].n])
        else:
            yield found(Verdict.NOT_EARNED, self.key, "not_seen", rule="R-AU-1")

    def _not_granted(self, view: View, span: Span) -> list[Finding]:
        """The pile asked, but with another card or VIN than the registered one."""
        items = view.profile.items
        asked = [seen for seen in view.of_role("ask_start", span.n) if seen.n <= span.end_n]
        if not asked:
            return []
        message = asked[-1].message
        vin, card = view.language.shown_vin(message), view.language.shown_card(message)
        registered = items.vin if vin else items.card
        finding = found(
            Verdict.BROKEN,
            self.key,
            "vin_unknown" if vin else "card_unknown",
            rule="R-AU-1",
            expected=registered,
            seen=vin or card,
            frames=[asked[-1].n],
            card=card,
            vin=vin,
            registered=registered,
        )
        return [finding]

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[tuple[str, str]]:
        if self.act not in ACTS:
            yield "act", f"there is no act '{self.act}'; there are {', '.join(ACTS)}"

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return "ask", {"act": self.act}


def _usable(answer: Answer, current: str) -> bool:
    """A version that fits the login and is not the one the pile has."""
    if answer.firmware is None:
        return False
    version = answer.firmware.version
    return 0 < len(version) <= MOST_VERSION and version.isascii() and version.isprintable() and version != current


class Grant(Step):
    """From now the next start request at the pile, by card or VIN, is answered yes."""

    key = "grant"
    shorthand = "kind"
    kind: Literal["card", "vin"]

    def play(self, run: Run) -> Play:
        run.bench.grant(self.kind)
        return Ended()
        yield
