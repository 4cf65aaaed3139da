"""A pile that is pulled from the mains."""

from tests.sim.pretend import Beside


def test_a_pile_without_power_goes_offline_and_dials_no_more() -> None:
    beside = Beside().logged_in()
    before = len(beside.dials)
    beside.pile.cut_power(beside.now)
    beside.wait(300)
    assert beside.closed
    assert not beside.pile.online
    assert len(beside.dials) == before


def test_with_its_power_back_it_boots_and_dials() -> None:
    beside = Beside().logged_in()
    beside.pile.cut_power(beside.now)
    beside.wait(100)
    back, before = beside.now, len(beside.dials)
    beside.pile.restore_power(beside.now)
    beside.wait(41)
    assert len(beside.dials) > before
    assert 20 <= beside.dials[before] - back <= 40


def test_a_charge_that_loses_its_power_is_billed_after_the_next_login() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(60)
    beside.pile.cut_power(beside.now)
    beside.forget()
    beside.pile.restore_power(beside.now)
    beside.wait(41)
    beside.connect()
    beside.tell("login_reply", login_result=0)
    beside.wait(10)
    assert len(beside.heard("transaction_record")) == 1
