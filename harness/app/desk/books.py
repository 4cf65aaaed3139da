"""What is kept of runs, each in its turn after the records that it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec
from sqlalchemy import Engine

from harness.core.journal import Record
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.store.desk import models, results
from harness.store.recorder import Recorder


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it was asked for."""

    run_id: str
    model_id: int
    profile: PileProfile
    gun_no: str
    by: str


class Books(Protocol):
    """Who keeps runs; the desk writes here and never reads."""

    def __call__(self, key: str, record: Record) -> None:
        """A record of a journal."""

    def case_begins(self, job: Job, position: int, case_id: str, version: str) -> None:
        """A case begins on a program version: were this process killed, it is still known whose it was."""

    def case_over(self, job: Job, position: int, case: CaseOutcome, version: str) -> None:
        """A case ended; `version` is the program version it was earned on."""

    def run_over(self, outcome: RunOutcome) -> None:
        """All cases ended."""

    def upgraded(self, job: Job, version: str, now: datetime) -> None:
        """Our own upgrade gave the pile another program version."""


class StoreBooks:
    """Books in the database, by the recorder's thread."""

    def __init__(self, recorder: Recorder, engine: Engine) -> None:
        self._recorder = recorder
        self._engine = engine

    def __call__(self, key: str, record: Record) -> None:
        """A record of a journal."""
        self._recorder(key, record)

    def case_begins(self, job: Job, position: int, case_id: str, version: str) -> None:
        """The attempt that it is for its model."""
        self._recorder.keep(
            lambda connection: results.keep_attempt(
                connection,
                run_id=job.run_id,
                position=position,
                model_id=job.model_id,
                case=case_id,
                gun_no=job.gun_no,
                version=version,
                by=job.by,
            )
        )

    def case_over(self, job: Job, position: int, case: CaseOutcome, version: str) -> None:
        """The case; one that was never played is no attempt, one whose gun was not to be had is."""
        self._recorder.keep_case(job.run_id, position, case)
        if case.key:
            self.case_begins(job, position, case.id, version)

    def run_over(self, outcome: RunOutcome) -> None:
        """The whole run."""
        self._recorder.end_run(outcome)

    def upgraded(self, job: Job, version: str, now: datetime) -> None:
        """The model has the new version, and its history."""

        def keep() -> None:
            models.set_version(self._engine, job.model_id, version, job.run_id, now)

        self._recorder.after(keep)
