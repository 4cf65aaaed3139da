"""Every rule of the document that binds the pile has a check, or a reason why it can have none."""

from harness.protocols.ykc.audit.rulebook import BOTH, NOT_CHECKABLE, PILE, PLATFORM, rulebook
from harness.protocols.ykc.audit.rules import RULES

BOOK = rulebook()


def test_the_document_has_115_rules() -> None:
    assert len({rule.id for rule in BOOK}) == len(BOOK) == 115
    assert [sum(rule.binds == whom for rule in BOOK) for whom in (PILE, BOTH, PLATFORM)] == [70, 26, 19]


def test_every_rule_that_binds_the_pile_is_checked_or_has_its_reason() -> None:
    bound = {rule.id for rule in BOOK if rule.binds != PLATFORM}
    checked = {rule.id for rule in RULES}
    assert bound - checked == set(NOT_CHECKABLE)


def test_every_check_is_of_a_rule_or_an_erratum() -> None:
    known = {rule.id for rule in BOOK}
    assert [rule.check for rule in RULES if rule.id not in known and not rule.id.startswith("E-")] == []


def test_what_a_breach_brings_along_are_checks() -> None:
    checks = {rule.check for rule in RULES}
    assert {also for rule in RULES for also in rule.also} <= checks
