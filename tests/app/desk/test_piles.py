"""Piles as pages see them: the checklist fills in by itself, cards show, strangers are named."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from harness.app.desk.piles_now import chip_number
from harness.core.errors import PersonError
from harness.core.pile import Items
from tests.app.desk.rooms import MODEL, Room
from tests.helpers.wire import Wire


def swipe(room: Room, card: str) -> None:
    """A card at the reader, with the gun plugged in as some piles want it."""
    room.table.pile.plug("01", room.clock.monotonic())
    room.table.pile.swipe(card, "01", room.clock.monotonic())
    room.table.alarm.settle()
    room.wait(2)


def test_the_checklist_fills_in_as_the_pile_connects() -> None:
    room = Room()
    code = room.profile.pile_code
    before = room.house.pile(code)
    assert (before.online, before.login_at, before.tariff, before.clock_offset) == (False, None, "", None)
    room.table.power_on()
    room.until(lambda: room.house.pile(code).online)
    first = room.house.pile(code)
    assert first.program_version == "V1.0.0"
    assert first.peer
    assert first.login_at is not None
    assert first.heartbeat_at is None
    room.until(lambda: room.house.pile(code).heartbeat_at is not None)
    room.until(lambda: room.house.pile(code).tariff == "accepted")
    room.until(lambda: room.house.pile(code).clock_offset is not None)
    offset = room.house.pile(code).clock_offset
    assert offset is not None
    assert abs(offset) < 60


def test_pages_of_the_model_are_told_of_each_step_of_the_checklist_and_then_let_be() -> None:
    room = Room().online()
    room.wait(60)
    assert 3 <= len(room.told) <= 10
    assert {channel for channel, _, _ in room.told} == {f"model:{MODEL}"}
    room.told.clear()
    room.wait(300)
    assert room.told == []


def test_a_pile_that_belongs_to_no_model_tells_nobody() -> None:
    room = Room(model=None).online()
    assert room.told == []


def test_a_pile_that_goes_is_offline_and_keeps_the_card_that_was_shown() -> None:
    room = Room().online()
    swipe(room, "11223344")
    room.told.clear()
    assert room.table.cable is not None
    room.table.cable.cut()
    room.wait(2)
    gone = room.house.pile(room.profile.pile_code)
    assert not gone.online
    assert gone.program_version == ""
    assert gone.card == "11223344"
    assert room.told


def test_a_card_nobody_knows_shows_its_number() -> None:
    room = Room().online()
    room.told.clear()
    swipe(room, "00AB00CD")
    shown = room.house.pile(room.profile.pile_code)
    assert shown.card == "00AB00CD"
    assert shown.card_at is not None
    assert room.told


@pytest.mark.parametrize("registered", [False, True])
def test_outside_a_run_a_card_only_shows_its_number(registered: bool) -> None:
    card = "32095DF0"
    cards = SimpleNamespace(cards=[SimpleNamespace(physical=card, logical="0" * 16, balance=100)], vins=[])
    room = Room(registered=cards if registered else None).online()
    assert room.profile.items.card == card
    swipe(room, card)
    room.table.pile.start_by_vin("01", room.clock.monotonic())
    room.table.alarm.settle()
    room.wait(60)
    shown = room.house.pile(room.profile.pile_code)
    assert (shown.card, shown.vin) == (card, room.profile.items.vin)
    assert shown.charging == ()
    assert room.table.pile.guns["01"].charge is None


def test_a_pile_of_no_model_charges_whom_it_knows() -> None:
    room = Room(model=None).online()
    swipe(room, room.profile.items.card)
    room.until(lambda: room.house.pile(room.profile.pile_code).charging == ("01",), 60)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("0000000032095DF0", "32095DF0"),
        ("32095DF000000000", "32095DF0"),
        ("0000000011223300", "11223300"),
        ("0411223344556677", "0411223344556677"),
        ("0000000000000000", "00000000"),
    ],
)
def test_a_card_number_is_shown_without_what_fills_it_up(sent: str, shown: str) -> None:
    assert chip_number(sent) == shown


def test_a_changed_card_number_counts_at_once() -> None:
    room = Room().online()
    room.house.register(msgspec.structs.replace(room.profile, items=Items(card="11223344")))
    assert room.table.platform.piles[room.profile.pile_code].profile.items.card == "11223344"


def test_a_profile_changed_during_a_run_waits_for_its_end() -> None:
    room = Room().online()
    room.start("reboot")
    room.house.register(msgspec.structs.replace(room.profile, items=Items(card="11223344")))
    pile = room.table.platform.piles[room.profile.pile_code]
    assert pile.profile.items.card == room.profile.items.card
    room.until(lambda: room.over)
    assert pile.profile.items.card == "11223344"


def test_who_stands_at_the_door_is_named_to_those_who_wait_for_their_pile() -> None:
    room = Room()
    wire = Wire(room.clock, room.table.platform, "198.51.100.77:1234")
    wire.pile.log_in("99999999999999")
    room.wait(1)
    strangers = room.house.pile(room.profile.pile_code).strangers
    assert [(each.peer, each.what, each.said) for each in strangers] == [
        ("198.51.100.77:1234", "refused", "99999999999999"),
        ("198.51.100.77:1234", "connected", ""),
    ]
    assert room.told
    room.wait(1000)
    assert room.house.pile(room.profile.pile_code).strangers == ()


def test_who_logged_in_is_no_stranger() -> None:
    room = Room().online()
    assert room.house.pile(room.profile.pile_code).strangers == ()


def test_a_forgotten_pile_is_let_go_and_its_run_ends() -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    room.house.forget(room.profile.pile_code)
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "open"
    assert not room.house.pile(room.profile.pile_code).online
    room.wait(120)
    with pytest.raises(PersonError, match="not online"):
        room.start("card")


def test_who_gets_the_code_of_a_forgotten_pile_is_told_afresh() -> None:
    room = Room()
    code = room.profile.pile_code
    Wire(room.clock, room.table.platform, "198.51.100.77:1234").pile.log_in("99999999999999")
    room.wait(2)
    room.told.clear()
    room.house.forget(code)
    room.house.register(room.profile)
    room.wait(2)
    assert room.told


def test_a_pile_code_nobody_knows_is_offline() -> None:
    assert not Room().house.pile("99999999999999").online
