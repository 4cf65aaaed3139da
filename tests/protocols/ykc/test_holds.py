"""Who holds which gun, whose journal gets what, and what a run may do with its gun."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.clock import ManualClock
from harness.core.errors import HarnessFault, Misfit, PersonError
from harness.core.journal import EventSeen, FileFetch, FrameSeen, Journal, LinkChanged, Memory
from harness.core.operator import Firmware
from harness.core.pile import Items, PileProfile
from harness.core.ports import Heard, Offer, Offline
from harness.protocols.ykc.piles import HeldError
from tests.helpers.wire import CARD, OTHER, PILE, Station, events_in, names_in


def heard(ear: object) -> list[str]:
    return [what.message.name for what in ear.heard if isinstance(what, Heard)]  # type: ignore[attr-defined]


def test_one_run_per_gun() -> None:
    station = Station()
    station.hold("01")
    station.hold("02")
    with pytest.raises(HeldError, match="another run holds the gun 01"):
        station.hold("01")


def test_a_run_on_the_whole_pile_excludes_all_others() -> None:
    station = Station()
    gun = station.hold("01")
    with pytest.raises(HeldError):
        station.hold("02", whole=True)
    gun.bench.release()
    station.hold("02", whole=True)
    with pytest.raises(HeldError, match="another run holds the pile"):
        station.hold("01")
    station.hold("01", pile_code=OTHER)


def test_a_pile_or_gun_that_is_not_there_is_a_clear_error() -> None:
    station = Station()
    with pytest.raises(PersonError, match="pile 12345678901234 is not registered"):
        station.hold(pile_code="12345678901234")
    with pytest.raises(PersonError, match="has no gun 03; it has 01, 02"):
        station.hold("03")


def since_hold(memory: Memory) -> list[str]:
    """The frames after the one by which the billing model had been given."""
    first, *others = names_in(memory)
    assert first == "billing_model_request_reply"
    return others


def test_frames_go_to_the_piles_own_journal_always_and_to_the_run_that_holds_their_gun() -> None:
    station = Station()
    wire = station.online()
    one, two = station.hold("01"), station.hold("02")
    wire.pile.send("heartbeat", gun_no="01")
    wire.pile.send("heartbeat", gun_no="02")
    wire.pile.report(2, gun_no="02")
    assert station.frames()[-5:] == [*["heartbeat", "heartbeat_reply"] * 2, "realtime_data"]
    assert since_hold(one.memory) == ["heartbeat", "heartbeat_reply"]
    assert since_hold(two.memory) == ["heartbeat", "heartbeat_reply", "realtime_data"]
    assert heard(one.ear) == ["heartbeat"]
    assert heard(two.ear) == ["heartbeat", "realtime_data"]


def test_frames_of_a_gun_that_nobody_holds_go_to_everybody() -> None:
    station = Station()
    wire = station.online()
    one = station.hold("01")
    wire.pile.report(2, gun_no="02")
    assert since_hold(one.memory) == ["realtime_data"]


def test_frames_without_a_gun_go_to_all_runs() -> None:
    station = Station()
    wire = station.online()
    one, two = station.hold("01"), station.hold("02")
    wire.pile.send("remote_reboot_reply", set_result=1)
    wire.pile.log_in()
    for held in (one, two):
        assert since_hold(held.memory) == ["remote_reboot_reply", "login", "login_reply"]


def test_damage_is_in_the_journal_of_the_run() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    wire.pile.session.send_raw(b"\x01\x02")
    wire.pile.send("heartbeat", gun_no="01")
    assert [r.damage for r in held.memory.records if isinstance(r, FrameSeen)][1:] == ["garbage", "", ""]


def test_what_a_run_hears_carries_the_number_in_its_own_journal_and_comes_in_its_order() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    wire.pile.report(2)
    wire.cut_off()
    station.clock.advance(0)
    wire = station.wire("pile:2")
    wire.pile.log_in()
    numbers = [what.n for what in held.ear.heard]
    assert numbers == sorted(numbers)
    for what in held.ear.heard:
        record = next(r for r in held.memory.records if r.n == what.n)
        if isinstance(what, Heard):
            assert isinstance(record, FrameSeen)
            assert record.raw == what.message.raw
        else:
            assert isinstance(record, EventSeen)
            assert record.event == what.event


def test_the_platform_has_answered_before_the_run_hears() -> None:
    station = Station()
    wire = station.online()
    sent: list[int] = []

    class Ear:
        def receive(self, what: object, now: float) -> None:
            sent.append(len(wire.down.writes))

    station.platform.hold(PILE, "01", station.journal("run"), Ear())
    before = len(wire.down.writes)
    wire.pile.send("transaction_record", transaction_serial="1" * 32, gun_no="01")
    assert since_hold(station.memories["run"]) == ["transaction_record", "transaction_record_confirm"]
    assert sent == [before], "both in one read: the answer leaves when the read is done"


def test_a_run_begins_with_how_things_stand() -> None:
    station = Station()
    station.online()
    held = station.hold()
    first = held.memory.records[0]
    assert isinstance(first, EventSeen)
    assert first.event == LinkChanged("online", "pile:1", "V1.0")
    assert held.bench.program_version() == "V1.0"


def test_what_a_run_sends_fills_itself_in_and_gives_its_number() -> None:
    station = Station()
    wire = station.online()
    held = station.hold("02")
    n = held.bench.send("remote_stop", {})
    wire.pile.settle()
    stop = wire.pile.last("remote_stop")
    assert (stop.values.pile_code, stop.values.gun_no) == (PILE, "02")
    assert next(r for r in held.memory.records if r.n == n).raw == stop.raw  # type: ignore[union-attr]
    assert station.frames()[-1] == "remote_stop"
    held.bench.send("remote_update", {"server_port": "2121", "exec_control": "0x01"})
    wire.pile.settle()
    update = wire.pile.last("remote_update").values
    assert (update.pile_model, update.pile_power, update.server_port) == (1, 60, 2121)


def test_a_value_that_does_not_fit_is_a_misfit_and_nothing_is_sent() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    with pytest.raises(Misfit, match=r"remote_start\.account_balance"):
        held.bench.send("remote_start", {"account_balance": "-1"})
    assert wire.pile.names() == []


def test_nobody_there_is_offline() -> None:
    station = Station()
    held = station.hold()
    assert not held.bench.online()
    with pytest.raises(Offline):
        held.bench.send("remote_stop", {})


def test_a_released_gun_hears_and_sends_nothing_more() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    held.bench.release()
    held.bench.release()
    wire.pile.report(2)
    assert held.ear.heard == []
    with pytest.raises(Offline):
        held.bench.send("remote_stop", {})


def test_the_last_reading_is_of_the_present_login() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    assert held.bench.last_reading() is None
    wire.pile.report(2, gun_plugged=1)
    reading = held.bench.last_reading()
    assert reading is not None
    assert (reading.status, reading.plugged) == ("idle", True)
    wire.cut_off()
    station.clock.advance(0)
    station.wire().pile.log_in()
    assert held.bench.last_reading() is None


def test_a_plug_is_fresh_until_it_charged_and_again_when_pulled() -> None:
    station = Station()
    wire = station.online()
    held = station.hold()
    assert held.bench.fresh_plug()
    wire.pile.report(2, gun_plugged=1)
    assert held.bench.fresh_plug()
    wire.pile.report(3, gun_plugged=1, serial="1" * 32)
    wire.pile.report(2, gun_plugged=1)
    assert not held.bench.fresh_plug()
    wire.pile.report(2, gun_plugged=0)
    assert held.bench.fresh_plug()


def test_transaction_serials_carry_pile_gun_and_platform_time_and_are_unique() -> None:
    station = Station()
    held = station.hold("02")
    first, second = held.bench.new_serial(), held.bench.new_serial()
    assert first == f"{PILE}02260417100000" + "0001"
    assert second[-4:] == "0002"
    assert len({held.bench.new_serial() for _ in range(9000)}) == 9000


def test_the_card_of_a_remote_start_is_the_declared_one() -> None:
    station = Station()
    assert station.hold().bench.card_on_file() == ("0" * 16, CARD.rjust(16, "0"))
    assert station.hold(pile_code=OTHER).bench.card_on_file() == ("0" * 16, "0" * 16)


@pytest.mark.parametrize(
    ("dialect", "frame", "reply", "texts"),
    [
        ("5A", "qr_set", "qr_set_reply", (f"https://pile.example/q/{PILE}02?c={'0123456789' * 5}01234567",)),
        (
            "F0",
            "qr_prefix_set",
            "qr_prefix_set_reply",
            (f"https://pile.example/q/{PILE}02", f"https://pile.example/q/{PILE}2", f"https://pile.example/q/{PILE}/2"),
        ),
    ],
)
def test_the_qr_code_is_pushed_in_the_piles_dialect(
    dialect: str, frame: str, reply: str, texts: tuple[str, ...]
) -> None:
    profile = PileProfile(pile_code=PILE, model="M", kind="dc", power_kw=60, guns=2, qr_dialect=dialect, items=Items())
    station = Station([profile])
    wire = station.online()
    bench = station.hold("02").bench
    push = bench.qr_push()
    assert push is not None
    assert (push.frame, push.reply) == (frame, reply)
    bench.send(push.frame, push.values)
    wire.pile.settle()
    assert bench.language.qr_texts(wire.pile.last(frame), "02") == texts


def test_a_pile_without_a_qr_dialect_has_nothing_to_push() -> None:
    profile = PileProfile(pile_code=PILE, model="M", kind="dc", power_kw=60, guns=1, qr_dialect="none")
    assert Station([profile]).hold().bench.qr_push() is None


class Shelf:
    """A publisher that keeps what it was given."""

    def __init__(self) -> None:
        self.tell = None
        self.withdrawn: list[Offer] = []

    def publish(self, firmware: Firmware, tell: object) -> Offer:
        self.tell = tell  # type: ignore[assignment]
        return Offer("127.0.0.1", 2121, "user", "word", "/fw.bin", 3)

    def withdraw(self, offer: Offer) -> None:
        self.withdrawn.append(offer)


def test_firmware_events_reach_the_run_and_the_file_is_withdrawn_at_release() -> None:
    shelf = Shelf()
    station = Station(publisher=shelf)
    held = station.hold(whole=True)
    offer = held.bench.publish(Firmware(str(Path("fw.bin")), "V2"))
    assert shelf.tell is not None
    shelf.tell(FileFetch("login", "user"))  # type: ignore[misc]
    station.clock.advance(0)
    assert held.ear.events(FileFetch) == [FileFetch("login", "user")]
    assert events_in(held.memory, FileFetch) == [FileFetch("login", "user")]
    held.bench.release()
    assert shelf.withdrawn == [offer]


def test_without_a_firmware_server_it_is_our_fault() -> None:
    with pytest.raises(HarnessFault):
        Station().hold().bench.publish(Firmware("fw.bin", "V2"))


def test_a_frame_that_a_run_has_claimed_is_answered_by_nobody_else_until_it_is_released() -> None:
    station = Station()
    wire = station.online()
    held = station.hold("01")
    held.bench.claim("transaction_record")
    station.hold("02")
    for gun_no in ("01", "02"):
        wire.pile.send("transaction_record", transaction_serial=gun_no * 16, gun_no=gun_no)
    assert [message.values.transaction_serial for message in wire.pile.heard_messages] == ["02" * 16]
    wire.pile.names()
    held.bench.release()
    wire.pile.send("transaction_record", transaction_serial="1" * 32, gun_no="01")
    assert wire.pile.names() == ["transaction_record_confirm"]


def test_nothing_rings_any_more_after_a_run_on_an_idle_pile() -> None:
    clock = ManualClock()
    station = Station(clock=clock)
    wire = station.online()
    held = station.hold(whole=True)
    held.bench.steer_clock(120)
    station.clock.advance(5)
    held.bench.release()
    wire.pile.settle()
    assert clock.pending() == 1, "only the watch over the connection"


def test_a_journal_may_begin_where_another_ended() -> None:
    station = Station()
    wire = station.online()
    memory: list[int] = []
    journal = Journal("run", station.clock, (lambda key, record: memory.append(record.n),), after=40)
    station.platform.hold(PILE, "01", journal, station.hold("02").ear)
    wire.pile.report(2)
    assert memory[0] == 41
