"""One end of a connection: serials, joined answers, damage, the end."""

import random

import pytest

from harness.core.clock import ManualClock
from harness.core.journal import FrameSeen
from harness.core.ports import Offline
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.session import Session
from tests.helpers.wire import PILE, PROFILE, Station


def test_own_serials_count_from_zero_low_byte_first_and_wrap() -> None:
    sent: list[bytes] = []
    session = Session("platform", sent.append, lambda: None)
    for _ in range(0x10001):
        session.send("realtime_read", {"pile_code": PILE, "gun_no": "01"})
    serials = [raw[2:4] for raw in sent]
    assert serials[:2] == [b"\0\0", b"\1\0"]
    assert serials[0x102] == b"\x02\x01"
    assert serials[-2:] == [b"\xff\xff", b"\0\0"]


def test_a_reply_repeats_the_two_bytes_of_its_request_and_uses_up_no_serial_of_ours() -> None:
    station = Station()
    wire = station.wire()
    wire.pile.log_in()
    first = wire.pile.last("time_sync")
    raw = CATALOGUE.encode("heartbeat", {"pile_code": PILE, "gun_no": "01"}, b"\xab\xcd")
    wire.pile.session.send_raw(raw)
    wire.pile.settle()
    assert wire.pile.last("heartbeat_reply").serial == b"\xab\xcd"
    station.platform.piles[PILE].send("realtime_read", {"gun_no": "01"})
    wire.pile.settle()
    assert (first.serial, wire.pile.last("realtime_read").serial) == (b"\0\0", b"\1\0")


def test_a_new_connection_counts_from_zero_again() -> None:
    station = Station()
    for _ in range(2):
        wire = station.wire()
        wire.pile.log_in()
        assert wire.pile.last("time_sync").serial == b"\0\0"


def test_all_answers_to_one_read_leave_in_one_write() -> None:
    station = Station()
    wire = station.online()
    before = len(wire.down.writes)
    beats = [CATALOGUE.encode("heartbeat", {"pile_code": PILE, "gun_no": gun}, b"\0\1") for gun in ("01", "02")]
    wire.deliver(b"".join(beats))
    assert len(wire.down.writes) == before + 1
    assert len(wire.down.writes[-1]) == 2 * 17


@pytest.mark.parametrize("seed", range(5))
def test_cut_at_random_the_same_frames_arrive(seed: int) -> None:
    whole, cut = Station(), Station()
    for station in (whole, cut):
        wire = station.wire()
        if station is cut:
            wire.up.cut, wire.down.cut = random.Random(seed), random.Random(seed + 100)
        wire.pile.log_in()
        wire.pile.take_tariff()
    assert cut.frames() == whole.frames()


def test_a_flipped_byte_is_damage_in_the_journal_and_the_next_frame_is_answered() -> None:
    station = Station()
    wire = station.online()
    wire.up.flipping = 1
    wire.pile.send("heartbeat", gun_no="01")
    wire.pile.send("heartbeat", gun_no="02")
    assert [message.values.gun_no for message in wire.pile.heard_messages] == ["02"]
    damaged = [r for r in station.memories[PILE].records if isinstance(r, FrameSeen) and r.damage]
    assert [(r.damage, r.raw[-2:]) for r in damaged] == [("crc", damaged[0].raw[-2:])]


def test_a_frame_that_stays_unfinished_is_given_up_after_five_seconds() -> None:
    station = Station()
    wire = station.online()
    wire.pile.session.send_raw(b"\x68\xff")
    wire.pile.session.send_raw(CATALOGUE.encode("heartbeat", {"pile_code": PILE, "gun_no": "02"}))
    wire.pile.settle()
    assert wire.pile.names() == []
    station.clock.advance(5)
    assert wire.pile.names() == ["heartbeat_reply"]


def test_a_delayed_wire_only_delays() -> None:
    station = Station()
    wire = station.wire()
    wire.up.delay = wire.down.delay = 3.0
    wire.pile.log_in()
    assert wire.pile.names() == []
    station.clock.advance(6)
    assert wire.pile.names() == ["login_reply", "time_sync"]


def test_a_dropped_heartbeat_is_simply_not_answered() -> None:
    station = Station()
    wire = station.online()
    wire.up.dropping = 1
    wire.pile.send("heartbeat", gun_no="01")
    wire.pile.send("heartbeat", gun_no="02")
    assert [message.values.gun_no for message in wire.pile.heard_messages] == ["02"]


def test_what_follows_a_close_is_neither_read_nor_sent() -> None:
    station = Station()
    wire = station.wire()
    login = CATALOGUE.encode("login", {"pile_code": "99999999999999"})
    good = CATALOGUE.encode("login", {"pile_code": PILE})
    wire.deliver(login + good)
    station.clock.advance(0)
    assert len(wire.down.writes) == 1
    with pytest.raises(Offline):
        wire.far.send("realtime_read", {"pile_code": PILE, "gun_no": "01"})


def test_the_loss_of_a_connection_is_told_once() -> None:
    lost: list[float] = []

    class Owner:
        def lost(self, now: float) -> None:
            lost.append(now)

    session = Session("pile", lambda data: None, lambda: None)
    session.owner = Owner()  # type: ignore[assignment]
    session.lost(1.0)
    session.lost(2.0)
    assert lost == [1.0]


def test_nothing_is_left_on_the_clock_when_all_is_closed() -> None:
    clock = ManualClock()
    station = Station([PROFILE], clock=clock)
    wire = station.online()
    station.platform.close()
    clock.advance(0)
    assert wire.pile.is_lost
    assert clock.pending() == 0
