"""What is told of a play while it goes on is what its outcome and its stored journals say afterwards."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import pytest

from harness.core.auditing import Audit
from harness.core.journal import FrameSeen
from harness.core.outcome import RunOutcome
from harness.data import data_root
from harness.pictures import read_qr
from harness.selftest.playing import LiveAudits, bench_profile, firmware
from harness.sim.tabletop import play_all


@lru_cache(maxsize=1)
def played() -> tuple[RunOutcome, LiveAudits]:
    """A pile whose record comes late, in its case."""
    live = LiveAudits()
    paths = [data_root() / "scenarios" / "ykc" / "single_tariff.yaml"]
    how = {"read_picture": read_qr, "firmware": firmware(), "faults": ("record_late",), "keep": live}
    return play_all(paths, bench_profile("demo"), **how), live  # type: ignore[arg-type]


def test_what_was_told_live_is_what_the_run_says() -> None:
    outcome, live = played()
    assert outcome.session is not None
    assert outcome.session.findings
    assert live.differing(outcome) == ()


def changed(outcome: RunOutcome, audit: Audit | None, where: str) -> RunOutcome:
    if where == "session":
        return msgspec.structs.replace(outcome, session=audit)
    return msgspec.structs.replace(outcome, cases=(msgspec.structs.replace(outcome.cases[0], audit=audit),))


@pytest.mark.parametrize("where", ["session", "case"])
def test_an_outcome_that_says_something_else_is_named(where: str) -> None:
    outcome, live = played()
    said = outcome.session if where == "session" else outcome.cases[0].audit
    assert said is not None
    assert outcome.session_of is not None
    key = outcome.session_of.key if where == "session" else outcome.cases[0].key
    for other in (
        None,
        msgspec.structs.replace(said, findings=said.findings[:-1]),
        msgspec.structs.replace(said, counts={}),
        msgspec.structs.replace(said, frames=said.frames + 1),
    ):
        assert live.differing(changed(outcome, other, where)) == (key,)


def test_a_stored_journal_that_lacks_a_frame_is_named() -> None:
    outcome, live = played()
    poorer = LiveAudits()
    poorer.told = live.told
    for key, records in live.records.items():
        lost = next((record for record in records if isinstance(record, FrameSeen)), None)
        poorer.records[key] = [record for record in records if record is not lost]
    assert outcome.cases[0].key in poorer.differing(outcome)


def test_findings_that_were_never_told_live_are_named() -> None:
    outcome, live = played()
    silent = LiveAudits()
    silent.records = live.records
    silent.told = {key: [] for key in live.told}
    assert set(silent.differing(outcome)) == {outcome.cases[0].key, "pile/32010600019236"}
