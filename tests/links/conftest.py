"""Tests of links all want the real reactor."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _running(running_reactor: None) -> None:
    """From the first test to the last."""
