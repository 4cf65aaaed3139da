"""A store in a folder of its own, and journals as a run would write them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from harness.core.clock import ManualClock
from harness.core.journal import Closed, Journal, Opened, Sink
from harness.store.database import open_store
from harness.store.recorder import Recorder

NOW = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
PROFILE = {"pile_code": "32010600417702", "model": "QH-DC120-2", "kind": "dc", "power_kw": 120, "guns": 2}

OpenJournal = Callable[..., Journal]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path}/harness.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def recorder(engine: Engine) -> Iterator[Recorder]:
    recorder = Recorder(engine, "p1")
    yield recorder
    recorder.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def open_journal(clock: ManualClock) -> OpenJournal:
    """Opens the journal of a case of a run, whose first event says what the recorder needs to know."""

    def opened(key: str, *sinks: Sink, run_id: str = "r1", case: str = "estop") -> Journal:
        journal = Journal(key, clock, sinks)
        wall = clock.wall().isoformat()
        journal.event(Opened(wall=wall, run_id=run_id, scenario=case, profile=PROFILE, gun_no="01"))
        return journal

    return opened


def close(journal: Journal) -> None:
    journal.event(Closed(how="finished"))
