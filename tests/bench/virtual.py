"""The eight cases in pretend time against a process that only imports twisted, sqlalchemy and yaml."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from tests.bench.measure import Measure, judged

ROUNDS = 5
IMPORTS = (
    "import twisted.internet.reactor, twisted.internet.task, twisted.internet.defer, sqlalchemy, sqlalchemy.orm, yaml"
)


def seconds(*arguments: str) -> float:
    """Seconds a fresh process takes; it must succeed."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begin


def measures() -> list[Measure]:
    """Interleaved rounds, median of in-round ratios."""
    seconds("-m", "tests.bench.eight_cases")
    pairs = [(seconds("-m", "tests.bench.eight_cases"), seconds("-c", IMPORTS)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    took = statistics.median(ours for ours, _ in pairs)
    return [
        judged("eight cases, fresh process / imports alone", "<=", 4, ratio),
        judged("eight cases, fresh process with log and report", "<=", 1.0, took, "s", "the aim"),
    ]
