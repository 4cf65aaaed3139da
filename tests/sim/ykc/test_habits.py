"""What habits change, each by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.core.message import Message
from harness.sim.ykc.ways import every, priced, scaled
from tests.sim.pretend import SERIAL, Beside


def plugged_in() -> Beside:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.forget()
    return beside


def test_a_frame_that_is_late_goes_out_later_with_the_serial_of_its_request() -> None:
    beside = plugged_in()
    beside.pile.habits.delays["remote_start_reply"] = 5.0
    beside.start()
    beside.wait(4)
    assert beside.heard("remote_start_reply") == []
    beside.wait(2)
    (reply,) = [message for _, message in beside.said if message.name == "remote_start_reply"]
    assert reply.serial == b"\x07\x00"


def test_what_is_late_is_not_said_on_another_connection() -> None:
    beside = plugged_in()
    beside.pile.habits.delays["remote_start_reply"] = 5.0
    beside.start()
    beside.lose()
    beside.wait(4)
    beside.connect()
    beside.wait(10)
    assert beside.heard("remote_start_reply") == []


def test_a_frame_that_is_not_heeded_is_heard_by_all_listeners_and_does_nothing() -> None:
    beside = plugged_in()
    heard: list[str] = []

    def refuse(message: Message, now: float) -> bool:
        heard.append("first")
        return False

    def note(message: Message, now: float) -> bool:
        heard.append("second")
        return True

    beside.pile.habits.listen("remote_start", refuse)
    beside.pile.habits.listen("remote_start", note)
    beside.start()
    assert heard == ["first", "second"]
    assert beside.said == []


def test_a_gun_with_a_slow_lock_first_says_not_plugged_in_and_starts_within_its_grace() -> None:
    beside = plugged_in()
    beside.pile.habits.start_delay = 12.0
    beside.start()
    beside.wait(20)
    replies = [(reply.start_result, reply.fail_reason) for reply in beside.heard("remote_start_reply")]
    assert replies == [(0, 5), (1, 0)]
    assert beside.last("realtime_data").transaction_serial == SERIAL


def test_pulled_and_put_in_again_within_the_grace_it_starts_as_well() -> None:
    beside = plugged_in()
    beside.pile.habits.start_delay = 12.0
    beside.start()
    beside.pile.unplug("01", beside.now)
    beside.wait(3)
    beside.pile.plug("01", beside.now)
    assert [reply.start_result for reply in beside.heard("remote_start_reply")] == [0, 1]


@pytest.mark.parametrize(("delay", "stops"), [(0.0, True), (20.0, False), (None, False)])
def test_a_stop_is_carried_out_when_the_habits_have_it(delay: float | None, stops: bool) -> None:
    beside = plugged_in()
    beside.start()
    beside.wait(30)
    beside.pile.habits.stop_delay = delay
    beside.tell("remote_stop", gun_no="01")
    beside.wait(10)
    assert beside.last("remote_stop_reply").stop_result == 1
    assert (beside.pile.guns["01"].charge is None) is stops
    beside.wait(60)
    assert (beside.pile.guns["01"].charge is None) is (delay is not None)


def test_a_change_may_be_told_late_or_never() -> None:
    beside = Beside().logged_in()
    beside.forget()
    beside.pile.habits.change_delay = 4.0
    beside.pile.plug("01", beside.now)
    beside.wait(3)
    assert beside.heard("realtime_data") == []
    beside.wait(2)
    assert len(beside.heard("realtime_data")) == 1
    beside.pile.habits.change_delay = None
    beside.pile.unplug("01", beside.now)
    beside.wait(60)
    assert len(beside.heard("realtime_data")) == 1


def test_what_repeats_comes_again_and_again() -> None:
    beside = Beside().logged_in()
    at: list[float] = []
    every(beside.pile, 20.0, "again", at.append)
    began = beside.now
    beside.wait(65)
    assert [moment - began for moment in at] == pytest.approx([20, 40, 60])


def test_a_record_is_priced_by_its_own_energies_and_prices() -> None:
    values = {f"{label}_{kind}": Decimal(0) for label in ("sharp", "peak", "flat", "valley") for kind in
              ("energy", "loss_energy", "unit_price", "amount")}  # fmt: skip
    values |= {"peak_loss_energy": Decimal("2.0000"), "peak_unit_price": Decimal("1.48790")}
    said = priced(scaled(values, ["peak_loss_energy"], Decimal("0.5")))
    assert said["peak_amount"] == said["total_amount"] == Decimal("1.4879")
