"""Real-time data that are late, stored or asked for: what is held against the pile, and what is not."""

from __future__ import annotations

import msgspec
import pytest

from harness.core.journal import LinkChanged, LoopLate
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle
from tests.protocols.ykc.audit.realtime_sessions import about, asked, charging, cut_off, without

HANDSHAKE = "charge_handshake"
GAPS = {"realtime_late", "realtime_gap", "bms_gap"}


def stored_after_login(seconds_apart: float) -> Edited:
    """A pile logs in anew, its gun at rest, and uploads reports of the charge that ended meanwhile (R-RT-10)."""
    session = cut_off(200)
    values = [session.read(r).values for r in session.frames("realtime_data") if r.at < 118][-1]
    for number in range(4):
        said = {name: getattr(values, name) for name in ("transaction_serial", "gun_no", "status", "energy")}
        session.up(142 + number * seconds_apart, "realtime_data", **said)
    return session


def test_a_burst_of_stored_reports_is_no_charge_that_reports_too_rarely() -> None:
    assert not checks(stored_after_login(0.1).audit()) & (GAPS | {"idle_amid_charge", "energy_falls"})


def test_a_gun_that_still_charges_after_a_login_has_to_report_in_time_again() -> None:
    assert "realtime_gap" in checks(stored_after_login(15).audit())


def test_a_charge_is_not_late_while_the_connection_is_away() -> None:
    session = good()
    at = session.at("realtime_data", -4) + 1
    session.cut(at)
    session.event(at + 1, LinkChanged("lost"))
    session.event(at + 100, LinkChanged("connected"))
    assert not checks(session.audit()) & GAPS


def test_our_own_lateness_is_not_the_piles() -> None:
    session = without(3)
    session.event(session.at("bms_info", 2) + 1, LoopLate(15.0))
    assert "realtime_late" not in checks(session.audit())


def test_a_heartbeat_read_late_is_ours_and_so_is_what_follows_soon_after() -> None:
    session = idle()
    beats = session.frames("heartbeat")
    late = next(index for index, each in enumerate(beats) if each.at > 100)
    session.move("heartbeat", 5.0, late)
    assert "heartbeat_interval" in checks(session.audit())
    session.event(session.at("heartbeat", late) - 0.01, LoopLate(4.9))
    assert "heartbeat_interval" not in checks(session.audit())


def test_without_times_no_period_is_judged_and_that_is_counted() -> None:
    found = without(3, 4, 5).audit(times=False)
    assert not checks(found) & GAPS
    assert {"realtime_late", "realtime_gap", "idle_realtime_gap", "bms_gap"} <= {
        each.check for each in found.not_judged
    }


@pytest.mark.parametrize("frame", ["charge_end", "transaction_record", "charger_abort"])
def test_what_announces_the_end_of_a_charge_ends_the_fifteen_seconds(frame: str) -> None:
    session = good()
    at = session.at("realtime_data", -1)
    serial = session.values("remote_start").transaction_serial
    session.drop("realtime_data", -1).drop("charge_end").drop("remote_stop_reply").drop("transaction_record")
    session.up(at, frame, transaction_serial=serial, gun_no="01")
    session.up(at + 60, "realtime_data", gun_no="01", status=2)
    assert not checks(session.audit()) & GAPS


def test_a_gun_that_is_not_there_owes_no_answer() -> None:
    session = idle().down(100, "realtime_read", gun_no="09")
    assert "call_not_answered" not in checks(session.audit())


def test_a_report_without_the_serial_of_the_call_may_be_one_by_itself() -> None:
    session = idle().down(100, "realtime_read", serial=b"\1\1", gun_no="01")
    session.up(100.2, "realtime_data", serial=b"\7\7", gun_no="01", status=1, gun_homed=1)
    assert "change_not_reported" not in checks(session.audit())


def test_a_plug_that_only_the_answer_shows_is_named() -> None:
    found = asked(idle(), 100, 100.2, gun_plugged=1, gun_homed=0).audit()
    told = next(finding for finding in found.findings if finding.check == "change_not_reported")
    assert "已插枪" in told.zh
    assert "plugged in" in told.en


def test_every_gun_that_shows_a_heartbeat_owes_a_first_report() -> None:
    session = idle().drop("realtime_data", lambda v: v.gun_no == "02")
    assert "idle_realtime_gap" in checks(session.audit())


def test_a_gap_is_told_once_however_long_it_lasts() -> None:
    session = idle(1500.0).drop("realtime_data", lambda v: v.gun_no == "02")
    assert session.audit().counts["idle_realtime_gap"] == 1


def test_values_that_every_report_repeats_are_told_once() -> None:
    session = good().change("realtime_data", charging, soc=101)
    assert session.audit().counts["soc_above_100"] == 1


def test_a_third_idle_report_in_a_row_is_the_same_finding() -> None:
    zeros = {"status": 2, "output_voltage": 0, "output_current": 0}
    session = good()
    for chosen in [about(number) for number in (2, 3, 4)]:
        session.change("realtime_data", chosen, **zeros)
    told = [finding for finding in session.audit().findings if finding.check == "idle_amid_charge"]
    assert len(told) == 1
    assert "3" in told[0].zh


def test_a_next_charge_begins_after_idle_reports_as_it_should() -> None:
    session = good()
    serial = session.values("remote_start").transaction_serial
    last = session.read(session.frames("realtime_data")[-2]).values
    at = session.end + 8
    names = ("gun_no", "status", "gun_plugged", "output_voltage", "output_current")
    said = {name: getattr(last, name) for name in names}
    session.up(at, "realtime_data", transaction_serial=serial[:-1] + "9", **said)
    assert not checks(session.audit()) & {"idle_amid_charge", "idle_report_in_charge"}


def test_a_connection_lost_again_gives_the_stored_record_new_time() -> None:
    session = cut_off(None)
    login = session.frames("login")[1]
    begun = [r for r in session.records if login.at <= r.at <= login.at + 0.5]
    session.event(330, LinkChanged("lost"))
    session.records = [r for r in session.records if not 330 < r.at < 350]
    session.records += [msgspec.structs.replace(r, at=350 + r.at - login.at) for r in begun]
    told = next(f for f in session.audit().findings if f.check == "stored_record_missing")
    assert told.at > 350 + 360


def unreported() -> Edited:
    """Energy flowed for a minute, and no report ever said charging."""
    return good().drop("realtime_data", lambda values: values.status == 3)


def test_a_charge_that_no_report_showed_is_told_by_its_record_when_that_says_how_long_it_was() -> None:
    assert "realtime_gap" in checks(unreported().audit())
    assert "realtime_gap" not in checks(unreported().change("transaction_record", start_time=None).audit())
    assert "realtime_gap" not in checks(unreported().audit(times=False))


def test_a_charge_that_no_report_showed_may_have_been_reported_on_the_connection_that_broke() -> None:
    session = unreported()
    session.event(session.at("remote_start") + 10, LinkChanged("lost"))
    assert "realtime_gap" not in checks(session.audit())


def handshake_before(name: str, seconds: float) -> Edited:
    """A charge by VIN whose frame of the exchange comes so long before the order, when there is no serial yet."""
    session = good("vin")
    ordered = session.at("start_confirm")
    session.move(name, ordered - seconds - session.at(name))
    return session.change(name, transaction_serial="0" * 32)


@pytest.mark.parametrize(("name", "before", "told"), [(HANDSHAKE, 2, 0), (HANDSHAKE, -2, 1), ("charge_end", 2, 1)])
def test_the_vin_is_read_before_there_is_an_order(name: str, before: float, told: int) -> None:
    found = handshake_before(name, before).audit()
    assert found.counts.get("bms_phase_missing", 0) == told


def test_a_handshake_without_a_serial_belongs_to_the_next_charge_of_its_gun_alone() -> None:
    session = handshake_before(HANDSHAKE, 2).change(HANDSHAKE, gun_no="02")
    assert "bms_phase_missing" in checks(session.audit())


def test_handshakes_without_a_serial_have_no_order_among_each_other() -> None:
    session = idle()
    for at, name in ((100, "charge_parameter_config"), (200, HANDSHAKE)):
        session.up(at, name, gun_no="01", transaction_serial="0" * 32)
    assert "bms_phase_order" not in checks(session.audit())
