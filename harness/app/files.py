"""The files of a run: outcome.json, frames.jsonl, journal.jsonl, report.html; JUnit XML and SARIF when asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from harness.core.errors import PersonError
from harness.core.journal_file import to_journal
from harness.core.outcome import RunOutcome
from harness.protocols.ykc.audit.rules import SENTENCES
from harness.report.html import to_html
from harness.report.jsonl import to_jsonl
from harness.report.junit import to_junit
from harness.report.outcome import Journals, Read, to_json
from harness.report.run_sarif import run_sarif

JOURNAL_FILE = "journal.jsonl"  # by which the run can be judged again


class ForCi(NamedTuple):
    """Files that a build asks for besides; `profile` is the pile's file as the build knows it."""

    junit: Path | None = None
    sarif: Path | None = None
    profile: str = ""


def write_files(outcome: RunOutcome, journals: Journals, read: Read, folder: Path, ci: ForCi) -> list[Path]:
    """Write a run's files into a folder; gives their paths, the report first."""
    files = {
        folder / "report.html": to_html(outcome, journals, read),
        folder / "outcome.json": to_json(outcome, journals),
        folder / "frames.jsonl": to_jsonl(outcome, journals, read),
        folder / JOURNAL_FILE: to_journal(outcome, journals),
    }
    if ci.junit is not None:
        files[ci.junit] = to_junit(outcome)
    if ci.sarif is not None:
        files[ci.sarif] = run_sarif(outcome, journals, ci.profile, str(folder), SENTENCES)
    for path, text in files.items():
        write_text(path, text)
    return list(files)


def write_text(path: Path, text: str) -> None:
    """Write a text file and the folders it needs; PersonError when that cannot be."""
    with _writing(path):
        path.write_text(text, encoding="utf-8")


def check_file(path: Path) -> None:
    """Can this file be written? Better to know before the run than after it; what stands in it stays."""
    with _writing(path):
        if path.exists():
            path.open("ab").close()
        else:
            TemporaryFile(dir=path.parent).close()


def write_pieces(pieces: Iterable[bytes], out: str | None) -> None:
    """Write bytes to a file, to standard output when none is named; PersonError when that cannot be."""
    if out is None:
        if sys.stdout.isatty():
            raise PersonError(
                "these are bytes, not text for a terminal; name a file with --out FILE, or add > FILE",
                "这是二进制内容，终端显示不了；用 --out 文件 或 > 文件 存下来",
            )
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    with _writing(path), path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Makes the folders that a file needs; what the system refuses is told in a sentence."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise PersonError(
            f"{path}: cannot be written ({error.strerror}); choose another file",
            f"{path}：无法写入（{error.strerror}），请换一个文件",
        ) from None
