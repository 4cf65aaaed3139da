"""What is removed when it is old, and what never is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, text

from harness.core.approval import State
from harness.core.clock import ManualClock
from harness.core.journal import PILE, FrameSeen, Journal, Opened
from harness.core.verdict import Verdict
from harness.store import queries
from harness.store.desk import models, results, retention, uploads
from harness.store.desk.values import Actor, Model, Swept, Upload
from harness.store.recorder import Recorder
from harness.store.rows import micros
from harness.store.tables import RunRow
from tests.store.desk.people import CASES, CODE, LATER, NOW, REVIEWER, model_in, outcome, run_outcome

OpenJournal = Callable[..., Journal]
YEAR_ON = NOW + timedelta(days=365)
MONTH_ON = NOW + timedelta(days=30)
NOTHING = Swept(journals=0, frames=0, uploads=())


def play(engine: Engine, recorder: Recorder, open_journal: OpenJournal, run: str, model_id: int | None = None) -> None:
    """A run of one case with three frames, of a model or from the command line."""
    journal = open_journal(f"{run}/1-estop", recorder, run_id=run)
    for _ in range(3):
        journal.frame(PILE, b"x")
    recorder.end_run(run_outcome(run, outcome("estop", Verdict.PASSED, journal.key)))
    recorder.flush()
    if model_id is not None:
        results.keep_attempt(
            engine, run_id=run, position=0, model_id=model_id, case="estop", gun_no="01", version="", by="王一"
        )
        picture = Upload(
            id=f"p-{run}",
            model_id=model_id,
            run_id=run,
            kind="picture",
            name="a.jpg",
            size=10,
            sha256="",
            version="",
            at=NOW,
            by="",
        )
        uploads.keep_upload(engine, picture)
        uploads.share(engine, model_id, run, 0, "estop", "", Actor(kind="registrant", id=1, name="王一"), NOW)


def sweep(engine: Engine) -> Swept:
    """Removes what is old; what is due was told before, to the last frame."""
    told = retention.due(engine, MONTH_ON, YEAR_ON)
    gone = retention.sweep(engine, MONTH_ON, YEAR_ON)
    assert told == gone
    return gone


def test_an_old_run_of_the_command_line_goes_with_all_that_hangs_on_it(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    play(engine, recorder, open_journal, "r1")
    assert sweep(engine) == Swept(journals=1, frames=3, uploads=())
    assert queries.runs(engine) == []
    with engine.connect() as connection:
        for table in ("runs", "journals", "cases", "findings", "frames", "events"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    assert sweep(engine) == NOTHING


def test_what_is_younger_stays(engine: Engine, recorder: Recorder, open_journal: OpenJournal) -> None:
    play(engine, recorder, open_journal, "r1")
    assert retention.sweep(engine, LATER, YEAR_ON) == NOTHING
    assert retention.sweep(engine, LATER + timedelta(microseconds=1), YEAR_ON).frames == 3


def test_what_a_dead_run_may_have_left_behind_stays_until_nobody_asks_for_it(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    play(engine, recorder, open_journal, "r1")
    assert retention.sweep(engine, MONTH_ON, NOW + timedelta(days=8)) == NOTHING
    assert retention.sweep(engine, MONTH_ON, NOW + timedelta(days=9)).frames == 3


def test_a_run_that_goes_on_stays(engine: Engine, recorder: Recorder, open_journal: OpenJournal) -> None:
    open_journal("r1/1-estop", recorder).frame(PILE, b"x")
    recorder.flush()
    assert sweep(engine) == NOTHING


@pytest.mark.parametrize("state", State)
def test_nothing_of_a_model_that_is_there_is_removed(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal, registrant: Actor, state: State
) -> None:
    play(engine, recorder, open_journal, "r1", model_in(engine, state, registrant).id)
    assert sweep(engine) == NOTHING
    assert len(queries.records(engine, "r1/1-estop")) == 4


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
def test_nothing_that_was_ever_submitted_is_removed_though_its_model_was_deleted(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal, registrant: Actor, state: State
) -> None:
    model = model_in(engine, state, registrant)
    play(engine, recorder, open_journal, "r1", model.id)
    models.delete(engine, model.id, registrant, LATER)
    assert sweep(engine) == NOTHING
    assert len(results.attempts(engine, model.id)) == 1


def test_runs_and_uploads_of_a_deleted_model_go_when_nothing_was_submitted(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal, registrant: Actor
) -> None:
    model = model_in(engine, State.TESTING, registrant)
    play(engine, recorder, open_journal, "r1", model.id)
    models.delete(engine, model.id, registrant, LATER)
    assert sweep(engine) == Swept(journals=1, frames=3, uploads=("p-r1",))
    assert results.attempts(engine, model.id) == []
    assert uploads.uploads(engine, model.id) == []
    assert uploads.shared(engine) == []


def test_of_an_idle_pile_only_old_records_go_while_its_process_lives(
    engine: Engine, recorder: Recorder, clock: ManualClock
) -> None:
    journal = Journal("p1/32010600417702", clock, (recorder,))
    journal.event(Opened(wall=clock.wall().isoformat(), profile={}))
    journal.frame(PILE, b"old")
    clock.advance(timedelta(days=40).total_seconds())
    journal.frame(PILE, b"new")
    recorder.flush()
    assert sweep(engine) == Swept(journals=0, frames=1, uploads=())
    journal.frame(PILE, b"newest")
    recorder.flush()
    assert [record.n for record in queries.records(engine, journal.key)] == [1, 3, 4]


def test_the_journal_of_an_idle_pile_goes_after_its_process_ended(
    engine: Engine, recorder: Recorder, clock: ManualClock
) -> None:
    journal = Journal("p1/32010600417702", clock, (recorder,))
    journal.event(Opened(wall=clock.wall().isoformat(), profile={}))
    journal.frame(PILE, b"old")
    recorder.flush()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO processes (id, started, ended) VALUES ('p1', 0, 0)"))
    assert sweep(engine) == Swept(journals=1, frames=1, uploads=())
    assert queries.journal(engine, journal.key) is None


def pile_journal(recorder: Recorder, clock: ManualClock) -> Journal:
    """The log of a pile with a frame an hour for half a day; the first is of the first hour."""
    journal = Journal(f"p1/{CODE}", clock, (recorder,))
    journal.event(Opened(wall=clock.wall().isoformat(), profile={"pile_code": CODE}))
    for hour in range(12):
        clock.advance(3600.0)
        journal.frame(PILE, str(hour + 1).encode())
    recorder.flush()
    return journal


def a_test(engine: Engine, model: Model, hours: tuple[int, int]) -> None:
    """A run of a model, from one hour to another."""
    begin, end = (micros(NOW + timedelta(hours=hour)) for hour in hours)
    values = {"id": f"r{hours[0]}", "process": "p1", "pile_code": CODE, "profile": "{}", "timezone": "UTC"}
    with engine.begin() as connection:
        connection.execute(insert(RunRow).values(started=begin, ended=end, adrift=False, **values))
    results.keep_attempt(
        engine, run_id=values["id"], position=0, model_id=model.id, case="estop", gun_no="01", version="", by="王一"
    )


def left(engine: Engine, journal: Journal) -> list[int]:
    """The hours whose frame is still there."""
    return [int(each.raw) for each in queries.records(engine, journal.key) if isinstance(each, FrameSeen)]


def test_of_the_log_of_a_pile_its_tests_stay(
    engine: Engine, recorder: Recorder, clock: ManualClock, registrant: Actor
) -> None:
    model, journal = model_in(engine, State.TESTING, registrant), pile_journal(recorder, clock)
    a_test(engine, model, (2, 4))
    a_test(engine, model, (6, 6))
    sweep(engine)
    assert left(engine, journal) == [2, 3, 4, 6]


def test_of_what_was_submitted_all_stays_from_the_first_test_to_the_decision(
    engine: Engine, recorder: Recorder, clock: ManualClock, registrant: Actor
) -> None:
    model, journal = model_in(engine, State.TESTING, registrant), pile_journal(recorder, clock)
    a_test(engine, model, (2, 3))
    a_test(engine, model, (5, 6))
    models.submit(engine, model.id, CASES, registrant, NOW + timedelta(hours=8))
    models.accept(engine, model.id, REVIEWER, NOW + timedelta(hours=9), {})
    models.delete(engine, model.id, registrant, NOW + timedelta(hours=10))
    sweep(engine)
    assert left(engine, journal) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_what_waits_for_a_decision_loses_nothing_since_its_first_test(
    engine: Engine, recorder: Recorder, clock: ManualClock, registrant: Actor
) -> None:
    model, journal = model_in(engine, State.TESTING, registrant), pile_journal(recorder, clock)
    a_test(engine, model, (2, 3))
    models.submit(engine, model.id, CASES, registrant, NOW + timedelta(hours=8))
    sweep(engine)
    assert left(engine, journal) == list(range(2, 13))


def test_of_a_deleted_model_that_was_never_submitted_nothing_stays(
    engine: Engine, recorder: Recorder, clock: ManualClock, registrant: Actor
) -> None:
    model, journal = model_in(engine, State.TESTING, registrant), pile_journal(recorder, clock)
    a_test(engine, model, (2, 4))
    models.delete(engine, model.id, registrant, LATER)
    sweep(engine)
    assert left(engine, journal) == []


@pytest.mark.parametrize(("tested", "journals"), [(True, 0), (False, 1)])
def test_the_log_of_an_ended_process_stays_as_long_as_it_holds_something(
    engine: Engine, recorder: Recorder, clock: ManualClock, registrant: Actor, tested: bool, journals: int
) -> None:
    model, journal = model_in(engine, State.TESTING, registrant), pile_journal(recorder, clock)
    if tested:
        a_test(engine, model, (2, 4))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO processes (id, started, ended) VALUES ('p1', 0, 0)"))
    assert sweep(engine).journals == journals
    assert (queries.journal(engine, journal.key) is None) is not tested
    assert sweep(engine) == NOTHING


def test_a_long_journal_is_removed_piece_by_piece(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    play(engine, recorder, open_journal, "r1")
    assert sweep(engine).frames == 3


def test_what_is_kept_is_counted(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal, registrant: Actor
) -> None:
    empty = retention.storage(engine)
    play(engine, recorder, open_journal, "r1", model_in(engine, State.TESTING, registrant).id)
    kept = retention.storage(engine)
    assert (kept.runs, kept.journals, kept.frames, kept.events) == (1, 1, 3, 1)
    assert (kept.uploads, kept.upload_bytes) == (1, 10)
    assert kept.bytes >= empty.bytes > 0
    assert (empty.runs, empty.frames, empty.uploads, empty.upload_bytes) == (0, 0, 0, 0)
