"""The formats of `harness export`, by name."""

from __future__ import annotations

from collections.abc import Callable

from harness.core.outcome import RunOutcome
from harness.report.outcome import Journals, Read

Export = Callable[[RunOutcome, Journals, Read], str]

FORMATS = ("html", "junit", "jsonl", "csv", "txt", "json")


def export(form: str, outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """A run in one of the formats; only what that format needs is loaded."""
    return _exporter(form)(outcome, journals, read)


def _exporter(form: str) -> Export:
    if form == "html":
        from harness.report.html import to_html

        return to_html
    if form in ("junit", "json"):
        from harness.report.junit import to_junit
        from harness.report.outcome import to_json

        plain = to_junit if form == "junit" else to_json
        return lambda outcome, journals, read: plain(outcome)
    from harness.report import frames

    return {"jsonl": frames.to_jsonl, "csv": frames.to_csv, "txt": frames.to_txt}[form]
