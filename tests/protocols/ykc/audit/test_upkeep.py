"""Restarts, updates and meters in their odder forms."""

from __future__ import annotations

import pytest

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.edited import Edited, checks, good, idle
from tests.protocols.ykc.audit.upkeep_sessions import restarted, up_again

AT_ONCE, WHEN_IDLE = 1, 2


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
