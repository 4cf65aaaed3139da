"""One run of one model while it goes on: it hears its journals, and shows itself as a page needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

import msgspec

from harness.app.desk import words
from harness.app.desk.auditing import LiveAudit
from harness.app.desk.books import Books, Job
from harness.app.desk.chart import Chart
from harness.app.desk.operator import DeskOperator
from harness.app.desk.pulse import Pulse
from harness.app.desk.showing import Scene, shown
from harness.app.desk.steps_now import StepsNow
from harness.core.clock import Clock, Timer
from harness.core.journal import PILE, Answered, FrameSeen, Memory, Record
from harness.core.operator import Answer
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair
from harness.core.ports import Language
from harness.core.verdict import Verdict
from harness.engine.run import Run
from harness.engine.scenario import Scenario
from harness.engine.series import Series
from harness.engine.two_guns import guns_of
from harness.protocols.ykc.platform import Platform
from harness.report.outcome import in_a_sentence
from web.services import CaseNow, ProofNow, RunNow

Over = Callable[["LiveRun"], None]
PROOF_SHOWN = 2.0  # real seconds
STATES: Mapping[Verdict, str] = {Verdict.PASSED: "passed", Verdict.REMARK: "remark", Verdict.FAILED: "failed"}
GOOD = (Verdict.PASSED, Verdict.REMARK)


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What all runs of a house stand on; `ids` number prompts, `versions` number what pages see."""

    clock: Clock
    platform: Platform
    language: Language
    timezone: str
    speed: float
    ids: Iterator[int]
    versions: Iterator[int]
    publish: Callable[[str, str, str], None]
    books: Books


class LiveRun:
    """Plays cases and answers for them. Everything here happens in one thread, the house's."""

    def __init__(
        self, job: Job, scenarios: Sequence[Scenario], ground: Ground, over: Callable[[LiveRun], None]
    ) -> None:
        self.job = job
        self.state = "running"
        self.version = next(ground.versions)
        self._scenarios = scenarios
        self._ground = ground
        self._over = over
        self._cases = [CaseNow(id=each.id, title=title_of(each), state="waiting") for each in scenarios]
        self._case = -1
        self._ended = 0
        self._run: Run | None = None
        self._steps: StepsNow | None = None
        self._frames = 0
        self._pile_frame = 0
        self._version_earned_on = ""
        self._proof: ProofNow | None = None
        self._proof_timer: Timer | None = None
        self._was: RunNow | None = None
        self._stopped = False
        self._chart = Chart(ground.speed)
        self.audit = LiveAudit()
        self._pulse = Pulse(ground.clock, self._beat, ground.speed)
        self._operator = DeskOperator(ground.ids, self._changed)
        self._series = self._make_series()

    def _make_series(self) -> Series:
        job, ground = self.job, self._ground
        code, gun = job.profile.pile_code, job.gun_no
        return Series(
            scenarios=self._scenarios,
            profile=job.profile,
            gun_no=gun,
            run_id=job.run_id,
            timezone=ground.timezone,
            clock=ground.clock,
            language=ground.language,
            hold=lambda journal, listener, whole: ground.platform.hold(code, gun, journal, listener, whole),
            operator=self._operator,
            sinks=(ground.books, self.audit, self._hear),
            on_begin=self._begins,
            on_case=self._case_over,
            on_done=self._all_over,
        )

    # what people do

    def start(self) -> None:
        """Begin with the first case."""
        self._series.start()

    def stop(self, why: Pair, how: str = "aborted") -> None:
        """End the present case properly and play no more; the pile is left not charging. `how` as Closed has it."""
        if self.state == "running":
            self.state, self._stopped = "stopping", True
            self._changed()
            self._series.stop(words.as_reason(why), how)

    def late(self, seconds: float) -> None:
        """Our own loop came late."""
        self._series.late(seconds)

    def asked(self, prompt_id: int) -> str:
        """The act that an open prompt asks for; "" when it is not open."""
        prompt = self._operator.asked(prompt_id)
        return "" if prompt is None else prompt.act

    def answer(self, prompt_id: int, answer: Answer) -> bool:
        """The first answer counts."""
        return self._operator.answer(prompt_id, answer)

    def more_time(self, prompt_id: int, seconds: float) -> bool:
        """Wait longer for the person; False when the prompt is not open any more."""
        prompt = self._operator.asked(prompt_id)
        if prompt is None or not self._series.more_time(prompt.id, seconds):
            return False
        self._operator.prolong(seconds)
        return True

    # what happens

    def link_changed(self) -> None:
        """The pile came or went."""
        self._changed()

    def _hear(self, key: str, record: Record) -> None:
        """A record of one of our journals."""
        if isinstance(record, FrameSeen):
            self._frames += 1
            if record.sender == PILE:
                self._pile_frame = record.n
            self._stirred()
            return
        if isinstance(record.event, Answered):
            self._prove(record.event)
        if self._steps is not None:
            self._steps.hear(record.event, self._ground.clock.wall())
        self._changed()

    def _begins(self, scenario: Scenario, run: Run) -> None:
        self._case = self._ended
        self._run = run
        guns = guns_of(scenario, self.job.profile, self.job.gun_no)
        self._steps = StepsNow(scenario, guns, self._ground.language)
        self._version_earned_on = self.program_version()
        self._ground.books.case_begins(self.job, self._case, scenario.id, self._version_earned_on)
        self._chart.clear()
        self._mark("now")
        self._changed()

    def _case_over(self, case: CaseOutcome, memory: Memory) -> None:
        position, self._ended = self._ended, self._ended + 1
        version = self._version_earned_on or self.program_version()
        self._ground.books.case_over(self.job, position, case, version)
        if case.verdict in GOOD and self._scenarios[position].head.needs == "upgrade":
            self._ground.books.upgraded(self.job, self.program_version(), self._ground.clock.wall())
        self._cases[position] = msgspec.structs.replace(
            self._cases[position],
            state=STATES.get(case.verdict, "open"),
            sentence=in_a_sentence(case),
            key=case.key,
        )
        self._chart.keep(case.charge or self._chart.curve)
        self._case, self._run, self._steps, self._version_earned_on = -1, None, None, ""
        self._changed()

    def _all_over(self, outcome: RunOutcome) -> None:
        self._ground.books.run_over(outcome)
        self.state = "over"
        self._changed()
        self._over(self)

    def _prove(self, event: Answered) -> None:
        """Something was asked for and is done: that is shown for a moment."""
        asked = self._operator.last
        if asked is None or event.unable:
            return
        by_frames = event.by == "frames"
        self._proof = ProofNow(
            prompt_id=asked.id,
            at=self._ground.clock.wall(),
            text=words.PROOFS.get(event.act, words.NOTED) if by_frames else words.NOTED,
            by="frames" if by_frames else "person",
            frame=self._pile_frame if by_frames else 0,
            case=self._case,
        )
        if self._proof_timer is not None:
            self._proof_timer.cancel()
        clock = self._ground.clock
        self._proof_timer = clock.call_at(clock.monotonic() + PROOF_SHOWN * self._ground.speed, self._proof_seen)

    def _proof_seen(self) -> None:
        self._proof = self._proof_timer = None
        self._changed()

    def _mark(self, state: str) -> None:
        self._cases[self._case] = msgspec.structs.replace(self._cases[self._case], state=state)

    def program_version(self) -> str:
        """What the pile logged in with, else the declared one."""
        pile = self._ground.platform.piles.get(self.job.profile.pile_code)
        return (pile.program_version if pile is not None else "") or self.job.profile.program_version

    # what is shown

    def now(self) -> RunNow:
        """The run at this moment; made anew only when something changed."""
        if self._was is None:
            self._was = self._snapshot()
        return msgspec.structs.replace(self._was, at=self._ground.clock.wall())

    def _snapshot(self) -> RunNow:
        clock = self._ground.clock
        scene = Scene(
            scenario=self._run.scenario if self._run is not None else None,
            run=self._run,
            index=self._steps.index if self._steps is not None else -1,
            open=self._operator.open,
            state=self.state,
            stopped=self._stopped,
            online=self._ground.platform.online(self.job.profile.pile_code),
            since=clock.wall() - timedelta(seconds=clock.monotonic()),
        )
        return RunNow(
            run_id=self.job.run_id,
            model_id=self.job.model_id,
            gun_no=self.job.gun_no,
            state=self.state,
            version=self.version,
            at=clock.wall(),
            speed=self._ground.speed,
            cases=tuple(self._cases),
            case=self._case,
            steps=tuple(self._steps.all()) if self._steps is not None else (),
            charge=self._chart.of(self._run, clock.monotonic()) if self._run is not None else self._chart.curve,
            proof=self._proof,
            online=scene.online,
            stopped=self._stopped,
            frames=self._frames,
            rules=self.audit.counts(),
            pile_code=self.job.profile.pile_code,
            **shown(scene, self._ground.language),
        )

    def _changed(self) -> None:
        self._was = None
        self._pulse.now()

    def _stirred(self) -> None:
        self._was = None
        self._pulse.soon()

    def _beat(self) -> None:
        self.version = next(self._ground.versions)
        self._was = None
        self._ground.publish(f"model:{self.job.model_id}", "changed", str(self.version))

    def close(self) -> None:
        """Let no timer ring any more."""
        self._pulse.cancel()
        if self._proof_timer is not None:
            self._proof_timer.cancel()


def title_of(scenario: Scenario) -> Pair:
    """The name of a case."""
    return scenario.head.title.zh, scenario.head.title.en
