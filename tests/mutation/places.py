"""Which files are changed, and which tests are theirs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

CHECKOUT = Path(__file__).resolve().parents[2]

AUDIT = "harness/protocols/ykc/audit"
TESTS = (  # of the files whose path begins so
    ("harness/engine/", "tests/engine"),
    (f"{AUDIT}/", "tests/protocols/ykc/audit"),
    (f"{AUDIT}/captured", "tests/app/test_auditing.py"),
)
SWEEPS = {
    "test_odd_piles.py",
    "test_wild.py",
    "test_hours.py",
}  # whole sessions again, as the journals show them already


def files() -> list[str]:
    """All files that are changed."""
    found = [*(CHECKOUT / "harness/engine/checks").glob("*.py"), *(CHECKOUT / AUDIT).rglob("*.py")]
    found.append(CHECKOUT / "harness/engine/ledger.py")
    return sorted(path.relative_to(CHECKOUT).as_posix() for path in found)


def files_with_tests(chosen: Sequence[str]) -> list[str]:
    """The tests of some files."""
    places = [tests for start, tests in TESTS if any(file.startswith(start) for file in chosen)]
    found = [path for place in places for path in _test_files(CHECKOUT / place)]
    return [path.relative_to(CHECKOUT).as_posix() for path in found if path.name not in SWEEPS]


def _test_files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("test_*.py"))


def module_of(file: str) -> ModuleType:
    """The loaded module of a file."""
    return sys.modules[file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]


def path_of(file: str) -> str:
    """Where the code of a file says that it is from."""
    return str(CHECKOUT / file)


__all__ = ["CHECKOUT", "files", "files_with_tests", "module_of", "path_of"]
