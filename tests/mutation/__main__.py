"""`make mutation`: `--file` for some files alone, `--json` for programs; 0 when enough is noticed, else 1."""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import time
from collections.abc import Sequence

import msgspec
import pytest

from tests.mutation.equivalent import listed, troubles
from tests.mutation.mutants import mutants_of
from tests.mutation.places import CHECKOUT, files, files_with_tests
from tests.mutation.plugin import Trials
from tests.mutation.report import Summary, lines, summary

ARGUMENTS = ("-p", "no:cacheprovider", "--hypothesis-seed=0")


def main(given: Sequence[str] | None = None) -> int:
    """Try all changes and print what came of it."""
    args = _arguments(given)
    start = time.monotonic()
    chosen = args.file or files()
    mutants = [mutant for file in chosen for mutant in mutants_of(file, (CHECKOUT / file).read_text("utf-8"))]
    entries = listed()
    wrong = troubles(entries, mutants, chosen)
    if wrong:
        print("tests/equivalent.toml:", *wrong, sep="\n  ", file=sys.stderr)
        return 1
    trials = Trials(mutants, args.jobs, Progress())
    _within_pytest(trials, files_with_tests(chosen))
    if len(trials.results) < len(mutants):
        return 1
    result = summary(trials.results, {entry.key for entry in entries}, time.monotonic() - start)
    _print(result, args.json)
    return 0 if result.good else 1


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutation", description="Change one comparison or boolean at a time.")
    parser.add_argument(
        "--file", action="append", choices=files(), metavar="PATH", help="only this one; may be given again"
    )
    parser.add_argument("--jobs", type=int, default=2, help="trials at once (2)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args(given)


def _within_pytest(trials: Trials, tests: list[str]) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main([*ARGUMENTS, *tests], plugins=[trials])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(said.getvalue(), file=sys.stderr)


def _print(result: Summary, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(result)).decode())
    else:
        print(*lines(result), sep="\n")


class Progress:
    """Says on the terminal what is being done; without one, every hundredth time."""

    def __init__(self) -> None:
        self._terminal = sys.stderr  # pytest puts something else there while it runs
        self._count = 0

    def __call__(self, what: str) -> None:
        self._count += 1
        if self._terminal.isatty():
            self._terminal.write(f"\r{what[:110]:110}")
        elif self._count % 100 == 0:
            self._terminal.write(f"{what}\n")
        self._terminal.flush()


if __name__ == "__main__":
    raise SystemExit(main())
