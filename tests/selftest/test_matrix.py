"""The self-test with one seed: every broken pile is found by what is meant to find it, no right pile is blamed."""

from __future__ import annotations

import pytest

from harness.selftest.matrix import Summary, summary
from harness.selftest.plays import Play, plays
from harness.selftest.running import perform_twice
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS

ONE_SEED = list(plays(fault_seeds=1, clean_seeds=1))


def _name(play: Play) -> str:
    return "-".join((play.kind, play.name, *play.dialects[:1], play.cases[0]))


@pytest.mark.parametrize("play", ONE_SEED, ids=_name)
def test_a_pile_is_found_out_or_left_alone_and_live_as_afterwards(play: Play) -> None:
    result: Summary = summary([perform_twice(play)], seeds=1, seconds=0.0)
    assert result.missed == ()
    assert result.false_findings == ()
    assert result.unstable == ()


def test_there_are_enough_faults_and_dialects_each_with_its_words() -> None:
    assert len(FAULTS) >= 60
    assert len(DIALECTS) >= 15
    assert sum(fault.changes != "field" for fault in FAULTS.values()) >= 40
    assert all(fault.zh and fault.en and fault.dialect in DIALECTS for fault in FAULTS.values())
