"""Everything a page needs comes from the desk itself: test sites have no Internet."""

import re
from pathlib import Path

import pytest

from web.assets import KINDS, STATIC, load_assets

TEMPLATES = STATIC.parent / "templates"
# What loads something; a namespace (xmlns) or a licence's address in a comment loads nothing.
LOADS = re.compile(
    r"""(?:\b(?:src|srcset|href|action|poster|data|formaction)\s*=\s*["']?|url\(\s*["']?|@import\s+["']"""
    r"""|\bimport\s*\(?\s*["']|\bfetch\(\s*["']|EventSource\(\s*["'])(?:https?:)?//""",
    re.IGNORECASE,
)


def files() -> list[Path]:
    return [
        path
        for folder in (STATIC, TEMPLATES)
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".html", ".css", ".js", ".svg", ".webmanifest")
    ]


def test_there_are_files_to_look_at() -> None:
    assert {path.suffix for path in files()} >= {".html", ".css", ".js"}


def test_nothing_is_loaded_from_elsewhere() -> None:
    found = {path.name: LOADS.findall(path.read_text("utf-8")) for path in files()}
    assert {name: urls for name, urls in found.items() if urls} == {}


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/x.js">',
        "<link href='//cdn.example/x.css'>",
        "a { background: url(http://cdn.example/x.png) }",
        '@import "https://cdn.example/x.css";',
        'import("https://cdn.example/x.js")',
        "fetch('https://cdn.example/x')",
    ],
)
def test_a_line_that_loads_from_elsewhere_would_be_found(line: str) -> None:
    assert LOADS.search(line)


@pytest.mark.parametrize(
    "line", ['<svg xmlns="http://www.w3.org/2000/svg">', "// https://licence.example", 'href="/help"']
)
def test_a_line_that_loads_nothing_from_elsewhere_is_let_pass(line: str) -> None:
    assert not LOADS.search(line)


def test_every_file_under_static_is_of_a_kind_that_is_served() -> None:
    served = load_assets()
    assert {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()} == set(served)
    assert all(asset.kind in KINDS.values() and asset.plain for asset in served.values())
