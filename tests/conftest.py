"""What all tests share: with CI set a skipped test is a failure, and hypothesis does not blame a slow machine."""

import os
from collections.abc import Generator
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from tests.helpers.reactor import pytest_collection_modifyitems, pytest_pyfunc_call, running_reactor

__all__ = ["pytest_collection_modifyitems", "pytest_pyfunc_call", "running_reactor"]

IN_CI = bool(os.environ.get("CI"))
settings.register_profile("house", deadline=None, print_blob=True, derandomize=IN_CI)
settings.load_profile("house")

AnyReport = TypeVar("AnyReport", pytest.TestReport, pytest.CollectReport)


def _refuse_skips(report: AnyReport) -> AnyReport:
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI every test has to run: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse_skips((yield))
