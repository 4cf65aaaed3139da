"""Legal but odd piles: none of them may fail a case, and what is odd enough to tell is a remark."""

from __future__ import annotations

import msgspec
import pytest

from harness.core.journal import PILE, FrameSeen, Record
from harness.core.verdict import Verdict
from tests.engine.oddities import ODDITIES
from tests.engine.playing import CASES, GOOD, Playing, codes, finding, judged, played
from tests.engine.test_hours import at

REMARKED = {
    "no_meter": {"no_meter"},
    "no_meter_and_rounded": {"no_meter", "energy_rounding"},
    "rounded_energies": {"energy_rounding"},
    "one_idle_report": {"idle_while_charging"},
    "second_bit_always_set": {"estop_not_reported"},
    "no_fault_bit": {"estop_not_reported"},
    "other_gun_charges": {"clock_not_moved"},
    "crc_high_first": {"crc_order"},
    "start_after_failure": {"restarted"},
    "card_turned": {"card_otherwise"},
}


def play(odd: str, name: str, gun_no: str, seed: int, hour: str) -> Playing:
    playing = Playing(CASES, name, gun_no=gun_no, seed=seed, start=at(hour))
    ODDITIES[odd](playing)
    return playing.play()


@pytest.mark.parametrize("odd", ODDITIES)
@pytest.mark.parametrize(("gun_no", "seed", "hour"), [("01", 0, "10:00:00"), ("02", 3, "09:28:40")])
def test_an_odd_pile_with_direct_current_fails_nothing(odd: str, gun_no: str, seed: int, hour: str) -> None:
    playing = play(odd, "demo", gun_no, seed, hour)
    told = {outcome.id: codes(outcome) for outcome in playing.outcomes}
    assert set(playing.verdicts().values()) <= set(GOOD), told
    assert set().union(*told.values()) <= REMARKED.get(odd, set())


@pytest.mark.parametrize("odd", [odd for odd in ODDITIES if odd != "other_gun_charges"])
def test_an_odd_pile_with_alternating_current_fails_nothing(odd: str) -> None:
    playing = play(odd, "ac", "01", 5, "23:50:00")
    told = {outcome.id: codes(outcome) for outcome in playing.outcomes if outcome.id != "vin"}
    assert {verdict for case, verdict in playing.verdicts().items() if case != "vin"} <= set(GOOD), told
    assert set().union(*told.values()) <= REMARKED.get(odd, set())


def test_what_was_remarked_is_told_where_it_belongs() -> None:
    remarks = {
        (odd, outcome.id, code)
        for odd in REMARKED
        for outcome in play(odd, "demo", "01", 0, "10:00:00").outcomes
        for code in codes(outcome)
    }
    assert {("no_meter", "card", "no_meter"), ("one_idle_report", "vin", "idle_while_charging")} <= remarks
    assert ("second_bit_always_set", "estop", "estop_not_reported") in remarks
    assert {odd for odd, _, _ in remarks} | {"other_gun_charges"} == set(REMARKED)


@pytest.mark.parametrize(("which", "verdict"), [((2, 3), Verdict.FAILED), ((2, 4), Verdict.REMARK)])
def test_two_idle_reports_in_a_row_fail_the_case_and_two_apart_are_a_remark(
    which: tuple[int, int], verdict: Verdict
) -> None:
    playing = Playing(["single_tariff"])
    count = 0

    def idle(values: dict[str, object]) -> dict[str, object]:
        nonlocal count
        count += values["status"] == 3
        return values | {"status": 2} if values["status"] == 3 and count in which else values

    playing.pile.habits.change("realtime_data", idle)
    outcome = playing.play().outcome
    told = finding(outcome, "idle_while_charging")
    assert (outcome.verdict, told.verdict, told.seen) == (verdict, verdict, "2")


def test_a_cable_that_is_pulled_in_the_midst_of_a_charge_fails_nothing() -> None:
    for case in ("single_tariff", "card"):
        playing = Playing([case])
        playing.after(22, lambda playing=playing: playing.table.cable.cut())
        assert playing.play().outcome.verdict in GOOD, codes(playing.outcome)
        assert len(playing.messages("login")) >= 1


def test_a_pile_that_was_away_when_the_record_was_due_is_not_late() -> None:
    playing = Playing(["single_tariff"])
    pile = playing.pile

    def away(now: float) -> None:
        pile.contact.drop(now)
        pile.contact.dial_after(40, now)

    pile.habits.record_delay = 6
    settled = pile.settled

    def then_away(now: float) -> None:
        settled(now)
        playing.after(2, lambda: away(playing.now))

    pile.settled = then_away  # type: ignore[method-assign]
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.REMARK
    assert codes(outcome) == {"record_late"}


def test_an_answer_that_was_under_way_when_the_cable_was_pulled_is_not_missed() -> None:
    playing = Playing(["single_tariff"], start=at("10:05:00"))

    def lost(values: dict[str, object]) -> None:
        playing.after(0, lambda: playing.table.cable.cut())

    playing.pile.habits.change("remote_start_reply", lost)
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.BROKEN
    assert codes(outcome) == {"pile_lost"}


def swapped(record: Record) -> Record:
    if not isinstance(record, FrameSeen) or record.sender != PILE:
        return record
    return msgspec.structs.replace(record, raw=record.raw[:-2] + record.raw[:-3:-1])


def test_a_checksum_with_its_high_byte_first_is_a_remark() -> None:
    records = [swapped(record) for record in played("card").records]
    outcome = judged(records)
    assert outcome.verdict is Verdict.REMARK
    assert codes(outcome) == {"crc_order"}


def test_the_frame_of_another_gun_is_not_taken_for_this_ones() -> None:
    playing = Playing(["single_tariff"])
    playing.pile.habits.change("realtime_data", lambda v: None if v["gun_no"] == "01" and v["status"] == 3 else v)
    playing.after(2, lambda: playing.pile.plug("02", playing.now))
    playing.after(6, lambda: playing.pile.swipe(playing.profile.items.card, "02", playing.now))
    outcome = playing.play().outcome
    assert "charging_late" in codes(outcome, Verdict.FAILED)
    assert "charging_seen" not in {f.code for f in outcome.findings}
