"""Run, both sessions, pile, operator and a pretend clock on one table.

Real bytes pass through both sessions and framers, cut at random; only socket, FTP and clock are replaced, so that a
ten-minute charge takes milliseconds and comes out the same each time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from harness.core.clock import ManualClock
from harness.core.driven import Alarm
from harness.core.errors import HarnessFault
from harness.core.journal import Journal, Memory, Opened, Sink
from harness.core.operator import Firmware, Operator
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.engine.loader import load
from harness.engine.series import Series
from harness.engine.session import PileSession
from harness.protocols.ykc.cards import Registered
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.platform import Platform
from harness.protocols.ykc.session import Session
from harness.sim.hands import Hands
from harness.sim.pretend_ftp import PretendFtp
from harness.sim.script import ReadPicture, ScriptedOperator
from harness.sim.wire import End, wire
from harness.sim.ykc.faults import changes
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.upgrade import Done

TEN_IN_SHANGHAI = datetime(2026, 4, 17, 2, 0, 0, tzinfo=UTC)
LONGEST = 6 * 3600.0  # seconds of pretend time for one play


class Table:
    """A platform and a simulated pile that can reach each other. `keep` hears every journal."""

    def __init__(
        self,
        profile: PileProfile,
        *,
        faults: Sequence[str] = (),
        dialects: Sequence[str] = (),
        seed: int = 0,
        start: datetime = TEN_IN_SHANGHAI,
        timezone: str = "Asia/Shanghai",
        registered: Registered | None = None,
        keep: Sink | None = None,
    ) -> None:
        self.profile = profile
        self.timezone = timezone
        self.seed = seed
        self.clock = ManualClock(start)
        self.memory = Memory()
        self.session = PileSession(YkcLanguage().auditor())  # the pile's own journal, from its first login on
        self.ftp = PretendFtp(self.clock)
        self.sinks: tuple[Sink, ...] = (self.memory,) if keep is None else (self.memory, keep)
        self.platform = Platform(
            self.clock,
            [profile],
            registered,
            timezone=timezone,
            journal_for=self._pile_journal,
            publisher=self.ftp,
        )
        self._choice = random.Random(f"table {seed}")
        self.cable: End | None = None
        self.pile = Pile(
            profile,
            now=0.0,
            local_time=self.platform.local_now() - timedelta(seconds=self._choice.uniform(5, 50)),
            seed=seed,
            dial=self._dial,
            fetch=lambda offer, done: self.ftp.fetch(offer, self._then_settle(done)),
            faults=changes(dialects, faults),
        )
        self.alarm = Alarm(self.clock, self.pile)
        self.hands = Hands(self.pile, self.alarm.settle)

    def power_on(self) -> None:
        """The pile begins to dial."""
        self.pile.start(self.clock.monotonic())
        self.alarm.settle()

    def run(self, until: Callable[[], bool], within: float = LONGEST) -> bool:
        """Let time pass until something is so; False when it is not so in time."""
        end = self.clock.monotonic() + within
        while not until():
            if not self.clock.step(end):
                return until()
        return True

    def play(
        self,
        paths: Sequence[Path],
        gun_no: str,
        operator: Operator,
        on_case: Callable[[CaseOutcome, Memory], None],
        before: Callable[[], None],
    ) -> RunOutcome:
        """All cases, from when the pile has power until all is switched off; `before` is called ahead of the first."""
        outcomes: list[RunOutcome] = []
        series = self._series(paths, gun_no, operator, on_case, outcomes.append)
        self.power_on()
        before()
        series.start()
        if not self.run(lambda: bool(outcomes)):
            raise HarnessFault(f"the cases did not end within {LONGEST:.0f} s of pretend time")
        outcome = self.session.audited(outcomes[0])
        self.clear()
        return outcome

    def _series(
        self,
        paths: Sequence[Path],
        gun_no: str,
        operator: Operator,
        on_case: Callable[[CaseOutcome, Memory], None],
        on_done: Callable[[RunOutcome], None],
    ) -> Series:
        language, pile_code = YkcLanguage(), self.profile.pile_code
        return Series(
            scenarios=[load(path, language) for path in paths],
            profile=self.profile,
            gun_no=gun_no,
            run_id="table",
            timezone=self.timezone,
            clock=self.clock,
            language=language,
            hold=lambda journal, listener, whole: self.platform.hold(pile_code, gun_no, journal, listener, whole),
            operator=operator,
            sinks=self.sinks[1:],
            on_case=on_case,
            on_done=on_done,
        )

    def clear(self) -> None:
        """Switch everything off; nothing is due any more afterwards."""
        self.platform.close()
        self.run(lambda: False, within=1.0)
        self.alarm.cancel()

    def _pile_journal(self, pile_code: str) -> Journal:
        if not pile_code:
            return Journal("pile/", self.clock, self.sinks)
        journal = Journal(f"pile/{pile_code}", self.clock, (*self.sinks, self.session))
        facts = msgspec.to_builtins(self.profile)
        journal.event(Opened(wall=self.clock.wall().isoformat(), profile=facts, timezone=self.timezone))
        return journal

    def _dial(self) -> None:
        self.clock.call_at(self.clock.monotonic() + self._choice.uniform(0.01, 0.2), self._connect)

    def _connect(self) -> None:
        """What the two links do for a real connection."""
        here, there = wire(self.clock, self._choice)
        self.cable = here
        session = self.platform.connect(there.write, there.close, "192.0.2.20:50000")
        alarm = Alarm(self.clock, session)
        there.receive = _settling(session.receive, alarm)
        there.lost = lambda now: _lost(session, alarm, now)
        alarm.settle()
        at_pile = self.pile.connected(here.write, here.close, self.clock.monotonic())
        here.receive = _settling(at_pile.receive, self.alarm)
        here.lost = _settling_end(at_pile.lost, self.alarm)
        self.alarm.settle()

    def _then_settle(self, done: Done) -> Done:
        def settled(data: bytes | None, now: float) -> None:
            done(data, now)
            self.alarm.settle()

        return settled


def _settling(receive: Callable[[bytes, float], None], alarm: Alarm) -> Callable[[bytes, float], None]:
    def settled(data: bytes, now: float) -> None:
        receive(data, now)
        alarm.settle()

    return settled


def _settling_end(lost: Callable[[float], None], alarm: Alarm) -> Callable[[float], None]:
    def settled(now: float) -> None:
        lost(now)
        alarm.settle()

    return settled


def _lost(session: Session, alarm: Alarm, now: float) -> None:
    session.lost(now)
    alarm.cancel()


def play_all(
    paths: Sequence[Path],
    profile: PileProfile,
    *,
    read_picture: ReadPicture,
    firmware: Firmware,
    spare: Firmware | None = None,
    faults: Sequence[str] = (),
    dialects: Sequence[str] = (),
    seed: int = 0,
    gun_no: str = "01",
    start: datetime = TEN_IN_SHANGHAI,
    operator: Operator | None = None,
    keep: Sink | None = None,
    on_table: Callable[[Table], None] = lambda table: None,
    on_case: Callable[[CaseOutcome, Memory], None] = lambda outcome, memory: None,
) -> RunOutcome:
    """Play scenarios one after another with one pile, in pretend time."""
    table = Table(profile, faults=faults, dialects=dialects, seed=seed, start=start, keep=keep)
    person = operator or ScriptedOperator(
        table.hands, table.clock, read_picture=read_picture, firmware=firmware, spare=spare, seed=seed
    )
    return table.play(paths, gun_no, person, on_case, lambda: on_table(table))


def play(path: Path, profile: PileProfile, **how: object) -> CaseOutcome:
    """Play one scenario; see play_all."""
    return play_all([path], profile, **how).cases[0]  # type: ignore[arg-type]
