"""A run as a page sees it: started, shown, answered, stopped; what is kept of it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from harness.core.errors import PersonError
from harness.core.journal import EventSeen, LoopLate
from harness.core.pile import Items
from harness.core.verdict import Verdict
from tests.app.desk.rooms import MODEL, Room
from tests.sim.pretend import firmware_file

ASK_AGAIN = 600.0


def test_a_run_is_shown_from_its_start_to_its_end() -> None:
    room = Room().online()
    run_id = room.start("card")
    assert room.house.running() == {MODEL}
    assert (room.now.run_id, room.now.pile_code) == (run_id, room.profile.pile_code)
    prompt = room.prompt("plug_in")
    assert room.now.line == prompt.line == ("请插上 1 号枪", "Plug in gun 1")
    assert (prompt.kind, prompt.proves) == ("act", True)
    room.do("plug_in")
    assert room.now.prompt is not None
    assert room.now.prompt.act == "swipe_card"
    room.do("swipe_card", room.profile.items.card)
    room.until(lambda: room.now.line[0] == "正在充电，不用操作")
    assert room.now.count_what[0] == "后平台自动停止"
    assert room.now.count_due is not None
    assert 100 < (room.now.count_due - room.now.at).total_seconds() <= 120
    assert [step.state for step in room.now.steps][:5] == ["done"] * 5
    room.until(lambda: room.over)
    assert [(case.id, case.state) for case in room.now.cases] == [("card", "passed")]
    assert room.now.cases[0].sentence[1].startswith("All ")
    assert room.house.running() == frozenset()
    assert room.now.line == ("测完了", "All done")
    assert [outcome.verdict for outcome in room.books.runs] == [Verdict.PASSED]


def test_what_the_frames_prove_is_shown_for_two_seconds() -> None:
    room = Room().online()
    room.start("card")
    prompt = room.prompt("plug_in")
    room.table.pile.plug("01", room.clock.monotonic())
    room.table.alarm.settle()
    room.until(lambda: room.now.proof is not None)
    proof = room.now.proof
    assert proof is not None
    assert (proof.prompt_id, proof.by, proof.text[0]) == (prompt.id, "frames", "桩报上已插枪")
    assert proof.frame > 0
    room.wait(1.9)
    assert room.now.proof is not None
    room.wait(0.2)
    assert room.now.proof is None


def test_the_first_answer_counts_and_the_second_is_told_so() -> None:
    room = Room().online()
    room.start("card")
    prompt = room.prompt("plug_in")
    room.table.pile.plug("01", room.clock.monotonic())
    assert room.answer(prompt)
    assert not room.answer(prompt)
    assert not room.answer(msgspec.structs.replace(prompt, id=prompt.id + 1))
    assert not room.house.answer(MODEL + 1, prompt.id)


def test_a_late_answer_to_one_case_does_not_count_in_the_next() -> None:
    room = Room().online()
    room.start("card", "vin")
    first = room.prompt("plug_in")
    assert room.answer(first, unable="枪不在这里")
    second = room.prompt("plug_in")
    assert second.id != first.id
    assert not room.answer(first)
    assert room.now.case == 1
    assert room.now.cases[0].state == "open"


def test_after_an_answer_the_page_waits_for_the_report() -> None:
    room = Room().online()
    room.start("card")
    room.says_done("plug_in")
    room.answer(room.prompt("swipe_card"))
    assert room.now.line[0] == "等桩报上来"
    assert room.now.count_due is not None
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "open"
    assert "刷卡" in room.now.cases[0].sentence[0]


def test_a_wrong_card_is_told_on_the_prompt() -> None:
    room = Room().online()
    room.start("card")
    room.says_done("plug_in")
    assert room.prompt("swipe_card").note == ("", "")
    room.table.pile.swipe("DEADBEEF", "01", room.clock.monotonic())
    room.table.alarm.settle()
    room.wait(2)
    assert room.prompt("swipe_card").note == (
        "桩读到 DEADBEEF，要刷 32095DF0",
        "The pile read DEADBEEF; swipe 32095DF0",
    )
    room.do("swipe_card", room.profile.items.card)
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "passed"


def test_another_cars_vin_is_told_on_the_prompt() -> None:
    room = Room().online()
    room.start("vin")
    room.says_done("plug_in")
    room.prompt("start_by_vin")
    room.table.pile.guns["01"].car.vin = "LSVAM4187C2184841"
    room.do("start_by_vin")
    assert room.prompt("start_by_vin").note[0] == f"桩报的 VIN 是 LSVAM4187C2184841，要用 {room.profile.items.vin}"


def test_a_card_where_a_vin_is_asked_for_is_told_too() -> None:
    room = Room().online()
    room.start("vin")
    room.says_done("plug_in")
    room.prompt("start_by_vin")
    room.do("swipe_card", room.profile.items.card)
    assert room.prompt("start_by_vin").note[0] == f"桩用别的方式申请了启动，要用 {room.profile.items.vin}"


def test_a_pile_that_is_lost_during_a_prompt_is_told_on_it_until_it_is_back() -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    room.told.clear()
    assert room.table.cable is not None
    room.table.cable.cut()
    room.wait(1)
    assert room.prompt("plug_in").note == ("桩离线，先把桩连上", "The pile is offline; connect it first")
    assert room.told
    room.until(lambda: room.now.online)
    assert room.prompt("plug_in").note == ("", "")


def test_more_time_moves_the_limit_that_is_shown_and_the_real_one() -> None:
    room = Room().online()
    room.start("card")
    prompt = room.prompt("plug_in")
    assert room.house.more_time(MODEL, prompt.id, ASK_AGAIN)
    later = room.prompt("plug_in")
    assert later.id == prompt.id
    assert (later.due - prompt.due).total_seconds() == ASK_AGAIN
    room.wait((prompt.due - room.clock.wall()).total_seconds() + 60)
    assert room.now.prompt is not None
    room.until(lambda: room.over)
    assert abs((room.clock.wall() - later.due).total_seconds()) < 60
    assert not room.house.more_time(MODEL, prompt.id, ASK_AGAIN)


@pytest.mark.parametrize("seconds", [0, -5, 7200])
def test_more_time_has_its_limits(seconds: float) -> None:
    with pytest.raises(PersonError):
        Room().house.more_time(MODEL, 1, seconds)


def test_a_stop_leaves_the_pile_not_charging() -> None:
    room = Room().online()
    room.start("card", "estop")
    room.says_done("plug_in")
    room.says_done("swipe_card")
    room.until(lambda: room.house.pile(room.profile.pile_code).charging == ("01",))
    room.house.stop(MODEL)
    assert room.now.state == "stopping"
    assert room.now.line == ("正在停止", "Stopping")
    room.house.stop(MODEL)
    room.until(lambda: room.over)
    assert room.now.line == ("已停止", "Stopped")
    assert room.now.stopped
    assert [case.state for case in room.now.cases] == ["open", "open"]
    assert room.house.pile(room.profile.pile_code).charging == ()
    assert room.table.pile.guns["01"].charge is None
    assert [kept.verdict for _, _, kept, _ in room.books.cases] == [Verdict.BROKEN, Verdict.NOT_EARNED]


def test_stopping_what_does_not_run_does_nothing() -> None:
    room = Room()
    room.house.stop(MODEL)
    assert room.house.run(MODEL) is None


def charges_unasked(room: Room, gun_no: str = "01") -> None:
    """The pile lets somebody charge whom nobody asked about."""
    pile = room.table.platform.piles[room.profile.pile_code]
    pile.runs_only = False
    room.table.pile.plug(gun_no, room.clock.monotonic())
    room.table.pile.swipe(room.profile.items.card, gun_no, room.clock.monotonic())
    room.table.alarm.settle()
    room.until(lambda: room.house.pile(room.profile.pile_code).charging == (gun_no,), 60)


def test_a_charge_that_no_test_started_is_told_as_such_and_can_be_stopped() -> None:
    room = Room().online()
    charges_unasked(room)
    assert room.house.pile(room.profile.pile_code).unasked == ("01",)
    room.house.stop(MODEL)
    room.until(lambda: room.house.pile(room.profile.pile_code).charging == (), 60)
    assert room.table.pile.guns["01"].charge is None


def test_a_charge_cannot_be_stopped_at_a_pile_that_is_away_and_that_is_told() -> None:
    room = Room().online()
    charges_unasked(room)
    assert room.table.cable is not None
    room.table.cable.cut()
    room.wait(1)
    with pytest.raises(PersonError, match="not online and cannot be told to stop"):
        room.house.stop(MODEL)


def test_the_charge_of_a_test_is_no_unasked_one() -> None:
    room = Room().online()
    room.start("card")
    room.says_done("plug_in")
    room.says_done("swipe_card")
    room.until(lambda: room.house.pile(room.profile.pile_code).charging == ("01",))
    assert room.house.pile(room.profile.pile_code).unasked == ()
    room.until(lambda: room.over)
    room.start("single_tariff")
    room.until(lambda: room.house.pile(room.profile.pile_code).charging == ("01",))
    assert room.house.pile(room.profile.pile_code).unasked == ()


def test_a_test_at_a_gun_that_charges_stops_that_first_and_says_so() -> None:
    room = Room().online()
    charges_unasked(room)
    room.start("single_tariff")
    assert room.now.line == ("枪在充电，先停下", "Charging; stopping it first")
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "passed"


def test_a_charge_is_shown_with_its_numbers_and_its_curve() -> None:
    room = Room().online()
    room.start("single_tariff")
    room.says_done("plug_in")
    room.until(lambda: room.now.line[0] == "正在充电，不用操作")
    room.wait(40)
    reading, charge = room.now.reading, room.now.charge
    assert reading is not None
    assert float(reading.power) > 1
    assert charge is not None
    assert charge.points
    assert charge.bands
    room.until(lambda: room.over)
    assert room.now.charge is not None
    assert len(room.now.charge.points) > len(charge.points)


def test_pages_are_told_of_each_change_and_of_readings_once_a_second() -> None:
    room = Room().online()
    room.start("single_tariff")
    room.says_done("plug_in")
    room.until(lambda: room.now.line[0] == "正在充电，不用操作")
    room.told.clear()
    before = room.now
    room.wait(30)
    versions = [int(data) for channel, event, data in room.told if (channel, event) == (f"model:{MODEL}", "changed")]
    assert versions == sorted(set(versions))
    assert versions[0] > before.version
    assert room.now.version == versions[-1]
    assert 1 <= len(versions) <= 31
    assert room.now.frames > before.frames


def test_a_page_that_looks_twice_sees_the_same_version_until_something_changes() -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    room.wait(0)
    first = room.now
    room.wait(0.5)
    assert room.now.at > first.at
    assert msgspec.structs.replace(room.now, at=first.at) == first


def test_the_restart_of_a_pile_is_an_expected_absence() -> None:
    room = Room().online()
    room.start("reboot")
    room.until(lambda: room.now.line[0] == "马上重启桩")
    assert room.now.count_what[0] == "后重启桩"
    assert not room.now.away
    room.until(lambda: not room.now.online)
    assert room.now.away
    assert room.now.line == ("桩重启中", "The pile is restarting")
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "passed"
    assert not room.now.away


def test_a_pile_that_is_lost_in_a_case_is_no_expected_absence() -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    assert room.table.cable is not None
    room.table.cable.cut()
    room.wait(0.1)
    assert not room.now.online
    assert not room.now.away


def test_a_scan_is_compared_and_its_picture_kept_by_name() -> None:
    room = Room().online()
    room.start("qr_set")
    prompt = room.prompt("scan_qr")
    assert prompt.kind == "scan"
    assert f"/{room.profile.pile_code}01?" in prompt.params["texts"][0]
    assert "\n" in prompt.line[0]
    assert room.now.line == ("请扫桩上二维码", "Scan the QR code")
    with pytest.raises(PersonError, match="not done by a word alone: scan the qr code"):
        room.answer(prompt)
    assert not room.house.chose(MODEL, prompt.id, firmware_file(), "V2.0.1")
    assert room.house.scanned(MODEL, prompt.id, ("https://wrong.example",), "abc.png")
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "failed"
    assert room.now.cases[0].sentence[0].startswith("屏幕上的二维码是 https://wrong.example")


def test_an_upgrade_takes_a_file_with_a_new_version_and_the_model_gets_it() -> None:
    room = Room().online()
    room.start("upgrade")
    prompt = room.prompt("choose_firmware")
    assert prompt.kind == "firmware"
    for version in ("V1.0.0", "", "V2.0.1-rc1"):
        with pytest.raises(PersonError, match="cannot be used"):
            room.house.chose(MODEL, prompt.id, firmware_file(), version)
    assert room.house.chose(MODEL, prompt.id, firmware_file(), "V2.0.1")
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "passed"
    assert room.books.versions == [(MODEL, "V2.0.1")]
    ((_, _, _, earned_on),) = room.books.cases
    assert earned_on == "V1.0.0"


def test_a_firmware_that_is_not_there_is_told() -> None:
    room = Room().online()
    room.start("upgrade")
    prompt = room.prompt("choose_firmware")
    with pytest.raises(PersonError, match="cannot be read"):
        room.house.chose(MODEL, prompt.id, firmware_file().with_name("gone.bin"), "V2.0.1")


def test_a_pile_that_is_offline_cannot_be_tested() -> None:
    with pytest.raises(PersonError, match="not online"):
        Room().start("card")


def test_one_model_has_one_run() -> None:
    room = Room().online()
    room.start("card")
    with pytest.raises(PersonError, match="going on"):
        room.start("vin")


def test_a_pile_that_somebody_else_holds_cannot_be_tested() -> None:
    room = Room().online()
    room.start("card")
    with pytest.raises(PersonError, match="going on"):
        room.house.start(MODEL + 1, room.profile, "02", ("card",), "somebody")


@pytest.mark.parametrize(
    ("gun_no", "cases", "why"),
    [("03", ("card",), "no gun 03"), ("01", ("nonsense",), "no case"), ("01", (), "none of")],
)
def test_what_cannot_be_played_is_told(gun_no: str, cases: tuple[str, ...], why: str) -> None:
    room = Room().online()
    with pytest.raises(PersonError, match=why):
        room.start(*cases, gun_no=gun_no)


def test_cases_that_wait_for_a_number_are_left_out() -> None:
    room = Room().online()
    room.profile = msgspec.structs.replace(room.profile, items=Items(reboot=True))
    with pytest.raises(PersonError, match="none of"):
        room.start("card", "vin")
    room.start("card", "reboot")
    assert [case.id for case in room.now.cases] == ["reboot"]


def test_a_second_run_follows_the_first() -> None:
    room = Room().online()
    first = room.start("reboot")
    room.until(lambda: room.over)
    room.until(lambda: room.house.pile(room.profile.pile_code).online)
    second = room.start("reboot")
    assert first != second
    assert room.now.run_id == second
    room.until(lambda: room.over)
    assert [outcome.run_id for outcome in room.books.runs] == [first, second]


def test_nothing_begins_any_more_once_all_was_stopped() -> None:
    room = Room().online()
    room.house.stop_all()
    with pytest.raises(PersonError, match="shutting down"):
        room.start("reboot")
    assert room.house.running() == frozenset()


@pytest.mark.parametrize(
    ("end", "code", "why"),
    [
        (lambda room: room.house.stop(MODEL), "aborted", "人工停止"),
        (lambda room: room.house.stop_all(), "ended_by_us", "平台停止服务"),
        (lambda room: room.house.forget(room.profile.pile_code), "ended_by_us", "桩编码已收回"),
    ],
    ids=["a person", "a shutdown", "the code taken back"],
)
def test_a_case_that_is_cut_off_says_by_whom(end: Callable[[Room], None], code: str, why: str) -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    end(room)
    room.until(lambda: room.over)
    ((_, _, case, _),) = room.books.cases
    (finding,) = case.noted()
    assert (finding.code, finding.params["why"][0]) == (code, why)


def test_nothing_rings_any_more_once_the_house_is_closed() -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    room.house.stop_all()
    room.house.close()
    room.table.clear()
    room.wait(60)
    told = len(room.told)
    room.wait(3600)
    assert len(room.told) == told


def test_our_own_lateness_is_kept_with_the_case() -> None:
    room = Room().online()
    room.start("card")
    room.prompt("plug_in")
    room.house.late(2.5)
    room.house.stop(MODEL)
    room.until(lambda: room.over)
    events = [each.event for each in room.books.records if isinstance(each, EventSeen)]
    assert [each for each in events if isinstance(each, LoopLate)] == [LoopLate(seconds=2.5)]


def test_a_case_for_two_guns_asks_at_both_and_shows_the_gun_that_the_step_is_about() -> None:
    room = Room().online()
    room.start("two_guns_stop")
    guns = []
    for gun in ("1", "2"):
        prompt = room.prompt("plug_in")
        guns.append(prompt.gun_no)
        for move in room.table.hands.moves("plug_in", gun, ""):
            room.table.hands.do(move, room.clock.monotonic())
            room.wait(2)
    assert guns == ["1", "2"]
    room.until(lambda: room.now.charge is not None)
    charge, reading = room.now.charge, room.now.reading
    assert charge is not None
    assert charge.gun == "2"
    assert reading is not None
    room.wait(75)
    charge = room.now.charge
    assert charge is not None
    assert charge.gun == "1"
    assert room.now.steps[2].title == ("1 号枪：插枪", "Gun 1: Plug in")
    assert room.now.steps[3].title == ("2 号枪：插枪", "Gun 2: Plug in")
    room.until(lambda: room.over)
    assert room.now.cases[0].state == "passed"
