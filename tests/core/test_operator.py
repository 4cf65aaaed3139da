"""What people hand in."""

import pytest

from harness.core.operator import version_fits


@pytest.mark.parametrize(
    ("version", "fits"),
    [("V2.0.1", True), ("V1.10.10", True), ("V1.10.100", False), ("", False), ("版本2", False), ("V1\n", False)],
)
def test_a_version_must_go_into_a_login(version: str, fits: bool) -> None:
    assert version_fits(version) is fits
