"""The matrix of a self-test in the terminal, and how far it is while it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from harness.console.look import console_on
from harness.core.matrix import Line, Summary

GOOD, BAD = Text("✔", style="bold green"), Text("✘", style="bold red")
EVERY = 100  # plays between two signs of life in a file


class Counting:
    """How many plays are done, on one line of a terminal; a line now and then in a file."""

    def __init__(self, total: int, out: TextIO) -> None:
        self._total, self._out, self._done = total, out, 0

    def one_more(self) -> None:
        """A play ended."""
        self._done += 1
        if self._out.isatty():
            self._out.write(f"\r{self._done}/{self._total}")
            self._out.flush()
        elif self._done % EVERY == 0:
            self._out.write(f"{self._done}/{self._total}\n")

    def close(self) -> None:
        """No more."""
        if self._out.isatty():
            self._out.write("\r\x1b[K")


def matrix_table(result: Summary, rules: Mapping[str, str], out: TextIO) -> None:
    """Fault by fault who found it, then what went wrong, then the totals; `rules` names the rule of each check."""
    console = console_on(out)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("", "故障 fault", "用例 case", "由谁发现 found by"):
        table.add_column(head, no_wrap=True)
    table.add_column("普通桩 plain", justify="right", no_wrap=True)
    table.add_column("方言桩 on a dialect", no_wrap=True)
    table.add_column("另有 also by", max_width=60)
    for line in result.lines:
        table.add_row(*_cells(line, rules))
    console.print(table)
    for head, wrongs in (("误判 false", result.false_findings), ("不稳定 unstable", result.unstable)):
        for wrong in wrongs:
            console.print(Text(f"{head}: {wrong.play}, seed {wrong.seed}: {wrong.what}", style="red"))
    found = len(result.lines) - len(result.missed)
    console.print(
        f"故障 faults {found}/{len(result.lines)} 由预定的检查发现 found by the intended finder；"
        f"方言 dialects {result.dialects}，正常桩 clean piles {result.clean}；"
        f"误判 false findings {len(result.false_findings)}，不稳定 unstable {len(result.unstable)}；"
        f"{result.plays} 次 plays，{result.seconds:.0f} s"
    )


def _cells(line: Line, rules: Mapping[str, str]) -> tuple[Text | str, ...]:
    rule = rules.get(line.found_by, "")
    return (
        GOOD if line.found else BAD,
        line.fault,
        line.case,
        f"{line.found_by} {rule}".rstrip(),
        _share(line.plain),
        f"{_share(line.odd)} {line.dialect}" if line.dialect else "–",
        ", ".join(line.others),
    )


def _share(share: tuple[int, int]) -> str:
    return f"{share[0]}/{share[1]}"
