"""The frame log beside bare sqlite3: rows per second from the journal's record to the commit, and bytes on disk."""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from harness.core.journal import PILE, PLATFORM, EventSeen, FrameSeen, Opened, Record
from harness.store.database import PRAGMAS, open_store
from harness.store.recorder import HIGH_WATER, Recorder
from harness.store.rows import frame_tuple
from harness.store.writer import Writer
from tests.bench.measure import Measure, judged

ROWS = 40_000
BATCH = 1000
ROUNDS = 7
MILLION = 1_000_000
# Frame lengths of a heartbeat, its reply, a real-time report and a transaction record, and how often each comes.
LENGTHS, SHARES = (17, 17, 72, 170), (30, 30, 37, 3)
OPENED = EventSeen(1, 0.0, Opened(wall="2026-04-17T02:00:00+00:00", run_id="bench"))


def made_frames(count: int) -> list[FrameSeen]:
    """Frames as a busy platform sees them: 0.1 s apart, of the usual lengths."""
    chance = random.Random(7)
    lengths = chance.choices(LENGTHS, SHARES, k=count)
    return [
        FrameSeen(n, n / 10, PILE if n % 2 else PLATFORM, chance.randbytes(length))
        for n, length in enumerate(lengths, 2)
    ]


def bare(folder: Path, frames: list[FrameSeen]) -> float:
    """Rows per second of ready tuples, by the driver alone, into the same table."""
    path = folder / "bare.sqlite"
    open_store(f"sqlite:///{path}").dispose()
    tuples = [frame_tuple(1, frame) for frame in frames]
    connection = sqlite3.connect(path)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    begin = time.perf_counter()
    for at in range(0, len(tuples), BATCH):
        connection.executemany("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?)", tuples[at : at + BATCH])
        connection.commit()
    spent = time.perf_counter() - begin
    connection.close()
    return len(tuples) / spent


def writer(folder: Path, frames: list[FrameSeen]) -> float:
    """Rows per second of records, through the writer, in the same batches."""
    engine = open_store(f"sqlite:///{folder}/writer.sqlite")
    ours = Writer(engine, "bench")
    ours.write([("bench", OPENED)])
    items: list[tuple[str, Record]] = [("bench", frame) for frame in frames]
    begin = time.perf_counter()
    for at in range(0, len(items), BATCH):
        ours.write(list(items[at : at + BATCH]))
    spent = time.perf_counter() - begin
    engine.dispose()
    return len(frames) / spent


def recorder(folder: Path, frames: list[FrameSeen]) -> float:
    """Rows per second with queue and thread and all: from the first record given to the last one committed."""
    engine = open_store(f"sqlite:///{folder}/recorder.sqlite")
    ours = Recorder(engine, "bench")
    ours("bench", OPENED)
    begin = time.perf_counter()
    for at in range(0, len(frames), HIGH_WATER):
        for frame in frames[at : at + HIGH_WATER]:
            ours("bench", frame)
    ours.flush()
    spent = time.perf_counter() - begin
    ours.close()
    engine.dispose()
    return len(frames) / spent


def in_folder(work: Callable[[Path, list[FrameSeen]], float], frames: list[FrameSeen]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return work(Path(folder), frames)


def megabytes_per_million() -> float:
    """The database file after a million frames, its write-ahead log folded in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "size.sqlite"
        engine = open_store(f"sqlite:///{path}")
        ours = Writer(engine, "bench")
        ours.write([("bench", OPENED)])
        frames = made_frames(MILLION)
        for at in range(0, MILLION, BATCH):
            ours.write([("bench", frame) for frame in frames[at : at + BATCH]])
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
        return path.stat().st_size / MILLION


def measures() -> list[Measure]:
    """The rows of the table about the store."""
    frames = made_frames(ROWS)
    works = [bare, writer, recorder]
    rates: dict[str, list[float]] = {work.__name__: [] for work in works}
    shuffle = random.Random(1).shuffle
    for _ in range(ROUNDS):
        shuffle(works)
        for work in works:
            rates[work.__name__].append(in_folder(work, frames))
    ratios = {
        name: statistics.median(ours / theirs for ours, theirs in zip(rates[name], rates["bare"], strict=True))
        for name in rates
    }
    told = ", ".join(f"{name} {statistics.median(rate) / 1000:.0f} k/s" for name, rate in sorted(rates.items()))
    return [
        judged("frame-log rows/s / bare sqlite3 executemany", ">=", 0.85, ratios["writer"], note=told),
        Measure("frame-log rows/s with queue and thread / bare", "", ratios["recorder"], note="one core shared"),
        judged("frame log on disk per million frames", "<=", 95, megabytes_per_million(), "MB", "with its index"),
    ]
