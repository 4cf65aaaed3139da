"""What became of known failures, after the verdict of a run."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.console.look import in_lines
from harness.console.words import both, word
from harness.core.expecting import stale, without_known
from harness.core.outcome import RunOutcome
from harness.core.verdict import Verdict
from harness.report.known import how, known_line

GOOD = (Verdict.PASSED, Verdict.REMARK)


def print_known(outcome: RunOutcome, console: Console) -> None:
    """Each known failure with its reason; nothing when there was no list."""
    wide = not console.is_terminal
    for each in outcome.known:
        style = "bold red" if each.stale else ""
        said = Text(f"{both(how(each))}: {known_line(each)}", style=style)
        console.print(said, soft_wrap=wide)


def print_why(outcome: RunOutcome, console: Console) -> None:
    """Why the exit code is another than the verdicts have it."""
    left = without_known(outcome)
    said = []
    if left.rules_broken:
        said.append(word("rules_broken"))
    if stale(outcome):
        said.append(word("list_stale"))
    elif not left.rules_broken and left.verdict in GOOD and (outcome.verdict not in GOOD or outcome.rules_broken):
        said.append(word("only_known"))
    for each in said:
        console.print(Text(in_lines(each, console)), soft_wrap=not console.is_terminal)


__all__ = ["print_known", "print_why"]
