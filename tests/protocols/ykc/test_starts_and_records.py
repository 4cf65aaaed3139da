"""Starts asked for at the pile, records, and charges left behind by a process that was killed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from harness.core.journal import Journal, LinkChanged, Memory
from harness.protocols.ykc.language import YkcLanguage
from tests.helpers.wire import CARD, OTHER, PILE, VIN, Station, Wire, events_in, names_in

CARD_MODE, ACCOUNT_MODE, VIN_MODE = 1, 2, 3
SERIAL = "3201060001923601" + "260417095500" + "0007"


class Card(NamedTuple):
    physical: str
    logical: str = "0000001000000573"
    balance: Decimal = Decimal("55.50")


class Registered(NamedTuple):
    cards: tuple[Card, ...] = ()
    vins: tuple[str, ...] = ()


def ask(wire: Wire, mode: int = CARD_MODE, card: str = CARD, vin: str = "", gun_no: str = "01", **more: Any) -> Any:
    number = {"account_or_physical_card_no": card.rjust(16, "0")} if mode == CARD_MODE else {}
    wire.pile.send("start_request", gun_no=gun_no, start_mode=mode, vin=vin, **number, **more)
    return wire.pile.last("start_confirm").values


def test_a_declared_card_may_charge() -> None:
    station = Station()
    answer = ask(station.online())
    assert (answer.auth_success, answer.fail_reason) == (1, 0)
    assert answer.transaction_serial.startswith(f"{PILE}01260417100006")


def test_a_card_from_the_file_is_shown_with_its_printed_number_and_balance() -> None:
    station = Station(registered=Registered((Card("00000000D14B0A54"),)))
    answer = ask(station.online(), card="D14B0A54")
    assert (answer.auth_success, answer.logical_card_no) == (1, "0000001000000573")
    assert answer.account_balance == Decimal("55.50")


@pytest.mark.parametrize("shown", ["D14B0A5400000000", "00000000540A4BD1"])
def test_a_card_filled_on_the_other_side_or_turned_round_is_the_same_card(shown: str) -> None:
    station = Station(registered=Registered((Card("D14B0A54"),)))
    assert ask(station.online(), card=shown).auth_success == 1


@pytest.mark.parametrize(
    ("shown", "garbled"),
    [
        ("0000000000095DF0", "cut"),  # its last three bytes
        ("0000000032095D00", "cut"),  # its first three
        ("32095D0000000000", "cut"),
        ("0000000839474672", "decimal"),
        ("0000000032095DF0", ""),  # it is whole
        ("32095DF000000000", ""),
        ("00000000F05D0932", ""),
        ("0000000000005DF0", ""),  # two bytes may be those of another card
        ("0000000011095DF0", ""),  # another card that shares three bytes
        ("0000000032095DF1", ""),
        ("00000032095DF011", ""),  # more than was registered
        ("0000000832095DF0", ""),
        ("0000000000000000", ""),
        ("0000000839474673", ""),
    ],
)
def test_a_card_number_is_garbled_only_when_that_is_beyond_doubt(shown: str, garbled: str) -> None:
    assert YkcLanguage().garbled("card", shown, "32095DF0") == garbled


def test_a_decimal_number_of_few_digits_or_one_that_was_registered_so_is_another_card() -> None:
    assert YkcLanguage().garbled("card", "0000000000065535", "FFFF") == ""
    assert YkcLanguage().garbled("card", "0000000032095DF0", "0839474672") == ""
    assert YkcLanguage().garbled("card", "0000000032095DF0", "") == ""


@pytest.mark.parametrize(
    ("shown", "garbled"),
    [
        (VIN[:16], "cut"),
        (VIN[1:], "cut"),
        (VIN[::-1][:16], "cut"),
        (VIN[:9], "cut"),
        (VIN, ""),
        (VIN[::-1], ""),
        (VIN[:8], ""),  # the characters of a whole series
        (VIN[:16] + "0", ""),  # another car of the same series
        (VIN[:7] + VIN[8:], ""),
        ("", ""),
    ],
)
def test_a_vin_is_garbled_when_one_end_of_it_is_missing(shown: str, garbled: str) -> None:
    assert YkcLanguage().garbled("vin", shown, VIN) == garbled


def test_an_unknown_card_is_refused_with_the_reason_and_its_number_shown() -> None:
    station = Station()
    answer = ask(station.online(), card="CAFE0001")
    assert (answer.auth_success, answer.fail_reason) == (0, 0x01)
    assert answer.transaction_serial == "0" * 32
    assert LinkChanged("card_shown", "pile:1", "00000000CAFE0001") in events_in(station.memories[PILE], LinkChanged)


def test_the_card_of_one_pile_is_unknown_at_another() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.log_in(OTHER)
    assert ask(wire, pile_code=OTHER).fail_reason == 0x01


def test_a_known_vin_may_charge_sent_reversed() -> None:
    station = Station()
    wire = station.online()
    assert ask(wire, VIN_MODE, vin=VIN).auth_success == 1
    assert VIN[::-1].encode() in wire.up.writes[-1]


def test_a_vin_that_was_not_turned_round_is_taken_all_the_same() -> None:
    station = Station()
    assert ask(station.online(), VIN_MODE, vin=VIN[::-1]).auth_success == 1


def test_an_unknown_vin_is_refused_with_its_own_reason_and_shown() -> None:
    station = Station()
    answer = ask(station.online(), VIN_MODE, vin="LNA001PD800000000")
    assert (answer.auth_success, answer.fail_reason) == (0, 0x09)
    shown = [event.detail for event in events_in(station.memories[PILE], LinkChanged) if event.what == "vin_shown"]
    assert shown == ["LNA001PD800000000"]


def test_accounts_are_not_supported() -> None:
    station = Station()
    assert ask(station.online(), ACCOUNT_MODE).fail_reason == 0x01


def test_while_a_run_holds_the_gun_a_start_is_refused_unless_it_waits_for_one() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    answer = ask(wire, VIN_MODE, vin=VIN)
    assert (answer.auth_success, answer.fail_reason) == (0, 0x06)
    held.bench.grant("card")
    assert ask(wire, VIN_MODE, vin=VIN).fail_reason == 0x06
    assert ask(wire).auth_success == 1
    shown = [(event.what, event.detail) for event in held.ear.events(LinkChanged)]
    refused = [("vin_shown", VIN), ("vin_refused", VIN)]
    assert shown == [*refused, *refused, ("card_shown", CARD.rjust(16, "0"))]


def test_a_permit_is_for_one_start() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.grant("card")
    assert ask(wire).auth_success == 1
    station.clock.advance(61)
    wire = station.online()
    assert ask(wire).fail_reason == 0x06


def test_an_unknown_card_does_not_use_the_permit_up() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.grant("card")
    assert ask(wire, card="CAFE0001").fail_reason == 0x01
    assert ask(wire).auth_success == 1


def test_a_request_repeated_because_its_answer_was_lost_gets_the_same_serial() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.grant("card")
    first, second = ask(wire).transaction_serial, ask(wire).transaction_serial
    assert first == second


def test_the_next_charge_with_the_same_card_gets_a_serial_of_its_own() -> None:
    wire = Station().online()
    first = ask(wire).transaction_serial
    wire.pile.send("realtime_data", transaction_serial=first, gun_no="01", status=3, gun_plugged=1)
    wire.pile.send("realtime_data", transaction_serial=first, gun_no="01", status=2, gun_plugged=1)
    wire.pile.send("transaction_record", transaction_serial=first, gun_no="01")
    assert ask(wire).transaction_serial != first


def test_a_start_that_never_became_a_charge_is_forgotten_with_its_run() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.grant("card")
    assert ask(wire).auth_success == 1
    held.bench.release()
    station.hold()
    assert ask(wire).fail_reason == 0x06


def test_a_run_waits_for_the_declared_card_and_for_no_other_registered_one() -> None:
    station = Station(registered=Registered((Card("00000000D14B0A54"),)))
    wire = station.online()
    held = station.hold()
    held.bench.grant("card")
    assert ask(wire, card="D14B0A54").fail_reason == 0x06
    assert ask(wire).auth_success == 1


def test_a_permit_can_be_taken_back_and_ends_with_the_run() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.grant("card")
    held.bench.grant("")
    assert ask(wire).fail_reason == 0x06
    held.bench.grant("vin")
    held.bench.release()
    assert station.hold().bench is not None
    assert ask(wire, VIN_MODE, vin=VIN).fail_reason == 0x06


def test_a_run_on_the_whole_pile_holds_the_other_guns_too() -> None:
    station = Station()
    wire = station.online()
    station.hold("01", whole=True)
    assert ask(wire, gun_no="02").fail_reason == 0x06


def test_a_run_on_another_gun_does_not_stand_in_the_way() -> None:
    station = Station()
    wire = station.online()
    station.hold("02")
    assert ask(wire, gun_no="01").auth_success == 1


def test_a_start_for_a_gun_that_is_not_there_is_refused() -> None:
    station = Station()
    assert ask(station.online(), gun_no="09").auth_success == 0


def test_every_record_is_confirmed_and_a_repeated_one_counted_once() -> None:
    station = Station()
    wire = station.online()
    for serial in (SERIAL, SERIAL, "9" * 32):
        wire.pile.send("transaction_record", transaction_serial=serial, gun_no="01")
        confirm = wire.pile.last("transaction_record_confirm").values
        assert (confirm.transaction_serial, confirm.confirm_result) == (serial, 0)
    assert station.platform.piles[PILE].records == 2


def test_a_record_that_comes_again_after_a_relogin_is_counted_once() -> None:
    station = Station()
    station.online().pile.send("transaction_record", transaction_serial=SERIAL, gun_no="01")
    station.online("pile:2").pile.send("transaction_record", transaction_serial=SERIAL, gun_no="01")
    assert station.platform.piles[PILE].records == 1


def test_a_record_with_hex_digits_in_its_serial_is_confirmed_under_the_very_same() -> None:
    station = Station()
    wire = station.online()
    wire.pile.send("transaction_record", transaction_serial="AB" * 16, gun_no="01")
    assert wire.pile.last("transaction_record_confirm").raw[6:22] == b"\xab" * 16


def test_a_charge_left_behind_is_stopped_and_its_record_kept_with_its_run() -> None:
    station = Station()
    settled: list[str] = []
    memory = Memory()
    station.platform.adopt(SERIAL, Journal("old run", station.clock, (memory,)), settled.append)
    wire = station.online()
    wire.pile.report(3, serial=SERIAL)
    assert wire.pile.names() == ["remote_stop"]
    wire.pile.send("transaction_record", transaction_serial=SERIAL, gun_no="01")
    assert wire.pile.names() == ["transaction_record_confirm"]
    assert names_in(memory) == ["realtime_data", "remote_stop", "transaction_record", "transaction_record_confirm"]
    assert settled == [SERIAL]


def test_another_charge_is_left_alone() -> None:
    station = Station()
    station.platform.adopt(SERIAL, Journal("old run", station.clock))
    wire = station.online()
    wire.pile.report(3, serial="8" * 32)
    wire.pile.report(2, serial=SERIAL)
    assert wire.pile.names() == []


def test_a_guns_state_outlives_the_connection() -> None:
    station = Station()
    wire = station.online()
    wire.pile.report(3, serial=SERIAL)
    wire.cut_off()
    station.clock.advance(0)
    station.wire().pile.log_in()
    assert station.platform.piles[PILE].charges()
