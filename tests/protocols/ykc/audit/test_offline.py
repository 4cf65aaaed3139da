"""Charges that began while the pile was offline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.core.amounts import Tariff
from harness.core.journal import LinkChanged, Opened
from harness.protocols.ykc.tariffs import half_hour_tariff, tariff_values
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


OTHER_MODEL = "0200"


def priced(began: float = 500, label: str = "sharp", price: str = "1.73400", flag: int = 4) -> Edited:
    """A charge that began in the time offline, of half an hour with one price alone; all its energy is under that."""
    session = idle(250).back(lost=300, login=700)
    parts = {f"{label}_{what}": value for what, value in (("energy", "1"), ("loss_energy", "1"), ("unit_price", price))}
    parts |= {"meter_end": "11", "total_energy": "1", "total_loss_energy": "1"}
    parts |= {f"{label}_amount": price, "total_amount": price}
    return session.up(710, RECORD, **offline_bill(timedelta(seconds=began), flag=flag) | parts)


def other_model(session: Edited, at: float, **answer: int) -> Edited:
    tariff = Tariff(OTHER_MODEL, half_hour_tariff().prices, ("flat",) * 48)
    session.down(at, "billing_model_set", serial=b"\1\1", **tariff_values(tariff))
    return session.up(at + 1, "billing_model_set_reply", serial=b"\1\1", **answer) if answer else session


def named(session: Edited) -> set[tuple[str, str]]:
    return {(each.check, each.why) for each in session.audit().not_judged}


PRICED = {"unit_price", "energy_without_slot"}


def test_a_charge_that_began_offline_is_priced_by_the_one_model_of_the_pile() -> None:
    assert not PRICED & checks(priced().audit())
    assert "unit_price" in checks(priced(price="9.00000").audit())
    assert "energy_without_slot" in checks(priced(label="valley", price="0.60000").audit())
    assert not named(priced(price="9.00000"))


@pytest.mark.parametrize("began", [-90000, -30, 30, 230])
def test_a_charge_from_before_the_pile_was_seen_to_be_offline_may_have_had_another_model(began: float) -> None:
    session = priced(began, price="9.00000")
    assert not PRICED & checks(session.audit())
    assert named(session) == {("unit_price", "which_model"), ("energy_without_slot", "which_model")}


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (200, {"set_result": 1}),  # taken
        (200, {"set_result": 0}),  # refused, if the pile is to be believed
        (200, {}),  # perhaps taken
        (705, {"set_result": 1}),  # before the record
    ],
)
def test_a_second_model_leaves_open_which_one_the_pile_used_offline(at: float, answer: dict[str, int]) -> None:
    session = other_model(priced(label="valley", price="9.00000"), at, **answer)
    assert not PRICED & checks(session.audit())
    assert ("unit_price", "which_model") in named(session)


def test_a_model_that_differs_when_the_pile_is_back_was_not_the_one_it_was_given() -> None:
    session = priced(price="9.00000")
    session.up(702, "billing_model_verify", billing_model_no="0100")
    session.down(702.1, "billing_model_verify_reply", billing_model_no="0100", verify_result=1)
    assert not PRICED & checks(session.audit())


def test_an_answer_to_no_push_tells_of_a_model_that_nobody_saw() -> None:
    session = priced(price="9.00000").up(200, "billing_model_set_reply", serial=b"\1\1", set_result=1)
    assert not PRICED & checks(session.audit())


def test_only_the_flag_says_that_a_charge_was_one_by_a_stored_card() -> None:
    assert not PRICED & checks(priced(price="9.00000", flag=1).audit())


def test_without_times_nobody_knows_when_an_offline_charge_began() -> None:
    session = priced(price="9.00000")
    session.records = [record for record in session.records if not isinstance(getattr(record, "event", None), Opened)]
    assert not PRICED & checks(session.audit(times=False))
