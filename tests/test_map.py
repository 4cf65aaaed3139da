"""The map of the house, read off the import lines. A wrong arrow is named with its file and line."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import harness

CHECKOUT = Path(__file__).resolve().parent.parent

# What each room may import of ours, itself apart; app joins the parts and may import everything.
EVERYTHING = {"harness", "web"}
MAY_IMPORT = {
    "harness": set(),
    "harness.__main__": {"harness.cli"},
    "harness.cli": {
        "harness.app",
        "harness.cli_mistakes",
        "harness.cli_codec",
        "harness.settings",
        "harness.console",
        "harness.core",
        "harness.data",
    },
    "harness.app": EVERYTHING,
    "harness.cli_mistakes": {"harness.core"},
    "harness.cli_codec": {"harness.core", "harness.protocols", "harness.tables"},
    "harness.tables": {"harness.core", "harness.protocols"},
    "harness.settings": {"harness.core", "harness.data"},
    "harness.data": set(),
    "harness.pictures": {"harness.core"},
    "harness.profiles": {"harness.core"},
    "harness.core": set(),
    "harness.protocols": {"harness.core"},
    "harness.engine": {"harness.core"},
    "harness.sim": {"harness.core", "harness.protocols"},
    "harness.sim.tabletop": {"harness.core", "harness.protocols", "harness.sim", "harness.engine"},
    "harness.selftest": {
        "harness.core",
        "harness.data",
        "harness.engine",
        "harness.pictures",
        "harness.profiles",
        "harness.protocols",
        "harness.sim",
    },
    "harness.links": {"harness.core", "harness.protocols"},
    "harness.captures": {"harness.core"},
    "harness.store": {"harness.core"},
    "harness.report": {"harness.core", "harness.store.queries"},
    "harness.console": {"harness.core", "harness.report"},
    "web": {"harness.captures", "harness.core", "harness.store", "harness.report", "harness.profiles"},
}

# What each room, or one place in it, may not import of others; the longest name that fits decides.
NO_SOCKET_CLOCK_OR_DATABASE = {"asyncio", "flask", "socket", "sqlalchemy", "sqlite3", "time", "twisted"}
MAY_NOT_IMPORT = {
    "harness": {"twisted", "time"},
    "web": {"twisted", "time"},
    "harness.app": {"time"},
    "web.site": {"time"},
    "harness.links": set(),
    "harness.captures": NO_SOCKET_CLOCK_OR_DATABASE,
    "harness.core": NO_SOCKET_CLOCK_OR_DATABASE,
    "harness.protocols": NO_SOCKET_CLOCK_OR_DATABASE,
    "harness.engine": NO_SOCKET_CLOCK_OR_DATABASE,
    "harness.sim": NO_SOCKET_CLOCK_OR_DATABASE,
}

# The one file of core that reads YAML, for scenarios, profiles and operators' scripts alike.
CORE_MAY_IMPORT = {"harness.core.documents": {"pydantic", "pydantic_core", "yaml"}}

# YKC is known here and in the YAML of the cases, nowhere else.
KNOW_YKC = (
    "harness.app",
    "harness.cli_codec",
    "harness.tables",
    "harness.protocols.ykc",
    "harness.links.ykc_",
    "harness.sim",
    "harness.selftest",
)

# `harness decode` loads neither Twisted nor SQLAlchemy: these two import such things inside a function only.
LIGHT = ("harness.app", "harness.cli")
HEAVY = ("alembic", "flask", "pyftpdlib", "sqlalchemy", "twisted")
HEAVY_ROOMS = ("harness.links", "harness.report", "harness.sim", "harness.store", "web")

REACTOR = "twisted.internet.reactor"
REACTOR_HOME = "harness.links.reactor"


class Arrow(NamedTuple):
    """One import line: who imports what, where it stands, and whether it runs when the module is loaded."""

    importer: str
    imported: str
    place: str
    at_load: bool


def module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(node: ast.Import | ast.ImportFrom, package: str) -> list[str]:
    """The names that an import line reaches: `from a import b` reaches a.b, which may be a module or a thing in it."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    parent = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    base = ".".join([*parent, *([node.module] if node.module else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def runs_at_load(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when a module is loaded: not those in functions, nor those for type checkers alone."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.stmt):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def arrows_of(file: Path, root: Path) -> Iterator[Arrow]:
    importer = module_name(file, root)
    package = importer if file.name == "__init__.py" else importer.rpartition(".")[0]
    tree = ast.parse(file.read_text(encoding="utf-8"))
    at_load = {id(node) for node in runs_at_load(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            place = f"{file.relative_to(root)}:{node.lineno}"
            for name in imported_by(node, package):
                yield Arrow(importer, name, place, id(node) in at_load)


def all_arrows(root: Path) -> list[Arrow]:
    files = [file for house in ("harness", "web") for file in sorted((root / house).rglob("*.py"))]
    return [arrow for file in files if "_data" not in file.parts for arrow in arrows_of(file, root)]


def within(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}.")


def room_of(module: str, rooms: dict[str, set[str]]) -> str | None:
    """The longest entry that the module stands in; a file straight in harness/ needs an entry of its own."""
    fitting = [room for room in rooms if within(module, room) and (room != "harness" or module == "harness")]
    return max(fitting, key=len, default=None)


def wrong_of_ours(arrow: Arrow) -> str | None:
    if not any(within(arrow.imported, house) for house in EVERYTHING):
        return None
    room = room_of(arrow.importer, MAY_IMPORT)
    if room is None:
        return f"{arrow.importer} has no place on the map in {Path(__file__).name}"
    own = "harness.sim" if room == "harness.sim.tabletop" else room
    if arrow.imported == "harness.__version__" or (own != "harness" and within(arrow.imported, own)):
        return None
    if any(within(arrow.imported, allowed) for allowed in MAY_IMPORT[room]):
        return None
    return f"{room} may not import {arrow.imported}"


def wrong_of_others(arrow: Arrow) -> str | None:
    place = max((name for name in MAY_NOT_IMPORT if within(arrow.importer, name)), key=len)
    banned = arrow.imported.partition(".")[0]
    if banned in MAY_NOT_IMPORT[place]:
        return f"{place} may not import {banned}"
    may = {*sys.stdlib_module_names, "harness", "msgspec", *CORE_MAY_IMPORT.get(arrow.importer, ())}
    if within(arrow.importer, "harness.core") and banned not in may:
        return f"harness.core takes only the standard library and msgspec, not {banned}"
    return None


def wrong_about_ykc(arrow: Arrow) -> str | None:
    if within(arrow.imported, "harness.protocols.ykc") and not arrow.importer.startswith(KNOW_YKC):
        return f"{arrow.importer} may not know YKC"
    return None


def wrong_at_load(arrow: Arrow) -> str | None:
    if not arrow.at_load:
        return None
    if within(arrow.imported, REACTOR) and arrow.importer != REACTOR_HOME:
        return f"only {REACTOR_HOME} imports the reactor when it is loaded"
    if arrow.importer in LIGHT and any(within(arrow.imported, heavy) for heavy in (*HEAVY, *HEAVY_ROOMS)):
        return f"{arrow.importer} imports {arrow.imported} only inside the function that needs it"
    return None


RULES = (wrong_of_ours, wrong_of_others, wrong_about_ykc, wrong_at_load)


def complaints(root: Path) -> list[str]:
    return [f"{arrow.place}: {wrong}" for arrow in all_arrows(root) for rule in RULES if (wrong := rule(arrow))]


def test_every_arrow_is_on_the_map() -> None:
    assert complaints(CHECKOUT) == []


def told_on_the_map() -> dict[str, set[str]]:
    """The lines `room -> what it imports: what it is` of the house's own map."""
    lines = [re.fullmatch(r"([\w.]+) -> ([\w., ]+): .+", line) for line in (harness.__doc__ or "").splitlines()]
    return {line[1]: set(line[2].split(", ")) for line in lines if line is not None}


def test_the_map_tells_of_each_room_what_it_may_import() -> None:
    short = {"every room": EVERYTHING, "nothing": set[str]()}
    told = {room: short.get(", ".join(names), names) for room, names in told_on_the_map().items()}
    may = {room: {name.removeprefix("harness.") for name in names} for room, names in MAY_IMPORT.items()}
    assert told == {room.removeprefix("harness."): names for room, names in may.items() if room != "harness"}


def test_every_room_and_every_file_beside_them_is_on_the_map() -> None:
    beside = {file.stem for file in (CHECKOUT / "harness").glob("*.py")} - {"__init__"}
    rooms = {file.parent.name for file in (CHECKOUT / "harness").glob("*/__init__.py")} - {"_data"}
    assert {name for name in told_on_the_map() if "." not in name} == {"web", *beside, *rooms}


def test_there_are_arrows_to_look_at() -> None:
    assert len(all_arrows(CHECKOUT)) > 20


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("harness/core/x.py", "import harness.engine.run", "harness.core may not import harness.engine.run"),
        (
            "harness/core/x.py",
            "import pydantic",
            "harness.core takes only the standard library and msgspec, not pydantic",
        ),
        ("harness/core/x.py", "from time import monotonic", "harness.core may not import time"),
        (
            "harness/engine/steps/x.py",
            "from harness.protocols import ykc",
            "harness.engine may not import harness.protocols.ykc",
        ),
        ("harness/engine/x.py", "from ..store import tables", "harness.engine may not import harness.store.tables"),
        ("harness/engine/x.py", "def f():\n    import socket", "harness.engine may not import socket"),
        (
            "harness/report/x.py",
            "from harness.store import tables",
            "harness.report may not import harness.store.tables",
        ),
        ("harness/sim/ykc/x.py", "from harness.engine import run", "harness.sim may not import harness.engine.run"),
        ("harness/store/x.py", "from twisted.internet import defer", "harness may not import twisted"),
        ("harness/links/http.py", "from harness.protocols import ykc", "harness.links.http may not know YKC"),
        (
            "harness/links/x.py",
            "from twisted.internet import reactor",
            "only harness.links.reactor imports the reactor when it is loaded",
        ),
        (
            "harness/app/__init__.py",
            "import harness.links",
            "harness.app imports harness.links only inside the function that needs it",
        ),
        ("harness/corner.py", "import harness.core", "harness.corner has no place on the map in test_map.py"),
        ("web/x.py", "import harness.app", "web may not import harness.app"),
    ],
)
def test_a_wrong_arrow_is_named_with_its_file_and_line(tmp_path: Path, file: str, line: str, complaint: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(f'"""."""\n\n{line}\n')
    place = f"{file}:{3 + line.count(chr(10))}"
    assert f"{place}: {complaint}" in complaints(tmp_path)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("harness/report/x.py", "from harness.store.queries import runs"),
        ("harness/report/x.py", "from harness.store import queries"),
        ("harness/sim/tabletop.py", "from harness.engine.run import Run"),
        ("harness/links/ykc_tcp.py", "from harness.protocols.ykc import CATALOGUE"),
        ("harness/links/reactor.py", "from twisted.internet import reactor"),
        ("harness/links/x.py", "def f():\n    from twisted.internet import reactor"),
        ("harness/app/__init__.py", "def f():\n    import harness.links"),
        ("harness/cli.py", "from harness import __version__"),
        ("harness/core/x.py", "from datetime import time"),
    ],
)
def test_a_right_arrow_is_let_pass(tmp_path: Path, file: str, line: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(f'"""."""\n\n{line}\n')
    assert complaints(tmp_path) == []
