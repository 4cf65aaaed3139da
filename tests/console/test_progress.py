"""What a person sees of a run: plain lines, or on a terminal a changing picture; the verdicts at the end."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from harness.console.progress import Progress
from harness.console.tables import runs_table
from harness.core.amounts import Reading
from harness.core.clock import ManualClock
from harness.core.journal import (
    PILE,
    Answered,
    AttemptBegan,
    EventSeen,
    FrameSeen,
    LinkChanged,
    Prompted,
    StepBegan,
)
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict

PROFILE = PileProfile(pile_code="32010600417702", model="QH-DC120-2", kind="dc", power_kw=120, guns=2)
STEPS = (("充电中", "Charging"),)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def case(verdict: Verdict, *codes: str) -> CaseOutcome:
    findings = tuple(Finding(code=code, verdict=verdict) for code in codes)
    return CaseOutcome(
        id="estop",
        title_zh="急停停止",
        title_en="Emergency stop",
        verdict=verdict,
        findings=findings,
        started="2026-04-17T02:00:00+00:00",
        ended="2026-04-17T02:01:05+00:00",
    )


def outcome(*cases: CaseOutcome) -> RunOutcome:
    return RunOutcome(pile_code=PROFILE.pile_code, profile=PROFILE, started="2026-04-17T02:00:00+00:00", cases=cases)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def progress(clock: ManualClock, out: io.StringIO) -> Progress:
    return Progress(PROFILE, {"estop": "急停停止", "reboot": "远程重启"}, clock, out)


def seen(progress: Progress, *events: object) -> None:
    for n, event in enumerate(events, 1):
        progress("r1/estop", EventSeen(n, 0.0, event))  # type: ignore[arg-type]


def shown(progress: Progress) -> str:
    """The picture as text."""
    console = Console(file=io.StringIO(), width=120, record=True)
    console.print(progress.picture())
    return console.export_text()


def test_without_a_terminal_each_thing_that_happens_is_a_plain_line(progress: Progress, out: io.StringIO) -> None:
    progress.case_begins("estop", "急停停止", "Emergency stop", STEPS)
    seen(
        progress,
        StepBegan(index=0, key="charge", line=9),
        Prompted(id=1, act="press_estop", within=600.0),
        Answered(id=1, act="press_estop", by="person", unable="按钮坏了"),
        AttemptBegan(number=2, why="枪没插好 / not plugged in"),
    )
    progress.case_over(case(Verdict.FAILED, "estop_not_cleared"))
    lines = out.getvalue().splitlines()
    assert "重新插枪后重做：枪没插好 / The first start failed; done anew after replugging: not plugged in" in lines.pop(
        4
    )
    assert lines[:5] == [
        "急停停止 / Emergency stop 开始 / begins",
        "  充电中 / Charging",
        "  请操作 / Your turn: 请拍下桩上急停按钮 / Press the emergency stop on the pile (10:00)",
        "  没有做：按钮坏了 / not done: 按钮坏了",
        "✘ 急停停止 / Emergency stop: 未通过 Failed",
    ]
    assert "\x1b" not in out.getvalue()


def test_a_step_without_a_sentence_of_its_own_is_told_by_its_kind(progress: Progress, out: io.StringIO) -> None:
    progress.case_begins("estop", "急停停止", "Emergency stop")
    seen(progress, StepBegan(index=3, key="check", line=9), StepBegan(index=4, key="send", line=10))
    assert out.getvalue().splitlines()[1:] == ["  核对 / Checking", "  下发… / Sending…"]


def test_long_lines_are_not_broken_where_there_is_no_terminal(progress: Progress, out: io.StringIO) -> None:
    progress.link("32010600417702", LinkChanged(what="refused", peer="x", detail="no " * 100))
    assert len(out.getvalue().splitlines()) == 1


def test_the_picture_shows_all_cases_what_happens_now_and_the_time_left(progress: Progress, clock: ManualClock) -> None:
    progress.case_over(case(Verdict.PASSED))
    progress.case_begins("reboot", "远程重启", "Remote reboot", STEPS, lambda: 82.0)
    seen(progress, StepBegan(index=0, key="charge", line=9))
    progress("r1/reboot", FrameSeen(5, 0.0, PILE, b"x"))
    clock.advance(20)
    text = shown(progress)
    assert "急停停止 estop   ✔ 通过 Passed" in text
    assert "▶ 进行中 / Running" in text
    assert "充电中  Charging  01:02" in text
    assert "报文 1 条" in text


def test_the_picture_shows_a_prompt_with_its_countdown_until_it_is_answered(
    progress: Progress, clock: ManualClock
) -> None:
    progress.case_begins("estop", "急停停止", "Emergency stop", STEPS)
    seen(progress, Prompted(id=1, act="press_estop", within=600.0))
    clock.advance(1)
    assert "请拍下桩上急停按钮" in shown(progress)
    assert "09:59" in shown(progress)
    seen(progress, Answered(id=1, act="press_estop", by="frames"))
    assert "请拍下桩上急停按钮" not in shown(progress)


def test_on_a_terminal_the_picture_goes_away_before_the_verdicts_come(clock: ManualClock) -> None:
    out = Terminal()
    progress = Progress(PROFILE, {"estop": "急停停止"}, clock, out)
    progress.case_begins("estop", "急停停止", "Emergency stop", STEPS)
    progress.hold()
    progress.go_on()
    progress.case_over(case(Verdict.PASSED))
    progress.verdicts(outcome(case(Verdict.PASSED)))
    progress.close()
    assert "\x1b[?25h" in out.getvalue()
    assert out.getvalue().rstrip().endswith("✔ 通过 Passed\x1b[0m")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.PASSED, "✔ 通过 Passed"),
        (Verdict.REMARK, "✔• 通过（有备注） Passed with a remark"),
        (Verdict.FAILED, "✘ 未通过 Failed"),
        (Verdict.BROKEN, "◌! 未完成 No result yet"),
        (Verdict.NOT_EARNED, "◌! 未完成 No result yet"),
        (Verdict.NOT_APPLICABLE, "– 未申报 Not declared"),
    ],
)
def test_the_table_of_verdicts_has_a_mark_and_a_word_for_each(
    progress: Progress, out: io.StringIO, verdict: Verdict, words: str
) -> None:
    progress.verdicts(outcome(case(verdict, "record_missing")))
    text = out.getvalue()
    assert words in text
    assert "急停停止 estop" in text
    assert "1:05" in text


def test_below_the_table_stands_what_to_do_about_each_finding(progress: Progress, out: io.StringIO) -> None:
    told = Finding(
        code="record_missing",
        verdict=Verdict.FAILED,
        expected="30 s",
        seen="—",
        rule="R-TX-1",
        frames=(7,),
        params={"within": 30},
    )
    failed = CaseOutcome(id="card", title_zh="刷卡充电", title_en="Card", verdict=Verdict.FAILED, findings=(told,))
    progress.verdicts(outcome(case(Verdict.PASSED), failed))
    lines = out.getvalue().splitlines()
    at = lines.index("✘ 刷卡充电 / Card: 未通过 Failed")
    assert lines[at + 2] == "      应当 / expected 30 s  看到 / seen —  R-TX-1  #7"
    assert lines[at + 3].startswith("      → 充电结束后 30 秒内要上送")
    assert "✔ 急停停止" not in out.getvalue()


def test_findings_with_the_same_sentence_share_it_and_its_remedy(progress: Progress, out: io.StringIO) -> None:
    same = [Finding(code="energy_mismatch", verdict=Verdict.FAILED, seen=seen) for seen in ("1 kWh", "2 kWh")]
    failed = CaseOutcome(id="card", title_zh="刷卡", title_en="Card", verdict=Verdict.FAILED, findings=tuple(same))
    progress.verdicts(outcome(failed))
    lines = out.getvalue().splitlines()
    at = lines.index("✘ 刷卡 / Card: 未通过 Failed")
    assert lines[at + 1].startswith("    上送电量与平台不匹配 / ")
    assert lines[at + 2 : at + 4] == ["      看到 / seen 1 kWh", "      看到 / seen 2 kWh"]
    assert lines[at + 4].startswith("      → ")


def test_where_the_report_is_and_where_to_connect_is_said(progress: Progress, out: io.StringIO) -> None:
    progress.waiting_for("198.51.100.7", 5456, "32010600417702", 300.0)
    progress.written([Path("reports/r1/report.html"), Path("reports/r1/outcome.json")])
    text = out.getvalue()
    assert "198.51.100.7，端口 5456，桩编码 32010600417702" in text
    assert "at most 300 s" in text
    assert f"报告 / Report: {Path('reports/r1/report.html')}" in text
    assert "outcome.json" not in text


@pytest.mark.parametrize(
    ("sightings", "sentence"),
    [
        ([], "no connection arrived"),
        ([LinkChanged(what="connected", peer="a:1")], "a:1 connected but sent no login"),
        (
            [
                LinkChanged(what="connected", peer="a:1"),
                LinkChanged(what="refused", peer="a:1", detail="7"),
            ],
            "the login of a:1 was refused, its pile code 7 is not registered",
        ),
        ([LinkChanged(what="unreadable", peer="b:2", detail="garbage 474554")], "b:2 sent bytes that make no frame"),
        (
            [LinkChanged(what="no_login", peer="b:2", detail="heartbeat")],
            "b:2 sent a frame before any login: heartbeat",
        ),
    ],
)
def test_when_nobody_came_one_sentence_says_what_was_seen(
    progress: Progress, out: io.StringIO, sightings: list[LinkChanged], sentence: str
) -> None:
    progress.nobody_came("32010600417702", 300.0, sightings)
    assert f"Pile 32010600417702 did not log in within 300 s: {sentence}" in out.getvalue()
    assert " / " not in out.getvalue()


def test_no_runs_are_said_to_be_none(out: io.StringIO) -> None:
    runs_table([], out)
    assert "No runs yet" in out.getvalue()


def test_on_a_terminal_the_wait_for_a_login_is_counted_down(clock: ManualClock) -> None:
    out = Terminal()
    progress = Progress(PROFILE, {"estop": "急停停止"}, clock, out)
    progress.waiting_for("198.51.100.7", 5456, PROFILE.pile_code, 300.0)
    clock.advance(20)
    assert "等待桩登录  Waiting for the pile to log in  04:40" in shown(progress)
    progress.nobody_came(PROFILE.pile_code, 300.0, [])
    assert "no connection arrived" in out.getvalue()


def test_on_a_terminal_a_sentence_too_wide_has_its_languages_under_each_other(clock: ManualClock) -> None:
    out = Terminal()
    progress = Progress(PROFILE, {"estop": "急停停止"}, clock, out)
    progress.link(PROFILE.pile_code, LinkChanged(what="refused", peer="x", detail="7 " * 20))
    lines = [line.strip() for line in out.getvalue().splitlines()]
    assert lines[0].startswith("* 32010600417702 拒绝登录")
    assert any(line.startswith("Login refused: pile code 7") for line in lines)


def test_a_person_who_types_is_told_for_which_case(clock: ManualClock) -> None:
    out = Terminal()
    progress = Progress(PROFILE, {"reboot": "远程重启", "estop": "急停停止"}, clock, out)
    progress.case_begins("estop", "急停停止", "Emergency stop", STEPS)
    progress.hold()
    assert "第 2 个场景，共 2 个：急停停止 / case 2 of 2: estop" in out.getvalue()


def test_after_the_answer_the_frames_are_waited_for(progress: Progress) -> None:
    progress.case_begins("estop", "急停停止", "Emergency stop", STEPS)
    seen(progress, Prompted(id=1, act="press_estop", within=600.0), Answered(id=1, act="press_estop", by="person"))
    assert "已回答，等待桩上报  Answered; waiting" in shown(progress)


def report(status: str, soc: int) -> Reading:
    return Reading(
        serial="1",
        gun_no="01",
        status=status,
        plugged=True,
        voltage=Decimal("400.5"),
        current=Decimal("100.0"),
        energy=Decimal("1.2500"),
        amount=Decimal(0),
        soc=soc,
        estop=False,
    )


def test_a_charge_is_shown_in_numbers_while_it_runs(clock: ManualClock) -> None:
    reports = {b"1": report("charging", 43), b"2": report("charging", 0), b"3": report("idle", 0)}
    progress = Progress(PROFILE, {"estop": "急停停止"}, clock, Terminal(), reports.get)
    progress.case_begins("estop", "急停停止", "Emergency stop", STEPS)
    seen(progress, StepBegan(index=0, key="charge", line=9))
    told = []
    for raw in (b"1", b"2", b"beat", b"3"):
        progress("r1/estop", FrameSeen(5, 0.0, PILE, raw))
        told.append("40.0 kW   400.5 V   100.0 A   1.2500 kWh" in shown(progress))
        assert ("SOC 43 %" in shown(progress)) == (raw == b"1")
    progress.close()
    assert told == [True, True, True, False]


def test_what_cannot_be_done_is_told_once_in_each_language(clock: ManualClock) -> None:
    out = io.StringIO()
    why = ("文件中没有 scan_qr 的答案", "the file has no answer to scan_qr")
    answered = Answered(id=1, act="scan_qr", by="file", unable=why)
    Progress(PROFILE, {}, clock, out)("case", EventSeen(1, 0.0, answered))
    said = "没有做：文件中没有 scan_qr 的答案 / not done: the file has no answer to scan_qr"
    assert out.getvalue().strip() == said


def test_what_a_person_wrote_is_told_whole(clock: ManualClock) -> None:
    out = io.StringIO()
    answered = Answered(id=1, act="press_estop", by="person", unable="没电 / 跳闸")
    Progress(PROFILE, {}, clock, out)("case", EventSeen(1, 0.0, answered))
    assert out.getvalue().strip() == "没有做：没电 / 跳闸 / not done: 没电 / 跳闸"
