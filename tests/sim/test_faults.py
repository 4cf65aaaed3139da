"""Each fault fails just the cases that the table names, with the finding that the table names."""

import pytest

from harness.core.errors import PersonError
from harness.core.verdict import Verdict
from harness.core.wording import FINDINGS
from harness.sim.ykc.faults import FAULTS, fault_named
from tests.sim.plays import CASES, played

NOBODYS = {"act_not_seen"}  # a pile that shows nothing of an act cannot be told from a person who did nothing


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught_where_the_table_says_and_nowhere_else(name: str) -> None:
    outcome = played(faults=(name,))
    caught = FAULTS[name].caught
    held = {case.id for case in outcome.cases if case.verdict is Verdict.FAILED}
    assert held == {case for case, code in caught.items() if code not in NOBODYS}
    for case in outcome.cases:
        codes = {finding.code for finding in case.findings if finding.verdict in (Verdict.FAILED, Verdict.BROKEN)}
        assert case.id not in caught or caught[case.id] in codes
        assert case.id in caught or case.verdict in (Verdict.PASSED, Verdict.REMARK)


def test_there_are_a_dozen_faults_each_with_words_and_something_that_catches_it() -> None:
    assert len(FAULTS) == 12
    for fault in FAULTS.values():
        assert fault.zh
        assert fault.en
        assert set(fault.caught) <= set(CASES)
        assert fault.caught
        assert set(fault.caught.values()) <= set(FINDINGS)


def test_a_misspelt_fault_is_told_with_the_nearest() -> None:
    with pytest.raises(PersonError, match="did you mean record_late"):
        fault_named("record_lat")
