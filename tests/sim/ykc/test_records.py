"""Records are kept until the platform confirms them."""

from itertools import pairwise

from tests.sim.pretend import SERIAL, Beside


def unconfirmed() -> Beside:
    beside = Beside().logged_in()
    beside.answers_records = False
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    beside.tell("remote_stop", gun_no="01")
    return beside


def test_a_record_without_an_answer_is_repeated_three_times_every_thirty_seconds() -> None:
    beside = unconfirmed()
    beside.wait(400)
    times = beside.times("transaction_record")
    assert [round(b - a, 3) for a, b in pairwise(times)] == [30.0, 30.0, 30.0]
    assert len({message.raw[6:-2] for _, message in beside.said if message.name == "transaction_record"}) == 1


def test_it_comes_again_after_the_next_login_until_it_is_confirmed() -> None:
    beside = unconfirmed()
    beside.wait(200)
    beside.lose()
    beside.wait(20)
    beside.forget()
    beside.answers_records = True
    beside.connect()
    beside.tell("login_reply", login_result=0)
    names = [message.name for _, message in beside.said]
    assert names.index("transaction_record") < names.index("billing_model_verify")
    beside.wait(100)
    assert len(beside.heard("transaction_record")) == 1
    assert beside.pile.records.waiting() == []


def test_a_charge_that_ends_while_the_line_is_down_is_billed_after_the_login() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    beside.lose()
    beside.pile.unplug("01", beside.now)
    beside.wait(10)
    assert beside.heard("transaction_record") == []
    beside.connect()
    beside.tell("login_reply", login_result=0)
    assert beside.last("transaction_record").transaction_serial == SERIAL


def test_an_illegal_bill_is_not_repeated_but_kept() -> None:
    beside = unconfirmed()
    beside.wait(10)
    beside.tell("transaction_record_confirm", transaction_serial=SERIAL, confirm_result=1)
    beside.wait(200)
    assert len(beside.heard("transaction_record")) == 1
    assert beside.pile.records.waiting() == []
