"""The exit codes of commands that judge."""

from __future__ import annotations

from harness.core.expecting import stale, without_known
from harness.core.outcome import RunOutcome
from harness.core.verdict import Verdict

PASSED, FAILED, USAGE, UNEARNED = 0, 1, 2, 3


def exit_code(outcome: RunOutcome) -> int:
    """0 every case that applies passed, and one did apply; 2 nothing applies; 3 the rest. What is known counts not.

    1 a case failed, an audit found a rule broken that must be kept, or the list of what is known is not true any more.
    """
    left = without_known(outcome)
    verdict = left.verdict
    if stale(outcome) or left.rules_broken:
        return FAILED
    if verdict in (Verdict.PASSED, Verdict.REMARK):
        return PASSED
    return {Verdict.FAILED: FAILED, Verdict.NOT_APPLICABLE: USAGE}.get(verdict, UNEARNED)
