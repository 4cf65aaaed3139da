"""The formats of `harness export`, by name."""

from __future__ import annotations

from collections.abc import Callable

from harness.core.outcome import RunOutcome
from harness.report.outcome import Journals, Read, to_json

Export = Callable[[RunOutcome, Journals, Read], str]

FORMATS = ("html", "junit", "jsonl", "csv", "txt", "json")


def export(form: str, outcome: RunOutcome, journals: Journals, read: Read) -> str:
    """A run in one of the formats; only what that format needs is loaded."""
    return _exporter(form)(outcome, journals, read)


def _exporter(form: str) -> Export:
    if form == "html":
        from harness.report.html import to_html

        return to_html
    if form == "junit":
        from harness.report.junit import to_junit

        return lambda outcome, journals, read: to_junit(outcome)
    if form == "json":
        return lambda outcome, journals, read: to_json(outcome, journals)
    from harness.report import frames

    return {"jsonl": frames.to_jsonl, "csv": frames.to_csv, "txt": frames.to_txt}[form]
