"""A short run on the tabletop, with its journals: what its files should read back as."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from harness.core.journal import FrameSeen, Record
from harness.core.outcome import RunOutcome
from tests.sim.plays import played


class Run(NamedTuple):
    """A run and the journals of its cases."""

    outcome: RunOutcome
    journals: dict[str, list[Record]]

    @property
    def frames(self) -> list[FrameSeen]:
        """All its frames in order."""
        return [record for records in self.journals.values() for record in records if isinstance(record, FrameSeen)]


@lru_cache(maxsize=1)
def run() -> Run:
    """A QR code, then an emergency stop."""
    journals: dict[str, list[Record]] = {}
    outcome = played(
        cases=("qr_set", "estop"), on_case=lambda case, memory: journals.update({case.key: list(memory.records)})
    )
    return Run(outcome, journals)
