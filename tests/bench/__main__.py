"""`make bench`: every file beside this one that has `measures()`, as one table; `--json` for programs.

The exit code is 0 whether or not a goal is met: a benchmark tells, a person judges.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.measure import Measure


def parts() -> dict[str, Callable[[], list[Measure]]]:
    """The files that measure something, by name."""
    found = {}
    for info in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if info.name != "__main__" and "def measures(" in Path(__file__).with_name(f"{info.name}.py").read_text(
            "utf-8"
        ):
            found[info.name] = importlib.import_module(f"tests.bench.{info.name}").measures
    return found


def measured(names: list[str]) -> Iterator[Measure]:
    """The measures of the named parts, in turn."""
    available = parts()
    for name in names or list(available):
        print(f"{name} ...", file=sys.stderr, flush=True)
        yield from available[name]()


def show(found: list[Measure]) -> None:
    """The table; without a terminal it is wide enough for its longest line."""
    table = Table("measure", "goal", "value", "unit", "met", "note", show_edge=False)
    for each in found:
        met = {True: "yes", False: "NO", None: ""}[each.met]
        table.add_row(each.name, each.goal, f"{each.value:.3g}", each.unit, met, each.note)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description="Ratios, each measured side by side in one run.")
    parser.add_argument("part", nargs="*", help=f"only these parts: {', '.join(parts())}")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    args = parser.parse_args()
    unknown = set(args.part) - set(parts())
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(parts())}")
    found = list(measured(args.part))
    if args.json:
        print(json.dumps([each._asdict() for each in found], ensure_ascii=False, indent=1))
    else:
        show(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
