"""Who died leaves broken runs, who lives does not; charges left behind are found by their serial."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from harness.core.journal import PILE, FrameSeen, Journal, Record
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Verdict
from harness.store import queries
from harness.store.database import open_store
from harness.store.locks import lock_folder, take_lock
from harness.store.ownership import Orphan, mark_broken, orphans, take_ownership
from harness.store.recorder import Recorder
from tests.store.conftest import NOW

OpenJournal = Callable[..., Journal]


def serials(records: Sequence[Record]) -> Iterable[str]:
    """A made-up language: the bytes are the serial."""
    return [record.raw.hex().upper() for record in records if isinstance(record, FrameSeen) and record.raw]


def leave_unfinished(engine: Engine, open_journal: OpenJournal, process: str) -> None:
    recorder = Recorder(engine, process)
    open_journal("r1/single_tariff", recorder, case="single_tariff").frame(PILE, b"\x32\x01")
    recorder.close()


def test_a_name_is_held_by_one_at_a_time(engine: Engine) -> None:
    release = take_lock(engine, "a")
    assert release is not None
    assert take_lock(engine, "a") is None
    release()
    assert take_lock(engine, "a") is not None


def test_a_run_of_a_living_process_is_left_alone(engine: Engine, open_journal: OpenJournal) -> None:
    living = take_ownership(engine, NOW)
    leave_unfinished(engine, open_journal, living.process)
    assert mark_broken(engine, NOW) == []
    assert queries.runs(engine)[0].verdict is None


def test_a_run_that_its_process_leaves_unfinished_is_broken(engine: Engine, open_journal: OpenJournal) -> None:
    owner = take_ownership(engine, NOW)
    leave_unfinished(engine, open_journal, owner.process)
    owner.end(NOW + timedelta(seconds=5))
    run = queries.runs(engine)[0]
    assert (run.verdict, run.ended) == (Verdict.BROKEN, NOW + timedelta(seconds=5))
    assert list(lock_folder(engine).glob(f"{owner.process}*")) == []


def test_the_cases_that_were_through_keep_their_verdicts_when_a_run_breaks(
    engine: Engine, open_journal: OpenJournal
) -> None:
    """The first case was not declared, the second passed, the third was being played."""
    owner = take_ownership(engine, NOW)
    recorder = Recorder(engine, owner.process)
    undeclared = CaseOutcome(id="vin", title_zh="VIN充电", title_en="VIN", verdict=Verdict.NOT_APPLICABLE)
    recorder.keep_case("r1", 0, undeclared)
    open_journal("r1/qr_set", recorder, case="qr_set")
    passed = CaseOutcome(id="qr_set", title_zh="二维码", title_en="QR", verdict=Verdict.PASSED, key="r1/qr_set")
    recorder.keep_case("r1", 1, passed)
    open_journal("r1/estop", recorder, case="estop")
    recorder.close()
    owner.end(NOW)
    outcome = queries.run_outcome(engine, "r1")
    assert [(case.id, case.verdict) for case in outcome.cases] == [
        ("qr_set", Verdict.PASSED),
        ("estop", Verdict.BROKEN),
    ]


CHILD = """
import sys
from datetime import UTC, datetime
from harness.core.journal import PILE, FrameSeen, EventSeen, Opened
from harness.store.database import open_store
from harness.store.ownership import take_ownership
from harness.store.recorder import Recorder
PROFILE = {"pile_code": "32010600417702", "model": "A", "kind": "dc", "power_kw": 120, "guns": 2}
now = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
engine = open_store(sys.argv[1])
recorder = Recorder(engine, take_ownership(engine, now).process)
opened = Opened(wall=now.isoformat(), run_id="r1", scenario="single_tariff", profile=PROFILE, gun_no="01")
recorder("r1/single_tariff", EventSeen(1, 0.0, opened))
recorder("r1/single_tariff", FrameSeen(2, 1.0, PILE, bytes.fromhex("3201")))
recorder.flush()
print("written", flush=True)
sys.stdin.read()
"""


def killed(url: str) -> None:
    """A process that writes and is killed before it can finish."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()


def test_the_next_start_marks_the_run_of_a_killed_process_broken_and_finds_its_charge(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/harness.sqlite"
    killed(url)
    engine = open_store(url)
    take_ownership(engine, NOW + timedelta(hours=1))
    outcome = queries.run_outcome(engine, "r1")
    assert [(case.id, case.verdict, case.findings[0].code) for case in outcome.cases] == [
        ("single_tariff", Verdict.BROKEN, "ended_by_us")
    ]
    assert orphans(engine, NOW + timedelta(hours=1), serials) == [
        Orphan("3201", "r1", "r1/single_tariff", "32010600417702", "01", NOW, 2)
    ]
    assert orphans(engine, NOW + timedelta(days=8), serials) == []
    engine.dispose()


PACED = """
import sys, threading
from datetime import UTC, datetime
from harness.core.journal import PILE, FrameSeen, EventSeen, Opened
from harness.store.database import open_store
from harness.store.recorder import Recorder
recorder = Recorder(open_store(sys.argv[1]), "p")
recorder("r1/estop", EventSeen(1, 0.0, Opened(wall="2026-04-17T02:00:00+00:00", run_id="r1")))
beat = threading.Event()
for n in range(2, 100000):
    recorder("r1/estop", FrameSeen(n, 0.0, PILE, b"x"))
    print(n, flush=True)
    beat.wait(0.001)
"""


def test_a_kill_loses_no_frame_that_was_kept_well_before(tmp_path: Path) -> None:
    """The child keeps a frame each millisecond or slower and is killed at the 1500th: 1000 frames are more than 1 s."""
    url = f"sqlite:///{tmp_path}/harness.sqlite"
    with subprocess.Popen([sys.executable, "-c", PACED, url], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        last = next(int(line) for line in child.stdout if int(line) == 1500)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    engine = open_store(url)
    kept = [record.n for record in queries.records(engine, "r1/estop")]
    engine.dispose()
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) >= last - 1000
