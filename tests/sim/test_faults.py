"""The faults as they are declared; tests/selftest plays them all."""

import pytest

from harness.core.errors import PersonError
from harness.core.wording import FINDINGS
from harness.data import data_root
from harness.protocols.ykc.audit.rules import RULES
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS, fault_named
from harness.sim.ykc.faults.table import GROUPS

CHECKS = {rule.check for rule in RULES}
LEAST, LEAST_DEEP = 60, 40  # faults, and those that change more than one field
ASKED_FOR = {
    *("framing", "login", "heartbeat", "billing", "metering", "clock", "status", "start_stop", "record"),
    *("card_vin", "qr", "reboot", "upgrade", "two_guns"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_words_a_case_a_finder_and_a_dialect(name: str) -> None:
    fault = FAULTS[name]
    assert fault.name == name == fault.apply.__name__
    assert fault.zh
    assert fault.en
    assert (data_root() / "scenarios" / "ykc" / f"{fault.case}.yaml").is_file()
    assert {fault.found_by, *fault.also} <= {*FINDINGS, *CHECKS}
    assert fault.found_by not in fault.also
    assert fault.dialect in DIALECTS


def test_there_are_enough_faults_in_every_group_and_most_are_no_matter_of_one_field() -> None:
    assert len(FAULTS) == sum(len(group) for group in GROUPS.values()) >= LEAST
    assert len([fault for fault in FAULTS.values() if fault.changes != "field"]) >= LEAST_DEEP
    assert set(GROUPS) >= ASKED_FOR
    assert all(GROUPS.values())


def test_no_two_faults_say_the_same() -> None:
    for words in ([fault.zh for fault in FAULTS.values()], [fault.en for fault in FAULTS.values()]):
        assert len(words) == len(set(words))


def test_a_misspelt_fault_is_told_with_the_nearest() -> None:
    with pytest.raises(PersonError, match="did you mean record_late"):
        fault_named("record_lat")
