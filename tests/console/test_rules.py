"""协议规范 and what is known, below the verdicts in the terminal."""

import io
import re
from datetime import date

import msgspec
import pytest
import yaml

from harness.console.progress import Progress
from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.clock import ManualClock
from harness.core.expecting import held_against
from harness.core.known import Known
from harness.core.outcome import RunOutcome
from harness.core.verdict import Verdict
from tests.console.test_progress import PROFILE, Terminal, case, outcome


def breach(check: str, level: Level) -> AuditFinding:
    return AuditFinding(
        rule="R-HB-1", check=check, level=level, zh=f"{check} 没到", en=f"{check} is missing", frames=(7, 9),
        expected="≤ 30 s", seen="没有 / none", section="6.3",
    )  # fmt: skip


def audited(*findings: AuditFinding, verdict: Verdict = Verdict.PASSED, **counts: int) -> RunOutcome:
    audit = Audit(findings=findings, counts=counts, frames=1234)
    codes = ["wrong_reason"] if verdict is Verdict.FAILED else []
    return msgspec.structs.replace(outcome(case(verdict, *codes)), session=audit)


def shown(run: RunOutcome, out: io.StringIO | None = None, until: str = "") -> str:
    stream = out or io.StringIO()
    Progress(PROFILE, {}, ManualClock(), stream).verdicts(run, until)
    return stream.getvalue()


def test_a_clean_audit_is_one_line() -> None:
    text = shown(audited())
    assert "协议规范 / protocol rules: 没有发现问题（核对 1,234 帧） / nothing found (1,234 frames audited)" in text
    assert "exit code" not in text


def test_a_run_without_an_audit_says_nothing_of_it() -> None:
    assert "协议规范" not in shown(outcome(case(Verdict.PASSED)))


def test_each_check_that_is_more_than_a_remark_is_told_once_the_gravest_first() -> None:
    levels = {"odd": Level.REMARK, "late": Level.SHOULD, "gap": Level.MUST}
    text = shown(audited(*(breach(name, level) for name, level in levels.items()), gap=3))
    assert "必须 1，应当 1，备注 1 / must 1, should 1, remark 1" in text
    assert "✘ 必须 / must R-HB-1 ×3 gap 没到 / gap is missing" in text
    assert "! 应当 / should R-HB-1 late 没到 / late is missing" in text
    assert text.index("gap is missing") < text.index("late is missing")
    assert "odd is missing" not in text
    assert "≤ 30 s" in text
    assert "§6.3  桩日志/pile's journal #7 #9" in text


def test_a_must_says_why_the_exit_code_is_not_that_of_the_verdict() -> None:
    text = shown(audited(breach("gap", Level.MUST)))
    assert text.index("通过 Passed") < text.index("a rule that must be kept was broken: exit code 1")
    assert "exit code" not in shown(audited(breach("gap", Level.SHOULD)))


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.FAILED, "有场景未通过，退出码 1 / a case failed: exit code 1"),
        (Verdict.BROKEN, "exit code 3"),
        (Verdict.NOT_APPLICABLE, "no case applies: exit code 2"),
    ],
)
def test_every_exit_code_but_0_is_explained(verdict: Verdict, said: str) -> None:
    assert said in shown(audited(verdict=verdict))


def test_each_finding_and_each_broken_rule_names_the_code_that_a_list_takes() -> None:
    text = shown(audited(breach("gap", Level.MUST), verdict=Verdict.FAILED))
    assert re.search(r"^    \S.*  wrong_reason$", text, re.MULTILINE)
    assert "gap 没到 / gap is missing  gap\n" in text


def test_what_the_list_lacks_is_told_ready_to_be_copied_where_there_is_a_list() -> None:
    run = audited(breach("gap", Level.MUST), verdict=Verdict.FAILED)
    text = shown(run, until="2026-05-17")
    entries = text.partition("add these lines to the file of --expect")[2]
    listed = yaml.safe_load("known:\n" + entries.partition("\n")[2])["known"]
    assert [(each["case"], each["finding"], str(each["until"])) for each in listed] == [
        ("estop", "wrong_reason", "2026-05-17"), ("session", "gap", "2026-05-17"),
    ]  # fmt: skip
    assert all(each["reason"] for each in listed)
    assert "--expect" not in shown(run)
    assert "--expect" not in shown(audited(), until="2026-05-17")


def test_a_narrow_terminal_has_each_language_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = shown(audited(breach("heartbeat_gap", Level.MUST)), Terminal())
    assert "没到 / heartbeat" not in text
    assert "heartbeat_gap is missing" in text


def known(run: RunOutcome, finding: str, until: str = "2026-12-31") -> RunOutcome:
    entry = Known(case="estop", finding=finding, reason="新继电器 / new relay", until=until)
    return held_against(run, [entry], date(2026, 4, 17))


def test_what_is_known_is_told_with_its_reason_and_why_the_run_is_good() -> None:
    text = shown(known(audited(verdict=Verdict.FAILED), "wrong_reason"))
    assert "已知 / known: estop wrong_reason (≤ 2026-12-31): 新继电器 / new relay" in text
    assert "nothing but known failures: exit code 0" in text


@pytest.mark.parametrize(
    ("finding", "until", "said"),
    [("wrong_reason", "2026-04-16", "expired, it counts again"), ("not_back", "2026-12-31", "does not occur any more")],
)
def test_a_list_that_is_not_true_any_more_says_so(finding: str, until: str, said: str) -> None:
    text = shown(known(audited(verdict=Verdict.FAILED), finding, until))
    assert said in text
    assert "the list of known failures is not true any more: exit code 1" in text
    assert "exit code 0" not in text
