"""Cases with faults of our own: a sound pile passes them, three things fail them, all else is a remark with a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.core.journal import EventSeen, Misbehaved
from harness.core.pairs import parted
from harness.core.safety import BENCH_ONLY, LIVE, NEVER_WITH_CURRENT
from harness.core.verdict import Verdict
from harness.data import data_root
from tests.engine.link_piles import (
    OPEN,
    Values,
    back_after,
    changing,
    does_not_mind_silence,
    forgets_offline,
    never_dials_again,
    never_sends,
    other_energy_offline,
    other_serial,
)
from tests.engine.playing import CASES as MAIN
from tests.engine.playing import GOOD, HEAD, Playing, codes, finding, judged, shipped, written
from tests.sim.pretend import profile

CHECKOUT = Path(__file__).resolve().parents[2]
CASES = tuple(sorted(path.stem for path in (data_root() / "scenarios" / "ykc").glob("link_*.yaml")))
HEADS = {case: shipped(case).head for case in CASES}
CHARGES = tuple(case for case in CASES if "charging_unconfirmed" in HEADS[case].fails)
GOES = ("link_cut_idle", "link_cut_charging", "link_record_offline", "link_login_refused", "link_heartbeat_unanswered")
OFFLINE = ("link_cut_charging", "link_record_offline")
REPEATED = ("link_record_unconfirmed", "link_reply_late")


def with_change(case: str, change: Callable[[Playing], None], **how: Any) -> Playing:
    playing = Playing([case], **how)
    change(playing)
    return playing.play()


def said(frame: str, change: Callable[[Values], Values | None]) -> Callable[[Playing], None]:
    return lambda playing: playing.pile.habits.change(frame, change)


# a sound pile


@pytest.mark.parametrize("name", ["demo", "ac", "single", "four-guns"])
@pytest.mark.parametrize("case", CASES)
def test_a_sound_pile_passes(case: str, name: str) -> None:
    for seed in range(3):
        playing = Playing([case], name, seed=seed).play()
        outcome = playing.outcome
        assert outcome.verdict in GOOD, (seed, codes(outcome))
        assert not codes(outcome, *(set(Verdict) - set(GOOD)))
        assert outcome.audit is not None
        assert not outcome.audit.broken, outcome.audit.findings


def test_all_of_them_in_a_row_on_one_pile() -> None:
    playing = Playing(CASES, seed=5).play()
    assert {case: verdict for case, verdict in playing.verdicts().items() if verdict not in GOOD} == {}


@pytest.mark.parametrize("case", CASES)
def test_nobody_is_asked_for_more_than_to_plug_the_gun_in(case: str) -> None:
    playing = Playing([case], seed=1).play()
    assert set(playing.person.asked) <= {"plug_in"}
    assert playing.person.asked == (["plug_in"] if case in CHARGES else [])


@pytest.mark.parametrize("case", CASES)
def test_what_we_did_stands_in_the_journal(case: str) -> None:
    deeds = Playing([case]).play().events(Misbehaved)
    assert any(deed.state == "done" for deed in deeds)
    assert [deed.state for deed in deeds].count("begun") == [deed.state for deed in deeds].count("ended")


# the three things that fail a case


@pytest.mark.parametrize("case", GOES)
def test_a_pile_that_does_not_come_back_fails(case: str) -> None:
    outcome = with_change(case, never_dials_again).outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"not_back"}


@pytest.mark.parametrize("case", GOES)
@pytest.mark.parametrize(("seconds", "right"), [(170, True), (185, False)])
def test_the_pile_has_180_seconds_each_time(case: str, seconds: float, right: bool) -> None:
    outcome = with_change(case, back_after(seconds)).outcome
    assert codes(outcome, Verdict.FAILED) == (set() if right else {"not_back"})


@pytest.mark.parametrize("case", CHARGES)
def test_charging_without_a_positive_answer_fails(case: str) -> None:
    playing = Playing([case], faults=("no_0x33",)).play()
    assert playing.outcome.verdict is Verdict.FAILED
    assert codes(playing.outcome, Verdict.FAILED) == {"charging_unconfirmed"}


@pytest.mark.parametrize("case", ["link_record_offline"])
def test_a_record_that_is_lost_over_the_cut_fails(case: str) -> None:
    outcome = with_change(case, forgets_offline).outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"record_lost"}


@pytest.mark.parametrize("case", CHARGES)
def test_a_record_that_never_comes_fails(case: str) -> None:
    outcome = with_change(case, never_sends).outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"record_lost"}


@pytest.mark.parametrize("case", CHARGES)
def test_a_record_under_another_serial_fails(case: str) -> None:
    outcome = with_change(case, said("transaction_record", other_serial)).outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"record_changed"}
    changed = finding(outcome, "record_changed")
    assert changed.params["field"] == ("流水号", "serial")
    assert changed.fields == ("transaction_serial",)


@pytest.mark.parametrize("case", REPEATED)
def test_a_record_that_changes_when_it_is_repeated_fails(case: str) -> None:
    changing.count = 0  # type: ignore[attr-defined]
    outcome = with_change(case, said("transaction_record", changing)).outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome, Verdict.FAILED) == {"record_changed"}
    changed = finding(outcome, "record_changed")
    assert changed.fields == ("trade_flag",)
    assert changed.expected == "trade_flag 1 app 启动 / trade_flag 1 app start"
    assert parted(changed.seen)[1] == "trade_flag 2 card start"
    assert outcome.audit is not None
    assert outcome.audit.counts["record_differs"] > 0


@pytest.mark.parametrize("case", REPEATED)
def test_a_repeat_may_bear_the_time_at_which_it_is_booked(case: str) -> None:
    def booked(playing: Playing) -> None:
        def now(values: Values) -> Values:
            return values | {"trade_time": playing.pile.clock.time(round(playing.pile.now * 1000))}

        playing.pile.habits.change("transaction_record", now)

    outcome = with_change(case, booked).outcome
    assert outcome.verdict in GOOD
    assert outcome.audit is not None
    assert not {"record_changed", "record_differs"} & {*codes(outcome), *outcome.audit.counts}


def test_a_record_with_less_energy_than_was_reported_fails() -> None:
    outcome = with_change("link_cut_charging", other_energy_offline).outcome
    assert outcome.verdict is Verdict.FAILED
    assert "record_changed" in codes(outcome, Verdict.FAILED)


# what the document leaves open


@pytest.mark.parametrize(("case", "change", "code"), OPEN, ids=[code for _, _, code in OPEN])
def test_what_the_document_leaves_open_is_a_remark_with_a_name(
    case: str, change: Callable[[Playing], None], code: str
) -> None:
    outcome = with_change(case, change).outcome
    assert outcome.verdict is Verdict.REMARK, codes(outcome)
    assert code in codes(outcome, Verdict.REMARK)


WORD = re.compile(r"[a-z]{3,}|[\u4e00-\u9fff]")  # units and numbers read the same in both languages


def test_what_was_expected_and_seen_says_something_in_both_languages() -> None:
    played = [Playing([case], seed=1).play().outcome for case in CASES]
    played += [with_change(case, change).outcome for case, change, _ in OPEN]
    for found in (found for outcome in played for found in outcome.findings if found.code != "not_declared"):
        for value in (found.expected, found.seen):
            zh, en = parted(value)
            assert value not in ("", "-", "0", "1"), found
            assert zh != en or not WORD.search(value), found


def test_whatever_else_a_pile_does_wrong_is_no_failure_here() -> None:
    playing = Playing(["link_start_twice"], faults=("wrong_stop_reason", "record_late"))
    assert playing.play().outcome.verdict in GOOD


def test_a_case_that_never_comes_to_the_point_earns_nothing() -> None:
    """The charge does not begin, so there is nothing to misbehave about."""
    never = said("realtime_data", lambda values: values | {"status": 2})
    outcome = with_change("link_start_twice", never).outcome
    assert outcome.verdict is Verdict.NOT_EARNED
    assert "not_reached" in codes(outcome)


# where and when they are played


@pytest.mark.parametrize("case", CASES)
def test_what_is_for_a_bench_is_refused_on_a_live_site_before_anything_is_played(case: str) -> None:
    live = msgspec.structs.replace(profile("demo"), site=LIVE)
    playing = Playing([case], live).play()
    if HEADS[case].safety != BENCH_ONLY:
        assert playing.outcome.verdict in GOOD
        return
    assert playing.outcome.verdict is Verdict.NOT_APPLICABLE
    assert codes(playing.outcome) == {"bench_only"}
    assert playing.begun == []


def test_each_of_the_three_classes_is_there() -> None:
    assert {head.safety for head in HEADS.values()} == {"live-safe", BENCH_ONLY, NEVER_WITH_CURRENT}


def beside_a_charge(case: str) -> Playing:
    """Somebody charges by card at the other gun before the case begins."""
    playing = Playing([case])
    playing.table.power_on()
    playing.until(lambda: playing.table.platform.online(playing.profile.pile_code))
    playing.table.run(lambda: False, within=20)
    playing.pile.plug("02", playing.now)
    playing.pile.swipe(playing.profile.items.card, "02", playing.now)
    playing.table.alarm.settle()
    playing.table.run(lambda: False, within=40)
    assert playing.pile.guns["02"].charge is not None
    playing.series.start()
    return playing.until(lambda: bool(playing.done))


@pytest.mark.parametrize("case", [case for case in (*CASES, *MAIN) if shipped(case).head.safety == NEVER_WITH_CURRENT])
def test_what_is_never_done_while_current_flows_is_refused_then(case: str) -> None:
    playing = beside_a_charge(case)
    assert playing.outcome.verdict is Verdict.BROKEN
    assert codes(playing.outcome) == {"current_flows"}
    assert playing.events(Misbehaved) == []
    assert playing.messages("remote_stop") == []
    assert playing.pile.guns["02"].charge is not None


def test_what_may_not_be_done_while_current_flows_ends_when_it_begins_to() -> None:
    charging = "frame: heartbeat_reply, times: 20, label: silent}\n  - pause: 90\n"
    case = written(f"  - ready:\n  - misbehave: {{what: withhold, {charging}", _never(HEAD))
    playing = Playing([case], seed=2)
    does_not_mind_silence(playing)
    pile = playing.pile
    playing.after(25, lambda: pile.plug("02", playing.now))
    playing.after(30, lambda: pile.guns["02"].remote_start(_start(pile), b"\0\0", playing.now))
    playing.play()
    states = [(deed.state) for deed in playing.events(Misbehaved)]
    assert states[-1] == "ended"
    ended = next(r.at for r in playing.records if getattr(getattr(r, "event", None), "state", "") == "ended")
    assert 30 < ended < 60


def _never(head: str) -> str:
    return f"safety: {NEVER_WITH_CURRENT}\nholds: pile\n" + head


def _start(pile: Any) -> Any:
    """A start that somebody else's platform might have sent."""

    class Start:
        transaction_serial = f"{pile.profile.pile_code}02260417100000{1:04d}"
        physical_card_no = bytes(8)

    return Start()


# no longer than the run


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seconds", [5, 20, 45, 75, 100])
def test_nothing_of_it_is_left_when_the_case_is_stopped(case: str, seconds: float) -> None:
    playing = Playing([case], seed=3)
    playing.after(seconds, lambda: playing.series.stop("the user pressed Ctrl-C"))
    playing.play()
    state = playing.table.platform.piles[playing.profile.pile_code]
    assert state.holds == ()
    playing.until(lambda: playing.pile.online and not playing.pile.busy, within=200)
    playing.table.run(lambda: False, within=130)
    assert playing.pile.records.waiting() == []
    assert state.billing.taken == state.billing.wanted
    assert state.connection is not None


def test_the_case_after_it_is_played_as_ever() -> None:
    playing = Playing(["link_record_unconfirmed", "link_heartbeat_unanswered", "link_tariff_charging", "single_tariff"])
    assert playing.play().outcome.verdict is Verdict.PASSED


def test_the_page_about_them_lists_each_with_its_class() -> None:
    page = (CHECKOUT / "docs" / "link-cases.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `link_")]
    assert sorted(line.split("`")[1] for line in rows) == sorted(CASES)
    for line in rows:
        head = HEADS[line.split("`")[1]]
        assert head.title.zh in line
        assert line.endswith(f"{head.safety} |")


@pytest.mark.parametrize("case", CASES)
def test_a_case_whose_cited_frames_are_taken_away_earns_nothing_and_accuses_nobody(case: str) -> None:
    records = Playing([case], seed=1).play().records
    while (outcome := judged(records)).verdict in GOOD:
        cited = {n for f in outcome.findings for n in f.frames}
        left = [record for record in records if record.n not in cited or isinstance(record, EventSeen)]
        assert len(left) < len(records), "it passes on nothing"
        records = left
    assert outcome.verdict is Verdict.NOT_EARNED
