"""The recorder turns journals into rows: all of them, in order, and it asks for patience instead of dropping."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from harness.core.clock import ManualClock
from harness.core.errors import HarnessFault, PersonError
from harness.core.journal import PILE, PLATFORM, Closed, FrameSeen, Journal, LinkChanged, Memory, TariffGiven
from harness.store import queries
from harness.store.database import open_store
from harness.store.recorder import HARD_LIMIT, HIGH_WATER, Recorder

OpenJournal = Callable[..., Journal]


def test_what_was_recorded_reads_back_the_same(
    engine: Engine, recorder: Recorder, clock: ManualClock, open_journal: OpenJournal
) -> None:
    memory = Memory()
    journal = open_journal("r1/estop", recorder, memory)
    clock.advance(0.1234567891)
    journal.frame(PILE, bytes.fromhex("680D0000"))
    journal.event(LinkChanged(what="login", peer="198.51.100.7:4021"))
    clock.advance(1.1)
    journal.frame(PLATFORM, b"\xff\x00", "crc")
    journal.event(TariffGiven(what="sent", number="0100", tariff={"slots": ["peak"]}, frames=(2, 4)))
    journal.event(Closed(how="finished"))
    recorder.flush()
    assert queries.records(engine, "r1/estop") == memory.records


def test_journals_written_at_the_same_time_stay_apart(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    one, other = (open_journal(key, recorder) for key in ("r1/a", "r1/b"))
    for number in range(50):
        one.frame(PILE, bytes([number]))
        other.frame(PLATFORM, bytes([number, number]))
    recorder.flush()
    assert [len(record.raw) for record in queries.records(engine, "r1/a") if isinstance(record, FrameSeen)] == [1] * 50
    assert [len(record.raw) for record in queries.records(engine, "r1/b") if isinstance(record, FrameSeen)] == [2] * 50


def test_a_journal_that_does_not_say_whose_it_is_is_our_fault(engine: Engine) -> None:
    recorder = Recorder(engine, "p1")
    recorder("nameless", FrameSeen(1, 0.0, PILE, b"x"))
    with pytest.raises(HarnessFault, match="nameless"):
        recorder.close()


def test_a_journal_taken_up_again_counts_on_with_its_own_time(
    engine: Engine, clock: ManualClock, open_journal: OpenJournal
) -> None:
    recorder = Recorder(engine, "p1")
    open_journal("r1/estop", recorder).frame(PILE, b"1")
    recorder.close()
    line = queries.journal(engine, "r1/estop")
    assert line is not None
    clock.advance(60)
    opened_at = clock.monotonic() - (clock.wall() - line.opened).total_seconds()
    later = Recorder(engine, "p2")
    Journal("r1/estop", clock, (later,), after=line.last, opened_at=opened_at).frame(PILE, b"2")
    later.close()
    assert [(record.n, record.at) for record in queries.records(engine, "r1/estop")] == [(1, 0.0), (2, 0.0), (3, 60.0)]


def test_nothing_is_dropped_and_the_caller_is_asked_to_slow_down(engine: Engine, open_journal: OpenJournal) -> None:
    """The database stands still until all callers have been told; then everything comes through."""
    told: list[bool] = []
    go_on = threading.Event()
    event.listen(engine, "begin", lambda _: go_on.wait(30))
    recorder = Recorder(engine, "p1", on_full=told.append)
    journal = open_journal("r1/estop", recorder)
    for _ in range(2 * HIGH_WATER):
        journal.frame(PILE, b"x")
    assert told == [True]
    go_on.set()
    recorder.flush()
    assert told == [True, False]
    recorder.close()
    line = queries.journal(engine, "r1/estop")
    assert line is not None
    assert line.last == 2 * HIGH_WATER + 1


def test_at_the_hard_limit_whoever_adds_waits_until_there_is_room(engine: Engine, open_journal: OpenJournal) -> None:
    go_on = threading.Event()
    event.listen(engine, "begin", lambda _: go_on.wait(30))
    recorder = Recorder(engine, "p1", on_full=lambda full: None)
    journal = open_journal("r1/estop", recorder)

    def fill() -> None:
        for _ in range(2 * HARD_LIMIT):
            journal.frame(PILE, b"x")

    filling = threading.Thread(target=fill)
    filling.start()
    filling.join(0.5)
    waited = filling.is_alive()
    go_on.set()
    filling.join()
    recorder.close()
    line = queries.journal(engine, "r1/estop")
    assert waited
    assert line is not None
    assert line.last == 2 * HARD_LIMIT + 1


def test_what_the_database_refused_is_kept_and_written_later(engine: Engine, open_journal: OpenJournal) -> None:
    complaints: list[Exception] = []
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE frames RENAME TO elsewhere"))
    recorder = Recorder(engine, "p1", on_error=complaints.append)
    open_journal("r1/estop", recorder).frame(PILE, b"x")
    with pytest.raises(PersonError, match="cannot be written: no such table: frames"):
        recorder.flush()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO frames"))
    recorder.close()
    assert len(queries.records(engine, "r1/estop")) == 2
    assert isinstance(complaints[0], PersonError)


def test_a_frame_is_on_disk_within_the_loss_bound_without_anybody_asking(
    engine: Engine, open_journal: OpenJournal
) -> None:
    written = threading.Event()
    event.listen(engine, "commit", lambda _: written.set())
    recorder = Recorder(engine, "p1")
    open_journal("r1/estop", recorder).frame(PILE, b"x")
    assert written.wait(10)
    recorder.close()


def test_closing_says_what_could_not_be_written(tmp_path: Path, open_journal: OpenJournal) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/harness.sqlite")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE frames"))
    recorder = Recorder(engine, "p1")
    open_journal("r1/estop", recorder).frame(PILE, b"x")
    with pytest.raises(PersonError, match="cannot be written"):
        recorder.close()
    engine.dispose()


def test_moments_are_kept_to_the_microsecond(
    engine: Engine, recorder: Recorder, clock: ManualClock, open_journal: OpenJournal
) -> None:
    journal = open_journal("r1/estop", recorder)
    clock.advance(timedelta(days=30, microseconds=7).total_seconds())
    journal.frame(PILE, b"x")
    recorder.flush()
    assert queries.records(engine, "r1/estop")[-1].at == 2592000.000007


def test_a_call_is_made_once_what_was_given_before_it_is_on_disk(engine: Engine, open_journal: OpenJournal) -> None:
    recorder = Recorder(engine, "p1")
    seen: list[int] = []
    journal = open_journal("r1/estop", recorder)
    for _ in range(2):
        journal.frame(PILE, b"x")
        recorder.after(lambda: seen.append(len(queries.records(engine, "r1/estop"))))
    recorder.close()
    assert seen[0] in (2, 3)
    assert seen[1] == 3


def test_calls_may_write_to_the_database_themselves_and_keep_their_order(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    def write(name: str) -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO processes (id, started) VALUES (:name, 5)"), {"name": name})

    open_journal("r1/estop", recorder)
    order: list[str] = []
    for name in ("a", "b", "c"):
        recorder.after(lambda name=name: write(name))  # type: ignore[misc]
        recorder.after(lambda name=name: order.append(name))  # type: ignore[misc]
    recorder.flush()
    with engine.connect() as connection:
        assert list(connection.scalars(text("SELECT id FROM processes ORDER BY id"))) == order == ["a", "b", "c"]


def test_a_call_waits_until_the_database_takes_what_was_given_before(engine: Engine, open_journal: OpenJournal) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE frames RENAME TO elsewhere"))
    recorder = Recorder(engine, "p1")
    made: list[str] = []
    open_journal("r1/estop", recorder).frame(PILE, b"x")
    recorder.after(lambda: made.append("once"))
    with pytest.raises(PersonError):
        recorder.flush()
    assert made == []
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO frames"))
    recorder.close()
    assert made == ["once"]


def test_who_wants_all_kept_waits_no_longer_than_they_said(engine: Engine, open_journal: OpenJournal) -> None:
    recorder = Recorder(engine, "p1")
    open_journal("r1/estop", recorder).frame(PILE, b"1")
    assert recorder.settle(10)
    assert len(queries.records(engine, "r1/estop")) == 2
    may_go_on = threading.Event()

    def wait() -> None:
        may_go_on.wait(10)

    recorder.after(wait)
    assert not recorder.settle(0.01)
    may_go_on.set()
    assert recorder.settle(10)
    recorder.close()


def test_a_call_that_raises_is_told_and_recording_goes_on(
    engine: Engine, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Exception] = []
    recorder = Recorder(engine, "p1", on_error=told.append)
    journal = open_journal("r1/estop", recorder)
    recorder.after(Troubled(PersonError("This model is not there.", "没有这个型号。")))
    recorder.after(lambda: [][0])
    journal.frame(PILE, b"x")
    recorder.close()
    assert [type(error) for error in told] == [HarnessFault]
    assert caplog.messages == ["This model is not there."]
    assert len(queries.records(engine, "r1/estop")) == 2


class Troubled:
    """A call that raises what it is given, one after the other, and then does what it is for."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.made = threading.Event()

    def __call__(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.made.set()


def locked() -> OperationalError:
    return OperationalError("UPDATE models", {}, Exception("database is locked"))


def test_a_call_that_found_the_database_locked_is_made_again_before_those_behind_it(engine: Engine) -> None:
    told: list[Exception] = []
    recorder = Recorder(engine, "p1", on_error=told.append)
    waits, order = Troubled(locked()), []
    recorder.after(waits)
    recorder.after(lambda: order.append(waits.made.is_set()))
    assert waits.made.wait(10)
    assert recorder.settle(10)
    recorder.close()
    assert order == [True]
    assert told == []


def test_a_database_that_stays_locked_is_told_and_what_piles_say_is_written_meanwhile(
    engine: Engine, open_journal: OpenJournal
) -> None:
    telling = threading.Event()
    recorder = Recorder(engine, "p1", on_error=lambda error: telling.set())
    waits = Troubled(*(locked() for _ in range(5)))
    recorder.after(waits)
    open_journal("r1/estop", recorder).frame(PILE, b"x")
    assert telling.wait(10)
    assert waits.made.wait(10)
    recorder.close()
    assert len(queries.records(engine, "r1/estop")) == 2


def test_closing_says_what_could_not_be_done_for_want_of_the_database(engine: Engine) -> None:
    recorder = Recorder(engine, "p1")
    recorder.after(Troubled(*(locked() for _ in range(1000))))
    with pytest.raises(PersonError, match="database is locked"):
        recorder.close()


def test_what_others_write_goes_with_the_batch_and_is_written_again_with_it(
    engine: Engine, open_journal: OpenJournal
) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE frames RENAME TO elsewhere"))
    recorder = Recorder(engine, "p1")
    open_journal("r1/estop", recorder).frame(PILE, b"x")
    recorder.keep(lambda connection: connection.execute(text("INSERT INTO processes (id, started) VALUES ('own', 5)")))
    with pytest.raises(PersonError):
        recorder.flush()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM processes WHERE id = 'own'")) == 0
        connection.execute(text("ALTER TABLE elsewhere RENAME TO frames"))
    recorder.close()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM processes WHERE id = 'own'")) == 1
