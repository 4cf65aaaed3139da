"""Cases on the tabletop, with everything a test of the engine wants to touch: pile, people, clock, journals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from harness.core.clock import Clock
from harness.core.journal import AnyEvent, EventSeen, Memory, Record
from harness.core.message import Message
from harness.core.operator import Answer, Firmware, Operator, Prompt
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict
from harness.data import data_root
from harness.engine.judge import judge
from harness.engine.loader import load, read
from harness.engine.run import Run
from harness.engine.scenario import Scenario
from harness.engine.series import Series
from harness.engine.view import View
from harness.pictures import read_qr
from harness.protocols.ykc.language import YkcLanguage
from harness.sim.script import ScriptedOperator
from harness.sim.tabletop import TEN_IN_SHANGHAI, Table
from harness.sim.ykc.pile import Pile
from tests.sim.pretend import firmware_file, profile

LANGUAGE = YkcLanguage()
CASES = ("qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade")
CHARGES = ("single_tariff", "cross_tariff", "card", "vin", "estop")
GOOD = (Verdict.PASSED, Verdict.REMARK)
A_DAY = 24 * 3600.0
HEAD = "id: probe\ntitle: {zh: 探, en: Probe}\nabout: {zh: 探, en: Probe}\nsteps:\n"


def case_file(case: str) -> Path:
    return data_root() / "scenarios" / "ykc" / f"{case}.yaml"


def shipped(case: str) -> Scenario:
    return load(case_file(case), LANGUAGE)


def written(steps: str, head: str = HEAD) -> Scenario:
    """A scenario of a test's own."""
    return read(head + steps, LANGUAGE, "probe.yaml")


def firmware() -> Firmware:
    file = firmware_file()
    return Firmware(str(file), "V2.0.1", file.stat().st_size)


class Playing:
    """A table, an operator and a series of cases; `play` lets pretend time pass until all have ended."""

    def __init__(
        self,
        cases: Sequence[str | Scenario] = CASES,
        name: str | PileProfile = "demo",
        *,
        gun_no: str = "01",
        faults: Sequence[str] = (),
        seed: int = 0,
        start: datetime = TEN_IN_SHANGHAI,
        timezone: str = "Asia/Shanghai",
        operator: Callable[[Playing], Operator] | None = None,
    ) -> None:
        self.profile = profile(name) if isinstance(name, str) else name
        self.table = Table(self.profile, faults=faults, seed=seed, start=start, timezone=timezone)
        self.gun_no = gun_no
        self.clock: Clock = self.table.clock
        self.person = Watched(operator(self) if operator else self.scripted(seed))
        self.journals: dict[str, list[Record]] = {}
        self.outcomes: list[CaseOutcome] = []
        self.done: list[RunOutcome] = []
        self.begun: list[str] = []
        self.run: Run | None = None
        scenarios = [shipped(case) if isinstance(case, str) else case for case in cases]
        self.series = Series(
            scenarios=scenarios,
            profile=self.profile,
            gun_no=gun_no,
            run_id="test",
            timezone=timezone,
            clock=self.clock,
            language=LANGUAGE,
            hold=lambda journal, listener, whole: self.table.platform.hold(
                self.profile.pile_code, gun_no, journal, listener, whole
            ),
            operator=self.person,
            on_begin=self._on_begin,
            on_case=self._on_case,
            on_done=self.done.append,
        )

    def scripted(self, seed: int = 0) -> Operator:
        return ScriptedOperator(
            self.table.hands, self.table.clock, read_picture=read_qr, firmware=firmware(), seed=seed
        )

    @property
    def pile(self) -> Pile:
        return self.table.pile

    @property
    def now(self) -> float:
        return self.clock.monotonic()

    def after(self, seconds: float, call: Callable[[], object]) -> None:
        """Do something in a while."""
        self.clock.call_at(self.now + seconds, lambda: (call(), self.table.alarm.settle(), None)[2])

    def play(self, within: float = A_DAY) -> Playing:
        """Everything to the end."""
        self.table.power_on()
        self.series.start()
        assert self.table.run(lambda: bool(self.done), within), "the cases did not end"
        return self

    def until(self, so: Callable[[], bool], within: float = A_DAY) -> Playing:
        """Let time pass until something is so."""
        assert self.table.run(so, within)
        return self

    @property
    def outcome(self) -> CaseOutcome:
        """Of the only case, or the last."""
        return self.outcomes[-1]

    @property
    def records(self) -> list[Record]:
        return self.journals[self.outcomes[-1].id]

    def verdicts(self) -> dict[str, Verdict]:
        return {outcome.id: outcome.verdict for outcome in self.outcomes}

    def events(self, kind: type[Any]) -> list[Any]:
        return [r.event for r in self.records if isinstance(r, EventSeen) and isinstance(r.event, kind)]

    def messages(self, name: str) -> list[tuple[float, Message]]:
        """Frames of a name in the last journal, with their moments."""
        return [(seen.at, seen.message) for seen in View(self.records, LANGUAGE).frames if seen.message.name == name]

    def _on_begin(self, scenario: Scenario, run: Run) -> None:
        self.begun.append(scenario.id)
        self.run = run

    def _on_case(self, outcome: CaseOutcome, memory: Memory) -> None:
        self.outcomes.append(outcome)
        self.journals[outcome.id] = memory.records


class Watched:
    """An operator that remembers what was asked and withdrawn."""

    def __init__(self, other: Operator) -> None:
        self.other = other
        self.asked: list[str] = []
        self.withdrawn: list[str] = []

    def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
        self.asked.append(prompt.act)
        self.other.ask(prompt, answer)

    def withdraw(self, prompt: Prompt) -> None:
        self.withdrawn.append(prompt.act)
        self.other.withdraw(prompt)


class Deaf:
    """Somebody who never answers, or only to some prompts by way of another operator."""

    def __init__(self, other: Operator | None = None, silent: Sequence[str] = ()) -> None:
        self.other = other
        self.silent = silent

    def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
        if self.other is not None and prompt.act not in self.silent:
            self.other.ask(prompt, answer)

    def withdraw(self, prompt: Prompt) -> None:
        if self.other is not None and prompt.act not in self.silent:
            self.other.withdraw(prompt)


class Says:
    """Somebody who answers at once what a test wants, and does nothing."""

    def __init__(self, **fields: Any) -> None:
        self.fields = {"by": "person"} | fields

    def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
        answer(self.answer(prompt))

    def answer(self, prompt: Prompt) -> Answer:
        """What it answers."""
        return Answer(prompt_id=prompt.id, **self.fields)

    def withdraw(self, prompt: Prompt) -> None:
        """Nothing is open."""


def played(cases: str | Sequence[str | Scenario], name: str = "demo", **how: Any) -> Playing:
    """Play cases, or the one case, to the end."""
    return Playing((cases,) if isinstance(cases, str) else cases, name, **how).play()


def codes(outcome: CaseOutcome, *verdicts: Verdict) -> set[str]:
    """The codes of the findings with one of these verdicts; of all that are no pass, when none is named."""
    return {
        f.code for f in outcome.findings if (f.verdict in verdicts if verdicts else f.verdict is not Verdict.PASSED)
    }


def finding(outcome: CaseOutcome, code: str) -> Finding:
    return next(f for f in outcome.findings if f.code == code)


def through_json(records: Sequence[Record]) -> list[Record]:
    """Records as a store gives them back."""
    kept = msgspec.json.encode([_plain(record) for record in records])
    return [_record(item) for item in msgspec.json.decode(kept)]


def _plain(record: Record) -> dict[str, Any]:
    if isinstance(record, EventSeen):
        return {"n": record.n, "at": record.at, "event": record.event}
    return msgspec.structs.asdict(record)


def _record(item: dict[str, Any]) -> Record:
    if "event" in item:
        return EventSeen(item["n"], item["at"], msgspec.convert(item["event"], AnyEvent))
    from harness.core.journal import FrameSeen

    return msgspec.convert(item, FrameSeen)


def judged(records: Sequence[Record]) -> CaseOutcome:
    return judge(records, LANGUAGE)
