"""Login, billing check, heartbeats, and coming back."""

from itertools import pairwise

from tests.sim.pretend import Beside


def names(beside: Beside) -> list[str]:
    return [message.name for _, message in beside.said]


def test_nothing_but_the_login_is_said_before_it_has_succeeded() -> None:
    beside = Beside()
    beside.connect()
    beside.wait(5)
    assert names(beside) == ["login"]
    login = beside.last("login")
    assert (login.pile_code, login.pile_type, login.gun_count) == ("32010600019236", 0, 2)
    assert (str(login.protocol_version), login.program_version) == ("1.6", "V1.0.0")


def test_after_the_login_the_billing_model_is_checked_until_an_answer_comes() -> None:
    beside = Beside()
    beside.connect()
    beside.tell("login_reply", login_result=0)
    beside.wait(25)
    checks = beside.heard("billing_model_verify")
    assert len(checks) == 3
    assert checks[0].billing_model_no == "0000"


def test_a_model_that_differs_is_asked_for_until_it_comes() -> None:
    beside = Beside()
    beside.connect()
    beside.tell("login_reply", login_result=0)
    beside.tell("billing_model_verify_reply", verify_result=1)
    beside.wait(15)
    assert len(beside.heard("billing_model_request")) == 2
    beside.give_model()
    beside.wait(60)
    assert len(beside.heard("billing_model_request")) == 2


def test_the_number_given_last_is_presented_at_the_next_login() -> None:
    beside = Beside().logged_in()
    beside.give_model("billing_model_set", "0203")
    assert beside.last("billing_model_set_reply").set_result == 1
    beside.lose()
    beside.wait(10)
    beside.connect()
    beside.tell("login_reply", login_result=0)
    assert beside.last("billing_model_verify").billing_model_no == "0203"


def test_a_model_with_a_tariff_that_does_not_exist_is_refused() -> None:
    beside = Beside().logged_in()
    slots = [{"tariff_no": 9}] * 48
    beside.give_model("billing_model_set", "0203", tariff_slots=slots)
    assert beside.last("billing_model_set_reply").set_result == 0
    assert beside.pile.model is not None
    assert beside.pile.model.number == "0100"


def test_each_gun_sends_a_heartbeat_every_ten_seconds() -> None:
    beside = Beside().logged_in()
    beside.wait(60.5)
    for gun in ("01", "02"):
        times = [at for at, message in beside.said if message.name == "heartbeat" and message.values.gun_no == gun]
        gaps = {round(later - earlier, 3) for earlier, later in pairwise(times)}
        assert gaps == {10.0}


def test_a_model_that_comes_late_does_not_upset_the_heartbeats() -> None:
    beside = Beside()
    beside.connect()
    beside.tell("login_reply", login_result=0)
    beside.tell("billing_model_verify_reply", verify_result=1)
    beside.wait(33)
    beside.give_model()
    beside.wait(30)
    times = [at for at, message in beside.said if message.name == "heartbeat" and message.values.gun_no == "01"]
    assert {round(later - earlier, 3) for earlier, later in pairwise(times)} == {10.0}


def test_three_heartbeats_without_an_answer_lead_to_a_new_connection() -> None:
    beside = Beside().logged_in()
    beside.answers_heartbeats = False
    beside.wait(60)
    assert beside.closed
    assert len(beside.dials) > 1
    assert not beside.pile.online


def test_a_pile_that_is_refused_comes_back_later_and_later() -> None:
    beside = Beside()
    for _ in range(4):
        beside.connect()
        beside.tell("login_reply", login_result=1)
        assert beside.closed
        seen = len(beside.dials)
        while len(beside.dials) == seen:
            beside.wait(1)
    gaps = [later - earlier for earlier, later in pairwise(beside.dials)]
    assert gaps == sorted(gaps)
    assert gaps[0] < 4 < gaps[-1]


def test_a_connection_that_never_comes_about_is_tried_again() -> None:
    beside = Beside()
    beside.wait(60)
    assert len(beside.dials) >= 3


def test_frames_for_another_pile_do_not_touch_this_one() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.forget()
    for frame in ("remote_reboot", "realtime_read", "time_sync", "qr_set"):
        beside.tell(frame, pile_code="32010600099999")
    assert names(beside) == []


def test_the_clock_is_set_and_the_answer_shows_it() -> None:
    beside = Beside().logged_in()
    beside.tell("time_sync", current_time="2026-04-17T11:29:00.000")
    assert beside.last("time_sync_reply").current_time.time.isoformat() == "2026-04-17T11:29:00"
    beside.wait(30)
    beside.tell("time_sync", current_time="2026-04-17T11:29:30.500")
    assert beside.last("time_sync_reply").current_time.time.isoformat() == "2026-04-17T11:29:30.500000"


def test_an_impossible_time_changes_nothing() -> None:
    beside = Beside().logged_in()
    beside.wait(5)
    beside.tell("time_sync", current_time=bytes(7))
    assert beside.last("time_sync_reply").current_time.time.isoformat() == "2026-04-17T10:00:05"


def test_a_reply_repeats_the_serial_of_its_request() -> None:
    beside = Beside().logged_in()
    beside.tell("realtime_read", b"\x12\x34", gun_no="02")
    assert beside.said[-1][1].name == "realtime_data"
    assert beside.said[-1][1].serial == b"\x12\x34"
