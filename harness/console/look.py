"""How verdicts look in a terminal: colour, shape and word, always all three."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text

from harness.core import wording
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


def console_on(out: TextIO) -> Console:
    """A console on a stream; what is no terminal gets plain text in long lines."""
    width = None if out.isatty() else NO_TERMINAL_WIDTH
    return Console(file=out, width=width, highlight=False, markup=False, emoji=False)


def verdict_text(verdict: Verdict, english: bool = True) -> Text:
    """A verdict with its mark; Chinese first."""
    mark, style = MARKS[verdict]
    zh, en = wording.verdict_word(verdict)
    return Text(f"{mark} {zh} {en}" if english else f"{mark} {zh}", style=style)


def clock_of(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes:02d}:{rest:02d}"
