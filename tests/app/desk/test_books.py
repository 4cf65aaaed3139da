"""What is kept of a run while it goes on, in the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from harness.app.desk.books import Job, StoreBooks
from harness.core.clock import ManualClock
from harness.core.errors import PersonError
from harness.core.journal import Journal, Opened
from harness.core.verdict import Verdict
from harness.store.database import open_store
from harness.store.desk import models, results
from harness.store.desk.values import Model
from harness.store.recorder import Recorder
from tests.store.conftest import PROFILE
from tests.store.desk.people import DATA, NOW, enter_model, enter_registrant, outcome

KEY = "r1/1-estop"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path}/desk.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def model(engine: Engine) -> Model:
    return enter_model(engine, enter_registrant(engine))


def play(books: StoreBooks, job: Job) -> None:
    """One case from its beginning to its end."""
    journal = Journal(KEY, ManualClock(NOW), (books,))
    journal.event(Opened(wall=NOW.isoformat(), run_id="r1", scenario="estop", profile=PROFILE, gun_no="01"))
    books.case_begins(job, 0, "estop", "V1.0")
    books.case_over(job, 0, outcome("estop", Verdict.PASSED, KEY), "V1.0")


def job_for(model: Model) -> Job:
    return Job(run_id="r1", model_id=model.id, profile=DATA.profile("1"), gun_no="01", by="王一")


def test_an_attempt_is_not_lost_when_the_database_had_no_place_for_it_at_first(engine: Engine, model: Model) -> None:
    told: list[Exception] = []
    recorder = Recorder(engine, "p1", on_error=told.append)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE attempts RENAME TO elsewhere"))
    play(StoreBooks(recorder, engine), job_for(model))
    with pytest.raises(PersonError, match="attempts"):
        recorder.flush()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO attempts"))
    recorder.close()
    (attempt,) = results.attempts(engine, model.id)
    assert (attempt.run_id, attempt.verdict, attempt.version, attempt.by) == ("r1", Verdict.PASSED, "V1.0", "王一")


def test_a_new_version_of_a_model_that_is_gone_is_no_trouble_of_the_database(
    engine: Engine, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Exception] = []
    recorder = Recorder(engine, "p1", on_error=told.append)
    owner = enter_registrant(engine, contact="王二")
    models.delete(engine, model.id, owner, NOW)
    StoreBooks(recorder, engine).upgraded(job_for(model), "V2.0", NOW)
    recorder.close()
    assert told == []
    assert caplog.messages == ["This model is not there any more."]
