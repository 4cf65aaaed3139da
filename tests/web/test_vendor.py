"""What was taken from others is what they published."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "web" / "static" / "vendor"
ROW = re.compile(r"^\| (\S+\.\w+) \| .+ \| (\d+\.\d+\.\d+) \| (\S+) \| ([0-9a-f]{64}) \|$", re.MULTILINE)
PAPERS = {"README.md", "LICENSE-0BSD.txt"}


def listed() -> dict[str, str]:
    return {name: sha256 for name, _, _, sha256 in ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8"))}


def test_each_file_is_listed_with_version_and_licence() -> None:
    assert {path.name for path in VENDOR.iterdir()} == {*listed(), *PAPERS}


def test_no_file_was_changed_after_it_was_published() -> None:
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in listed()}
    assert found == listed()
    assert found
