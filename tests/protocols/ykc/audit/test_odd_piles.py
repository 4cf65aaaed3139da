"""Piles that are odd but legal break no rule that must be kept, in their whole session and in the part of each case."""

from __future__ import annotations

import pytest

from harness.core.auditing import Level
from harness.protocols.ykc.audit import audit
from tests.engine.oddities import ODDITIES
from tests.engine.playing import CASES, Playing
from tests.engine.test_hours import at


def broken(odd: str, name: str, seed: int, hour: str) -> list[tuple[str, str, str]]:
    """What must not be said, and of which part: "" for the session."""
    playing = Playing(CASES, name, seed=seed, start=at(hour))
    ODDITIES[odd](playing)
    playing.play()
    parts = {"": playing.table.session.records, **playing.journals}
    assert len(parts) == len(CASES) + 1
    return [(part, f.check, f.en) for part, records in parts.items() for f in audit(records).of(Level.MUST)]


@pytest.mark.parametrize("odd", ODDITIES)
def test_an_odd_pile_with_direct_current_breaks_no_rule(odd: str) -> None:
    assert broken(odd, "demo", 0, "09:28:40") == []


@pytest.mark.parametrize("odd", [odd for odd in ODDITIES if odd != "other_gun_charges"])
def test_an_odd_pile_with_alternating_current_breaks_no_rule(odd: str) -> None:
    assert broken(odd, "ac", 5, "23:50:00") == []


def test_a_pile_that_is_wrong_does_break_one() -> None:
    playing = Playing(("single_tariff",))
    playing.pile.habits.charging_period = 60.0
    playing.play()
    assert audit(playing.records).broken
