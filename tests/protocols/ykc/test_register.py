"""Piles are registered, changed and forgotten while the platform runs."""

from __future__ import annotations

import msgspec

from harness.core.pile import Items
from tests.helpers.wire import CARD, OTHER, OTHER_PROFILE, PILE, PROFILE, Station, follow_clock

NEW_CARD = "AABBCCDD"


def swipe(station: Station, card: str) -> int:
    """Is a card let through? A new login each time."""
    wire = station.online()
    wire.pile.send(
        "start_request", gun_no="01", start_mode=1, account_or_physical_card_no=bytes.fromhex(card.zfill(16))
    )
    granted: int = wire.pile.last("start_confirm").values.auth_success
    wire.cut_off()
    station.clock.advance(200)
    return granted


def test_a_pile_registered_at_run_time_may_log_in_at_once() -> None:
    station = Station(profiles=[OTHER_PROFILE])
    wire = station.wire()
    wire.pile.log_in(PILE)
    assert wire.pile.last("login_reply").values.login_result == 1
    station.platform.register(PROFILE)
    assert station.online().open
    assert station.platform.online(PILE)


def test_a_changed_profile_counts_at_once_and_keeps_the_connection() -> None:
    station = Station()
    wire = station.online()
    items = Items(card=NEW_CARD)
    station.platform.register(msgspec.structs.replace(PROFILE, items=items, guns=3))
    assert station.platform.online(PILE)
    assert list(station.platform.piles[PILE].guns) == ["01", "02", "03"]
    wire.cut_off()
    station.clock.advance(1)
    assert swipe(station, NEW_CARD) == 1
    assert swipe(station, CARD) == 0


def test_guns_that_stay_keep_what_is_known_of_them() -> None:
    station = Station()
    wire = station.online()
    wire.pile.report(3, gun_no="01")
    station.platform.register(msgspec.structs.replace(PROFILE, guns=1))
    guns = station.platform.piles[PILE].guns
    assert list(guns) == ["01"]
    assert guns["01"].charging
    wire.pile.report(3, gun_no="02")
    assert station.platform.online(PILE)


def test_a_forgotten_pile_is_disconnected_and_refused_from_then_on() -> None:
    station = Station()
    wire = station.online()
    station.platform.forget(PILE)
    station.clock.advance(1)
    assert wire.pile.is_lost
    assert station.links()[-1] == "lost"
    again = station.wire()
    again.pile.log_in(PILE)
    assert again.pile.last("login_reply").values.login_result == 1


def test_a_connection_that_two_piles_share_outlives_the_one_that_is_forgotten() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.log_in(PILE)
    wire.pile.log_in(OTHER)
    station.platform.forget(PILE)
    wire.pile.send("heartbeat", gun_no="01", pile_code=OTHER)
    assert wire.open
    assert station.platform.online(OTHER)
    assert not station.platform.online(PILE)


def test_forgetting_a_pile_that_nobody_knows_does_nothing() -> None:
    station = Station()
    station.platform.forget("99999999999999")
    assert station.platform.online(PILE) is False


def test_no_timer_of_a_forgotten_pile_rings() -> None:
    station = Station(profiles=[PROFILE])
    station.online()
    station.platform.forget(PILE)
    station.clock.advance(1)
    assert station.clock.pending() == 0


def test_how_far_the_pile_is_with_its_model_is_told() -> None:
    station = Station()
    wire = station.wire()
    billing = station.platform.piles[PILE].billing
    wire.pile.log_in()
    assert billing.standing == ""
    wire.pile.send("billing_model_request")
    assert billing.standing == "asked"
    wire.pile.beat(6)
    assert billing.standing == "accepted"


def test_how_far_the_clock_of_the_pile_is_off_shows_in_its_reply() -> None:
    station = Station()
    wire = station.wire()
    clock = station.platform.piles[PILE].clock
    wire.pile.answers["time_sync"] = follow_clock
    wire.pile.log_in()
    assert clock.ahead is not None
    assert abs(clock.ahead) < 1
    station.clock.advance(0)
    wire.cut_off()
    station.clock.advance(1)
    other = station.wire()
    other.pile.log_in()
    assert clock.ahead is None
