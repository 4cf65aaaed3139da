"""What captures are made from: the pile's own journal of a run, its connections, its frames in a stretch of time."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from harness.core.clock import ManualClock
from harness.core.journal import PILE, PLATFORM, ClockGiven, Journal, LinkChanged, StepBegan
from harness.store import queries
from harness.store.recorder import Recorder

OpenJournal = Callable[..., Journal]


@pytest.fixture
def session(recorder: Recorder, clock: ManualClock, open_journal: OpenJournal) -> Journal:
    """The pile's journal, opened before a run; a frame each second."""
    journal = open_journal("p1/pile", recorder, run_id="", case="")
    journal.event(LinkChanged("login", "192.0.2.20:41234"))
    for number in range(10):
        clock.advance(1.0)
        journal.frame(PILE if number % 2 else PLATFORM, bytes((number,)))
    journal.event(ClockGiven("real"))
    journal.event(LinkChanged("lost", "192.0.2.20:41234"))
    open_journal("r1/1-estop", recorder)
    clock.advance(60.0)
    open_journal("p1/pile again", recorder, run_id="", case="").frame(PILE, b"later")
    recorder.flush()
    return journal


def test_the_journal_of_a_runs_pile_is_the_one_that_was_open_when_it_began(engine: Engine, session: Journal) -> None:
    found = queries.pile_journal(engine, "r1")
    assert found is not None
    assert found.key == session.key


def test_a_run_whose_pile_has_no_journal_of_its_own_has_none(
    engine: Engine, recorder: Recorder, open_journal: OpenJournal
) -> None:
    open_journal("r1/1-estop", recorder)
    recorder.flush()
    assert queries.pile_journal(engine, "r1") is None


def test_only_events_that_say_what_went_over_the_wire_are_read(engine: Engine, session: Journal) -> None:
    found = [type(seen.event).__name__ for seen in queries.wire_events(engine, session.key)]
    assert found == ["Opened", "LinkChanged", "LinkChanged"]
    assert queries.wire_events(engine, "nothing") == []


def test_steps_are_among_them(engine: Engine, recorder: Recorder, open_journal: OpenJournal) -> None:
    open_journal("r1/1-estop", recorder).event(StepBegan(index=0, key="ask", line=1))
    recorder.flush()
    assert isinstance(queries.wire_events(engine, "r1/1-estop")[-1].event, StepBegan)


def test_frames_of_a_stretch_are_those_from_its_first_to_its_last_moment(engine: Engine, session: Journal) -> None:
    found = [frame.at for frame in queries.frames_between(engine, session.key, 3.0, 6.0)]
    assert found == [3.0, 4.0, 5.0, 6.0]
    assert list(queries.frames_between(engine, "nothing", 0.0, 99.0)) == []
