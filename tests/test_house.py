"""Rules of the house that no linter knows: what lies at the top, how long files are, what tests do without."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from harness.data import data_root

CHECKOUT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).relative_to(CHECKOUT).as_posix()

ROOMS = {"harness", "scenarios", "fixtures", "firmware_uploads", "reports", "web", "tests", "docs"}
PAPERS = {"README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE"}
TOOLS = {"pyproject.toml", "setup.py", "MANIFEST.in", "requirements.lock", "setup.sh", "Makefile", ".ci", ".gitignore"}

INDEX_ADDRESS = re.compile(r"pypi\.org|pythonhosted\.org|--(extra-)?index[-]url|--find-links|://[^\s\"']+/simple\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home/\w+|opt)/")
MAKE_COMMAND = re.compile(r"(?:^|`|\$ |&& )make ([a-z]+)", re.MULTILINE)
MAKE_TARGET = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)
LONGEST_FILE = 500


@cache
def tracked() -> tuple[str, ...]:
    """The files under version control that are there."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True, text=True)
    return tuple(name for name in listing.stdout.split("\0") if name and (CHECKOUT / name).is_file())


def tracked_lines() -> Iterator[tuple[str, str]]:
    """Each line of each tracked text file, with its place."""
    for name in tracked():
        raw = (CHECKOUT / name).read_bytes()
        if name == HERE or b"\0" in raw:
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), start=1):
            yield f"{name}:{number}", line


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((CHECKOUT / folder).rglob("*.py"))]


def test_the_top_level_names_are_fixed() -> None:
    assert {name.partition("/")[0] for name in tracked()} == ROOMS | PAPERS | TOOLS


def test_no_tracked_file_names_a_package_index() -> None:
    assert [place for place, line in tracked_lines() if INDEX_ADDRESS.search(line)] == []


def test_no_tracked_file_names_a_path_of_somebodys_machine() -> None:
    assert [place for place, line in tracked_lines() if MACHINE_PATH.search(line)] == []


def test_the_lock_pins_every_library_with_hashes() -> None:
    entries = re.split(r"\n(?=\S)", (CHECKOUT / "requirements.lock").read_text())
    pins = [entry for entry in entries if not entry.startswith("#")]
    assert len(pins) > 50
    assert [pin.splitlines()[0] for pin in pins if not re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:", pin)] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_the_readmes_are_targets_of_the_makefile(readme: str) -> None:
    targets = set(MAKE_TARGET.findall((CHECKOUT / "Makefile").read_text()))
    commands = set(MAKE_COMMAND.findall((CHECKOUT / readme).read_text(encoding="utf-8")))
    assert "run" in commands
    assert commands - targets == set()


def test_make_alone_lists_the_targets() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    shown = subprocess.run(["make"], cwd=CHECKOUT, capture_output=True, check=True, text=True, env=bare).stdout
    assert [name for name in ("setup", "run", "test", "serve", "bench", "lint") if f"make {name} " not in shown] == []


def test_no_file_asks_for_a_table_of_contents() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files("harness", "web")}
    assert [f"{path}: {length} lines" for path, length in lengths.items() if length >= LONGEST_FILE] == []


def test_the_checkout_is_where_cases_and_fixtures_are_read_from() -> None:
    assert data_root() == CHECKOUT


def names_used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every dotted name and every imported name of a file, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node), node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


# A machine without a browser or without tshark says so instead of failing; with CI set that is a failure
# (tests/conftest.py).
MAY_SKIP = {CHECKOUT / "tests/browser/conftest.py", CHECKOUT / "tests/helpers/shark.py"}


def test_tests_neither_sleep_nor_skip() -> None:
    banned = {"time.sleep", "asyncio.sleep", "pytest.skip", "pytest.xfail", "pytest.importorskip"}
    banned |= {f"pytest.mark.{mark}" for mark in ("skip", "skipif", "xfail")}
    files = [path for path in python_files("tests") if "bench" not in path.parts]
    assert set(files) >= MAY_SKIP
    used = [
        f"{path.relative_to(CHECKOUT)}:{line}: {name}"
        for path in files
        for name, line in names_used(ast.parse(path.read_text(encoding="utf-8")))
        if name in banned and (path not in MAY_SKIP or name != "pytest.skip")
    ]
    assert used == []
