"""Whatever ends a case, the pile is left idle, its clock real, its gun free; and an end that is ours accuses nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.journal import Closed, EventSeen, FrameSeen, Prompted, StepEnded
from harness.core.verdict import Verdict
from harness.engine.judge import judge
from tests.engine.playing import CASES, LANGUAGE, Deaf, Playing, codes
from tests.engine.test_hours import at

FIVE_PAST = at("10:05:00")
STOP_AT = (1, 8, 30, 90, 130, 200)
DONE_BY = {  # the first of these moments at which a case is over
    "qr_set": 8,
    "single_tariff": 130,
    "cross_tariff": 999,
    "card": 90,
    "vin": 90,
    "estop": 90,
    "reboot": 90,
    "upgrade": 90,
}
MOMENTS = [(case, seconds) for case in CASES for seconds in STOP_AT]


def stopped(case: str, seconds: float, operator: Callable[[Playing], Deaf] | None = None) -> Playing:
    playing = Playing([case], start=FIVE_PAST, operator=operator)
    playing.after(seconds, lambda: playing.series.stop("the user pressed Ctrl-C"))
    return playing.play()


def leaves_no_trace(playing: Playing) -> None:
    state = playing.table.platform.piles[playing.profile.pile_code]
    playing.until(lambda: not state.clock.moved, within=120)
    playing.table.run(lambda: False, within=1)  # what was sent arrives
    assert not playing.pile.busy
    assert state.holds == ()
    assert abs((playing.pile.clock.time(round(playing.now * 1000)) - state.clock.time()).total_seconds()) < 1
    assert state.clock.time() == playing.table.platform.local_now()
    assert not any(gun.granted for gun in state.guns.values())


@pytest.mark.parametrize(("case", "seconds"), [each for each in MOMENTS if each[1] < DONE_BY[each[0]]])
def test_a_case_that_is_stopped_is_broken_and_leaves_no_trace(case: str, seconds: float) -> None:
    playing = stopped(case, seconds)
    leaves_no_trace(playing)
    (closed,) = playing.events(Closed)
    assert (closed.how, closed.detail) == ("aborted", "the user pressed Ctrl-C")
    assert playing.outcome.verdict is Verdict.BROKEN
    assert codes(playing.outcome) == {"aborted"}


@pytest.mark.parametrize(("case", "seconds"), [each for each in MOMENTS if each[1] >= DONE_BY[each[0]]])
def test_a_case_that_is_over_is_not_touched_by_a_stop(case: str, seconds: float) -> None:
    playing = stopped(case, seconds)
    leaves_no_trace(playing)
    (closed,) = playing.events(Closed)
    assert closed.how == "finished"
    assert playing.outcome.verdict is Verdict.PASSED
    assert playing.records[-1].at < seconds


def test_a_stop_of_ours_is_told_as_ours() -> None:
    playing = Playing(["single_tariff"], start=FIVE_PAST)
    playing.after(35, lambda: playing.series.stop("平台停止服务 / the platform was shut down", "ours"))
    playing.play()
    leaves_no_trace(playing)
    assert playing.outcome.verdict is Verdict.BROKEN
    assert codes(playing.outcome) == {"ended_by_us"}


def test_a_journal_that_ends_before_its_case_is_told_as_ours() -> None:
    playing = stopped("single_tariff", 35)
    assert codes(judge(playing.records[:-1], LANGUAGE)) == {"ended_by_us"}


def test_a_pile_that_still_charges_gets_a_stop_and_sends_its_record() -> None:
    playing = stopped("single_tariff", 35)
    assert len(playing.messages("remote_stop")) == 1
    ((at, record),) = playing.messages("transaction_record")
    assert record.values.stop_reason == 0x40
    assert at <= playing.records[-1].at


def test_an_idle_pile_gets_no_stop() -> None:
    playing = stopped("single_tariff", 4)
    assert playing.messages("remote_stop") == []


def test_a_moved_clock_is_set_back_once_the_charge_is_over() -> None:
    playing = Playing(["cross_tariff"], start=FIVE_PAST)
    playing.after(120, lambda: playing.series.stop("enough"))
    playing.play()
    stop, record = playing.messages("remote_stop")[-1][0], playing.messages("transaction_record")[-1][0]
    told = playing.messages("time_sync")
    assert stop < record <= told[-1][0]
    leaves_no_trace(playing)


def test_a_moved_clock_is_set_back_after_a_relogin_too() -> None:
    """The cable is out when the case is stopped; the charge is ended and the clock set back once the pile is there."""
    playing = Playing(["cross_tariff"], start=FIVE_PAST)
    pile = playing.pile

    def away() -> None:
        pile.contact.drop(playing.now)
        pile.contact.dial_after(30, playing.now)

    playing.after(100, away)
    playing.after(105, lambda: playing.series.stop("enough"))
    playing.play()
    assert len(playing.messages("remote_stop")) == 1
    assert codes(playing.outcome) == {"aborted"}
    leaves_no_trace(playing)


def test_a_pile_that_stays_away_does_not_hold_up_the_end() -> None:
    playing = Playing(["cross_tariff"], start=FIVE_PAST)
    playing.after(100, lambda: (playing.pile.contact.drop(playing.now), playing.pile.agenda.drop("dial")))
    playing.after(105, lambda: playing.series.stop("enough"))
    playing.play(within=400)
    assert playing.outcome.verdict is Verdict.BROKEN
    playing.pile.contact.dial_after(1, playing.now)
    playing.table.alarm.settle()
    playing.until(lambda: playing.pile.online, within=60)
    playing.pile.unplug("01", playing.now)
    playing.table.alarm.settle()
    leaves_no_trace(playing)


@pytest.mark.parametrize(
    ("case", "seconds", "told"),
    [
        *((case, 2, {"pile_offline"}) for case in ("single_tariff", "card", "vin", "estop")),
        *((case, 12, {"pile_lost"}) for case in ("single_tariff", "card", "vin", "estop")),
        *((case, 40, {"pile_lost"}) for case in ("single_tariff", "card", "vin")),
        *((case, 53, {"pile_lost"}) for case in ("single_tariff", "card", "vin")),
        ("estop", 40, {"pile_lost", "not_seen"}),
    ],
)
def test_a_pile_that_vanishes_breaks_the_case_and_is_not_accused(case: str, seconds: float, told: set[str]) -> None:
    playing = Playing([case], start=FIVE_PAST)

    def vanish() -> None:
        playing.pile.contact.drop(playing.now)
        playing.pile.agenda.drop_all()

    playing.after(seconds, vanish)
    playing.play(within=1500)
    assert playing.table.pile.online is False
    assert playing.outcome.verdict is Verdict.BROKEN
    assert codes(playing.outcome) == told


def test_prompts_are_withdrawn_when_the_case_ends() -> None:
    playing = stopped("single_tariff", 20, lambda p: Deaf())
    assert playing.person.asked == ["plug_in"]
    assert playing.person.withdrawn == ["plug_in"]
    assert [event.act for event in playing.events(Prompted)] == ["plug_in"]


def test_the_cases_after_a_stop_are_not_played() -> None:
    playing = Playing(["single_tariff", "card"])
    playing.after(20, lambda: playing.series.stop("enough"))
    playing.play()
    assert playing.begun == ["single_tariff"]


def test_an_error_of_our_own_is_broken_and_named() -> None:
    playing = Playing(["single_tariff"])
    playing.table.platform.new_serial = lambda pile, gun: 1 / 0  # type: ignore[assignment,method-assign]
    outcome = playing.play().outcome
    assert outcome.verdict is Verdict.BROKEN
    assert codes(outcome) == {"harness_fault"}
    assert "ZeroDivisionError" in str(outcome.findings[-1].params["why"])


def test_the_journal_ends_when_observation_ends() -> None:
    playing = stopped("estop", 30)
    last = playing.records[-1]
    assert isinstance(last, EventSeen)
    assert isinstance(last.event, Closed)
    assert [event.how for event in playing.events(StepEnded)].count("aborted") <= 1
    assert any(isinstance(record, FrameSeen) for record in playing.records)
