"""The boundary is reached by moving the pile's clock; where that does not follow, the real boundary is waited for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from harness.core.journal import ClockGiven
from harness.core.verdict import Verdict
from tests.engine.playing import Playing, codes, finding
from tests.engine.test_hours import at

HALF_HOUR = 1800.0


def deaf_clock(playing: Playing) -> None:
    """0x56 is not heard at all, nor answered; the pile's own clock is right."""
    playing.pile.clock.set(playing.table.platform.local_now(), 0)
    playing.pile.set_clock = lambda told, now: None  # type: ignore[method-assign]
    playing.pile.habits.change("time_sync_reply", lambda values: None)


def own_clock(playing: Playing) -> None:
    """0x56 is answered with the pile's own time, which is right, and changes nothing."""
    playing.pile.clock.set(playing.table.platform.local_now(), 0)
    playing.pile.set_clock = lambda told, now: None  # type: ignore[method-assign]


def hour_off_when_moved(playing: Playing) -> None:
    """A moved time is answered with one an hour off, and not taken; real time is taken."""
    take = playing.pile.set_clock

    def set_clock(told: Any, now: float) -> None:
        if abs(told - playing.table.platform.local_now()) < timedelta(seconds=60):
            take(told, now)

    def an_hour_off(values: dict[str, Any]) -> dict[str, Any]:
        time = values["current_time"]
        near = abs(time - playing.table.platform.local_now()) < timedelta(seconds=60)
        moved = playing.table.platform.piles[playing.profile.pile_code].clock.moved
        return values | {"current_time": time + timedelta(hours=1)} if moved and near else values

    playing.pile.set_clock = set_clock  # type: ignore[method-assign]
    playing.pile.habits.change("time_sync_reply", an_hour_off)


def reconnects_soon(playing: Playing) -> None:
    """The pile starts its connection anew 30 s after its clock was set."""
    playing.after(40, lambda: playing.pile.contact.drop(playing.now))


@pytest.mark.parametrize("odd", [deaf_clock, own_clock, hour_off_when_moved, reconnects_soon])
@pytest.mark.parametrize("hour", ["10:05:00", "10:28:30", "23:45:00"])
def test_a_clock_that_does_not_follow_costs_a_wait_for_the_real_boundary_and_a_remark(odd: Any, hour: str) -> None:
    playing = Playing(["cross_tariff"], start=at(hour))
    odd(playing)
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.REMARK, codes(outcome)
    assert codes(outcome) == {"clock_not_followed"}
    remark = finding(outcome, "clock_not_followed")
    assert remark.frames
    assert remark.seen
    steer = next(step for step in outcome.steps if step.key == "steer")
    assert steer.began is not None
    assert steer.ended is not None
    assert steer.ended - steer.began <= 31 * 60


def test_a_clock_that_follows_is_real_again_only_when_the_record_is_in() -> None:
    playing = Playing(["cross_tariff"], start=at("10:05:00")).play()
    given = [(r.at, r.event) for r in playing.records if isinstance(getattr(r, "event", None), ClockGiven)]
    moved = next(event for _, event in given if event.what == "moved")
    real_at, real = given[-1]
    record_at, _ = playing.messages("transaction_record")[-1]
    assert moved.offset != 0
    assert (real.what, real.offset) == ("real", 0.0)
    assert real_at >= record_at
    start_at, _ = playing.messages("remote_start")[0]
    told = [when for when, _ in playing.messages("time_sync")]
    assert not [when for when in told if start_at <= when < record_at]


def test_after_a_relogin_within_the_charge_the_moved_time_is_given_again() -> None:
    playing = Playing(["cross_tariff"], start=at("10:05:00"))
    playing.after(130, lambda: playing.pile.contact.drop(playing.now))
    outcome = playing.play().outcome
    assert outcome.verdict in (Verdict.PASSED, Verdict.REMARK), codes(outcome)
    told = {round(event.offset) for event in playing.events(ClockGiven)}
    assert len(told - {0}) == 1
    assert len([event for event in playing.events(ClockGiven) if event.what == "moved"]) >= 2


def test_the_boundary_is_reached_in_at_most_five_minutes() -> None:
    for hour in ("00:01:00", "10:14:59", "10:15:01", "23:59:30"):
        playing = Playing(["cross_tariff"], start=at(hour)).play()
        steer = next(step for step in playing.outcome.steps if step.key == "steer")
        assert playing.outcome.charge is not None
        boundary = playing.outcome.charge.bands[0].end
        assert steer.began is not None
        assert boundary - steer.began <= 300
        assert [band.label for band in playing.outcome.charge.bands] != []
        assert len(playing.outcome.charge.bands) == 2


def test_our_serials_carry_platform_time_while_the_clock_is_moved() -> None:
    playing = Playing(["cross_tariff"], start=at("10:05:00")).play()
    _, start = playing.messages("remote_start")[0]
    assert start.values.transaction_serial[16:24] == "26041710"
