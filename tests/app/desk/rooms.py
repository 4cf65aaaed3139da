"""A house on the tabletop: real bytes, a simulated pile, pretend time, no reactor and no database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from harness.app.desk.books import Job
from harness.app.desk.house import LiveHouse
from harness.core.journal import Record
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.sim.tabletop import Table
from tests.engine.playing import CASES, LANGUAGE, shipped
from tests.engine.test_hours import at
from tests.sim.pretend import profile
from web.services import PromptNow, RunNow

MODEL = 12
A_DAY = 86400.0
SHIPPED = {case: shipped(case) for case in (*CASES, "two_guns_stop", "two_guns_estop", "two_guns_reboot")}


class PaperBooks:
    """Keeps what a house wants kept."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.journals: dict[str, list[Record]] = {}
        self.begun: list[tuple[int, str, str]] = []
        self.cases: list[tuple[Job, int, CaseOutcome, str]] = []
        self.runs: list[RunOutcome] = []
        self.versions: list[tuple[int, str]] = []

    def __call__(self, key: str, record: Record) -> None:
        self.records.append(record)
        self.journals.setdefault(key, []).append(record)

    def case_begins(self, job: Job, position: int, case_id: str, version: str) -> None:
        self.begun.append((position, case_id, version))

    def case_over(self, job: Job, position: int, case: CaseOutcome, version: str) -> None:
        self.cases.append((job, position, case, version))

    def run_over(self, outcome: RunOutcome) -> None:
        self.runs.append(outcome)

    def upgraded(self, job: Job, version: str, now: datetime) -> None:
        self.versions.append((job.model_id, version))


class Room:
    """A table with a pile on it, a house around it, and what was published."""

    def __init__(self, name: str | PileProfile = "demo", *, model: int | None = MODEL, **table: object) -> None:
        self.profile = profile(name) if isinstance(name, str) else name
        self.heard: Callable[[str], None] = lambda code: None
        self.session: list[tuple[str, Record]] = []  # the pile's own journal
        self.table = Table(
            self.profile,
            start=at("10:05:00"),
            keep=self._keep,
            **table,  # type: ignore[arg-type]
        )
        self.clock = self.table.clock
        self.books = PaperBooks()
        self.told: list[tuple[str, str, str]] = []
        self.house = LiveHouse(
            platform=self.table.platform,
            clock=self.clock,
            language=LANGUAGE,
            timezone=self.table.timezone,
            scenarios=SHIPPED,
            books=self.books,
            publish=lambda *what: self.told.append(what),
            process="abcdef",
            model_of=lambda code: model if code == self.profile.pile_code else None,
        )
        self.heard = self.house.heard
        self.house.register(self.profile)

    def _keep(self, key: str, record: Record) -> None:
        self.session.append((key, record))
        self.heard(key.removeprefix("pile/"))

    def online(self) -> Room:
        """The pile has logged in and has its tariff."""
        self.table.power_on()
        self.until(lambda: self.house.pile(self.profile.pile_code).tariff == "accepted")
        return self

    def start(self, *cases: str, gun_no: str = "01") -> str:
        return self.house.start(MODEL, self.profile, gun_no, cases, "registrant")

    def until(self, so: Callable[[], bool], within: float = A_DAY) -> None:
        assert self.table.run(so, within), "it never came to that"

    def wait(self, seconds: float) -> None:
        self.table.run(lambda: False, seconds)

    @property
    def now(self) -> RunNow:
        run = self.house.run(MODEL)
        assert run is not None
        return run

    @property
    def over(self) -> bool:
        return self.now.state == "over"

    def prompt(self, act: str = "") -> PromptNow:
        """Wait for somebody to be asked, for this act if one is named."""
        self.until(lambda: self._asks(act))
        prompt = self.now.prompt
        assert prompt is not None
        return prompt

    def _asks(self, act: str) -> bool:
        prompt = self.now.prompt
        return prompt is not None and act in ("", prompt.act)

    def do(self, act: str, card: str = "") -> None:
        """Do an act at the pile, by hand."""
        for move in self.table.hands.moves(act, "1", card):
            self.table.hands.do(move, self.clock.monotonic())
            self.wait(2)

    def answer(self, prompt: PromptNow, unable: str = "") -> bool:
        return self.house.answer(MODEL, prompt.id, unable)

    def says_done(self, act: str) -> None:
        """Do it, then say so where the frames do not."""
        prompt = self.prompt(act)
        self.do(act, str(prompt.params.get("card", "")))
        self.answer(prompt)
