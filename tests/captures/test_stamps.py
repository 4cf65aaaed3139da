"""Times as logs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.captures.stamps import Clock, Stamp, date_in, stamp_in

TEN = datetime(2026, 4, 17, 10, 0, 1, tzinfo=UTC).timestamp()
OF_DAY = 36_001.0


def read(text: str) -> Stamp:
    found = stamp_in(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-04-17 10:00:01 x", TEN),
        ("2026-04-17 10:00:01.123 x", TEN + 0.123),
        ("2026-04-17 10:00:01,123 x", TEN + 0.123),
        ("2026-04-17 10:00:01:123 x", TEN + 0.123),
        ("2026-04-17T10:00:01.123456 x", TEN + 0.123456),
        ("2026/04/17 10:00:01 x", TEN),
        ("2026/4/17 10:00:01 x", TEN),
        ("[2026-04-17 10:00:01.5] x", TEN + 0.5),
        ("2026年04月17日 10时00分01秒 x", TEN),
        ("20260417 10:00:01.5 x", TEN + 0.5),
        ("20260417100001 x", TEN),
        ("20260417_100001 x", TEN),
    ],
)
def test_dates_with_times_are_local(text: str, seconds: float) -> None:
    stamp = read(text)
    assert stamp.seconds == pytest.approx(seconds)
    assert (stamp.dated, stamp.local, stamp.year) == (True, True, True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-04-17T10:00:01Z", TEN),
        ("2026-04-17T10:00:01.25+08:00", TEN - 8 * 3600 + 0.25),
        ("2026-04-17 10:00:01 -0330 x", TEN + 3.5 * 3600),
        (f"{TEN:.0f} x", TEN),
        (f"[{TEN:.3f}] x", TEN),
        (f"{TEN * 1000 + 7:.0f},680D", TEN + 0.007),
        (f"{TEN * 1_000_000 + 7:.0f} x", TEN + 0.000_007),
    ],
)
def test_zones_and_epochs_are_true_time(text: str, seconds: float) -> None:
    stamp = read(text)
    assert stamp.seconds == pytest.approx(seconds)
    assert not stamp.local


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10:00:01 x", OF_DAY),
        ("10:00:01.123 x", OF_DAY + 0.123),
        ("[10:00:01,123] x", OF_DAY + 0.123),
        ("recv 10:00:01:123 x", OF_DAY + 0.123),
        ("10:00:01,680D00010003", OF_DAY),
        ("10:00:01,68 0D 00 01", OF_DAY),
        ("10:00:01, 68,0D,00", OF_DAY),
    ],
)
def test_a_time_of_day_has_no_date(text: str, seconds: float) -> None:
    stamp = read(text)
    assert stamp.seconds == pytest.approx(seconds)
    assert not stamp.dated


def test_a_date_may_lack_its_year() -> None:
    first, second = read("[04-17 10:00:01] x"), read("[04-18 10:00:01] x")
    assert (first.dated, first.year) == (True, False)
    assert second.seconds - first.seconds == 86_400


@pytest.mark.parametrize(
    "text",
    [
        "",
        "68 0D 00 01 00 03",
        "680D00010003320102000000010100F11A",
        "32010600019236",
        "25:00:01",
        "2026-13-40",
        "1.2.3:4",
    ],
)
def test_other_numbers_are_no_times(text: str) -> None:
    assert stamp_in(text) is None


def test_an_impossible_date_leaves_the_time_of_day() -> None:
    assert read("2026-02-30 10:00:01").dated is False


def test_a_date_alone_gives_its_midnight() -> None:
    assert date_in("===== 2026-04-17 single_tariff =====") == TEN - OF_DAY
    assert date_in("2026-04") is None


def times(*texts: str) -> list[tuple[float, bool]]:
    clock = Clock()
    return [clock.read(read(text)) for text in texts]


def test_the_clock_counts_from_the_first_line_over_midnight() -> None:
    found = times("23:59:58.5", "23:59:59", "00:00:01", "00:00:02")
    assert found == [(0.0, False), (0.5, False), (2.5, False), (3.5, False)]


def test_lines_a_little_out_of_order_do_not_turn_it_back() -> None:
    assert times("10:00:05", "10:00:04", "10:00:06") == [(0.0, False), (0.0, False), (1.0, False)]


def test_a_clock_that_is_set_jumps_and_goes_on_from_there() -> None:
    found = times("2000-01-01 00:00:10", "2026-04-17 10:00:01", "2026-04-17 10:00:03", "2026-04-17 09:00:00")
    assert found == [(0.0, False), (0.0, True), (2.0, False), (2.0, True)]


def test_a_new_year_without_years_is_a_jump() -> None:
    assert times("[12-31 23:59:59] x", "[01-01 00:00:01] x") == [(0.0, False), (0.0, True)]


@pytest.mark.parametrize(
    ("text", "seconds"), [("[     1.234] tx", 1.234), ("  12.500000 rx", 12.5), ("[3.123456789]", 3.123)]
)
def test_seconds_since_some_beginning_are_times_at_the_start_of_a_line(text: str, seconds: float) -> None:
    stamp = read(text)
    assert (round(stamp.seconds, 3), stamp.dated, stamp.year) == (seconds, False, False)


@pytest.mark.parametrize("text", ["v1.234 started", "U=220.100 V", "12.5 rx", "1.2.345 rx"])
def test_other_numbers_with_points_are_no_times(text: str) -> None:
    assert stamp_in(text) is None
