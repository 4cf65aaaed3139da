"""`harness run`: a station, a pile (simulated or real), the cases one after another, then verdicts and files."""

from __future__ import annotations

import argparse
import signal
import sys
from datetime import timedelta

from harness.app.exits import UNEARNED, exit_code
from harness.app.files import write_files
from harness.app.people import Room, operator_for
from harness.app.plan import Plan, plan
from harness.app.station import Station
from harness.app.virtual_pile import VirtualPile
from harness.console.progress import Progress
from harness.core.amounts import Reading
from harness.core.expecting import held_against
from harness.core.journal import LinkChanged, Memory, Record
from harness.core.message import Message
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.data import data_root
from harness.engine.judge import not_applicable, step_titles
from harness.engine.run import Run
from harness.engine.scenario import Scenario
from harness.engine.series import Series
from harness.engine.session import PileSession
from harness.engine.two_guns import guns_of
from harness.links.addresses import lan_address
from harness.links.reactor import loop, reactor
from harness.profiles import load_cards
from harness.protocols.ykc.language import YkcLanguage
from harness.settings import Settings

SETTLE = 1.0  # s between the login and the first case, in which the pile may fetch its billing model
PUT_UP_WITH = timedelta(days=30)  # what an entry for the list of known failures proposes
LANGUAGE = YkcLanguage()


def run(settings: Settings, args: argparse.Namespace) -> int:
    """Play the cases asked for; 0 all passed, 1 a case failed, 2 nothing applies, 3 nothing earned."""
    asked = plan(settings, args)
    job = Job(settings, asked)
    job.begin()
    reactor.run(installSignalHandlers=False)
    return job.end()


class Job:
    """One `harness run` from opening the port to the last file."""

    def __init__(self, settings: Settings, asked: Plan) -> None:
        self.asked = asked
        self.outcome: RunOutcome | None = None
        self.journals: dict[str, list[Record]] = {}
        self._over = 0  # cases
        self._code: int | None = None
        self._series: Series | None = None
        self._run: Run | None = None
        self._trouble: Exception | None = None
        self._pile: VirtualPile | None = None
        self.session = PileSession(LANGUAGE.auditor(asked.strict))
        public = settings.public_address or lan_address()
        self.station = Station(
            profiles=[asked.profile],
            registered=load_cards(settings.cards),
            timezone=settings.timezone,
            database_url=asked.database_url,
            host=asked.host,
            port=asked.port,
            ftp_port=(0 if asked.simulated else settings.ftp_port) if publishes(asked) else None,
            public_address="127.0.0.1" if asked.simulated else public,
            passive_ports=None if asked.simulated else settings.passive_ports,
            firmware=None if asked.simulated else settings.firmware,
            speed=asked.speed,
            pile_sinks=lambda pile_code: (self.session,) if pile_code == asked.profile.pile_code else (),
            on_late=self._late,
            on_trouble=self._failed_to_record,
        )
        self.run_id = self._new_run_id()
        self.folder = asked.report or settings.reports / self.run_id
        titles = {each.id: each.head.title.zh for each in asked.scenarios}
        self.progress = Progress(asked.profile, titles, self.station.clock, sys.stdout, self._reading)
        self._public = public

    def begin(self) -> None:
        """Power the simulated pile on, or say where a real one should connect to; then wait for its login."""
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt)
        host, port = self.station.link.address
        if self.asked.simulated:
            self._pile = VirtualPile(
                self.asked.profile,
                self.station.clock,
                "127.0.0.1",
                port,
                self.asked.seed,
                self.asked.faults,
                self.station.timezone,
                self.asked.dialects,
            )
            self._pile.power_on()
        else:
            shown = self._public if host in ("0.0.0.0", "::", "") else host
            self.progress.waiting_for(shown, port, self.asked.profile.pile_code, self.asked.wait)
        clock = self.station.clock
        self.station.platform.watchers.append(self._seen)
        self._give_up = clock.call_at(clock.monotonic() + self.asked.wait, self._nobody_came)

    def end(self) -> int:
        """Say how it went, write the files; gives the exit code."""
        self.progress.close()
        if self._trouble is not None:
            print(self._trouble, file=sys.stderr)
            self._code = UNEARNED
        if self.outcome is not None:
            self.progress.verdicts(self.outcome, self._put_up_until() if self.asked.expects else "")
            journals = self.journals | {self.session.key: self.session.records}
            paths = write_files(self.outcome, journals, LANGUAGE.read, self.folder, self.asked.ci)
            self.progress.written(paths)
            return self._code if self._code is not None else exit_code(self.outcome)
        return UNEARNED if self._code is None else self._code

    # what happens

    def _seen(self, pile_code: str, event: LinkChanged) -> None:
        if self.outcome is None:  # afterwards it is we who close
            self.progress.link(pile_code, event)
        if pile_code == self.asked.profile.pile_code and event.what in ("login", "relogin") and self._series is None:
            self._give_up.cancel()
            self._series = self._make_series()
            clock = self.station.clock
            clock.call_at(clock.monotonic() + SETTLE, self._series.start)

    def _make_series(self) -> Series:
        progress = self.progress
        station, pictures = self.station, self.folder / "pictures"
        room = Room(station.clock, station.timezone, pictures, self._pile, sys.stdout, progress.hold, progress.go_on)
        code, gun = self.asked.profile.pile_code, self.asked.gun_no
        return Series(
            scenarios=self.asked.scenarios,
            profile=self.asked.profile,
            gun_no=gun,
            run_id=self.run_id,
            timezone=self.station.timezone,
            clock=self.station.clock,
            language=LANGUAGE,
            hold=lambda journal, listener, whole: self.station.platform.hold(code, gun, journal, listener, whole),
            operator=operator_for(self.asked, room, data_root() / "fixtures" / "firmware"),
            strict=self.asked.strict,
            sinks=(self.station.recorder, self.progress),
            on_begin=self._case_begins,
            on_case=self._case_over,
            on_done=self._all_over,
        )

    def _case_begins(self, scenario: Scenario, run: Run) -> None:
        self._run = run
        guns = guns_of(scenario, self.asked.profile, self.asked.gun_no)
        title, steps = scenario.head.title, step_titles(scenario, guns, LANGUAGE)
        self.progress.case_begins(scenario.id, title.zh, title.en, steps, run.shown_deadline)

    def _reading(self, raw: bytes) -> Reading | None:
        return reading_of(raw, self._run) if self._run is not None else None

    def _case_over(self, case: CaseOutcome, memory: Memory) -> None:
        if memory.records:
            self.journals[case.key] = memory.records
        self.station.recorder.keep_case(self.run_id, self._over, case)
        self._over += 1
        self.progress.case_over(case)

    def _all_over(self, outcome: RunOutcome) -> None:
        audited = self.session.audited(outcome)
        self.outcome = held_against(audited, self.asked.known, self.station.platform.local_now().date())
        self.station.recorder.end_run(self.outcome)
        self._stop()

    def _nobody_came(self) -> None:
        self.progress.nobody_came(self.asked.profile.pile_code, self.asked.wait, list(self.station.platform.sightings))
        self._code = UNEARNED
        self._stop()

    def _interrupt(self) -> None:
        """Ctrl-C: the pile is left idle first; a second one does not wait for that."""
        if self._series is None or self._trouble is not None or self._code == UNEARNED:
            self._code = UNEARNED
            self._stop()
            return
        self._code = UNEARNED
        self._series.stop("人工停止 / stopped by hand")

    def _late(self, seconds: float) -> None:
        if self._series is not None:
            self._series.late(seconds)

    def _failed_to_record(self, error: Exception) -> None:
        self._trouble = error
        reactor.callFromThread(self._stop)

    def _stop(self) -> None:
        if self._pile is not None:
            self._pile.power_off()
        self.station.close().addErrback(self._keep_trouble).addBoth(lambda _: reactor.stop())

    def _keep_trouble(self, failure: object) -> None:
        self._trouble = getattr(failure, "value", None)

    def _put_up_until(self) -> str:
        """The day that a new entry of the list of known failures gets."""
        return (self.station.platform.local_now().date() + PUT_UP_WITH).isoformat()

    def _new_run_id(self) -> str:
        local = self.station.platform.local_now()
        return f"{local:%Y%m%d-%H%M%S}-{self.station.owner.process[:4]}"


def reading_of(raw: bytes, run: Run) -> Reading | None:
    """What the bytes of a frame report of the gun that the present step is about."""
    message = LANGUAGE.read(raw)
    if not isinstance(message, Message) or LANGUAGE.gun(message) != run.gun_no:
        return None
    return LANGUAGE.reading(message)


def publishes(asked: Plan) -> bool:
    """Does a case that applies lay firmware out? Else nobody needs the server's port."""
    applying = [case for case in asked.scenarios if not_applicable(case, asked.profile) is None]
    return any(placed.step.key == "publish" for case in applying for placed in case.steps)
