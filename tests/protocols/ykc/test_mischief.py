"""The platform misbehaves on purpose: towards the pile that a run holds, told in its journals, for no longer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from harness.core.errors import PersonError
from harness.core.journal import PLATFORM, FrameSeen, Misbehaved
from harness.core.mischief import Mischief
from harness.core.ports import Offline
from harness.protocols.ykc.framing import crc_order
from harness.protocols.ykc.mischief import spoilt
from tests.helpers.wire import OTHER, PILE, Held, Station, Wire, events_in, names_in

CONFIRM = "transaction_record_confirm"
SERIAL = f"{PILE}01260417100000{1:04d}"
FIVE = Decimal("5.0000")


def record(wire: Wire, gun_no: str = "01", serial: str = SERIAL) -> list[str]:
    """A record goes up; the names of what comes back."""
    wire.pile.names()
    wire.pile.send("transaction_record", gun_no=gun_no, transaction_serial=serial, total_energy=FIVE)
    return wire.pile.names()


def begun(**deed: Any) -> tuple[Station, Wire, Held]:
    """A pile that is held whole, and a misbehaviour that has begun."""
    station = Station()
    wire = station.online()
    held = station.hold(whole=True)
    held.bench.misbehave(Mischief(**deed))
    return station, wire, held


def told(held: Held) -> list[tuple[str, str]]:
    return [(event.what, event.state) for event in events_in(held.memory, Misbehaved)]


def test_a_withheld_reply_is_not_sent_so_many_times_and_then_again() -> None:
    _, wire, held = begun(what="withhold", frame=CONFIRM, times=2)
    assert [record(wire) for _ in range(3)] == [[], [], [CONFIRM]]
    assert told(held) == [("withhold", "begun"), ("withhold", "done"), ("withhold", "done")]


def test_the_event_of_a_withheld_reply_names_the_frame_that_was_not_answered() -> None:
    _, wire, held = begun(what="withhold", frame=CONFIRM)
    record(wire)
    (done,) = [event for event in events_in(held.memory, Misbehaved) if event.state == "done"]
    (number,) = done.frames
    frame = next(r for r in held.memory.records if r.n == number)
    assert isinstance(frame, FrameSeen)
    assert frame.raw[5] == 0x3B
    assert (done.frame, done.gun_no) == (CONFIRM, "01")


@pytest.mark.parametrize("end", ["behave", "release"])
def test_what_is_withheld_is_sent_when_the_misbehaviour_ends(end: str) -> None:
    _, wire, held = begun(what="withhold", frame=CONFIRM, times=9)
    assert [record(wire) for _ in range(3)] == [[]] * 3
    getattr(held.bench, end)()
    wire.pile.settle()
    assert wire.pile.names() == [CONFIRM]
    assert record(wire) == [CONFIRM]
    assert told(held)[-1] == ("withhold", "ended")


def test_nothing_withheld_is_sent_on_another_connection() -> None:
    station, wire, held = begun(what="withhold", frame=CONFIRM, times=9)
    record(wire)
    wire.cut_off()
    station.clock.advance(1)
    again = station.online("pile:2")
    held.bench.behave()
    again.pile.settle()
    assert again.pile.names() == []


def test_a_late_reply_comes_late_and_at_once_when_the_misbehaviour_ends() -> None:
    station, wire, held = begun(what="delay", frame=CONFIRM, seconds=45, times=2)
    assert record(wire) == []
    wire.pile.beat(44.9)
    assert CONFIRM not in wire.pile.names()
    station.clock.advance(0.2)
    assert wire.pile.names() == [CONFIRM]
    assert record(wire) == []
    held.bench.release()
    wire.pile.settle()
    assert wire.pile.names() == [CONFIRM]
    wire.pile.beat(100)
    assert CONFIRM not in wire.pile.names()


def test_heartbeats_of_each_gun_are_left_without_an_answer_so_many_times() -> None:
    _, wire, _ = begun(what="withhold", frame="heartbeat_reply", times=3)
    answered = []
    for _ in range(4):
        wire.pile.beat(10)
        answered.append(wire.pile.names().count("heartbeat_reply"))
    assert answered == [0, 0, 0, 2]


def test_the_next_login_is_refused_and_the_one_after_it_is_not() -> None:
    station, wire, held = begun(what="refuse_login")
    held.bench.misbehave(Mischief(what="cut"))
    station.clock.advance(1)
    assert wire.pile.is_lost
    second = station.wire("pile:2")
    second.pile.log_in()
    station.clock.advance(1)
    (reply,) = [message for message in second.pile.heard_messages if message.name == "login_reply"]
    assert reply.values.login_result == 1
    assert second.pile.is_lost
    assert not station.platform.online(PILE)
    third = station.wire("pile:3")
    third.pile.log_in()
    assert station.platform.online(PILE)
    assert told(held) == [("refuse_login", "begun"), ("cut", "done"), ("refuse_login", "done")]
    assert names_in(held.memory)[-5:-2] == ["login", "login_reply", "login"]


def test_a_refused_login_is_told_in_the_journal_of_the_pile_too() -> None:
    station, _, _ = begun(what="refuse_login")
    second = station.wire("pile:2")
    second.pile.log_in()
    states = [event.state for event in events_in(station.memories[PILE], Misbehaved)]
    assert states == ["begun", "done"]


def test_a_frame_in_pieces_arrives_whole_and_what_comes_meanwhile_waits_behind_it() -> None:
    station, wire, held = begun(what="split", frame="realtime_read", pieces=5, seconds=0.5)
    before = len(wire.down.writes)
    wire.pile.send("heartbeat", gun_no="01")
    station.clock.advance(1.0)
    assert wire.pile.names() == []
    station.clock.advance(1.1)
    assert wire.pile.names() == ["realtime_read", "heartbeat_reply"]
    assert len(wire.down.writes) - before >= 4
    wire.pile.send("heartbeat", gun_no="02")
    assert wire.pile.names() == ["heartbeat_reply"]
    assert told(held) == [("split", "done")]


def test_a_frame_in_pieces_is_sent_whole_when_the_run_ends() -> None:
    station, wire, held = begun(what="split", frame="realtime_read", pieces=5, seconds=10)
    held.bench.release()
    wire.pile.settle()
    assert wire.pile.names() == ["realtime_read"]
    writes = len(wire.down.writes)
    station.clock.advance(9)
    assert len(wire.down.writes) == writes


def test_rubbish_goes_before_a_frame_and_stands_in_the_journal_as_what_it_is() -> None:
    _, wire, held = begun(what="rubbish", frame="realtime_read")
    wire.pile.settle()
    assert wire.pile.names() == ["realtime_read"]
    assert [damage.reason for damage in wire.pile.damage] == ["garbage"]
    ours = [r.damage for r in held.memory.records if isinstance(r, FrameSeen) and r.sender == PLATFORM]
    assert ours[-2:] == ["garbage", ""]


def test_a_wrong_checksum_is_wrong_in_both_byte_orders() -> None:
    _, wire, held = begun(what="wrong_crc", frame="time_sync")
    wire.pile.send("heartbeat", gun_no="01")
    assert wire.pile.names() == ["heartbeat_reply"]
    assert [damage.reason for damage in wire.pile.damage] == ["crc"]
    (frame,) = [r for r in held.memory.records if isinstance(r, FrameSeen) and r.damage]
    assert (frame.sender, frame.damage) == (PLATFORM, "crc")


def test_no_frame_can_be_spoilt_into_a_right_one() -> None:
    frames = (b"h\x06" + number.to_bytes(2, "big") + b"\0\x04ab\0\0" for number in range(65536))
    assert {crc_order(spoilt(frame)) for frame in frames} == {None}


def test_a_frame_is_repeated_with_the_values_it_had() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.send("remote_start", {"transaction_serial": SERIAL, "account_balance": "7.00"})
    held.bench.misbehave(Mischief(what="repeat", frame="remote_start"))
    wire.pile.settle()
    first, second = [message for message in wire.pile.heard_messages if message.name == "remote_start"]
    assert first.values == second.values
    assert first.serial != second.serial


def test_what_was_never_sent_cannot_be_repeated() -> None:
    station = Station()
    station.online()
    with pytest.raises(PersonError, match="was not sent before"):
        station.hold().bench.misbehave(Mischief(what="repeat", frame="remote_start"))


def test_another_model_in_the_midst_of_a_charge_is_put_back_when_nothing_charges() -> None:
    station, wire, held = begun(what="untimely", frame="billing_model_set")
    wire.pile.settle()
    pushed = wire.pile.last("billing_model_set")
    wire.pile.send("billing_model_set_reply", pushed, set_result=1)
    assert station.platform.piles[PILE].billing.taken is not None
    wire.pile.names()
    held.bench.release()
    wire.pile.settle()
    back = wire.pile.last("billing_model_set")
    assert back.values.sharp_energy_price < pushed.values.sharp_energy_price


@pytest.mark.parametrize(
    "deed",
    [
        Mischief(what="cut"),
        Mischief(what="refuse_login"),
        Mischief(what="split", frame="realtime_read"),
        Mischief(what="withhold", frame="heartbeat_reply"),
        Mischief(what="delay", frame="login_reply"),
    ],
    ids=lambda deed: f"{deed.what} {deed.frame}".strip(),
)
def test_what_concerns_the_whole_pile_needs_the_whole_pile(deed: Mischief) -> None:
    station = Station()
    station.online()
    with pytest.raises(PersonError, match="concerns the whole pile"):
        station.hold("01").bench.misbehave(deed)


def test_the_record_of_another_gun_is_confirmed_as_ever() -> None:
    station = Station()
    wire = station.online()
    one, two = station.hold("01"), station.hold("02")
    one.bench.misbehave(Mischief(what="withhold", frame=CONFIRM, times=5))
    assert record(wire, "01") == []
    assert record(wire, "02", SERIAL[:14] + "02" + SERIAL[16:]) == [CONFIRM]
    assert told(two) == []
    assert told(one)


def test_a_connection_that_other_piles_share_is_left_alone() -> None:
    station = Station()
    wire = station.online()
    wire.pile.log_in(pile_code=OTHER)
    held = station.hold(whole=True)
    for what in ("cut", "split", "rubbish", "wrong_crc"):
        with pytest.raises(PersonError, match="other piles share"):
            held.bench.misbehave(Mischief(what=what, frame="realtime_read"))
    assert wire.open


def test_another_pile_is_answered_and_let_in_as_ever() -> None:
    station, wire, held = begun(what="refuse_login", times=9)
    other = station.wire("pile:9")
    other.pile.log_in(pile_code=OTHER)
    assert station.platform.online(OTHER)
    held.bench.misbehave(Mischief(what="withhold", frame="heartbeat_reply", times=9))
    other.pile.names()
    other.pile.send("heartbeat", pile_code=OTHER, gun_no="01")
    assert other.pile.names() == ["heartbeat_reply"]
    assert wire.open


def test_nobody_is_cut_off_who_is_not_there() -> None:
    station = Station()
    held = station.hold(whole=True)
    for deed in (Mischief(what="cut"), Mischief(what="split", frame="realtime_read")):
        with pytest.raises(Offline):
            held.bench.misbehave(deed)


def test_after_the_end_of_the_run_nothing_can_be_begun() -> None:
    _, _, held = begun(what="withhold", frame="heartbeat_reply", times=9)
    held.bench.release()
    with pytest.raises(Offline):
        held.bench.misbehave(Mischief(what="cut"))


def test_what_spares_current_ends_with_the_first_report_that_shows_some() -> None:
    _, wire, held = begun(what="withhold", frame="heartbeat_reply", times=9, spares_current=True)
    wire.pile.send("heartbeat", gun_no="01")
    assert wire.pile.names() == []
    assert not held.bench.current_flows()
    wire.pile.report(3, gun_no="02", output_current=Decimal("20.0"))
    assert held.bench.current_flows()
    wire.pile.names()
    wire.pile.send("heartbeat", gun_no="01")
    assert wire.pile.names() == ["heartbeat_reply"]
    assert told(held)[-1] == ("withhold", "ended")


def test_current_is_looked_for_at_the_guns_that_are_held() -> None:
    station = Station()
    wire = station.online()
    one, two = station.hold("01"), station.hold("02")
    wire.pile.report(2, gun_no="02", output_current=Decimal("20.0"))
    assert (one.bench.current_flows(), two.bench.current_flows()) == (False, True)
    wire.pile.report(3, gun_no="01")
    assert one.bench.current_flows()


def test_each_deed_stands_in_the_journal_of_the_pile_as_well() -> None:
    station, wire, _ = begun(what="rubbish", frame="realtime_read")
    wire.pile.settle()
    (deed,) = events_in(station.memories[PILE], Misbehaved)
    (number,) = deed.frames
    frame = next(r for r in station.memories[PILE].records if r.n == number)
    assert isinstance(frame, FrameSeen)
    assert isinstance(frame.raw, bytes)
    assert frame.raw[5] == 0x12


def test_a_negative_answer_to_a_start_that_came_twice_ends_no_charge() -> None:
    station = Station()
    wire = station.online()
    station.hold()
    wire.pile.report(3)
    wire.pile.send("remote_start_reply", gun_no="01", transaction_serial=SERIAL, start_result=0, fail_reason=2)
    assert station.platform.piles[PILE].guns["01"].charging
