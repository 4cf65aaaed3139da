"""Steps that need a person, and the permits that go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from harness.core.operator import Answer, By, MoreTime, version_fits
from harness.core.pairs import in_both, joined
from harness.core.play_words import ACTS
from harness.core.ports import Garbled, Heard, Language
from harness.core.verdict import Finding, Verdict
from harness.core.wording import act
from harness.engine.checks.found import NOTHING, found, not_seen, pile_lost
from harness.engine.deeds import not_seen_done, stopped
from harness.engine.evidence import window
from harness.engine.steps.base import Ended, GunStep, Mistake, Play, Span, Step
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run

Proof = Literal["", "plugged", "granted", "stopped", "released"]
SHOWS_WITHIN = 30.0  # s in which what a person says is done must show in a frame
LOOK_EVERY = 10.0  # s between two questions how the gun is, when somebody says it is done
LOOKS = ("plugged", "stopped")  # what the pile is asked about then
DONE, ACCEPTED, ASKED_FOR = ("完成", "done"), ("已接受", "accepted"), ("还在请求", "still asked for")
CARD_DIGITS = 16  # of a card number as it is shown, filled with zeros in front
OF_CARD: dict[Garbled, str] = {"": "card_unknown", "cut": "card_cut", "decimal": "card_decimal"}
OF_VIN: dict[Garbled, str] = {"": "vin_unknown", "cut": "vin_cut"}


class Ask(GunStep):
    """Ask a person to do something; the prompt closes by itself when the frames prove the act.

    A person's word alone proves nothing: the frames are then waited for a while, and what they never show is no
    failure of the pile (engine/deeds.py).
    """

    key = "ask"
    act: str
    within: float = Field(600, gt=0)
    proof: Proof = ""
    label: str = ""

    def play(self, run: Run) -> Play:
        needless = self._needless(run)
        if needless is not None:
            return needless
        first = run.journal.last
        prompt = run.ask(self.act, self.within)
        within, end = self.within, run.now + self.within
        while True:
            what = yield end
            if isinstance(what, MoreTime) and what.prompt_id == prompt:
                within, end = within + what.seconds, end + what.seconds
            if isinstance(what, Answer) and what.prompt_id == prompt:
                refusal = self._refusal(run, what)
                if refusal is not None:
                    return refusal
                run.mark(self.label, first)
                if self.proof in ("", "released"):
                    return Ended("done", detail={"by": what.by})
                return (yield from self._shows(run, first, what.by))
            if self._proved(run, what):
                run.withdraw(prompt, "frames")
                run.mark(self.label, first)
                return Ended("done", detail={"by": "frames"})
            if what is None and run.now >= end:
                run.withdraw(prompt)
                return Ended("late", detail={"minutes": round(within / 60), "answered": False})

    def _shows(self, run: Run, first: int, by: By) -> Play:
        """A person says it is done: wait for the frames to show it."""
        what: object = None
        look, end = run.now, run.now + SHOWS_WITHIN
        run.lasts_until(end)
        while not self._proved(run, what):
            if run.now >= end:
                return self._unproved(run, first, by)
            if self.proof in LOOKS and run.now >= look and run.bench.online():
                look = run.now + LOOK_EVERY
                run.send(run.frame_of("read_request"), {})
            what = yield (min(look, end) if look > run.now else end)
        if not (isinstance(what, Heard) and run.view().is_record(what.message)):
            run.mark(self.label, first)  # it may have been done only now; a record comes some time after it
        return Ended("done", detail={"by": "frames"})

    def _unproved(self, run: Run, first: int, by: By) -> Ended:
        """What follows may show it yet; a pile that goes on charging was not stopped."""
        if self.proof == "plugged" or (self.proof == "stopped" and stopped(run.view(), first)):
            return Ended("done", detail={"by": by})
        return Ended("late", detail={"answered": True})

    def _needless(self, run: Run) -> Ended | None:
        """What has been done already is not asked for: people touch the pile no more than needed."""
        if self.proof in ("plugged", "released") and self._proved(run, None):
            return Ended("done", detail={"needless": True})
        charge = run.view().charge
        if self.proof == "stopped" and charge.record is not None and charge.start is not None:
            run.mark(self.label, charge.start.n)
            return Ended("early", (charge.record.n,))
        return None

    def _refusal(self, run: Run, answer: Answer) -> Ended | None:
        """The answer is that it was not done, or it cannot be used."""
        if answer.by == "nobody":
            return Ended("unmet", detail={"why": "no_operator"})
        if answer.unable:
            return Ended("unmet", detail={"why": "operator_unable", "text": list(in_both(answer.unable))})
        current = run.program_version()
        if self.act != "choose_firmware" or _usable(answer, current):
            return None
        version = answer.firmware.version if answer.firmware else ""
        return Ended("unmet", detail={"why": "firmware_version_bad", "version": version, "current": current})

    def _proved(self, run: Run, what: object) -> bool:
        if self.proof == "plugged":
            reading = run.last_reading()
            return reading is not None and reading.plugged
        if self.proof == "granted":
            return run.granted()
        if self.proof == "released":
            reading, reports = run.last_reading(), run.view().charge.reports
            was = any(report.reading.estop for report in reports) and not run.view().charge.bit_always_set
            return was and reading is not None and not reading.estop
        if self.proof == "stopped" and isinstance(what, Heard):
            reading = run.bench.language.reading(what.message)
            pressed = reading is not None and reading.estop and not run.view().charge.bit_always_set
            return pressed or run.view().is_record(what.message)
        return False

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        if span.how == "done" and self.proof == "granted":
            yield self._granted(view, span)
        if span.how != "late":
            return
        asked = self._not_granted(view, span) if self.proof == "granted" else []
        yield from asked
        if span.detail.get("answered"):
            if self.proof == "stopped":
                yield not_seen_done(self.act, self.key, window(view, span.n, span.end_n), "§7")
            elif not asked:
                yield self._not_asked(view, span)
            return
        if asked:
            return  # somebody was there, whatever the prompt heard
        facts = {
            "gun": view.gun,
            "card": view.profile.items.card,
            "current": view.profile.program_version,
        }
        what = act(self.act, facts)
        yield found(
            Verdict.BROKEN,
            self.key,
            "operator_silent",
            expected=joined(DONE),
            seen=joined(NOTHING),
            frames=window(view, span.n, span.end_n),
            minutes=span.detail.get("minutes", 0),
            act=what,
        )

    def _not_asked(self, view: View, span: Span) -> Finding:
        """Nothing came, though somebody did it; a pile that still asks for its tariff may not charge (R-BM-5)."""
        cuts = [n for n, _ in view.cuts(span.at, span.end_at)]
        if cuts:
            return pile_lost(view, self.key, cuts)
        wants = [seen.n for seen in view.of_role("tariff_request", span.n) if seen.n <= span.end_n]
        if wants:
            return found(
                Verdict.NOT_EARNED,
                self.key,
                "tariff_not_accepted",
                rule="R-BM-5",
                expected=joined(ACCEPTED),
                seen=joined(ASKED_FOR),
                frames=sorted({*window(view, span.n, span.end_n), *wants}),
            )
        return found(
            Verdict.FAILED,
            self.key,
            "ask_start_missing",
            rule="R-AU-1",
            expected=self._registered(view),
            seen=joined(NOTHING),
            frames=window(view, span.n, span.end_n),
        )

    def _granted(self, view: View, span: Span) -> Finding:
        asked, registered = self._asked(view, span), self._registered(view)
        if asked is None:
            return not_seen(view, self.key, "R-AU-1", ("启动申请", "a request to start"), (span.n, span.end_n))
        n, got = asked
        forward = self._by_vin and got != registered and got == registered[::-1]  # E-VIN
        verdict, code = (Verdict.REMARK, "vin_not_reversed") if forward else (Verdict.PASSED, "ask_start_seen")
        return found(
            verdict, self.key, code, rule="R-AU-2", expected=registered, seen=got, frames=[n], fields=[self._what]
        )

    def _not_granted(self, view: View, span: Span) -> list[Finding]:
        """The pile asked with another number than the registered one; one that is garbled is the pile's doing."""
        asked, registered = self._asked(view, span), self._registered(view)
        if asked is None:
            return []
        n, got = asked
        garbled = view.language.garbled(self._what, got, registered)
        return [
            found(
                Verdict.FAILED if garbled else Verdict.BROKEN,
                self.key,
                (OF_VIN if self._by_vin else OF_CARD)[garbled],
                rule="R-AU-2" if self._by_vin and garbled else "R-AU-1",
                expected=registered,
                seen=got,
                frames=[n],
                fields=[self._what],
                card=got,
                vin=got,
                registered=registered,
            )
        ]

    @property
    def _by_vin(self) -> bool:
        return self.act == "start_by_vin"

    @property
    def _what(self) -> Literal["card", "vin"]:
        return "vin" if self._by_vin else "card"

    def _registered(self, view: View) -> str:
        items = view.profile.items
        return items.vin.upper() if self._by_vin else items.card.upper().rjust(CARD_DIGITS, "0")

    def _asked(self, view: View, span: Span) -> tuple[int, str] | None:
        """The last request to start by card or VIN, whichever this is about, with the number shown."""
        read = view.language.shown_vin if self._by_vin else view.language.shown_card
        asked = [seen for seen in view.of_role("ask_start", span.n) if seen.n <= span.end_n and read(seen.message)]
        return (asked[-1].n, read(asked[-1].message)) if asked else None

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        if self.act not in ACTS:
            known = ", ".join(ACTS)
            yield Mistake(
                "act", f"没有动作 '{self.act}'；现有 {known}", f"there is no act '{self.act}'; there are {known}"
            )

    def says(self) -> tuple[str, Mapping[str, Any]]:
        return "ask", {"act": self.act}


def _usable(answer: Answer, current: str) -> bool:
    """A version that fits the login and is not the one the pile has."""
    if answer.firmware is None:
        return False
    version = answer.firmware.version
    return version_fits(version) and version != current


class Grant(Step):
    """From now the next start request at the pile, by card or VIN, is answered yes."""

    key = "grant"
    shorthand = "kind"
    kind: Literal["card", "vin"]

    def play(self, run: Run) -> Play:
        run.bench.grant(self.kind)
        return Ended()
        yield
