"""The dialects as they are declared; tests/selftest plays them all."""

import pytest

from harness.core.errors import PersonError
from harness.protocols.ykc.audit.rules import RULES
from harness.sim.ykc.dialects import DIALECTS, dialect_named

LEAST = 15
CHECKS = {rule.check for rule in RULES}


def test_there_are_enough_dialects_with_words_of_their_own() -> None:
    assert len(DIALECTS) >= LEAST
    for name, dialect in DIALECTS.items():
        assert dialect.name == name == dialect.apply.__name__
        assert dialect.zh
        assert dialect.en
        assert set(dialect.also) <= CHECKS
    assert len({dialect.zh for dialect in DIALECTS.values()}) == len(DIALECTS)


def test_a_misspelt_dialect_is_told_with_the_nearest() -> None:
    with pytest.raises(PersonError, match="did you mean serial_zero"):
        dialect_named("serial_zer")
