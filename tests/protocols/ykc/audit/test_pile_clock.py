"""What a pile's clock may have shown, by all that it was told."""

from __future__ import annotations

from datetime import datetime, timedelta

from harness.protocols.ykc.audit.clock import PileClock

NOON = datetime(2026, 4, 17, 12)
TRUE = timedelta()


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def clock() -> PileClock:
    """Of a session that began at noon."""
    made = PileClock()
    made.zero = NOON
    return made


def told(made: PileClock, at: float, off: float) -> None:
    """A 0x56 with a time that is so much off."""
    made.told(at, NOON + seconds(at + off))


def test_without_times_nothing_is_known() -> None:
    made = PileClock()
    made.told(10, NOON)
    assert made.true(10) is None
    assert made.stretches == []
    assert list(made.could_show(0, 20)) == []


def test_before_it_was_told_the_time_nothing_is_known() -> None:
    made = clock()
    assert made.true(10) == NOON + seconds(10)
    assert made.offsets_now == ()
    assert made.offsets(0, 20) == set()
    assert list(made.could_show(0, 20)) == []
    assert not made.moved(0, 20)


def test_the_true_time_sets_it() -> None:
    made = clock()
    told(made, 10, 3600)
    told(made, 20, 59)
    assert made.offsets_now == (seconds(59),)


def test_another_time_may_not_have_been_followed() -> None:
    made = clock()
    told(made, 10, 0)
    told(made, 20, 60)
    assert list(made.offsets_now) == [seconds(60), TRUE]
    told(made, 30, -60)
    assert list(made.offsets_now) == [seconds(-60), seconds(60), TRUE]


def test_the_same_time_told_again_is_one_and_the_same() -> None:
    made = clock()
    told(made, 10, 3600)
    told(made, 20, 3601)
    assert list(made.offsets_now) == [seconds(3601)]
    told(made, 30, 3603)
    assert list(made.offsets_now) == [seconds(3603), seconds(3601)]


def test_what_the_journal_knows_already_is_nothing_new() -> None:
    made = clock()
    made.known(5, TRUE)
    made.known(6, TRUE)
    assert made.stretches == [(5, (TRUE,))]
    made.known(7, seconds(60))
    assert made.offsets_now == (seconds(60),)


def test_each_offset_holds_until_the_next_one_both_ends_included() -> None:
    made = clock()
    made.known(10, TRUE)
    made.known(20, seconds(100))
    assert made.offsets(0, 9) == set()
    assert made.offsets(0, 10) == {TRUE}
    assert made.offsets(12, 19) == {TRUE}
    assert made.offsets(12, 20) == {TRUE, seconds(100)}
    assert made.offsets(20, 30) == {TRUE, seconds(100)}
    assert made.offsets(21, 30) == {seconds(100)}


def test_it_may_show_each_offset_that_was_possible() -> None:
    made = clock()
    told(made, 0, 0)
    told(made, 10, 3600)
    shown = sorted(made.could_show(20, 30))
    assert shown == [
        (NOON + seconds(20), NOON + seconds(30)),
        (NOON + seconds(3620), NOON + seconds(3630)),
    ]


def test_it_was_moved_when_it_was_told_a_time_more_than_a_minute_off_in_between() -> None:
    made = clock()
    made.known(0, TRUE)
    made.known(10, seconds(60))
    assert not made.moved(5, 15)
    made.known(20, seconds(121))
    assert made.moved(15, 20)
    assert made.moved(15, 25)
    assert not made.moved(15, 19)
    assert not made.moved(20.5, 25)


def test_who_is_moved_in_the_moment_in_which_a_stretch_begins_was_moved_before() -> None:
    made = clock()
    made.known(0, TRUE)
    made.known(20, seconds(3600))
    assert not made.moved(20, 30)
