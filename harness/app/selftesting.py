"""`harness selftest`: every broken pile we know against every case and rule, and every right one too."""

from __future__ import annotations

import argparse
import sys

import msgspec

from harness.console.selftest import Counting, matrix_table
from harness.core.errors import PersonError
from harness.links.reactor_clock import stopwatch
from harness.protocols.ykc.audit.rules import RULES
from harness.selftest.matrix import plain, summary
from harness.selftest.plays import CLEAN_SEEDS, FAULT_SEEDS, plays
from harness.selftest.running import perform_all
from harness.settings import Settings
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS

GOOD, WRONG = 0, 1


def selftest(settings: Settings, args: argparse.Namespace) -> int:
    """Play, print the matrix or one JSON object; 0 when all is as it should be, else 1."""
    _known(args.names)
    fault_seeds, clean_seeds = (args.seeds, args.seeds) if args.seeds else (FAULT_SEEDS, CLEAN_SEEDS)
    wanted = list(plays(fault_seeds, clean_seeds, args.names))
    seconds = stopwatch()
    counting = Counting(len(wanted), sys.stderr)
    pairs = perform_all(wanted, args.jobs, lambda both: counting.one_more())
    counting.close()
    result = summary(pairs, max(fault_seeds, clean_seeds), seconds())
    if args.json:
        sys.stdout.write(msgspec.json.encode(plain(result)).decode() + "\n")
    else:
        matrix_table(result, {rule.check: rule.id for rule in RULES}, sys.stdout)
    return GOOD if result.good else WRONG


def _known(names: list[str]) -> None:
    unknown = [name for name in names if name not in FAULTS and name not in DIALECTS]
    if unknown:
        raise PersonError(
            f"there is no fault or dialect named {unknown[0]!r}; `harness faults` lists them",
            f"没有名为 {unknown[0]!r} 的故障或方言；harness faults 列出全部",
        )
