"""The list of runs."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.console.tables import runs_table
from harness.core.verdict import Verdict


@dataclass(frozen=True)
class Line:
    """A stored run."""

    id: str
    verdict: Verdict | None
    cases: tuple[tuple[str, Verdict], ...]
    pile_code: str = "32010600417702"
    model: str = "QH-DC120-2"
    timezone: str = "Asia/Shanghai"
    started: datetime = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
    frames: int = 2318


def test_runs_are_listed_with_local_time_verdict_and_how_many_cases_passed() -> None:
    out = io.StringIO()
    cases = (("a", Verdict.PASSED), ("b", Verdict.REMARK), ("c", Verdict.FAILED), ("d", Verdict.NOT_APPLICABLE))
    runs_table([Line("20260417-100000-ab12", Verdict.FAILED, cases), Line("20260417-090000-ab12", None, ())], out)
    failed, running = (line for line in out.getvalue().splitlines() if line.startswith("2026"))
    assert "2026-04-17 10:00:00" in failed
    assert "✘ 未通过 Failed" in failed
    assert "2/3" in failed
    assert "2,318" in failed
    assert "进行中 / Running" in running
