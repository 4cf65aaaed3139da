"""A clean pile passes all cases at any hour of the day, in any time zone, as direct or alternating current."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from harness.core.verdict import Verdict
from tests.engine.playing import Playing, codes, played

MIDNIGHT = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)  # in Shanghai
HOURS = (
    "00:00:00", "00:29:30", "02:14:00", "05:24:50", "08:00:00", "09:54:10",
    "12:29:58", "15:45:00", "18:26:00", "21:07:07", "23:50:00", "23:58:00",
)  # fmt: skip


def at(hour: str) -> datetime:
    hours, minutes, seconds = map(int, hour.split(":"))
    return MIDNIGHT + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def all_passed(playing: Playing, but: tuple[str, ...] = ()) -> None:
    wanted = {case: Verdict.NOT_APPLICABLE if case in but else Verdict.PASSED for case in playing.verdicts()}
    assert playing.verdicts() == wanted, [(outcome.id, codes(outcome)) for outcome in playing.outcomes]


@pytest.mark.parametrize(("seed", "hour"), list(enumerate(HOURS)))
def test_a_pile_with_direct_current_passes_all_eight_cases(seed: int, hour: str) -> None:
    playing = Playing(start=at(hour), seed=seed, gun_no=("01", "02")[seed % 2]).play()
    assert len(playing.outcomes) == 8
    all_passed(playing)


@pytest.mark.parametrize(("seed", "hour"), list(enumerate(HOURS[::3])))
def test_a_pile_with_alternating_current_passes_what_it_declares(seed: int, hour: str) -> None:
    all_passed(Playing(name="ac", start=at(hour), seed=seed).play(), but=("vin",))


def test_a_pile_that_declares_the_least_passes_the_three_cases_of_a_scan() -> None:
    all_passed(Playing(name="single").play(), but=("qr_set", "card", "vin", "reboot", "upgrade"))


def test_the_fourth_gun_of_four_passes_too() -> None:
    all_passed(Playing(name="four-guns", gun_no="04").play(), but=("reboot", "upgrade"))


@pytest.fixture(params=["UTC", "America/St_Johns"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("machine_zone")
def test_the_time_zone_of_the_machine_does_not_matter() -> None:
    all_passed(Playing(start=at("23:50:00")).play())


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Kathmandu", "America/New_York"])
def test_the_time_zone_of_the_setting_is_the_piles_own(timezone: str) -> None:
    all_passed(Playing(timezone=timezone).play())


def test_ten_minutes_before_midnight_the_boundary_needs_no_change_of_date() -> None:
    playing = played("cross_tariff", start=at("23:50:00"))
    times = [message.values.current_time.time for _, message in playing.messages("time_sync")]
    assert {moment.date() for moment in times if moment is not None} == {datetime(2026, 4, 17).date()}
    assert playing.outcome.verdict is Verdict.PASSED
