"""The files of a run: outcome.json, frames.jsonl, report.html, and JUnit XML when asked for."""

from __future__ import annotations

from pathlib import Path

from harness.core.errors import PersonError
from harness.core.outcome import RunOutcome
from harness.report.html import to_html
from harness.report.jsonl import to_jsonl
from harness.report.junit import to_junit
from harness.report.outcome import Journals, Read, to_json


def write_files(outcome: RunOutcome, journals: Journals, read: Read, folder: Path, junit: Path | None) -> list[Path]:
    """Write a run's files into a folder; gives their paths, the report first."""
    files = {
        folder / "report.html": to_html(outcome, journals, read),
        folder / "outcome.json": to_json(outcome, journals),
        folder / "frames.jsonl": to_jsonl(outcome, journals, read),
    }
    if junit is not None:
        files[junit] = to_junit(outcome)
    for path, text in files.items():
        write_text(path, text)
    return list(files)


def write_text(path: Path, text: str) -> None:
    """Write a text file and the folders it needs; PersonError when that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PersonError(
            f"{path}: cannot be written ({error.strerror}); choose another folder",
            f"{path}：无法写入（{error.strerror}），请换一个文件夹",
        ) from None
