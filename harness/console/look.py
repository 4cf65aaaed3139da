"""How verdicts look in a terminal: colour, shape and word, always all three."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TextIO, cast

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from harness.console.words import both
from harness.core import wording
from harness.core.pairs import Pair
from harness.core.verdict import Verdict

NO_TERMINAL_WIDTH = 140  # a file or a pipe breaks no lines of its own
MARKS = {
    Verdict.PASSED: ("✔", "bold green"),
    Verdict.REMARK: ("✔•", "bold green"),
    Verdict.FAILED: ("✘", "bold red"),
    Verdict.BROKEN: ("◌!", "bold yellow"),
    Verdict.NOT_EARNED: ("◌!", "bold yellow"),
    Verdict.NOT_APPLICABLE: ("–", "dim"),
}


class Patient:
    """A stream that nobody may be reading any more: a run goes on all the same, only unseen."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        """Write, if it still can be."""
        with suppress(OSError, ValueError):
            self._out.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if it still can be."""
        with suppress(OSError, ValueError):
            self._out.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def console_on(out: TextIO) -> Console:
    """A console on a stream; what is no terminal gets plain text in long lines. Writing never raises."""
    width = None if out.isatty() else NO_TERMINAL_WIDTH
    return Console(file=cast("TextIO", Patient(out)), width=width, highlight=False, markup=False, emoji=False)


def verdict_text(verdict: Verdict, english: bool = True) -> Text:
    """A verdict with its mark; Chinese first."""
    mark, style = MARKS[verdict]
    zh, en = wording.verdict_word(verdict)
    return Text(f"{mark} {zh} {en}" if english else f"{mark} {zh}", style=style)


def in_lines(pair: Pair, console: Console, before: str = "") -> str:
    """Both languages on one line, or under each other where a terminal is too narrow for that."""
    one = before + both(pair)
    if not console.is_terminal or cell_len(one) <= console.width or one == before + pair[0]:
        return one
    return f"{before}{pair[0]}\n{' ' * cell_len(before)}{pair[1]}"


def clock_of(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes:02d}:{rest:02d}"
