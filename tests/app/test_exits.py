"""The exit code of a run: the worst that anybody found."""

import msgspec
import pytest

from harness.app.exits import exit_code
from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Verdict
from tests.sim.pretend import profile

PILE: PileProfile = profile("demo")


def case(verdict: Verdict, audit: Audit | None = None) -> CaseOutcome:
    return CaseOutcome(id="card", title_zh="卡", title_en="Card", verdict=verdict, audit=audit)


def run(*cases: CaseOutcome) -> RunOutcome:
    return RunOutcome(pile_code=PILE.pile_code, profile=PILE, started="", cases=cases)


def found(level: Level) -> Audit:
    finding = AuditFinding(rule="R-HB-1", check="heartbeat_gap", level=level, zh="晚", en="late")
    return Audit(findings=(finding,))


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((Verdict.PASSED, Verdict.REMARK, Verdict.NOT_APPLICABLE), 0),
        ((Verdict.PASSED, Verdict.FAILED, Verdict.BROKEN), 1),
        ((Verdict.NOT_APPLICABLE,), 2),
        ((), 2),
        ((Verdict.PASSED, Verdict.NOT_EARNED), 3),
        ((Verdict.PASSED, Verdict.BROKEN), 3),
    ],
)
def test_it_says_how_the_cases_came_out(verdicts: tuple[Verdict, ...], code: int) -> None:
    assert exit_code(run(*(case(verdict) for verdict in verdicts))) == code


@pytest.mark.parametrize(("level", "code"), [(Level.MUST, 1), (Level.SHOULD, 0), (Level.REMARK, 0)])
def test_a_rule_that_must_be_kept_fails_a_run_whose_cases_passed(level: Level, code: int) -> None:
    assert exit_code(run(case(Verdict.PASSED), case(Verdict.PASSED, found(level)))) == code
    assert exit_code(msgspec.structs.replace(run(case(Verdict.PASSED)), session=found(level))) == code
