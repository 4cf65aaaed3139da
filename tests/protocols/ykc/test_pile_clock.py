"""The pile's clock: told after each login and daily, moved for cross_tariff, real again when nothing charges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harness.core.clock import ManualClock
from harness.core.journal import ClockGiven
from harness.core.message import Message
from harness.core.ports import Offline
from harness.protocols.ykc import CATALOGUE
from tests.helpers.wire import PILE, HandPile, Held, Station, Wire, events_in, follow_clock

START = datetime(2026, 4, 17, 2, 7, tzinfo=UTC)  # 10:07 in Shanghai


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 4, 17, hour, minute, second)


def station_at(utc: datetime = START, **options: str) -> Station:
    return Station(clock=ManualClock(utc), **options)


def told(wire: Wire) -> list[datetime]:
    """The times in the 0x56 that the pile heard, and forget them."""
    times = [m.values.current_time.time for m in wire.pile.heard_messages if m.name == "time_sync"]
    wire.pile.heard_messages.clear()
    return times


def steered(station: Station, lead: float = 120.0) -> tuple[Wire, Held]:
    wire = station.online()
    held = station.hold(whole=True)
    told(wire)
    held.bench.steer_clock(lead)
    wire.pile.settle()
    return wire, held


def outcomes(held: Held) -> list[str]:
    return [event.what for event in held.ear.events(ClockGiven)]


@pytest.mark.parametrize(("zone", "local"), [("Asia/Shanghai", at(10, 7)), ("UTC", at(2, 7))])
def test_after_a_login_the_pile_gets_local_time(zone: str, local: datetime) -> None:
    station = station_at(timezone=zone)
    wire = station.wire()
    wire.pile.log_in()
    assert told(wire) == [local]
    given = events_in(station.memories[PILE], ClockGiven)
    assert [(event.what, event.offset) for event in given] == [("real", 0.0)]


def test_the_time_is_given_again_every_day() -> None:
    station = station_at()
    wire = station.wire()
    wire.pile.log_in()
    told(wire)
    wire.pile.beat(86_400 + 60)
    assert len(told(wire)) == 1


def test_the_daily_time_waits_for_a_run_that_holds_the_whole_pile() -> None:
    station = station_at()
    wire = station.wire()
    wire.pile.log_in()
    held = station.hold(whole=True)
    told(wire)
    wire.pile.beat(86_400 + 600)
    assert told(wire) == []
    held.bench.release()
    wire.pile.beat(60)
    assert len(told(wire)) == 1


def test_a_run_on_one_gun_does_not_hold_the_daily_time_back() -> None:
    station = station_at()
    wire = station.wire()
    wire.pile.log_in()
    station.hold()
    told(wire)
    wire.pile.beat(86_400 + 60)
    assert len(told(wire)) == 1


def test_a_clock_that_follows_is_moved_to_shortly_before_the_nearest_half_hour() -> None:
    station = station_at()
    wire, held = steered(station)
    assert told(wire) == [at(9, 58)]
    assert outcomes(held) == []
    station.clock.advance(2)
    assert told(wire) == [at(9, 58, 2)]
    assert outcomes(held) == ["moved"]
    moved = held.ear.events(ClockGiven)[0]
    assert moved.offset == (at(9, 58) - at(10, 7, 6)).total_seconds()
    frame = next(r for r in held.memory.records if r.n == moved.frame)
    assert CATALOGUE.decode(frame.raw).values.current_time.time == at(9, 58)  # type: ignore[union-attr]
    assert held.bench.pile_time() == at(9, 58, 2)
    assert held.bench.clock_moved()


@pytest.mark.parametrize(
    ("utc_hour", "utc_minute", "target"),
    [
        (16, 5, datetime(2026, 4, 18, 0, 28)),  # 00:05: not back over midnight
        (15, 55, datetime(2026, 4, 17, 23, 28)),  # 23:55: not on over midnight
        (2, 16, at(10, 28)),
        (2, 14, at(9, 58)),
    ],
)
def test_the_half_hour_needs_no_change_of_date(utc_hour: int, utc_minute: int, target: datetime) -> None:
    station = station_at(datetime(2026, 4, 17, utc_hour, utc_minute, tzinfo=UTC))
    wire, _ = steered(station)
    assert told(wire) == [target]


def test_the_old_time_in_0x55_is_as_good_as_the_new() -> None:
    station = station_at()
    wire = station.online()
    shown = [at(10, 7, 6)]

    def old_time(pile: HandPile, message: Message) -> None:
        values = {"pile_code": PILE, "current_time": shown[-1]}
        shown.append(message.values.current_time.time)
        pile.session.send("time_sync_reply", values, message.serial)

    wire.pile.answers["time_sync"] = old_time
    held = station.hold(whole=True)
    held.bench.steer_clock(120)
    station.clock.advance(3)
    assert outcomes(held) == ["moved"]


def test_a_pile_that_never_echoes_serials_follows_too() -> None:
    station = station_at()
    wire = station.online()

    def unechoed(pile: HandPile, message: Message) -> None:
        values = {"pile_code": PILE, "current_time": message.values.current_time}
        pile.session.send("time_sync_reply", values, b"\0\0")

    wire.pile.answers["time_sync"] = unechoed
    held = station.hold(whole=True)
    held.bench.steer_clock(120)
    station.clock.advance(3)
    assert outcomes(held) == ["moved"]


def off_by(seconds: float) -> object:
    def answer(pile: HandPile, message: Message) -> None:
        time = message.values.current_time.time + timedelta(seconds=seconds)
        pile.session.send("time_sync_reply", {"pile_code": PILE, "current_time": time}, message.serial)

    return answer


@pytest.mark.parametrize(("seconds", "outcome"), [(59, "moved"), (-60, "moved"), (61, "void"), (-3600, "void")])
def test_a_reply_more_than_sixty_seconds_off_means_not_followed(seconds: float, outcome: str) -> None:
    station = station_at()
    wire = station.online()
    wire.pile.answers["time_sync"] = off_by(seconds)  # type: ignore[assignment]
    held = station.hold(whole=True)
    held.bench.steer_clock(120)
    station.clock.advance(2)
    assert outcomes(held) == [outcome]
    assert held.bench.clock_moved() == (outcome == "moved")


def test_void_gives_real_time_at_once_and_the_move_counts_as_never_given() -> None:
    station = station_at()
    wire = station.online()
    wire.pile.answers["time_sync"] = off_by(3600)  # type: ignore[assignment]
    held = station.hold(whole=True)
    told(wire)
    held.bench.steer_clock(120)
    station.clock.advance(2)
    assert told(wire) == [at(9, 58), at(9, 58, 2), at(10, 7, 8)]
    assert held.ear.events(ClockGiven)[-1].offset == 0.0
    assert held.bench.pile_time() == at(10, 7, 8)


def test_no_second_reply_means_not_followed() -> None:
    station = station_at()
    wire = station.online()
    answered: list[Message] = []

    def once(pile: HandPile, message: Message) -> None:
        if not answered:
            follow_clock(pile, message)
        answered.append(message)

    wire.pile.answers["time_sync"] = once
    held = station.hold(whole=True)
    held.bench.steer_clock(120)
    station.clock.advance(11.9)
    assert outcomes(held) == []
    station.clock.advance(0.1)
    assert outcomes(held) == ["void"]


def test_an_impossible_time_means_not_followed() -> None:
    station = station_at()
    wire = station.online()

    def zeros(pile: HandPile, message: Message) -> None:
        pile.session.send("time_sync_reply", {"pile_code": PILE, "current_time": bytes(7)}, message.serial)

    wire.pile.answers["time_sync"] = zeros
    held = station.hold(whole=True)
    held.bench.steer_clock(120)
    station.clock.advance(2)
    assert outcomes(held) == ["void"]


@pytest.mark.parametrize("after", [1.0, 30.0])
def test_a_reconnect_within_sixty_seconds_means_not_followed(after: float) -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(after)
    wire.cut_off()
    station.clock.advance(1)
    wire = station.wire("pile:2")
    wire.pile.log_in()
    assert outcomes(held)[-1] == "void"
    assert told(wire) == [at(10, 7, 6) + timedelta(seconds=after + 1)]


def test_a_later_relogin_gets_the_moved_time() -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(60)
    wire.cut_off()
    station.clock.advance(1)
    wire = station.wire("pile:2")
    wire.pile.log_in()
    assert told(wire) == [at(9, 59, 1)]
    assert outcomes(held)[-1] == "moved"


def test_the_clock_is_not_moved_while_a_gun_of_the_pile_charges() -> None:
    station = station_at()
    wire = station.online()
    wire.pile.report(3, gun_no="02", serial="1" * 32)
    held = station.hold(whole=True)
    told(wire)
    held.bench.steer_clock(120)
    assert outcomes(held) == [], "never in the midst of the call"
    station.clock.advance(0)
    assert outcomes(held) == ["void"]
    assert told(wire) == []


def test_nobody_can_move_the_clock_of_a_pile_that_is_not_there() -> None:
    station = station_at()
    held = station.hold(whole=True)
    with pytest.raises(Offline):
        held.bench.steer_clock(120)


def test_real_time_comes_back_at_once_when_nothing_charges() -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(5)
    told(wire)
    held.bench.restore_clock()
    wire.pile.settle()
    assert told(wire) == [at(10, 7, 11)]
    assert outcomes(held)[-1] == "real"
    assert not held.bench.clock_moved()


def test_real_time_waits_for_the_end_of_the_charge_and_its_record() -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(5)
    serial = held.bench.new_serial()
    held.bench.send("remote_start", {"transaction_serial": serial})
    told(wire)
    held.bench.restore_clock()
    wire.pile.beat(20)
    wire.pile.report(3, serial=serial)
    wire.pile.beat(120)
    wire.pile.report(2, serial=serial)
    assert told(wire) == []
    wire.pile.send("transaction_record", transaction_serial=serial, gun_no="01")
    assert told(wire) == [at(10, 7, 6) + timedelta(seconds=145)]
    assert not held.bench.clock_moved()


def test_real_time_waits_no_longer_than_a_record_may_take() -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(5)
    wire.pile.report(3, serial="1" * 32)
    wire.pile.report(2, serial="1" * 32)
    told(wire)
    held.bench.restore_clock()
    wire.pile.beat(31)
    assert told(wire) == []
    wire.pile.beat(11)
    assert len(told(wire)) == 1


def test_released_in_the_midst_of_a_charge_the_clock_is_set_back_after_it_also_after_a_relogin() -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(70)
    wire.pile.report(3, serial="1" * 32)
    held.bench.release()
    wire.cut_off()
    station.clock.advance(100)
    wire = station.wire("pile:2")
    wire.pile.answers["time_sync"] = follow_clock
    wire.pile.log_in()
    assert wire.pile.last("time_sync").values.current_time.time == at(9, 58) + timedelta(seconds=170)
    assert "realtime_read" in [message.name for message in wire.pile.heard_messages]
    told(wire)
    wire.pile.report(3, serial="1" * 32)
    assert told(wire) == []
    wire.pile.send("transaction_record", transaction_serial="1" * 32, gun_no="01")
    assert told(wire) == [at(10, 7, 6) + timedelta(seconds=170)]


def test_what_was_wanted_back_while_the_pile_was_away_is_real_at_its_next_login() -> None:
    station = station_at()
    wire, held = steered(station)
    wire.pile.beat(70)
    wire.cut_off()
    station.clock.advance(1)
    held.bench.release()
    wire = station.wire("pile:2")
    wire.pile.log_in()
    assert told(wire) == [at(10, 8, 17)]


def test_a_restore_in_the_midst_of_a_move_takes_it_back() -> None:
    station = station_at()
    wire, held = steered(station)
    held.bench.restore_clock()
    station.clock.advance(20)
    assert told(wire) == [at(9, 58), at(10, 7, 6)]
    assert outcomes(held) == ["real"]


def test_with_two_periods_the_clock_is_moved_to_where_they_part() -> None:
    station = station_at()
    wire = station.wire()
    wire.pile.answers["time_sync"] = follow_clock
    wire.pile.log_in()
    for _ in range(4):
        wire.pile.send("billing_model_request")
        wire.pile.beat(3)
    wire.pile.beat(3600)
    held = station.hold(whole=True)
    told(wire)
    held.bench.steer_clock(120)
    wire.pile.settle()
    assert told(wire) == [at(9, 58)]


def test_while_the_clock_is_moved_the_daily_time_is_moved_too() -> None:
    station = station_at()
    wire, _ = steered(station)
    wire.pile.beat(5)
    told(wire)
    station.platform.piles[PILE].holds = ()
    wire.pile.beat(86_400 + 60)
    moved = told(wire)[-1]
    assert moved.date() == datetime(2026, 4, 18).date()
    assert abs((moved - station.platform.local_now()).total_seconds()) > 400
