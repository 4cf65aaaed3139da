"""Each fault is found by whom its declaration names, on a plain pile and on an odd one, and brings nothing else."""

from functools import cache

import pytest

from harness.core.errors import PersonError
from harness.core.wording import FINDINGS
from harness.data import data_root
from harness.protocols.ykc.audit.rules import RULES
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS, fault_named
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.faults.table import GROUPS
from tests.sim.finding import Found, found_on

CHECKS = {rule.check for rule in RULES}
LEAST, LEAST_DEEP = 60, 40  # faults, and those that change more than one field
BY_CHANCE = {"length_counts_crc": {"crc_wrong", "length_wrong"}}  # as the bytes behind the record happen to be
ASKED_FOR = {
    *("framing", "login", "heartbeat", "billing", "metering", "clock", "status", "start_stop", "record"),
    *("card_vin", "qr", "reboot", "upgrade", "two_guns"),
}


@cache
def found_of(name: str, dialect: str = "") -> Found:
    return found_on([FAULTS[name].case], faults=(name,), dialects=(dialect,) if dialect else ())


def outside(fault: KnownFault, found: Found) -> frozenset[str]:
    """What is grave and not declared."""
    return found.grave - {fault.found_by, *fault.also}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_whom_it_names_and_brings_nothing_that_it_does_not_name(name: str) -> None:
    fault, found = FAULTS[name], found_of(name)
    assert fault.found_by in found.codes | found.checks
    assert outside(fault, found) == frozenset()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_on_an_odd_pile_too(name: str) -> None:
    fault = FAULTS[name]
    found = found_of(name, fault.dialect)
    assert fault.found_by in found.codes | found.checks
    assert outside(fault, found) == frozenset()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_no_more_than_it_brings(name: str) -> None:
    fault = FAULTS[name]
    brought = found_of(name).grave | found_of(name, fault.dialect).grave | BY_CHANCE.get(name, set())
    assert [also for also in fault.also if also not in brought] == []


@pytest.mark.parametrize("case", sorted({fault.case for fault in FAULTS.values()}))
def test_without_a_fault_its_case_finds_nothing(case: str) -> None:
    assert found_on([case]).grave == frozenset()


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
