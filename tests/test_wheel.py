"""The wheel works by itself: installed into an empty folder, it runs a case from another one."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

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


def python(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    """What a Python of this environment prints, with `path` before everything else it would import from."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "PYTHON"))}
    if path is not None:
        env["PYTHONPATH"] = str(path)
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, text=True)
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


def data_files(folder: Path) -> set[str]:
    """The files that a wheel has to bring along besides Python."""
    found = (path for name in ("scenarios", "fixtures") for path in (folder / name).rglob("*"))
    return {path.relative_to(folder).as_posix() for path in found if path.is_file() and path.suffix != ".pyc"}


def test_a_wheel_in_an_empty_folder_runs_a_case_from_another(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path)
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"harness/_data/{name}" for name in data_files(CHECKOUT)} <= names
    assert {"harness/py.typed", "web/__init__.py"} <= names

    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(installed), str(wheel))
    python(*pip, cwd=elsewhere)
    where = python("-c", "from harness.data import data_root; print(data_root())", cwd=elsewhere, path=installed)
    assert Path(where.strip()) == installed / "harness" / "_data"

    pile = installed / "harness" / "_data" / "fixtures" / "piles" / "demo.yaml"
    command = ("-m", "harness", "run", "qr_set", "--pile", str(pile), "--target", "sim", "--speed", "20")
    python(*command, "--report", "report", cwd=elsewhere, path=installed)
    outcome = json.loads((elsewhere / "report" / "outcome.json").read_text(encoding="utf-8"))
    assert [(case["id"], case["verdict"]) for case in outcome["cases"]] == [("qr_set", "PASSED")]
