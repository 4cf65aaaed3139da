"""Stops: who has to answer which, and what still counts as that stop's."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.journal import LinkChanged, Misbehaved
from harness.protocols.ykc.audit.charges import Charge, Gun
from harness.protocols.ykc.audit.rules.stop import stoppable
from tests.protocols.ykc.audit.edited import Edited, checks, good
from tests.protocols.ykc.audit.start_sessions import app_stop, flow, pulled, stop_goes_on

APP_STOP, SOC_REACHED = 0x40, 0x41
STOP, REPLY = "remote_stop", "remote_stop_reply"
GUN: dict[str, Any] = {"gun_no": "01"}


def stopped_before(answered: bool) -> Edited:
    """A charge that was to be stopped 5 s before its stop, too; that one gets no answer."""
    session = good("single_tariff", "ac", after=60)
    session.drop(REPLY)
    before = session.at(STOP) - 5
    session.down(before, STOP, b"\1\1", **GUN)
    if answered:
        session.up(before + 0.1, REPLY, b"\1\1", **GUN, stop_result=1, fail_reason=0)
    return session


def ends_before_its_reply(reason: int, seconds: float) -> Edited:
    """0x36, a second later 0x19, so many seconds later 0x35, then the record with a reason."""
    session = good(after=20).change("transaction_record", stop_reason=reason)
    stop = session.at(STOP)
    session.move("charge_end", stop + 1.0 - session.at("charge_end"))
    session.move("transaction_record", 3).move("transaction_record_confirm", 3)
    return session.move(REPLY, stop + 1.0 + seconds - session.at(REPLY))


@pytest.mark.parametrize(
    ("reason", "seconds", "times", "told"),
    [(APP_STOP, 2.5, True, 1), (APP_STOP, 1.5, True, 0), (APP_STOP, 2.5, False, 0), (SOC_REACHED, 2.5, True, 0)],
)
def test_a_0x19_that_came_of_the_stop_comes_after_the_0x35(reason: int, seconds: float, times: bool, told: int) -> None:
    found = ends_before_its_reply(reason, seconds).audit(times=times)
    assert found.counts.get("stop_order", 0) == told


def test_a_stop_sent_again_after_its_answer_is_due_another() -> None:
    assert stopped_before(answered=True).audit().counts["stop_reply_missing"] == 1


def test_a_stop_sent_again_before_its_answer_is_due_one_answer() -> None:
    assert stopped_before(answered=False).audit().counts["stop_reply_missing"] == 1


@pytest.mark.parametrize(("what", "other", "told"), [("split", 0, 0), ("split", 9999, 1), ("late", 0, 1)])
def test_only_a_stop_that_left_in_pieces_itself_is_due_no_answer(what: str, other: int, told: int) -> None:
    session = good("single_tariff", "ac", after=60).drop(REPLY)
    n = session.frames(STOP)[0].n
    session.event(session.at(STOP), Misbehaved(what=what, frame=STOP, **GUN, frames=(n + other,)))
    assert session.audit().counts.get("stop_reply_missing", 0) == told


@pytest.mark.parametrize(("what", "told"), [("lost", False), ("card_shown", True)])
def test_a_stop_counts_until_the_connection_is_gone(what: str, told: bool) -> None:
    session = stop_goes_on(16, 30)
    session.event(session.at(STOP) + 1, LinkChanged(what))
    assert ("charging_after_stop" in checks(session.audit())) == told


def test_a_start_while_the_old_charge_runs_leaves_its_stop_in_force() -> None:
    session = stop_goes_on(16, 30)
    order = {"transaction_serial": "32010600019236012604171001409999", "physical_card_no": bytes(8)}
    session.down(session.at(STOP) + 1, "remote_start", b"\1\1", **GUN, **order)
    assert "charging_after_stop" in checks(session.audit())


def test_a_start_after_the_end_of_the_old_charge_is_not_stopped() -> None:
    """The new charge reports no serial of its own yet."""
    session = stop_goes_on(16, 30)
    stop, zeros = session.at(STOP), "0" * 32
    session.change("realtime_data", -1, transaction_serial=zeros)
    assert "charging_after_stop" in checks(session.audit())
    session.up(stop + 1, "realtime_data", **GUN, transaction_serial=zeros, status=2, gun_plugged=1)
    order = {"transaction_serial": "32010600019236012604171001409999", "physical_card_no": bytes(8)}
    session.down(stop + 2, "remote_start", b"\1\1", **GUN, **order)
    assert "charging_after_stop" not in checks(session.audit())


def test_a_charge_that_the_app_could_not_end_is_told_once_however_long_it_goes_on() -> None:
    session = app_stop(0, still=True)
    stop, last = session.at(STOP), session.values("realtime_data", -1)
    for after in (13, 17, 20):
        values = flow(float(last.energy) + after / 100, 16)
        session.up(stop + after, "realtime_data", **GUN, transaction_serial=last.transaction_serial, **values)
    counts = session.audit().counts
    assert counts["app_stop_refused"] == 1
    assert "charging_after_stop" not in counts


@pytest.mark.parametrize(("after", "times", "told"), [(1.5, True, False), (2.5, True, True), (2.5, False, False)])
def test_the_end_of_a_charge_may_cross_the_stop(after: float, times: bool, told: bool) -> None:
    session = good()
    stop = session.at(STOP)
    session.move("charge_end", stop + after - session.at("charge_end"))
    session.move(REPLY, stop + after + 0.1 - session.at(REPLY))
    assert ("stop_order" in checks(session.audit(times=times))) == told


def test_a_charge_goes_on_until_its_record_and_not_until_its_0x19() -> None:
    session = stop_goes_on(16, 30)
    serial = session.values("realtime_data", -1).transaction_serial
    session.up(session.at(STOP) + 1, "charge_end", **GUN, transaction_serial=serial)
    assert "charging_after_stop" in checks(session.audit())


@pytest.mark.parametrize(("status", "told"), [(2, False), (3, True)])
def test_a_pulled_gun_charges_on_when_it_says_so(status: int, told: bool) -> None:
    session = pulled(10, record=True).change("realtime_data", -1, status=status, output_current=16)
    session.drop("realtime_data", -2)
    assert ("charging_unplugged" in checks(session.audit())) == told


@pytest.mark.parametrize(("stopped", "told"), [(False, True), (True, False)])
def test_a_gun_that_is_pulled_after_a_stop_has_its_usual_time_for_the_record(stopped: bool, told: bool) -> None:
    session = pulled(0, record=False)
    if stopped:
        at = session.at("realtime_data", -2) - 1
        session.down(at, STOP, b"\1\1", **GUN).up(at + 0.1, REPLY, b"\1\1", **GUN, stop_result=1, fail_reason=0)
    assert ("record_after_pull" in checks(session.audit())) == told


SEEN: Any = object()


@pytest.mark.parametrize(
    ("known", "is_there"),
    [
        ({}, False),  # somebody's, and nothing of it was seen yet
        ({"order": SEEN}, True),
        ({"order": SEEN, "refused": SEEN}, False),
        ({"order": SEEN, "refused": SEEN, "last": SEEN}, True),
        ({"last": SEEN}, True),
        ({"last": SEEN, "ended": SEEN}, False),
        ({"last": SEEN, "records": [SEEN]}, False),
        ({"last": SEEN, "relogins": 1}, False),
    ],
)
def test_a_stop_ends_what_runs_or_was_ordered_and_not_refused(known: dict[str, Any], is_there: bool) -> None:
    gun, charge = Gun("01"), Charge("1", "01", None, "app")
    for name, value in known.items():
        setattr(charge, name, value)
    assert stoppable(gun) is None
    gun.charge = charge
    assert stoppable(gun) is (charge if is_there else None)


def test_a_reply_that_never_came_is_not_said_to_have_come_too_late() -> None:
    found = good("single_tariff", after=60).drop("remote_stop_reply").audit()
    told = next(each for each in found.findings if each.check == "stop_order")
    assert told.seen == "0x19 之前没有 0x35 / no 0x35 before 0x19"


def test_a_0x19_that_comes_again_is_no_record() -> None:
    session = ends_before_its_reply(APP_STOP, 1.0)
    session.again("charge_end", 1.5)
    assert "stop_order" not in checks(session.audit())
