"""A Run: one scenario against a gun or two. It acts and keeps; what it earned is judged from its journal (judge.py)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.core.amounts import Reading
from harness.core.errors import PersonError
from harness.core.journal import (
    AttemptBegan,
    Closed,
    EventSeen,
    Journal,
    LinkChanged,
    Memory,
    StepBegan,
    StepEnded,
)
from harness.core.message import Message
from harness.core.operator import Answer, By, Firmware, MoreTime
from harness.core.ports import Bench, Desk, Heard, Offline
from harness.core.safety import NEVER_WITH_CURRENT
from harness.engine.ending import leave_idle, replug, start_failure
from harness.engine.filling import filled
from harness.engine.prompts import Prompts
from harness.engine.scenario import Scenario
from harness.engine.steps.base import Ended, Play, Step
from harness.engine.steps.expect import END_OF_CHARGE
from harness.engine.two_guns import guns_of
from harness.engine.view import Reader, View


class Run:
    """One scenario against one gun of one pile; a Driven. Call begin() once, then hand it all that happens.

    Where the case is for two guns, what a step asks of the run is asked for the gun that the step is about.
    """

    def __init__(
        self, scenario: Scenario, journal: Journal, memory: Memory, desk: Desk, done: Callable[[], None]
    ) -> None:
        self.scenario = scenario
        self.journal = journal
        self.values: dict[str, str] = {}
        self.guns: tuple[str, ...] = ()
        self.gun_no = ""  # the gun that the present step is about
        self.firmware: Firmware | None = None
        self.now = 0.0
        self.finished = False
        self._memory = memory
        self._done = done
        self._inbox: deque[object] = deque()
        self._busy = False
        self._index = -1
        self._in_step = False  # a step began and has not ended yet
        self._attempt = 1
        self._play: Play | None = None
        self._phase = "steps"  # steps, replug, wind_down
        self._deadline: float | None = None
        self._lasts_until: float | None = None
        self._heard: list[Heard] = []
        self._marks: dict[str, tuple[int, float]] = {}
        self._step_n = 0
        self._early: set[str] = set()  # guns whose charge ended by itself
        self._serials: dict[str, str] = {}
        self._closing = Closed(how="finished")
        self._prompts = Prompts(desk, journal)
        self._view: View | None = None

    # driven ---------------------------------------------------------------------------------------

    def begin(self, bench: Bench, now: float) -> None:
        """Start with the gun in hand."""
        self.bench = bench
        self.guns = guns_of(self.scenario, bench.profile, bench.gun_no)
        self.gun_no = bench.gun_no
        self._reader = Reader(bench.language)
        self.now = now
        items = bench.profile.items
        logical, physical = bench.card_on_file()
        self.values = {
            "pile": bench.profile.pile_code,
            "card": items.card,
            "vin": items.vin,
            "logical_card": logical,
            "physical_card": physical,
        }
        self._busy = True
        self._next_step()
        self._busy = False
        self._pump(now)

    def receive(self, what: object, now: float) -> None:
        """Heard, EventSeen, Answer or MoreTime."""
        self._inbox.append(what)
        self._pump(now)

    def wake(self, now: float) -> None:
        """Time has passed."""
        if self._deadline is not None and now >= self._deadline:
            self.receive(None, now)

    def next_deadline(self) -> float | None:
        """When the present step wants to be woken."""
        return self._deadline

    def shown_deadline(self) -> float | None:
        """When the present step's time is over, for people: it may want to be woken earlier than that."""
        return self._deadline if self._lasts_until is None else self._lasts_until

    def lasts_until(self, end: float) -> None:
        """A step says how long it may last in all."""
        self._lasts_until = end

    def abort(self, why: str, now: float, how: str = "aborted") -> None:
        """End the case: a charge is stopped, a moved clock set back, then the journal closes."""
        if self._phase == "wind_down" or self.finished:
            return
        self.now = now
        self._end_step(Ended("aborted"))
        self._wind_down(Closed(how=how, detail=why))

    def _pump(self, now: float) -> None:
        if self._busy or self.finished:
            return
        self._busy = True
        try:
            while self._inbox and not self.finished:
                self.now = now
                self._feed(self._inbox.popleft())
        finally:
            self._busy = False

    def _feed(self, what: object) -> None:
        if isinstance(what, Heard):
            gun = self.bench.language.gun(what.message)
            if gun not in ("", *self.guns):
                return
            self._heard.append(what)
            if self._phase == "steps" and (self._start_failed(what, gun) or gun not in ("", self.gun_no)):
                return
        if isinstance(what, Answer):
            if not self._prompts.take(what):
                return
            self.firmware = what.firmware or self.firmware
        if isinstance(what, MoreTime) and not self._prompts.prolong(what):
            return
        if self._play is not None:
            self._advance(lambda play: play.send(what))

    def _advance(self, move: Callable[[Play], float | None]) -> None:
        """Let the present step go on; when it ends, go to what follows."""
        assert self._play is not None
        try:
            self._deadline = move(self._play)
        except StopIteration as stop:
            self._ended(stop.value)
        except Offline:
            self._ended(Ended("unmet", detail={"why": "pile_lost"}))
        except PersonError as error:
            self._broke("ours", f"{error.text_zh} / {error.text}")
        except Exception as error:
            self._broke("fault", f"{type(error).__name__}: {error}")

    def _broke(self, how: str, why: str) -> None:
        if self._phase == "wind_down":
            self._finish()
            return
        self._end_step(Ended("aborted"))
        self._wind_down(Closed(how=how, detail=why))

    # steps ----------------------------------------------------------------------------------------

    def _next_step(self) -> None:
        self._index += 1
        while self._index < len(self.scenario.steps):
            placed = self.scenario.steps[self._index]
            if not (placed.step.when == "charging" and self._gun_of(placed.step) in self._early):
                break
            self._index += 1
        if self._index >= len(self.scenario.steps):
            self._wind_down(self._closing)
            return
        placed = self.scenario.steps[self._index]
        self.gun_no = self._gun_of(placed.step)
        self._lasts_until = None
        self._in_step = True
        self._step_n = self.journal.event(
            StepBegan(index=self._index, key=placed.step.key, line=placed.line, attempt=self._attempt)
        )
        self._play = placed.step.play(self)
        self._advance(next)

    def _gun_of(self, step: Step) -> str:
        return self.guns[-1] if step.at_other_gun else self.guns[0]

    def _ended(self, ended: Ended) -> None:
        if self._phase == "wind_down":
            self._finish()
            return
        if self._phase == "replug":
            self._replugged(ended)
            return
        step = self.scenario.steps[self._index].step
        if ended.how == "late" and not step.away and not self.bench.online():
            ended = Ended("unmet", ended.frames, {"why": "pile_lost"})
        if ended.how == "early":
            self._early.add(self.gun_no)
        self._end_step(ended)
        if ended.how in ("late", "unmet") and step.otherwise == "stop":
            self._wind_down(self._closing)
        else:
            self._next_step()

    def _end_step(self, ended: Ended) -> None:
        self._play, self._deadline, self._lasts_until = None, None, None
        self._prompts.close_all()
        if not self._in_step:
            return
        self._in_step = False
        detail = dict(ended.detail)
        label = getattr(self.scenario.steps[self._index].step, "label", "")
        if label in self._marks:
            n, at = self._marks[label]
            detail["mark"] = [n, at]
        self.journal.event(StepEnded(index=self._index, how=ended.how, frames=ended.frames, detail=detail))

    # a failed start -------------------------------------------------------------------------------

    def _start_failed(self, heard: Heard, gun_no: str) -> bool:
        """A start failed: on a gun not unplugged since its last charge ask once to replug (R-ST-4, §7)."""
        reason, final = start_failure(self, heard, gun_no or self.gun_no)
        again = self.scenario.head.restart and self._attempt == 1 and not self.bench.fresh_plug(gun_no)
        if reason is None or not (again or final):
            return False
        self._end_step(Ended("aborted", (heard.n,), self._why_failed(reason, gun_no)))
        if not again:
            self._wind_down(self._closing)
            return True
        self._phase, self._failure = "replug", (heard.n, reason)
        refused = self.bench.language.bill(heard.message) is None
        self._play = replug(self, (gun_no or self.gun_no) if refused else "")
        self._advance(next)
        return True

    def _why_failed(self, reason: tuple[str, str], gun_no: str) -> dict[str, Any]:
        told = {"gun": gun_no.lstrip("0")} if len(self.guns) > 1 else {}
        return {"why": "start_failed", "reason": list(reason), **told}

    def _replugged(self, ended: Ended) -> None:
        self._prompts.close_all()
        self._phase = "steps"
        n, reason = self._failure
        if ended.how != "done":
            self._wind_down(self._closing)
            return
        self._attempt += 1
        self.journal.event(AttemptBegan(number=self._attempt, why=" / ".join(reason), frames=(n,)))
        self._index, self._early, self._marks, self._heard = -1, set(), {}, []
        self._next_step()

    # the end --------------------------------------------------------------------------------------

    def _wind_down(self, closing: Closed) -> None:
        self._closing = closing
        self._phase = "wind_down"
        self.bench.grant("")
        self.bench.behave()
        self._play = leave_idle(self)
        self._advance(next)

    def _finish(self) -> None:
        self._play, self._deadline = None, None
        self.finished = True
        self.journal.event(self._closing)
        self.bench.release()
        self._done()

    # what steps use -------------------------------------------------------------------------------

    def send(self, frame: str, values: Mapping[str, Any]) -> int:
        """Send a frame; `$names` are filled in, a start gets a fresh serial. Gives its journal number."""
        if self.bench.language.role(frame) == "start":
            self._serials[self.gun_no] = self.bench.new_serial(self.gun_no)
        return self.bench.send(frame, self.filled(values), self.gun_no)

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values with `$names` replaced by what the run knows."""
        serial = self._serials.get(self.gun_no) or self.view().charge.serial
        return filled(values, {**self.values, "gun": self.gun_no, "serial": serial}, self.scenario.name)

    def view(self, gun_no: str = "") -> View:
        """What is known by now of a gun: of the present step's, when none is named."""
        if self._view is None or len(self._view.records) != len(self._memory.records):
            self._view = View(self._memory.records, self.bench.language, self._reader)
        return self._view if (gun_no or self.gun_no) == self._view.gun_no else self._view.beside

    def last_reading(self, gun_no: str = "") -> Reading | None:
        """The last report of a gun: of the present step's, when none is named."""
        return self.bench.last_reading(gun_no or self.gun_no)

    def mark(self, label: str, n: int) -> None:
        """Remember this moment under a label."""
        if label:
            self._marks[label] = (n, self.journal.moment())

    def moment(self, label: str, default: float) -> tuple[int, float | None]:
        """The number after which frames count, and the moment times count from (None: not known yet)."""
        began = self.now - self.journal.moment()
        if label == END_OF_CHARGE:
            charge = self.view().charge
            end, first = charge.end(), charge.stop or charge.start
            return (first.n if first else self._step_n), (None if end is None else began + end)
        if label in self._marks:
            n, at = self._marks[label]
            return n, began + at
        return self._step_n, default

    def heard_since(self, n: int) -> Iterator[Heard]:
        """The pile's messages after a number, those of another gun left out."""
        gun, known = self.bench.language.gun, ("", self.gun_no)
        return (heard for heard in self._heard if heard.n > n and gun(heard.message) in known)

    def link_events_since(self, n: int) -> Iterator[EventSeen]:
        """What the connection did after a number."""
        for record in self._memory.records:
            if isinstance(record, EventSeen) and record.n > n and isinstance(record.event, LinkChanged):
                yield record

    def granted(self) -> bool:
        """Was a start request at the pile answered yes since this step began?"""
        view = self.view()
        sent = [seen for seen in view.sent("ask_start_reply") if seen.n > self._step_n]
        return any(view.language.succeeded(seen.message) for seen in sent)

    def refused_request(self) -> Message | None:
        """The last start request at the pile since this step began, when none of them was answered yes."""
        asked = [seen.message for seen in self.view().of_role("ask_start") if seen.n > self._step_n]
        return asked[-1] if asked and not self.granted() else None

    @property
    def spares_current(self) -> bool:
        """Is nothing of this case to be done while current flows?"""
        return self.scenario.head.safety == NEVER_WITH_CURRENT

    def current_in_the_way(self) -> bool:
        """Does current flow, and may this case then not be played?"""
        return self.spares_current and self.bench.current_flows()

    def frame_of(self, role: str) -> str:
        """The frame we send in a role."""
        return self.bench.language.frame_of(role)

    def program_version(self) -> str:
        """The program version the pile logged in with."""
        return self.bench.program_version()

    def ask(self, act: str, within: float, gun_no: str = "") -> int:
        """Ask a person; gives the prompt's id."""
        params = {
            "gun": (gun_no or self.gun_no).lstrip("0"),
            "card": self.values["card"],
            "current": self.program_version(),
        }
        return self._prompts.ask(act, within, params)

    def is_asking(self, prompt: int) -> bool:
        """Is this prompt still open?"""
        return self._prompts.is_open(prompt)

    def withdraw(self, prompt: int, by: By | None = None) -> None:
        """Close a prompt; without `by` nothing was done about it."""
        self._prompts.close(prompt, by)
