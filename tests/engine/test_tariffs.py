"""A pile that will not have our half-hour prices gets two; one that will not have those either cannot charge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from harness.core.journal import FrameSeen, TariffGiven
from harness.core.verdict import Verdict
from harness.sim.ykc.tariff import Model
from tests.engine.playing import LANGUAGE, Playing, codes, finding
from tests.engine.test_cross_tariff import own_clock
from tests.engine.test_hours import at


def takes_only(playing: Playing, wanted: Callable[[Model], bool]) -> None:
    """Other models are asked for again and again."""
    take, settle = playing.pile.take_model, playing.pile.contact.model_settled
    playing.pile.take_model = lambda model: take(model) if wanted(model) else None  # type: ignore[method-assign]
    playing.pile.contact.model_settled = (  # type: ignore[method-assign]
        lambda now: settle(now) if playing.pile.model is not None else None
    )


def two_prices(model: Model) -> bool:
    return len(set(model.tariff.slots)) == 2


@pytest.mark.parametrize("case", ["single_tariff", "cross_tariff"])
@pytest.mark.parametrize("hour", ["10:20:00", "10:44:00", "23:50:00"])
def test_a_pile_that_takes_two_prices_passes_with_a_remark(case: str, hour: str) -> None:
    playing = Playing([case], start=at(hour))
    takes_only(playing, two_prices)
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.REMARK, codes(outcome)
    assert codes(outcome) == {"tariff_simple"}
    assert len(finding(outcome, "tariff_simple").frames) == 2


@pytest.mark.parametrize("case", ["single_tariff", "cross_tariff", "card", "vin", "estop"])
def test_a_pile_that_takes_no_prices_fails_the_charging_cases_naming_both_frames(case: str) -> None:
    playing = Playing([case], start=at("10:20:00"))
    takes_only(playing, lambda model: False)
    playing.table.power_on()
    playing.until(lambda: playing.table.platform.piles[playing.profile.pile_code].billing.refused)
    playing.series.start()
    playing.until(lambda: bool(playing.done))
    outcome = playing.outcome
    assert outcome.verdict is Verdict.FAILED
    refused = finding(outcome, "tariff_refused")
    named = [record for record in playing.records if record.n in refused.frames]
    names = [LANGUAGE.read(record.raw).name for record in named if isinstance(record, FrameSeen)]  # type: ignore[union-attr]
    assert names == ["billing_model_request_reply", "billing_model_request"]


def test_a_pile_that_asks_for_prices_while_somebody_swipes_earns_nothing_yet() -> None:
    playing = Playing(["card"], start=at("10:20:00"))
    takes_only(playing, two_prices)
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.NOT_EARNED
    assert codes(outcome) == {"tariff_simple", "tariff_not_accepted"}


def test_a_real_boundary_too_far_away_earns_nothing() -> None:
    """Two prices, a clock that does not follow, and the one change of the day is over."""
    playing = Playing(["cross_tariff"], start=at("10:20:00"))
    takes_only(playing, two_prices)
    own_clock(playing)
    playing.table.power_on()
    playing.until(lambda: playing.pile.model is not None)
    playing.table.run(lambda: False, within=timedelta(minutes=20).total_seconds())
    playing.series.start()
    playing.until(lambda: bool(playing.done))
    outcome = playing.outcome
    assert outcome.verdict is Verdict.NOT_EARNED, codes(outcome)
    assert codes(outcome) == {"tariff_simple", "clock_not_followed", "boundary_not_reached"}
    steer = next(step for step in outcome.steps if step.key == "steer")
    assert steer.how == "unmet"


def test_the_amount_cites_the_frames_by_which_the_prices_were_given() -> None:
    playing = Playing(["single_tariff", "card"], start=at("10:05:00")).play()
    (given,) = [event for event in playing.events(TariffGiven) if event.what == "in_force"]
    amount = finding(playing.outcome, "amount_equal")
    assert given.frames
    assert set(given.frames) < set(amount.frames)
