"""The billing model: verified, asked for, pushed, refused, put back."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from harness.core.amounts import Tariff
from harness.core.errors import PersonError
from harness.core.journal import EventSeen, FrameSeen, TariffGiven
from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.tariffs import PRICES, half_hour_tariff
from tests.helpers.wire import PILE, HandPile, Held, Memory, Station, Wire, events_in, name_of

OURS = half_hour_tariff()
OWN = Tariff("0207", PRICES, ("flat",) * 48)


def answer_set(result: int) -> Callable[[HandPile, Message], None]:
    def answer(pile: HandPile, message: Message) -> None:
        pile.session.send("billing_model_set_reply", {"pile_code": PILE, "set_result": result}, message.serial)

    return answer


def verify(wire: Wire, number: str = "0100") -> int:
    wire.pile.send("billing_model_verify", billing_model_no=number)
    return int(wire.pile.last("billing_model_verify_reply").values.verify_result)


def said(memory: Memory) -> list[str]:
    return [event.what for event in events_in(memory, TariffGiven)]


def logged_in(station: Station) -> Wire:
    wire = station.wire()
    wire.pile.log_in()
    return wire


def test_a_number_known_from_elsewhere_is_different_until_the_pile_took_our_model() -> None:
    station = Station()
    wire = logged_in(station)
    assert verify(wire) == 1
    wire.pile.send("billing_model_request")
    assert verify(wire) == 0
    assert verify(wire, "0200") == 1


def test_the_model_given_is_ours() -> None:
    station = Station()
    wire = logged_in(station)
    wire.pile.send("billing_model_request")
    assert YkcLanguage().tariff(wire.pile.last("billing_model_request_reply")) == OURS
    assert wire.pile.last("billing_model_request_reply").serial == b"\x01\0"


def test_our_model_changes_its_price_at_every_half_hour_and_all_eight_fees_differ() -> None:
    assert all(one != other for one, other in zip(OURS.slots, OURS.slots[1:] + OURS.slots[:1], strict=True))
    assert len({fee for price in OURS.prices.values() for fee in (price.energy, price.service)}) == 8
    assert len({price.total for price in OURS.prices.values()}) == 4


def test_a_model_counts_as_accepted_when_no_second_request_follows() -> None:
    station = Station()
    wire = logged_in(station)
    held = station.hold()
    wire.pile.send("billing_model_request")
    station.clock.advance(4.9)
    assert held.bench.tariff() is None
    station.clock.advance(0.1)
    assert held.bench.tariff() == OURS
    assert said(held.memory) == ["sent", "accepted"]
    accepted = events_in(held.memory, TariffGiven)[-1]
    assert msgspec.convert(dict(accepted.tariff), Tariff) == OURS
    frame = next(r for r in held.memory.records if r.n == accepted.frames[0])
    assert isinstance(frame, FrameSeen)
    assert frame.raw == wire.pile.last("billing_model_request_reply").raw


def test_a_request_that_comes_again_means_not_accepted() -> None:
    station = Station()
    wire = logged_in(station)
    held = station.hold()
    wire.pile.send("billing_model_request")
    station.clock.advance(3)
    wire.pile.send("billing_model_request")
    station.clock.advance(4.9)
    assert held.bench.tariff() is None
    station.clock.advance(4)
    assert held.bench.tariff() == OURS


def ask(wire: Wire, times: int, every: float = 10.0) -> None:
    for _ in range(times):
        wire.pile.send("billing_model_request")
        wire.pile.beat(every)


def last_model(wire: Wire) -> Tariff:
    tariff = YkcLanguage().tariff(wire.pile.last("billing_model_request_reply"))
    assert tariff is not None
    return tariff


@pytest.mark.parametrize("every", [2.0, 10.0])
def test_the_fourth_request_is_answered_with_two_periods_parted_at_the_nearest_half_hour(every: float) -> None:
    station = Station()
    wire = logged_in(station)
    held = station.hold()
    ask(wire, 3, every)
    assert last_model(wire) == OURS
    ask(wire, 1, every)
    model = last_model(wire)
    assert model.slots == ("peak",) * 20 + ("flat",) * 28  # 10:00 by the clock of these tests
    assert said(held.memory)[-3:] == ["sent", "simple", "sent"]
    station.clock.advance(10)
    assert held.bench.tariff() == model
    assert not held.bench.tariff_refused()


def test_a_request_long_after_the_others_is_not_one_more_of_a_row() -> None:
    wire = logged_in(Station())
    ask(wire, 3)
    wire.pile.beat(601)
    ask(wire, 1)
    assert last_model(wire) == OURS


def test_no_model_counts_as_accepted_between_requests_that_keep_coming() -> None:
    station = Station()
    wire = logged_in(station)
    held = station.hold()
    ask(wire, 2)
    for _ in range(2):
        wire.pile.send("billing_model_request")
        wire.pile.beat(9.9)
        assert held.bench.tariff() is None
        station.clock.advance(0.1)


def test_a_pile_that_will_not_have_the_simple_model_either_has_refused() -> None:
    station = Station()
    wire = logged_in(station)
    held = station.hold()
    ask(wire, 6)
    assert not held.bench.tariff_refused()
    ask(wire, 1)
    assert held.bench.tariff_refused()
    refused = events_in(held.memory, TariffGiven)[-2]
    assert refused.what == "refused"
    given, asked = (next(r for r in held.memory.records if r.n == n) for n in refused.frames)
    assert [CATALOGUE.decode(frame.raw).name for frame in (given, asked)] == [  # type: ignore[union-attr]
        "billing_model_request_reply",
        "billing_model_request",
    ]


def test_a_run_that_takes_hold_later_finds_the_refusal_with_both_frames_in_its_journal() -> None:
    station = Station()
    wire = logged_in(station)
    ask(wire, 7)
    held = station.hold()
    refused = [event for event in events_in(held.memory, TariffGiven) if event.what == "refused"]
    assert len(refused) == 1
    frames = [r for r in held.memory.records if isinstance(r, FrameSeen) and r.n in refused[0].frames]
    assert [frame.sender for frame in frames] == ["platform", "pile"]


def test_requests_of_different_logins_do_not_add_up() -> None:
    station = Station()
    for _ in range(5):
        wire = logged_in(station)
        wire.pile.send("billing_model_request")
        wire.pile.beat(6)
    assert last_model(wire) == OURS


def test_a_pile_that_reconnects_to_ask_again_gets_the_simple_model_too() -> None:
    station = Station()
    for _ in range(4):
        wire = logged_in(station)
        wire.pile.send("billing_model_request")
        station.clock.advance(2)
    assert last_model(wire) != OURS


def test_a_pile_that_never_asks_is_given_the_model_by_0x58_once_it_is_idle() -> None:
    station = Station()
    wire = logged_in(station)
    wire.pile.answers["billing_model_set"] = answer_set(1)
    held = station.hold()
    wire.pile.report(3, serial="1" * 32)
    wire.pile.beat(31)
    assert "billing_model_set" not in wire.pile.names()
    wire.pile.report(2)
    wire.pile.beat(40)
    assert wire.pile.names().count("billing_model_set") == 1
    assert held.bench.tariff() == OURS


def test_a_refused_0x58_of_ours_is_followed_by_the_simple_model() -> None:
    station = Station()
    wire = logged_in(station)
    wire.pile.answers["billing_model_set"] = answer_set(0)
    held = station.hold()
    wire.pile.beat(31)
    assert wire.pile.names().count("billing_model_set") == 2
    assert said(held.memory) == ["sent", "simple", "sent", "refused"]
    assert held.bench.tariff_refused()
    wire.pile.beat(60)
    assert wire.pile.names().count("billing_model_set") == 0


def held_online(station: Station) -> tuple[Wire, Held]:
    wire = station.online()
    wire.pile.answers["billing_model_set"] = answer_set(1)
    return wire, station.hold()


def test_a_cases_own_model_is_pushed_and_put_back_at_release() -> None:
    station = Station()
    wire, held = held_online(station)
    held.bench.push_tariff(OWN)
    station.clock.advance(1)
    assert held.bench.tariff() == OWN
    assert verify(wire, "0207") == 0
    held.bench.release()
    station.clock.advance(1)
    assert YkcLanguage().tariff(wire.pile.last("billing_model_set")) == OURS
    assert station.hold().bench.tariff() == OURS


def test_it_is_put_back_only_when_nothing_charges() -> None:
    station = Station()
    wire, held = held_online(station)
    held.bench.push_tariff(OWN)
    station.clock.advance(1)
    wire.pile.report(3, serial="1" * 32)
    wire.pile.names()
    held.bench.release()
    wire.pile.beat(40)
    assert "billing_model_set" not in wire.pile.names()
    wire.pile.report(2)
    wire.pile.beat(20)
    assert "billing_model_set" not in wire.pile.names(), "the record is not in yet"
    wire.pile.beat(30)
    assert "billing_model_set" in wire.pile.names()


def test_it_is_put_back_when_the_pile_comes_back_later() -> None:
    station = Station()
    wire, held = held_online(station)
    held.bench.push_tariff(OWN)
    station.clock.advance(1)
    wire.cut_off()
    station.clock.advance(1)
    held.bench.release()
    wire = logged_in(station)
    assert verify(wire, "0207") == 1
    wire.pile.send("billing_model_request")
    assert last_model(wire) == OURS
    assert verify(wire) == 0


def test_it_is_put_back_by_0x58_when_the_pile_comes_back_and_verifies_nothing() -> None:
    station = Station()
    wire, held = held_online(station)
    held.bench.push_tariff(OWN)
    station.clock.advance(1)
    wire.cut_off()
    station.clock.advance(1)
    held.bench.release()
    wire = logged_in(station)
    wire.pile.answers["billing_model_set"] = answer_set(1)
    wire.pile.beat(31)
    assert YkcLanguage().tariff(wire.pile.last("billing_model_set")) == OURS


def test_it_is_put_back_even_when_nobody_knows_whether_it_was_taken() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.push_tariff(OWN)
    station.clock.advance(1)
    wire.pile.answers["billing_model_set"] = answer_set(1)
    held.bench.release()
    station.clock.advance(1)
    assert YkcLanguage().tariff(wire.pile.last("billing_model_set")) == OURS


def test_a_refused_model_of_a_cases_own_is_told_and_ours_stays_in_force() -> None:
    station = Station()
    wire = station.online()
    wire.pile.answers["billing_model_set"] = answer_set(0)
    held = station.hold()
    held.bench.push_tariff(OWN)
    station.clock.advance(1)
    assert said(held.memory)[-1] == "refused"
    assert not held.bench.tariff_refused()
    assert held.bench.tariff() == OURS
    assert verify(wire) == 0


def test_a_tariff_that_ykc_cannot_say_is_a_clear_error_before_anything_is_sent() -> None:
    station = Station()
    wire, held = held_online(station)
    with pytest.raises(PersonError, match="YKC knows the labels"):
        held.bench.push_tariff(Tariff("0300", {"deep": PRICES["flat"]}, ("deep",) * 48))
    assert wire.pile.names() == []


def test_a_0x57_that_answers_nothing_says_nothing() -> None:
    station = Station()
    wire, held = held_online(station)
    wire.pile.send("billing_model_set_reply", set_result=0)
    assert held.bench.tariff() == OURS
    assert not held.bench.tariff_refused()


def test_a_run_that_takes_hold_finds_the_model_in_force_in_its_journal() -> None:
    station = Station()
    station.online()
    held = station.hold()
    given = [r.event for r in held.memory.records if isinstance(r, EventSeen) and isinstance(r.event, TariffGiven)]
    assert [event.what for event in given] == ["in_force"]
    cited = [record for record in held.memory.records if record.n in given[0].frames]
    assert [name_of(record) for record in cited if isinstance(record, FrameSeen)] == ["billing_model_request_reply"]
    assert msgspec.convert(dict(given[0].tariff), Tariff) == OURS
