"""Restarts, updates and meters in their odder forms."""

from __future__ import annotations

import pytest

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle
from tests.protocols.ykc.audit.upkeep_sessions import AT_ONCE, WHEN_IDLE, restarted, told_to_restart, up_again


def test_who_refuses_to_restart_need_not_come_back() -> None:
    for result, told in ((1, True), (0, False)):
        session = restarted(AT_ONCE, charging=False).change("remote_reboot_reply", set_result=result)
        assert ("not_back_after_reboot" in checks(session.event(400, LinkChanged("connected")).audit())) == told, result


def test_who_restarts_comes_back_however_often_the_loss_shows() -> None:
    session = restarted(AT_ONCE, charging=False).event(150, LinkChanged("offline"))
    assert "not_back_after_reboot" in checks(session.event(400, LinkChanged("connected")).audit())


def test_a_restart_at_once_may_end_a_charge() -> None:
    assert "reboot_while_charging" in checks(up_again(WHEN_IDLE).audit())
    assert "reboot_while_charging" not in checks(up_again(AT_ONCE).audit())


@pytest.mark.parametrize("exec_control", [AT_ONCE, WHEN_IDLE])
def test_who_says_yes_to_a_restart_goes(exec_control: int) -> None:
    assert checks(told_to_restart(exec_control).audit()) == {"not_restarted"}


@pytest.mark.parametrize(("exec_control", "when"), [(AT_ONCE, "要求立即重启"), (WHEN_IDLE, "要求空闲时重启")])
def test_who_stays_is_told_when_it_had_to_restart(exec_control: int, when: str) -> None:
    (finding,) = told_to_restart(exec_control).audit().findings
    assert finding.zh.startswith(when)


@pytest.mark.parametrize("exec_control", [AT_ONCE, WHEN_IDLE])
def test_who_restarts_when_idle_has_to_go_once_its_guns_are_free(exec_control: int) -> None:
    """Plugged in when it was told to; free from the report at about 300 s on, and still there 180 s later."""
    session = told_to_restart(exec_control, gun_plugged=1)
    free = [number for number, record in enumerate(session.frames("realtime_data")) if record.at > 300]
    for number in free:
        session.change("realtime_data", number, gun_plugged=0)
    (finding,) = [each for each in session.audit().findings if each.check == "not_restarted"]
    assert (finding.at > 400) is (exec_control == WHEN_IDLE)


def test_who_stays_is_told_of_it_once() -> None:
    assert told_to_restart(AT_ONCE).audit().counts["not_restarted"] == 1


def test_who_says_no_to_a_restart_stays() -> None:
    assert not checks(told_to_restart(AT_ONCE).change("remote_reboot_reply", set_result=0).audit())


@pytest.mark.parametrize("guns", [{"gun_plugged": 1}, {"status": 1}, {"status": 3, "output_current": 100}])
def test_who_restarts_when_idle_waits_for_its_guns(guns: dict[str, int]) -> None:
    assert "not_restarted" not in checks(told_to_restart(WHEN_IDLE, **guns).audit())
    assert "not_restarted" in checks(told_to_restart(AT_ONCE, **guns).audit())


def test_who_restarts_when_idle_waits_for_a_gun_that_nobody_heard_of() -> None:
    session = told_to_restart(WHEN_IDLE).drop("realtime_data", lambda values: values.gun_no == "02")
    assert "not_restarted" not in checks(session.audit())


def test_who_restarts_when_idle_waits_for_a_gun_that_is_started() -> None:
    session = told_to_restart(WHEN_IDLE).down(200, "remote_start", gun_no="01", transaction_serial="1" * 32)
    assert "not_restarted" not in checks(session.cut(450).audit())


@pytest.mark.parametrize("back", ["login", "login_reply"])
def test_who_logs_in_on_the_same_connection_has_restarted(back: str) -> None:
    session = told_to_restart(AT_ONCE)
    again = session.fields(back)
    session = session.up(130, back, **again) if back == "login" else session.down(130, back, **again)
    assert "not_restarted" not in checks(session.audit())


def test_who_went_late_and_came_back_late_has_restarted() -> None:
    session = told_to_restart(AT_ONCE)
    session.records = [record for record in session.records if not 270 < record.at < 440]
    assert "not_restarted" not in checks(session.back(270, 440).audit())


def updated(when: int, *, charging: bool) -> Edited:
    """A command to update that is never answered; the pile goes on for a quarter of an hour."""
    session = good("single_tariff", after=1200) if charging else idle(1400)
    at = session.at("bms_info", 1) if charging else 100.0
    return session.down(at, "remote_update", pile_model=1, exec_control=when, download_timeout=5)


@pytest.mark.parametrize(
    ("when", "charging", "told"),
    [(AT_ONCE, False, True), (AT_ONCE, True, True), (WHEN_IDLE, False, True), (WHEN_IDLE, True, False)],
)
def test_an_update_that_waits_for_a_charge_may_take_as_long(when: int, charging: bool, told: bool) -> None:
    assert ("update_reply_missing" in checks(updated(when, charging=charging).audit(strict=True))) == told


@pytest.mark.parametrize("reading", ["meter_start", "meter_end"])
def test_a_meter_that_shows_zero_at_one_end_alone_is_a_meter(reading: str) -> None:
    assert "meter_difference" in checks(good().change("transaction_record", **{reading: 0}).audit())
    assert "meter_absent" not in checks(good().change("transaction_record", **{reading: 0}).audit())
