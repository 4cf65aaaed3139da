"""A run against a list of known failures: what is known, what expired, what is gone, what had no chance to show."""

from datetime import date

import msgspec
import pytest

from harness.app.exits import exit_code
from harness.core.auditing import Level
from harness.core.expecting import held_against, unexpected, without_known
from harness.core.known import SESSION, Known, Met
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.verdict import Finding, Verdict
from tests.core.test_breaches import audit, breach, case, run

TODAY = date(2026, 4, 17)


def known(name: str, finding: str, until: str = "2026-04-17") -> Known:
    return Known(case=name, finding=finding, reason="新模块 / new module", until=until)


def judged(name: str, *findings: Finding, verdict: Verdict = Verdict.FAILED) -> CaseOutcome:
    return msgspec.structs.replace(case(name, 100, 200), verdict=verdict, findings=findings)


def failed(code: str, verdict: Verdict = Verdict.FAILED) -> Finding:
    return Finding(code=code, verdict=verdict)


def met(outcome: RunOutcome, *entries: Known) -> list[Met]:
    return [each.how for each in held_against(outcome, entries, TODAY).known]


def code(outcome: RunOutcome, *entries: Known) -> int:
    return exit_code(held_against(outcome, entries, TODAY))


CARD = judged("card", failed("card_wrong"), failed("serial_same", Verdict.PASSED))
BROKE = run(audit(breach("late", 150)), case("card", 100, 200, audit(breach("late", 50))))


def test_a_known_failure_does_not_fail_the_run_and_the_verdict_stays() -> None:
    outcome = held_against(run(None, CARD), [known("card", "card_wrong")], TODAY)
    assert [each.how for each in outcome.known] == [Met.KNOWN]
    assert outcome.cases == (CARD,)
    assert outcome.verdict is Verdict.FAILED
    assert (exit_code(run(None, CARD)), exit_code(outcome)) == (1, 0)


@pytest.mark.parametrize(
    ("entry", "how", "ends"),
    [
        (known("card", "card_wrong", "2026-04-17"), Met.KNOWN, 0),
        (known("card", "card_wrong", "2026-04-16"), Met.EXPIRED, 1),
        (known("card", "vin_wrong", "2026-04-16"), Met.EXPIRED, 1),
        (known("card", "vin_wrong"), Met.GONE, 1),
        (known("card", "serial_same"), Met.GONE, 1),
        (known("vin", "card_wrong"), Met.UNSEEN, 1),
    ],
)
def test_each_entry_is_looked_for_in_its_case_until_its_day(entry: Known, how: Met, ends: int) -> None:
    assert met(run(None, CARD), entry) == [how]
    assert code(run(None, CARD), entry) == ends


def test_an_entry_that_is_not_true_any_more_fails_a_run_in_which_all_passed() -> None:
    passed = run(None, judged("card", verdict=Verdict.PASSED))
    assert code(passed) == 0
    assert code(passed, known("card", "card_wrong")) == 1
    assert code(passed, known("card", "card_wrong", "2026-01-01")) == 1


def test_an_entry_of_a_case_that_was_not_played_is_told_and_fails_nothing_even_after_its_day() -> None:
    passed = run(None, judged("card", verdict=Verdict.PASSED))
    assert met(passed, known("vin", "vin_wrong"), known("vin", "card_wrong", "2026-01-01")) == [Met.UNSEEN, Met.LAPSED]
    assert code(passed, known("vin", "vin_wrong")) == 0
    assert code(passed, known("vin", "vin_wrong", "2026-01-01")) == 0
    unearned = run(None, judged("vin", failed("vin_wrong", Verdict.BROKEN), verdict=Verdict.BROKEN))
    assert met(unearned, known("vin", "vin_wrong", "2026-01-01")) == [Met.EXPIRED]


def test_a_case_without_a_result_had_no_chance_to_show_it() -> None:
    for verdict in (Verdict.BROKEN, Verdict.NOT_EARNED, Verdict.NOT_APPLICABLE):
        outcome = run(None, judged("card", failed("operator_silent", verdict), verdict=verdict))
        assert met(outcome, known("card", "card_wrong")) == [Met.UNSEEN]
        assert code(outcome, known("card", "card_wrong")) == code(outcome)


def test_what_is_not_known_still_counts() -> None:
    both = run(None, judged("card", failed("card_wrong"), failed("vin_wrong")))
    assert code(both, known("card", "card_wrong")) == 1
    beside = run(None, CARD, judged("estop", failed("not_back", Verdict.BROKEN), verdict=Verdict.BROKEN))
    assert code(beside, known("card", "card_wrong")) == 3
    assert code(beside, known("card", "card_wrong"), known("estop", "not_back")) == 0


def test_without_what_is_known_a_case_is_left_with_its_remarks() -> None:
    remarked = judged("card", failed("card_wrong"), failed("energy_near", Verdict.REMARK))
    (left,) = without_known(held_against(run(None, remarked), [known("card", "card_wrong")], TODAY)).cases
    assert left.verdict is Verdict.REMARK


def test_what_could_not_be_looked_at_because_of_a_known_failure_goes_with_it() -> None:
    followed = judged("card", failed("card_wrong"), failed("record_seen", Verdict.NOT_EARNED))
    assert code(run(None, followed), known("card", "card_wrong")) == 0


@pytest.mark.parametrize("name", ["card", SESSION])
def test_a_breach_is_known_by_its_case_or_by_the_whole_session(name: str) -> None:
    assert exit_code(BROKE) == 1
    assert met(BROKE, known(name, "late")) == [Met.KNOWN]
    assert code(BROKE, known(name, "late")) == 0


def test_a_breach_between_cases_is_known_by_the_session_alone() -> None:
    outcome = run(audit(breach("late", 20)), case("card", 100, 200, audit()))
    assert met(outcome, known("card", "late"), known(SESSION, "late")) == [Met.GONE, Met.KNOWN]
    assert code(outcome, known(SESSION, "late")) == 0
    assert code(run(audit(breach("late", 20), breach("late", 150)), BROKE.cases[0]), known("card", "late")) == 1


def test_of_a_run_without_an_audit_nothing_is_said_about_the_session() -> None:
    assert met(run(None, CARD), known(SESSION, "late")) == [Met.UNSEEN]
    assert met(run(audit(), CARD), known(SESSION, "late")) == [Met.GONE]


def test_what_fails_nothing_may_be_listed_too() -> None:
    soft = run(audit(breach("late", 20, level=Level.REMARK)))
    assert met(soft, known(SESSION, "late")) == [Met.KNOWN]


def listed_after(outcome: RunOutcome) -> list[Known]:
    return [known(name, finding) for name, finding in unexpected(outcome)]


def test_what_is_not_known_is_named_so_that_a_list_of_it_lets_the_run_pass() -> None:
    late = breach("late", 50)
    broken = run(audit(breach("late", 150)), case("card", 100, 200, audit(late, breach("odd", 60, level=Level.SHOULD))))
    failing = judged("card", failed("card_wrong"), failed("vin_wrong"), failed("energy_near", Verdict.REMARK))
    for outcome, names in (
        (run(None, failing), [("card", "card_wrong"), ("card", "vin_wrong")]),
        (broken, [("card", "late")]),
        (run(audit(breach("late", 20), breach("late", 150)), BROKE.cases[0]), [(SESSION, "late")]),
        (run(None, judged("card", verdict=Verdict.PASSED)), []),
    ):
        assert list(unexpected(outcome)) == names
        assert code(outcome, *listed_after(outcome)) == 0


def test_what_is_known_or_stands_on_the_list_though_expired_is_not_named_again() -> None:
    both = run(None, judged("card", failed("card_wrong"), failed("vin_wrong")))
    assert unexpected(held_against(both, [known("card", "card_wrong")], TODAY)) == (("card", "vin_wrong"),)
    assert unexpected(held_against(both, [known("card", "card_wrong", "2026-01-01")], TODAY)) == (
        ("card", "vin_wrong"),
    )
    assert unexpected(held_against(BROKE, [known(SESSION, "late", "2026-01-01")], TODAY)) == ()
