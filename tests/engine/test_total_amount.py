"""A total is right when it is what we work out, or the sum of parts that are each right within a rounding (E-SUM)."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from harness.core.amounts import Part
from harness.engine.checks.money import total_right
from harness.engine.tolerances import Tolerances


def part(amount: str) -> Part:
    return Part("flat", Decimal(1), Decimal(1), Decimal(1), Decimal(amount))


@pytest.mark.parametrize(
    ("total", "right"), [("4.0000", True), ("4.0100", True), ("4.0320", True), ("4.0200", False), ("4.0500", False)]
)
def test_a_total_is_held_against_what_is_due_and_against_its_parts(total: str, right: bool) -> None:
    parts = [part("1.0080")] * 4  # each 0.008 above the 1.00 that is due, which a part may be
    bill: Any = SimpleNamespace(total_amount=Decimal(total))
    assert total_right(bill, parts, Decimal("4.0000"), Tolerances()) is right
