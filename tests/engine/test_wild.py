"""Whatever a pile leaves out, and however often its cable is pulled, a session ends, and never by a fault of ours."""

from __future__ import annotations

import random
from typing import Any

import pytest

from harness.core.verdict import Verdict
from tests.engine.playing import CASES, Playing, codes
from tests.engine.test_hours import at

SAID = (
    "realtime_data", "remote_start_reply", "remote_stop_reply", "transaction_record", "start_request", "heartbeat",
    "time_sync_reply", "billing_model_verify", "billing_model_request", "qr_set_reply", "remote_reboot_reply",
    "remote_update_reply",
)  # fmt: skip


def careless(seed: int) -> tuple[Playing, random.Random]:
    choice = random.Random(seed)
    hour = f"{choice.randrange(24):02d}:{choice.randrange(60):02d}:00"
    return Playing(CASES, ("demo", "ac")[seed % 2], seed=seed, start=at(hour)), choice


def forget(playing: Playing, choice: random.Random, share: float) -> None:
    def some(values: dict[str, Any]) -> dict[str, Any] | None:
        return values if choice.random() >= share else None

    for name in SAID:
        playing.pile.habits.change(name, some)


def pull_cable(playing: Playing) -> None:
    if playing.table.cable is not None:
        playing.table.cable.cut()


def ends_well(playing: Playing) -> None:
    playing.play(within=4 * 3600)
    assert len(playing.outcomes) == len(CASES)
    assert [outcome.id for outcome in playing.outcomes if "harness_fault" in codes(outcome)] == []


@pytest.mark.parametrize("share", [0.03, 0.1, 0.4])
@pytest.mark.parametrize("seed", range(4))
def test_a_pile_that_forgets_to_say_things_ends_all_its_cases(seed: int, share: float) -> None:
    playing, choice = careless(seed)
    forget(playing, choice, share)
    ends_well(playing)


@pytest.mark.parametrize("seed", range(8))
def test_a_pile_whose_cable_is_pulled_again_and_again_is_accused_of_nothing(seed: int) -> None:
    playing, choice = careless(seed)
    for _ in range(6):
        playing.after(choice.uniform(5, 900), lambda: pull_cable(playing))
    ends_well(playing)
    failed = {outcome.id: codes(outcome) for outcome in playing.outcomes if outcome.verdict is Verdict.FAILED}
    assert failed == {}
