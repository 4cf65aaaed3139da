"""Which files are changed, and which tests are theirs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

CHECKOUT = Path(__file__).resolve().parents[2]

AUDIT = "harness/protocols/ykc/audit"
TESTS = {  # by how the path of a file begins; the longest counts
    "harness/engine/": ("tests/engine",),
    f"{AUDIT}/": ("tests/protocols/ykc/audit",),
}


def files() -> list[str]:
    """All files that are changed."""
    found = [*(CHECKOUT / "harness/engine/checks").glob("*.py"), *(CHECKOUT / AUDIT).rglob("*.py")]
    found.append(CHECKOUT / "harness/engine/ledger.py")
    return sorted(path.relative_to(CHECKOUT).as_posix() for path in found)


def tests_of(file: str) -> tuple[str, ...]:
    """The tests of a file."""
    return TESTS[max((start for start in TESTS if file.startswith(start)), key=len)]


def tests_for(chosen: Sequence[str]) -> list[str]:
    """The tests of several files, each once."""
    return list(dict.fromkeys(path for file in chosen for path in tests_of(file)))


def module_of(file: str) -> ModuleType:
    """The loaded module of a file."""
    return sys.modules[file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]


def path_of(file: str) -> str:
    """Where the code of a file says that it is from."""
    return str(CHECKOUT / file)


__all__ = ["CHECKOUT", "files", "module_of", "path_of", "tests_for", "tests_of"]
