"""Cases played one after another on one gun, each with a journal of its own that counts on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from harness.core.clock import Clock
from harness.core.driven import Alarm
from harness.core.errors import PersonError
from harness.core.journal import Closed, Journal, LoopLate, Memory, Sink
from harness.core.operator import MoreTime, Operator
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.core.ports import Bench, Language, Listener
from harness.engine.desk import OperatorDesk
from harness.engine.judge import judge, not_applicable, not_played, opened_for
from harness.engine.run import Run
from harness.engine.scenario import Scenario

HoldGun = Callable[[Journal, Listener, bool], Bench]  # the whole pile, when True


class Series:
    """Plays cases in order; `on_case` hears of each as it ends, `on_done` of all. Nothing here waits for a database."""

    def __init__(
        self,
        *,
        scenarios: Sequence[Scenario],
        profile: PileProfile,
        gun_no: str,
        run_id: str,
        timezone: str,
        clock: Clock,
        language: Language,
        hold: HoldGun,
        operator: Operator,
        strict: bool = False,
        sinks: tuple[Sink, ...] = (),
        on_begin: Callable[[Scenario, Run], None] = lambda scenario, run: None,
        on_case: Callable[[CaseOutcome, Memory], None] = lambda outcome, memory: None,
        on_done: Callable[[RunOutcome], None] = lambda outcome: None,
    ) -> None:
        self._waiting = list(scenarios)
        self._profile = profile
        self._gun_no = gun_no
        self._run_id = run_id
        self._timezone = timezone
        self._clock = clock
        self._language = language
        self._hold = hold
        self._operator = operator
        self._strict = strict
        self._sinks = sinks
        self._on_begin = on_begin
        self._on_case = on_case
        self._on_done = on_done
        self._outcomes: list[CaseOutcome] = []
        self._started = clock.wall().isoformat()
        self._last_n = 0
        self._run: Run | None = None
        self._alarm: Alarm | None = None
        self._journal: Journal | None = None
        self._stopped = ""

    def start(self) -> None:
        """Begin with the first case."""
        self._next()

    def stop(self, why: str, how: str = "aborted") -> None:
        """End the present case properly and play no more; `how` says whose doing it is, as Closed has it."""
        self._stopped = why
        if self._run is not None:
            self._run.abort(why, self._clock.monotonic(), how)
            self._settle()

    def more_time(self, prompt_id: int, seconds: float) -> bool:
        """A person needs more time for a prompt of the present case; False when it is not open any more."""
        if self._run is None or not self._run.is_asking(prompt_id):
            return False
        self.receive(MoreTime(prompt_id, seconds), self._clock.monotonic())
        return True

    def late(self, seconds: float) -> None:
        """Our own loop came late: keep that with the case."""
        if self._journal is not None:
            self._journal.event(LoopLate(seconds=seconds))

    def receive(self, what: object, now: float) -> None:
        """Something happened at the gun, or a person answered: hand it to the present run."""
        if self._run is not None:
            self._run.receive(what, now)
            self._settle()

    def _settle(self) -> None:
        if self._alarm is not None:
            self._alarm.settle()

    def _next(self) -> None:
        while self._waiting:
            scenario = self._waiting.pop(0)
            outcome = not_applicable(scenario, self._profile)
            if outcome is None and self._stopped:
                outcome = not_played(scenario, self._stopped)
            if outcome is None:
                self._begin(scenario)
                return
            self._outcomes.append(outcome)
            self._on_case(outcome, Memory())
        self._on_done(self._outcome())

    def _begin(self, scenario: Scenario) -> None:
        memory = Memory()
        key = f"{self._run_id}/{len(self._outcomes) + 1}-{scenario.id}"
        journal = Journal(key, self._clock, (memory, *self._sinks), after=self._last_n)
        wall = self._clock.wall()
        journal.event(opened_for(scenario, self._profile, self._gun_no, wall, self._timezone, self._run_id))
        self._journal = journal
        try:
            bench = self._hold(journal, self, scenario.head.holds == "pile")
        except PersonError as error:  # somebody else has the gun, or there is none
            journal.event(Closed(how="ours", detail=f"{error.text_zh} / {error.text}"))
            self._ended(key, journal, memory)
            return
        desk = OperatorDesk(self._operator, self._clock, self._answered)
        run = Run(scenario, journal, memory, desk, lambda: self._ended(key, journal, memory))
        self._run = run
        self._alarm = Alarm(self._clock, run)
        self._on_begin(scenario, run)
        run.begin(bench, self._clock.monotonic())
        self._settle()

    def _answered(self, answer: object) -> None:
        self.receive(answer, self._clock.monotonic())

    def _ended(self, key: str, journal: Journal, memory: Memory) -> None:
        self._last_n = journal.last
        if self._alarm is not None:
            self._alarm.cancel()
        self._run = self._alarm = self._journal = None
        outcome = msgspec.structs.replace(judge(memory.records, self._language, self._strict), key=key)
        self._outcomes.append(outcome)
        self._on_case(outcome, memory)
        self._clock.call_at(self._clock.monotonic(), self._next)

    def _outcome(self) -> RunOutcome:
        return RunOutcome(
            pile_code=self._profile.pile_code,
            profile=self._profile,
            started=self._started,
            ended=self._clock.wall().isoformat(),
            cases=tuple(self._outcomes),
            run_id=self._run_id,
            timezone=self._timezone,
        )
