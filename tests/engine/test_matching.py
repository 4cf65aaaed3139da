"""What an author writes is compared by value, not by spelling."""

from decimal import Decimal

import pytest

from harness.engine.matching import differences, equal
from harness.protocols.ykc import CATALOGUE


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("1", 1),
        ("0x40", 64),
        ("01", "01"),
        ("100.00", Decimal("100.0")),
        ("32095df0", bytes.fromhex("0000000032095DF0")),
    ],
)
def test_equal_values_in_other_spelling_are_equal(wanted: str, got: object) -> None:
    assert equal(wanted, got)


@pytest.mark.parametrize(
    ("wanted", "got"), [("2", 1), ("one", 1), ("1.01", Decimal(1)), ("x", Decimal(1)), ("1", "01")]
)
def test_other_values_differ(wanted: str, got: object) -> None:
    assert not equal(wanted, got)


def test_a_difference_names_field_wanted_and_got() -> None:
    raw = CATALOGUE.encode("heartbeat", {"pile_code": "32010600019236", "gun_no": "02", "gun_status": 1})
    message = CATALOGUE.decode(raw)
    assert differences({"gun_no": "02"}, message) == []
    assert differences({"gun_no": "02", "gun_status": "0"}, message) == [("gun_status", "0", "1")]
