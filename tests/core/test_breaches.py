"""What the audits of a run found: each breach once, and in the time of which case it was."""

from datetime import UTC, datetime, timedelta

import msgspec

from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.breaches import found_in, moment_of, noted
from harness.core.outcome import CaseOutcome, RunOutcome, SessionJournal
from harness.core.verdict import Verdict
from tests.sim.pretend import profile

OPENED = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
PILE = profile("demo")


def breach(check: str, at: float, *frames: int, level: Level = Level.MUST, gun: str = "01") -> AuditFinding:
    return AuditFinding(rule="R-X-1", check=check, level=level, zh="错", en="wrong", at=at, gun_no=gun, frames=frames)


def audit(*findings: AuditFinding, **counts: int) -> Audit:
    named = {finding.check: sum(each.check == finding.check for each in findings) for finding in findings}
    return Audit(findings=findings, counts=named | counts, frames=100)


def case(name: str, begins: float, ends: float, its: Audit | None = None) -> CaseOutcome:
    return CaseOutcome(
        id=name, title_zh=name, title_en=name, verdict=Verdict.PASSED, key=f"r1/{name}", audit=its,
        started=(OPENED + timedelta(seconds=begins)).isoformat(), ended=(OPENED + timedelta(seconds=ends)).isoformat(),
    )  # fmt: skip


def run(session: Audit | None, *cases: CaseOutcome) -> RunOutcome:
    journal = SessionJournal("p1/pile", OPENED.isoformat(), 500) if session is not None else None
    return RunOutcome(
        pile_code=PILE.pile_code, profile=PILE, started="", cases=cases, session=session, session_of=journal
    )


CARD = case("card", 100, 200, audit(breach("late", 50.25, 7)))


def test_a_breach_in_the_time_of_a_case_is_told_once_with_the_frames_of_that_case() -> None:
    (found,) = found_in(run(audit(breach("late", 150.25, 40)), CARD))
    (each,) = found.noted
    assert (each.finding.frames, each.own and each.own.frames, each.case) == ((40,), (7,), CARD)
    assert (found.times, found.cases, found.between) == (1, (CARD,), False)


def test_a_breach_between_cases_belongs_to_none() -> None:
    (found,) = found_in(run(audit(breach("late", 50, 3), breach("late", 150.25, 40)), CARD))
    assert [(each.case, each.own is None) for each in found.noted] == [(None, True), (CARD, False)]
    assert found.between


def test_what_only_the_session_shows_of_a_cases_time_is_no_finding_of_the_case() -> None:
    """Another gun, another moment, another check: the case says nothing of these."""
    for other in (breach("late", 150.25, 40, gun="02"), breach("late", 170, 40), breach("early", 150.25, 40)):
        first, *rest = noted(run(audit(other), CARD))
        assert (first.case, first.own) == (CARD, None)
        assert [each.finding.frames for each in rest] == [(7,)]


def test_without_an_audit_of_the_session_the_cases_own_are_told_with_their_own_times() -> None:
    outcome = run(None, CARD)
    (found,) = found_in(outcome)
    assert found.noted[0].own == found.first
    assert moment_of(outcome, found.noted[0]) == OPENED + timedelta(seconds=150.25)
    assert found_in(run(None, case("card", 0, 9))) == []


def test_what_is_counted_but_not_told_one_by_one_is_not_told_again_by_cases() -> None:
    """The session tells the first of 21: the case's is one of the other twenty."""
    (found,) = found_in(run(audit(breach("late", 10, 3), late=21), CARD))
    assert (len(found.noted), found.times) == (1, 21)


def test_the_gravest_comes_first_and_else_the_earliest() -> None:
    levels = {"a": Level.REMARK, "b": Level.SHOULD, "c": Level.MUST, "d": Level.SHOULD}
    session = audit(*(breach(name, 1.0 + at, level=level) for at, (name, level) in enumerate(levels.items())))
    assert [found.first.check for found in found_in(run(session))] == ["c", "b", "d", "a"]


def test_moments_of_the_session_count_from_the_opening_of_its_journal() -> None:
    outcome = run(audit(breach("late", 1.5)))
    (each,) = noted(outcome)
    assert moment_of(outcome, each) == OPENED + timedelta(seconds=1.5)
    assert moment_of(msgspec.structs.replace(outcome, session_of=None), each) is None
