"""Two guns at once: what each case finds, that the right gun is told of it, and that people go to the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from harness.core.errors import HarnessFault
from harness.core.journal import FrameSeen, Journal, Prompted
from harness.core.outcome import CaseOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Verdict
from harness.core.wording import say
from harness.engine.judge import step_titles
from harness.engine.two_guns import guns_of
from harness.sim.ykc.faults import two_guns as crossings
from harness.sim.ykc.pile import Fault
from tests.engine.playing import LANGUAGE, Deaf, Playing, Says, codes, judged, played, shipped
from tests.engine.test_restart import BY_RECORD, BY_REPLY, sticky
from tests.sim.pretend import profile

STOP, ESTOP, REBOOT = CASES = ("two_guns_stop", "two_guns_estop", "two_guns_reboot")


def failed(outcome: CaseOutcome) -> set[str]:
    return codes(outcome, Verdict.FAILED)


def crossed(case: str, fault: Fault, seed: int = 0) -> CaseOutcome:
    playing = Playing([case], seed=seed)
    fault(playing.pile)
    return playing.play().outcome


def asked(playing: Playing) -> list[tuple[str, str]]:
    """What people were asked for in the last case, and at which gun."""
    return [(event.act, event.params["gun"]) for event in playing.events(Prompted)]


# right piles


@pytest.mark.parametrize("seed", range(6))
def test_a_pile_that_keeps_its_guns_apart_passes(seed: int) -> None:
    assert set(played(CASES, seed=seed).verdicts().values()) == {Verdict.PASSED}


def test_the_second_gun_may_be_the_one_under_test() -> None:
    playing = played(CASES, gun_no="02")
    assert set(playing.verdicts().values()) == {Verdict.PASSED}
    assert {outcome.gun_no for outcome in playing.outcomes} == {"02"}


def test_the_gun_beside_the_last_is_the_first() -> None:
    assert [profile("four-guns").gun_beside(gun) for gun in ("01", "03", "04")] == ["02", "04", "01"]
    assert played(STOP, "four-guns", gun_no="04").outcome.verdict is Verdict.PASSED


def test_a_pile_of_alternating_current_passes() -> None:
    two = msgspec.structs.replace(profile("ac"), guns=2, site="bench")
    assert set(played(CASES, two).verdicts().values()) == {Verdict.PASSED}  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES)
def test_with_one_gun_the_case_does_not_apply_and_says_why(case: str) -> None:
    one: PileProfile = msgspec.structs.replace(profile("demo"), guns=1)
    outcome = played(case, one).outcome  # type: ignore[arg-type]
    assert outcome.verdict is Verdict.NOT_APPLICABLE
    assert say(outcome.findings[0].code)[0] == "这个场景要两把枪，这台桩只有一把"
    assert not outcome.steps


# piles that cross their guns


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("case", "fault", "found"),
    [
        (STOP, crossings.serials_crossed, "serial_crossed"),
        (ESTOP, crossings.serials_crossed, "serial_crossed"),
        (STOP, crossings.records_crossed, "record_crossed"),
        (ESTOP, crossings.records_crossed, "record_crossed"),
        (STOP, crossings.energies_crossed, "energy_crossed"),
        (STOP, crossings.readings_crossed, "rest_moves"),
        (REBOOT, crossings.readings_crossed, "rest_moves"),
        (STOP, crossings.stop_of_wrong_gun, "other_stopped"),
        (STOP, crossings.stop_of_both_guns, "other_stopped"),
        (ESTOP, crossings.estop_of_one_gun, "estop_one_gun"),
        (REBOOT, crossings.record_of_second_gun_lost, "record_missing"),
        (REBOOT, crossings.resumes_after_reboot, "resumed"),
    ],
)
def test_guns_that_are_crossed_are_found_out(case: str, fault: Fault, found: str, seed: int) -> None:
    outcome = crossed(case, fault, seed)
    assert outcome.verdict is Verdict.FAILED
    assert found in failed(outcome)


@pytest.mark.parametrize(
    "fault", [crossings.stop_of_wrong_gun, crossings.stop_of_both_guns, crossings.estop_of_one_gun]
)
def test_whatever_a_pile_does_with_a_stop_it_is_left_not_charging(fault: Fault) -> None:
    playing = Playing([ESTOP if fault is crossings.estop_of_one_gun else STOP])
    fault(playing.pile)
    assert not playing.play().pile.busy


def test_a_gun_whose_car_is_full_is_not_blamed_on_the_stop_of_the_other() -> None:
    playing = Playing([STOP])

    def fill() -> None:
        playing.pile.guns["02"].stop(0x41, playing.now)

    playing.after(60, fill)
    outcome = playing.play().outcome
    assert failed(outcome) == {"stopped_by_other"}
    assert "not_seen" in codes(outcome, Verdict.NOT_EARNED)


# words


def test_findings_say_at_which_gun() -> None:
    outcome = crossed(REBOOT, crossings.record_of_second_gun_lost)
    (missing,) = [finding for finding in outcome.findings if finding.code == "record_missing"]
    assert say(missing.code, missing.params) == (
        "2 号枪：240 秒内未收到交易记录",
        "Gun 2: No transaction record within 240 s",
    )


def test_what_is_of_the_whole_pile_names_no_gun() -> None:
    outcome = played(REBOOT).outcome
    told = {finding.code: say(finding.code, finding.params)[0] for finding in outcome.findings}
    assert told["reboot_accepted"] == "桩确认重启"
    assert told["back_online"] == "桩重新登录"
    assert told["guns_apart"].startswith("两把枪")
    assert told["start_accepted"] == "2 号枪：桩确认启动"


def test_a_case_about_one_gun_names_none() -> None:
    outcome = played("single_tariff").outcome
    assert not any("at_gun" in finding.params for finding in outcome.findings)


def test_steps_say_which_gun_they_are_about() -> None:
    case = shipped(STOP)
    titles = [zh for zh, _ in step_titles(case, guns_of(case, profile("demo"), "02"), LANGUAGE)]
    assert titles[:4] == ["2 号枪：等桩就绪", "1 号枪：等桩就绪", "2 号枪：插枪", "1 号枪：插枪"]
    assert [step.title_zh for step in played(STOP, gun_no="02").outcome.steps] == titles
    reboot = shipped(REBOOT)
    assert "让桩重启" in [zh for zh, _ in step_titles(reboot, ("01", "02"), LANGUAGE)]


def test_both_charges_are_drawn_each_with_its_gun() -> None:
    outcome = played(STOP).outcome
    assert outcome.charge is not None
    assert outcome.beside is not None
    assert (outcome.charge.gun, outcome.beside.gun) == ("1", "2")
    assert outcome.charge.energies[-1].pile != outcome.beside.energies[-1].pile
    assert outcome.charge.energies[-1].ok
    assert outcome.beside.energies[-1].ok


def test_where_one_of_two_guns_charges_its_charge_is_the_one_that_is_drawn() -> None:
    outcome = played(REBOOT).outcome
    assert outcome.charge is not None
    assert (outcome.charge.gun, outcome.beside) == ("2", None)


# people


def test_prompts_name_the_gun_and_ask_for_no_more_than_needed() -> None:
    assert asked(played(STOP)) == [("plug_in", "1"), ("plug_in", "2")]
    assert asked(played(REBOOT, gun_no="02")) == [("plug_in", "1")]


@pytest.mark.parametrize("how", [BY_REPLY, BY_RECORD])
def test_after_a_failed_start_both_guns_are_replugged_and_the_case_is_done_anew(how: str) -> None:
    playing = Playing([STOP, STOP])
    sticky(playing, how)
    playing.play()
    assert [outcome.verdict for outcome in playing.outcomes] == [Verdict.PASSED, Verdict.REMARK]
    assert codes(playing.outcome) == {"restarted"}
    assert asked(playing) == [("replug", "1"), ("replug", "2")]


def test_a_start_that_fails_while_the_other_gun_charges_has_that_stopped_and_both_replugged() -> None:
    playing = Playing([STOP])
    gun = playing.pile.guns["01"]
    refusal, gun._refusal = gun._refusal, lambda: 3  # type: ignore[method-assign]
    state = playing.table.platform.piles[playing.profile.pile_code].guns["01"]
    playing.after(30, lambda: setattr(state, "used", True))

    def mended(now: float) -> Any:
        gun._refusal = refusal  # type: ignore[method-assign]
        return unplug(now)

    unplug, gun.unplug = gun.unplug, mended  # type: ignore[method-assign]
    playing.play()
    assert playing.outcome.verdict is Verdict.REMARK
    assert codes(playing.outcome) == {"restarted"}
    assert asked(playing)[-2:] == [("replug", "1"), ("replug", "2")]


def test_a_start_that_fails_for_good_is_told_of_its_own_gun() -> None:
    playing = Playing([STOP])
    playing.pile.guns["01"]._refusal = lambda: 3  # type: ignore[method-assign]
    outcome = playing.play().outcome
    assert failed(outcome) == {"start_refused"}
    (refused,) = [finding for finding in outcome.findings if finding.code == "start_refused"]
    assert refused.params["at_gun"] == "1"
    assert not playing.pile.busy


def test_an_emergency_stop_that_nobody_pressed_is_held_against_neither_gun() -> None:
    def only_says(playing: Playing) -> Any:
        return Mostly(playing.scripted(), "press_estop")

    outcome = Playing([ESTOP], operator=only_says).play().outcome
    assert failed(outcome) == set()
    assert "act_not_seen" in codes(outcome, Verdict.BROKEN)


def test_a_second_gun_that_nobody_plugs_in_breaks_the_case_and_says_which() -> None:
    class OneGun(Deaf):
        def ask(self, prompt: Any, answer: Callable[..., None]) -> None:
            if prompt.gun_no == "1" and self.other is not None:
                self.other.ask(prompt, answer)

    outcome = Playing([STOP], operator=lambda playing: OneGun(playing.scripted())).play().outcome
    (silent,) = [finding for finding in outcome.findings if finding.code == "operator_silent"]
    assert outcome.verdict is Verdict.BROKEN
    assert "2 号枪" in say(silent.code, silent.params)[0]


class Mostly(Deaf):
    """Does all that is asked for but one thing, which is only said to be done."""

    def __init__(self, other: Any, act: str) -> None:
        super().__init__(other)
        self.act = act

    def ask(self, prompt: Any, answer: Callable[..., None]) -> None:
        if prompt.act == self.act:
            Says().ask(prompt, answer)
        else:
            super().ask(prompt, answer)


# the pile is ours to leave in order


@pytest.mark.parametrize("seconds", [25, 60, 80, 110])
def test_a_case_that_is_stopped_leaves_neither_gun_charging(seconds: float) -> None:
    playing = Playing([STOP])
    playing.after(seconds, lambda: playing.series.stop("人工停止 / stopped by hand"))
    playing.play()
    assert playing.outcome.verdict is Verdict.BROKEN
    playing.until(lambda: playing.pile.records.waiting() == [], within=1.0)
    assert not playing.pile.busy


def test_who_holds_one_gun_cannot_act_at_the_other() -> None:
    class Ear:
        def receive(self, what: object, now: float) -> None:
            """Hears nothing."""

    playing = Playing([STOP])
    code = playing.profile.pile_code
    held = playing.table.platform.hold(code, "01", Journal("a", playing.clock), Ear())
    with pytest.raises(HarnessFault):
        held.send("remote_stop", {}, "02")
    held.release()


def test_what_the_last_charge_left_in_the_reports_is_no_movement() -> None:
    """A gun at rest may go on showing the energy of its last charge, or clear it."""
    playing = Playing([STOP])
    last: dict[str, Any] = {}

    def kept(values: dict[str, Any]) -> dict[str, Any]:
        gun = values["gun_no"]
        last[gun] = playing.pile.guns[gun].charge or last.get(gun)
        return values if last[gun] is None else values | {"energy": last[gun].energy}

    playing.pile.habits.change("realtime_data", kept)
    assert playing.play().outcome.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("case", "codes_"),
    [
        (STOP, ("guns_apart", "rest_still", "other_goes_on")),
        (ESTOP, ("guns_apart", "estop_both")),
        (REBOOT, ("guns_apart", "rest_still", "not_resumed")),
    ],
)
def test_a_pass_rests_on_frames_and_earns_nothing_without_them(case: str, codes_: tuple[str, ...]) -> None:
    playing = played(case)
    for code in codes_:
        records = list(playing.records)
        for _ in range(20):
            outcome = judged(records)
            passing = [finding for finding in outcome.findings if finding.code == code]
            if not passing:
                break
            here = {record.n for record in records}
            cited = set(passing[0].frames)
            assert cited <= here
            frames = {record.n for record in records if isinstance(record, FrameSeen)} & cited
            assert frames
            records = [record for record in records if record.n not in frames]
        check = next(finding.check for finding in playing.outcome.findings if finding.code == code)
        left = [finding for finding in outcome.findings if finding.check == check]
        assert {finding.verdict for finding in left} == {Verdict.NOT_EARNED}, code


def test_an_update_that_is_fetched_before_anybody_waits_for_it_is_not_waited_for() -> None:
    """The file is fetched as soon as the pile is idle, while the case still waits for the record."""
    playing = played("two_guns_upgrade")
    assert playing.outcome.verdict is Verdict.PASSED
    assert playing.records[-1].at < 400
    told = {finding.code: say(finding.code, finding.params)[0] for finding in playing.outcome.findings}
    assert told["firmware_fetched"] == "固件已完整下载"


def test_what_a_gun_reports_after_its_record_bounds_the_charge_no_more() -> None:
    """At rest it may go on showing the energy of its last report while it charged, a little less than the record."""
    playing = Playing([STOP])
    last: dict[str, Any] = {}

    def kept(values: dict[str, Any]) -> dict[str, Any]:
        if values["status"] == 3:
            last[values["gun_no"]] = values["energy"]
        return values | {"energy": last.get(values["gun_no"], 0)}

    playing.pile.habits.change("realtime_data", kept)
    assert playing.play().outcome.verdict is Verdict.PASSED
