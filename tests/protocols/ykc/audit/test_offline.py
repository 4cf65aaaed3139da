"""Charges that began while the pile was offline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.core.journal import LinkChanged
from tests.protocols.ykc.audit.edited import Edited, checks, idle
from tests.protocols.ykc.audit.record_sessions import OFFLINE_SERIAL, RECORD, offline_bill
from tests.protocols.ykc.audit.start_sessions import flow


def away(began: float) -> Edited:
    """Lost at 300 s, which shows again at 400 s; back at 700 s with a charge that says it was ordered."""
    session = idle(250).event(100, LinkChanged("card_shown")).back(lost=300, login=700)
    session.event(400, LinkChanged("offline"))
    return session.up(710, RECORD, **offline_bill(timedelta(seconds=began), flag=1))


@pytest.mark.parametrize(("began", "told"), [(355, False), (365, True), (635, True), (645, False)])
def test_a_pile_is_offline_from_the_first_sign_of_it_until_its_login(began: float, told: bool) -> None:
    assert ("offline_flag" in checks(away(began).audit())) == told


def test_a_charge_that_goes_on_after_the_login_was_ordered_by_nobody_all_the_same() -> None:
    session = away(500).up(705, "realtime_data", gun_no="01", transaction_serial=OFFLINE_SERIAL, **flow(1))
    assert "offline_flag" in checks(session.audit())
