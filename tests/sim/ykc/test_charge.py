"""A charge from the start command to the record: physics, prices, and who may end it."""

from decimal import Decimal
from itertools import pairwise

import pytest

from tests.sim.pretend import CARD, SERIAL, VIN, Beside

ANOTHER = SERIAL[:-4] + "0099"

CENT = Decimal("0.0001")


def charged(name: str = "demo", seconds: float = 90, **how: int) -> Beside:
    """Plugged, started remotely, charged for a while, stopped remotely, record sent."""
    beside = Beside(name, **how).logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(seconds)
    beside.tell("remote_stop", gun_no="01")
    beside.wait(20)
    return beside


def test_a_start_is_answered_and_charging_reported_within_ninety_seconds() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    began = beside.now
    beside.start()
    assert (beside.last("remote_start_reply").start_result, beside.last("remote_start_reply").fail_reason) == (1, 0)
    beside.wait(30)
    charging = [at for at, m in beside.said if m.name == "realtime_data" and m.values.status == 3]
    assert charging[0] - began < 90
    assert beside.last("realtime_data").transaction_serial == SERIAL


def test_real_time_data_come_every_fifteen_seconds_while_charging() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(100)
    times = [at for at, m in beside.said if m.name == "realtime_data" and m.values.status == 3]
    assert {round(b - a, 3) for a, b in pairwise(times)} == {15.0}


def test_an_idle_gun_reports_every_five_minutes_and_all_zero() -> None:
    beside = Beside("single").logged_in()
    beside.wait(1000)
    times = beside.times("realtime_data")
    assert {round(b - a, 3) for a, b in pairwise(times)} == {300.0}
    idle = beside.last("realtime_data")
    assert (idle.status, idle.output_voltage, idle.energy, idle.soc, idle.transaction_serial) == (2, 0, 0, 0, "0" * 32)


def test_power_is_voltage_times_current_and_energy_and_soc_never_fall() -> None:
    beside = charged(seconds=300)
    reports = [m.values for _, m in beside.said if m.name == "realtime_data" and m.values.status == 3]
    assert len(reports) > 15
    for earlier, later in pairwise(reports[2:]):
        assert later.energy >= earlier.energy
        assert later.soc >= earlier.soc
        grown = later.energy - earlier.energy
        powers = sorted(r.output_voltage * r.output_current for r in (earlier, later))
        assert powers[0] * Decimal("0.999") <= grown * 3600 * 1000 / 15 <= powers[1] * Decimal("1.001")
    assert max(r.output_voltage * r.output_current for r in reports) <= 60_000


def test_the_record_adds_up_to_the_meter_difference_exactly() -> None:
    beside = charged()
    record = beside.last("transaction_record")
    labels = ("sharp", "peak", "flat", "valley")
    assert record.total_energy > 1
    assert record.meter_end - record.meter_start == record.total_energy
    assert sum(getattr(record, f"{label}_energy") for label in labels) == record.total_energy
    assert sum(getattr(record, f"{label}_amount") for label in labels) == record.total_amount
    assert record.sharp_amount == (record.sharp_energy * Decimal("1.60000")).quantize(CENT)
    assert (record.stop_reason, record.trade_flag, record.vin) == (0x40, 1, VIN)


def test_energy_is_split_by_the_piles_own_clock_as_it_was_set() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(40)
    beside.tell("time_sync", current_time="2026-04-17T10:29:40.000")
    beside.wait(60)
    beside.tell("realtime_read", gun_no="01")
    before = beside.last("realtime_data")
    beside.tell("remote_stop", gun_no="01")
    beside.wait(20)
    record = beside.last("transaction_record")
    # 54 s at sharp, of them 8 s of rising; then peak to the end
    assert record.sharp_energy == pytest.approx(Decimal("0.825"), abs=Decimal("0.002"))
    assert record.peak_energy == record.total_energy - record.sharp_energy
    assert record.peak_energy > Decimal("0.6")
    wanted = (record.sharp_energy * Decimal("1.6")).quantize(CENT) + (
        (before.energy - record.sharp_energy) * Decimal("1.35")
    ).quantize(CENT)
    assert before.amount == wanted


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def said(seed: int) -> list[bytes]:
        return [message.raw for _, message in charged(seed=seed).said]

    assert said(5) == said(5)
    assert said(5) != said(6)


def test_a_direct_current_pile_tells_what_the_battery_says() -> None:
    beside = charged()
    handshake = beside.last("charge_handshake")
    assert (handshake.vin, handshake.transaction_serial) == (VIN, SERIAL)
    assert beside.last("charge_parameter_config").battery_soc > 0
    times = beside.times("bms_demand_charger_output")
    assert {round(b - a, 3) for a, b in pairwise(times)} == {15.0}
    assert beside.times("bms_info") == times
    demand = beside.heard("bms_demand_charger_output")[2]
    assert demand.pile_output_current < -100  # towards the battery (E-400A)
    assert beside.last("charge_end").end_soc == beside.heard("realtime_data")[-2].soc


def test_an_alternating_current_pile_has_no_battery_to_speak_of() -> None:
    beside = charged("ac", 120)
    spoken = {message.name for _, message in beside.said}
    assert not spoken & {"charge_handshake", "charge_parameter_config", "bms_demand_charger_output", "charge_end"}
    charging = [m.values for _, m in beside.said if m.name == "realtime_data" and m.values.status == 3][-1]
    assert (charging.soc, charging.remaining_time, charging.output_voltage) == (0, 0, 220)
    assert charging.output_voltage * charging.output_current <= 7000
    assert beside.last("transaction_record").total_energy > Decimal("0.2")


def test_after_a_remote_stop_come_reply_end_and_record_in_this_order() -> None:
    beside = charged()
    names = [message.name for _, message in beside.said]
    order = [names.index(name) for name in ("remote_stop_reply", "charge_end", "transaction_record")]
    assert order == sorted(order)
    stop, record = beside.times("remote_stop_reply")[0], beside.times("transaction_record")[0]
    assert record - stop < 15


def test_a_gun_without_its_plug_is_refused_and_starts_when_plugged_within_sixty_seconds() -> None:
    beside = Beside().logged_in()
    beside.start()
    assert beside.last("remote_start_reply").fail_reason == 5
    beside.wait(50)
    beside.pile.plug("01", beside.now)
    assert beside.last("remote_start_reply").start_result == 1
    beside.wait(30)
    assert beside.last("realtime_data").status == 3


def test_after_sixty_seconds_nothing_starts_any_more() -> None:
    beside = Beside().logged_in()
    beside.start()
    beside.wait(61)
    beside.pile.plug("01", beside.now)
    beside.wait(60)
    assert len(beside.heard("remote_start_reply")) == 1
    assert beside.last("realtime_data").status == 2
    assert beside.heard("transaction_record") == []


def test_the_grace_ends_when_the_connection_is_lost() -> None:
    beside = Beside().logged_in()
    beside.start()
    beside.lose()
    beside.wait(10)
    beside.connect()
    beside.tell("login_reply", login_result=0)
    beside.pile.plug("01", beside.now)
    assert len(beside.heard("remote_start_reply")) == 1


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda beside: beside.tell("remote_start", gun_no="07", transaction_serial=SERIAL), 1),
        (lambda beside: (beside.start(), beside.tell("remote_start", gun_no="01", transaction_serial=ANOTHER)), 2),
        (lambda beside: (beside.pile.press_estop(beside.now), beside.start()), 3),
        (lambda beside: (beside.tell("work_param_set", work_permission=1, max_output_power=100), beside.start()), 3),
    ],
    ids=["no such gun", "already charging", "emergency stop", "out of service"],
)
def test_a_start_that_cannot_be_is_refused_with_its_reason(spoil: object, reason: int) -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    assert callable(spoil)
    spoil(beside)
    reply = beside.last("remote_start_reply")
    assert (reply.start_result, reply.fail_reason) == (0, reason)


def test_the_same_start_again_is_answered_again_and_begins_nothing_anew() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(60)
    before = beside.last("realtime_data").energy
    beside.start()
    beside.wait(30)
    assert [reply.start_result for reply in beside.heard("remote_start_reply")] == [1, 1]
    assert beside.last("realtime_data").energy > before > 0


def test_without_a_billing_model_nothing_charges() -> None:
    beside = Beside()
    beside.connect()
    beside.tell("login_reply", login_result=0)
    beside.pile.plug("01", beside.now)
    beside.start()
    assert beside.last("remote_start_reply").start_result == 0


def test_a_stop_while_starting_is_obeyed_and_billed_with_no_energy() -> None:
    beside = charged(seconds=2)
    record = beside.last("transaction_record")
    assert beside.last("remote_stop_reply").stop_result == 1
    assert (record.total_energy, record.stop_reason) == (0, 0x40)


def test_a_stop_of_a_gun_that_does_nothing_fails_with_its_reason() -> None:
    beside = Beside().logged_in()
    beside.tell("remote_stop", gun_no="01")
    assert (beside.last("remote_stop_reply").stop_result, beside.last("remote_stop_reply").fail_reason) == (0, 2)


@pytest.mark.parametrize(("after", "reason"), [(40, 0x72), (2, 0x50)])
def test_the_emergency_stop_ends_a_charge_at_once_and_is_shown_until_released(after: float, reason: int) -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(after)
    beside.pile.press_estop(beside.now)
    beside.wait(10)
    assert beside.last("transaction_record").stop_reason == reason
    fault = beside.last("realtime_data")
    assert (fault.status, fault.hardware_fault.emergency_stop) == (1, 1)
    beside.wait(10)
    assert beside.last("heartbeat").gun_status == 1
    beside.pile.release_estop(beside.now)
    beside.wait(5)
    cleared = beside.last("realtime_data")
    assert (cleared.status, cleared.hardware_fault.raw) == (2, 0)


def test_a_gun_pulled_while_charging_ends_the_charge_and_bills_it_at_once() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(60)
    beside.pile.unplug("01", beside.now)
    beside.wait(1)
    assert beside.last("transaction_record").stop_reason == 0x6B
    assert beside.last("realtime_data").gun_plugged == 0


def test_a_card_asks_and_starts_and_may_end_its_own_charge() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.pile.swipe(CARD, "01", beside.now)
    asked = beside.last("start_request")
    assert (asked.start_mode, asked.account_or_physical_card_no.hex(), asked.vin) == (1, "0000000032095df0", "")
    beside.tell("start_confirm", gun_no="01", transaction_serial=SERIAL, auth_success=1)
    beside.wait(60)
    beside.pile.swipe("11111111", "01", beside.now)
    beside.wait(10)
    assert beside.heard("transaction_record") == []
    beside.pile.swipe(CARD, "01", beside.now)
    beside.wait(15)
    record = beside.last("transaction_record")
    assert (record.trade_flag, record.physical_card_no.hex(), record.stop_reason) == (2, "0000000032095df0", 0x45)


def test_without_a_plug_a_card_is_reported_and_nothing_starts() -> None:
    beside = Beside().logged_in()
    beside.pile.swipe(CARD, "01", beside.now)
    assert beside.last("start_request").account_or_physical_card_no.hex() == "0000000032095df0"
    beside.tell("start_confirm", gun_no="01", transaction_serial=SERIAL, auth_success=1)
    beside.wait(60)
    assert {report.status for report in beside.heard("realtime_data")} == {2}
    beside.pile.plug("01", beside.now)
    assert beside.pile.guns["01"].state == "idle"


def test_a_refused_card_starts_nothing() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.pile.swipe(CARD, "01", beside.now)
    beside.tell("start_confirm", gun_no="01", transaction_serial=SERIAL, auth_success=0, fail_reason=1)
    beside.wait(60)
    assert {report.status for report in beside.heard("realtime_data")} == {2}


def test_a_vin_is_sent_last_character_first_and_forward_in_the_record() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.pile.start_by_vin("01", beside.now)
    assert beside.said[-1][1].raw[-19:-2] == VIN[::-1].encode()
    beside.tell("start_confirm", gun_no="01", transaction_serial=SERIAL, auth_success=1)
    beside.wait(60)
    beside.tell("remote_stop", gun_no="01")
    beside.wait(20)
    record = beside.said[[m.name for _, m in beside.said].index("transaction_record")][1]
    assert VIN.encode() in record.raw
    assert (record.values.trade_flag, record.values.physical_card_no) == (5, bytes(8))


def test_guns_charge_side_by_side() -> None:
    beside = Beside("four-guns").logged_in()
    for number in ("01", "02", "03", "04"):
        beside.pile.plug(number, beside.now)
        beside.start(number, SERIAL[:-2] + number)
    beside.wait(60)
    for number in ("01", "02", "03", "04"):
        beside.tell("remote_stop", gun_no=number)
    beside.wait(20)
    records = beside.heard("transaction_record")
    assert {record.transaction_serial[-2:] for record in records} == {"01", "02", "03", "04"}
    assert all(record.total_energy > Decimal("0.5") for record in records)


def test_a_model_pushed_during_a_charge_holds_from_the_next() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    beside.give_model("billing_model_set", "0200", sharp_energy_price="9.00000")
    assert beside.last("billing_model_set_reply").set_result == 1
    beside.tell("remote_stop", gun_no="01")
    beside.wait(20)
    assert beside.last("transaction_record").sharp_unit_price == Decimal("1.60000")
    assert beside.pile.model is not None
    assert beside.pile.model.number == "0200"


def test_a_power_limit_is_kept_and_an_impossible_one_refused() -> None:
    beside = Beside().logged_in()
    beside.tell("work_param_set", work_permission=0, max_output_power=10)
    assert beside.last("work_param_set_reply").set_result == 0
    beside.tell("work_param_set", work_permission=0, max_output_power=50)
    assert beside.last("work_param_set_reply").set_result == 1
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    report = beside.last("realtime_data")
    assert 29_000 < report.output_voltage * report.output_current <= 30_000
