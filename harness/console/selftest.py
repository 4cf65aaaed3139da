"""The matrix of a self-test in the terminal, and how far it is while it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from harness.console.look import console_on
from harness.core.selftested import Line, Right, Summary

GOOD, BAD = Text("✔", style="bold green"), Text("✘", style="bold red")
EVERY = 100  # plays between two signs of life in a file
MOST_OTHERS = 1  # finders named beside the intended one; the others are counted


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
    """Who found each fault, the right piles, what went wrong, the totals; `rules` names the rule of each check."""
    console = console_on(out)
    if result.lines:
        console.print(_faults(result.lines, rules))
    if result.right:
        console.print(_right(result.right))
    for head, wrongs in (("误判 false", result.false_findings), ("不稳定 unstable", result.unstable)):
        for wrong in wrongs:
            console.print(Text(f"{head}: {wrong.play}, seed {wrong.seed}: {wrong.what}", style="red"))
    for total in totals(result):
        console.print(total)


def totals(result: Summary) -> Iterator[str]:
    """The last lines: what it came to."""
    found = len(result.lines) - len(result.missed)
    yield f"故障 faults {found}/{len(result.lines)} 由预定的检查发现 found by the intended finder"
    yield f"正常桩 clean piles {result.clean}，方言 dialects {result.dialects}"
    yield f"误判 false findings {len(result.false_findings)}，不稳定 unstable {len(result.unstable)}"
    yield f"{result.plays} 次 plays，{result.seconds:.0f} s"


def _faults(lines: Sequence[Line], rules: Mapping[str, str]) -> Table:
    table = _table(
        "故障 fault", "用例 case", "由谁发现 found by", "普通桩 plain", "方言桩 on a dialect", "另有 also by"
    )
    for line in lines:
        table.add_row(*_cells(line, rules))
    return table


def _right(piles: Sequence[Right]) -> Table:
    table = _table("正常桩 right pile", "", "用例 cases", "次数 plays", "误判 blamed")
    for pile in piles:
        kind = "方言 dialect" if pile.odd else "普通 plain"
        mark = BAD if pile.blamed else GOOD
        table.add_row(mark, pile.pile, kind, str(pile.cases), str(pile.plays), str(pile.blamed))
    return table


def _table(*heads: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("", *heads):
        table.add_column(head, no_wrap=True)
    return table


def _cells(line: Line, rules: Mapping[str, str]) -> tuple[Text | str, ...]:
    rule = rules.get(line.found_by, "")
    others, more = line.others[:MOST_OTHERS], len(line.others) - MOST_OTHERS
    return (
        GOOD if line.found else BAD,
        line.fault,
        line.case,
        f"{line.found_by} {rule}".rstrip(),
        _share(line.plain),
        f"{_share(line.odd)} {line.dialect}" if line.dialect else "–",
        ", ".join(others) + (f" +{more}" if more > 0 else ""),
    )


def _share(share: tuple[int, int]) -> str:
    return f"{share[0]}/{share[1]}"
