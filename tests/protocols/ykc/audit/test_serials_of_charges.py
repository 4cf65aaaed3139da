"""Under which serial a charge is reported and billed, and what is another charge's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from harness.core.journal import LinkChanged
from harness.protocols.ykc.codes import OFFLINE_CARD
from tests.protocols.ykc.audit.edited import Edited, checks, good
from tests.protocols.ykc.audit.record_sessions import CONFIRM, RECORD, more
from tests.protocols.ykc.audit.start_sessions import OTHER, charging
from tests.protocols.ykc.audit.test_records import two_charges

REPORT = "realtime_data"
OLDER = OTHER[:16] + "250417100140" + OTHER[28:]


def billed_otherwise(**fields: Any) -> Edited:
    """The record of a charge under another serial, and perhaps with something else in it."""
    session = good().change(CONFIRM, transaction_serial=OTHER)
    return session.change(RECORD, **{"transaction_serial": OTHER} | fields)


def changed(session: Edited, *, times: bool = True) -> bool:
    return "serial_differs" in checks(session.audit(times=times))


def later(seconds: float) -> Callable[[Any], Any]:
    return lambda moment: moment.time + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"trade_flag": OFFLINE_CARD}, False),
        ({"transaction_serial": OLDER}, False),  # of an order before
        ({"total_energy": more("6")}, False),
        ({"total_energy": lambda energy: (energy / 2).quantize(Decimal("0.0001"))}, False),
        ({"start_time": None}, False),
        ({"end_time": None}, False),
        ({"start_time": later(-600)}, False),
        ({"end_time": later(-600)}, False),
    ],
)
def test_a_record_under_an_unknown_serial_is_the_charges_when_it_tells_of_it(
    fields: dict[str, Any], told: bool
) -> None:
    assert changed(billed_otherwise(**fields)) == told


@pytest.mark.parametrize(("factor", "told"), [("1", True), ("1.005", True), ("1.1", False), ("0.9", False)])
def test_without_times_a_record_is_told_by_its_energy_alone(factor: str, told: bool) -> None:
    last = max(good().values(REPORT, n).energy for n in range(len(good().frames(REPORT))))
    session = billed_otherwise(total_energy=(last * Decimal(factor)).quantize(Decimal("0.0001")))
    assert changed(session, times=False) == told


def test_without_times_a_record_of_nothing_tells_of_no_charge() -> None:
    session = billed_otherwise(total_energy=0).change(REPORT, charging, energy=0)
    assert not changed(session, times=False)


def test_a_charge_that_never_ran_has_no_record_under_another_serial() -> None:
    session = billed_otherwise().drop(REPORT, charging)
    assert not changed(session)


def test_a_record_amid_a_charge_is_not_its_own() -> None:
    session = billed_otherwise()
    session.cut(session.at("remote_stop") - 0.01)
    last = session.values(REPORT, -1).energy
    record = billed_otherwise(total_energy=last).frames(RECORD)[0]
    session.add([record], session.end - record.at)
    assert not changed(session)


@pytest.mark.parametrize("end", ["stopped", "by itself"])
def test_a_charge_is_over_once_it_was_stopped_or_says_so(end: str) -> None:
    session = billed_otherwise()
    if end == "stopped":
        session.drop(REPORT, lambda values: not charging(values), since=session.at("remote_stop"))
    else:
        session.drop("remote_stop").drop("remote_stop_reply")
    assert changed(session)


def test_a_charge_that_nobody_confirmed_has_its_serial_all_the_same() -> None:
    assert changed(billed_otherwise().drop("remote_start_reply"))


def test_reports_under_another_serial_are_the_charges_when_its_record_holds_as_much() -> None:
    for energy, told in ((None, True), (Decimal(50), False)):
        session = good()
        place = max(n for n in range(len(session.frames(REPORT))) if charging(session.values(REPORT, n)))
        fields: dict[str, Any] = {"transaction_serial": OTHER} | ({} if energy is None else {"energy": energy})
        assert changed(session.change(REPORT, place, **fields)) == told, energy


def test_the_record_of_a_charge_leaves_the_next_one_running() -> None:
    session = two_charges(15)
    session.change(RECORD, -1, transaction_serial=OTHER).change(CONFIRM, -1, transaction_serial=OTHER)
    assert changed(session)


def test_a_record_after_that_of_the_charge_is_not_the_charges() -> None:
    session = good(after=60)
    again = session.frames(RECORD)[0]
    session.add([again], 1).change(RECORD, -1, transaction_serial=OTHER)
    assert not changed(session)


def confirmed_again() -> Edited:
    """Amid a charge a second order is confirmed; the charge goes on, and so do its reports and its record."""
    session, order = good(), {"gun_no": "01", "transaction_serial": OTHER}
    at = session.at("bms_info", 1)
    session.down(at, "remote_start", b"\1\1", **order, physical_card_no=bytes(8))
    return session.up(at + 0.1, "remote_start_reply", b"\1\1", **order, start_result=1, fail_reason=0)


def test_who_confirms_a_second_order_has_to_report_under_its_serial() -> None:
    session = confirmed_again()
    found = [each for each in session.audit().findings if each.check == "serial_differs"]
    assert [(each.expected, each.seen) for each in found] == [(OTHER, session.values(RECORD).transaction_serial)]


def test_reports_of_a_charge_that_was_cut_off_may_be_stored_when_the_next_one_is_confirmed() -> None:
    session = confirmed_again()
    at = session.at("bms_info", 0) + 0.5
    session.event(at, LinkChanged("lost")).event(at + 0.1, LinkChanged("connected"))
    assert not changed(session)
