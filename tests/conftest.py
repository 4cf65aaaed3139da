"""What all tests share: with CI set a skipped test is a failure, and hypothesis does not blame a slow machine."""

import os
from collections.abc import Generator
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from harness.engine import series
from tests.helpers import judging
from tests.helpers.reactor import pytest_collection_modifyitems, pytest_pyfunc_call, running_reactor

__all__ = ["pytest_collection_modifyitems", "pytest_pyfunc_call", "running_reactor"]

IN_CI = bool(os.environ.get("CI"))
settings.register_profile("house", deadline=None, print_blob=True, derandomize=IN_CI)
settings.load_profile("house")

AnyReport = TypeVar("AnyReport", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session", autouse=True)
def every_case_is_judged_twice() -> Generator[None]:
    """Whatever a test plays, in whichever way: the stored journal is judged as the live one was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "judge", judging.judge_twice)
        yield


@pytest.fixture(autouse=True)
def both_times_the_same() -> Generator[None]:
    """Nothing that this test played was judged otherwise the second time, nor without evidence."""
    judging.told()
    yield
    assert judging.told() == []


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
