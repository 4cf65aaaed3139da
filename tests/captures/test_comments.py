"""Comments of packets: which case and step a frame belongs to, its number there, and what was found on it."""

from harness.captures.comments import comments
from harness.core.journal import FrameSeen, Record, StepBegan, TariffGiven
from harness.core.outcome import CaseOutcome
from harness.core.verdict import Finding, Verdict
from tests.captures.journals import OPENED, down, journal, link, up


def case(*findings: Finding, verdict: Verdict = Verdict.PASSED) -> CaseOutcome:
    return CaseOutcome(
        id="card", title_zh="刷卡充电", title_en="Card", verdict=verdict, findings=findings, key="r1/1-card"
    )


def said(
    session: list[Record], records: list[Record], *findings: Finding, verdict: Verdict = Verdict.PASSED
) -> dict[int, str]:
    frames = [record for record in session if isinstance(record, FrameSeen)]
    return comments(OPENED, frames, [case(*findings, verdict=verdict)], {"r1/1-card": records})


def test_a_frame_is_named_with_case_step_and_its_number_there() -> None:
    session = journal(up(b"login"), link("login"), up(b"beat"))
    records = journal(link("online"), StepBegan(index=1, key="ask", line=3), up(b"beat"), run_id="r1")
    assert said(session, records) == {4: "刷卡充电 card · 第 2 步 ask · #4"}


def test_the_same_bytes_at_another_time_are_another_frame() -> None:
    session = journal(up(b"beat"), up(b"beat"), up(b"beat"))
    records = journal(link("online"), up(b"beat"), run_id="r1")
    assert said(session, records) == {3: "刷卡充电 card · #3"}


def test_the_same_bytes_of_the_other_side_are_another_frame() -> None:
    assert said(journal(up(b"x")), journal(down(b"x"), run_id="r1")) == {}


def test_findings_stand_with_the_frames_they_cite_and_those_that_passed_do_not() -> None:
    session = journal(link("login"), up(b"record"))
    records = journal(link("online"), up(b"record"), run_id="r1")
    wrong = Finding(code="energy_mismatch", verdict=Verdict.FAILED, frames=(3,), params={})
    right = Finding(code="act_seen", verdict=Verdict.PASSED, frames=(3,), params={})
    (text,) = said(session, records, wrong, right, verdict=Verdict.FAILED).values()
    first, second = text.splitlines()
    assert first == "刷卡充电 card · #3"
    assert second.startswith("✘ ")
    assert " / " in second


def test_a_frame_that_a_case_only_recalls_is_not_that_of_the_wire() -> None:
    session = journal(link("login"), down(b"tariff"))
    recall = TariffGiven("in_force", "0100", frames=(3,))
    assert said(session, journal(link("online"), down(b"tariff"), recall, run_id="r1")) == {}
