"""The wheel works by itself: installed into an empty folder, it runs a case and serves the desk from another one."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers.visits import visit

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCES = (
    "harness",
    "web",
    "scenarios",
    "fixtures",
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
)


class Installed(NamedTuple):
    """A wheel, and the folder into which it was installed."""

    wheel: Path
    folder: Path


def environment(path: Path | None, **settings: str) -> dict[str, str]:
    """A shell without settings of ours, in which `path` comes before everything else to import from."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "PYTHON"))}
    return {**env, **settings} if path is None else {**env, **settings, "PYTHONPATH": str(path)}


def python(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    """What a Python of this environment prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment(path), capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def copy_sources(target: Path) -> None:
    """A build leaves traces where it runs, so it runs elsewhere."""
    target.mkdir()
    for name in SOURCES:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)


def build_wheel(folder: Path) -> Path:
    copy_sources(folder / "sources")
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), cwd=folder / "sources")
    (wheel,) = (folder / "dist").glob("charger_harness-*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of this checkout, built and installed once."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = build_wheel(folder)
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder / "installed"))
    python(*pip, str(wheel), cwd=folder)
    return Installed(wheel, folder / "installed")


def data_files(folder: Path, *names: str) -> set[str]:
    """The files that a wheel has to bring along besides Python."""
    found = (path for name in names for path in (folder / name).rglob("*"))
    return {path.relative_to(folder).as_posix() for path in found if path.is_file() and path.suffix != ".pyc"}


def test_the_wheel_brings_cases_fixtures_and_all_that_pages_need(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    assert {f"harness/_data/{name}" for name in data_files(CHECKOUT, "scenarios", "fixtures")} <= names
    assert data_files(CHECKOUT, "web/static", "web/templates", "web/words") <= names
    assert {"harness/py.typed", "web/__init__.py"} <= names


def test_a_wheel_in_an_empty_folder_runs_a_case_from_another(installed: Installed, tmp_path: Path) -> None:
    where = python("-c", "from harness.data import data_root; print(data_root())", cwd=tmp_path, path=installed.folder)
    assert Path(where.strip()) == installed.folder / "harness" / "_data"

    pile = installed.folder / "harness" / "_data" / "fixtures" / "piles" / "demo.yaml"
    command = ("-m", "harness", "run", "qr_set", "--pile", str(pile), "--target", "sim", "--speed", "20")
    python(*command, "--report", "report", cwd=tmp_path, path=installed.folder)
    outcome = json.loads((tmp_path / "report" / "outcome.json").read_text(encoding="utf-8"))
    assert [(case["id"], case["verdict"]) for case in outcome["cases"]] == [("qr_set", "PASSED")]


@contextmanager
def serving(installed: Installed, cwd: Path) -> Iterator[int]:
    """`harness serve` from the wheel; gives the port of its pages."""
    ports = {f"HARNESS_{name}": "0" for name in ("PORT", "FTP_PORT", "WEB_PORT", "TLS_PORT")}
    env = environment(
        installed.folder, HARNESS_HOST="127.0.0.1", HARNESS_WEB_HOST="127.0.0.1", PYTHONIOENCODING="utf-8", **ports
    )
    command = [sys.executable, "-m", "harness", "serve"]
    with subprocess.Popen(command, cwd=cwd, env=env, stderr=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stderr is not None
        said = []
        try:
            for line in server.stderr:
                said.append(line)
                if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                    yield int(found[1])
                    break
            else:
                pytest.fail("it never said where it serves:\n" + "".join(said))
        finally:
            server.send_signal(signal.SIGTERM)
            rest = server.stderr.read()
    assert server.returncode == 0, rest
    assert "Traceback" not in rest


def test_a_wheel_in_an_empty_folder_serves_the_desk(installed: Installed, tmp_path: Path) -> None:
    with serving(installed, tmp_path) as port:
        here = ("127.0.0.1", port)
        for path in ("/", "/register", "/login", "/help", "/review/login"):
            page = visit(here, path)
            assert (page.code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
            needs = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.body.decode())
            assert needs
            for address in set(needs):
                assert visit(here, address).code == 200, address
        assert "联调" in visit(here, "/").body.decode()
    made = {path.name for path in tmp_path.iterdir()}
    assert {"harness.sqlite", "private"} <= made
