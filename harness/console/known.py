"""What became of known failures, after the verdict of a run."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.console.look import in_lines
from harness.console.words import both, word
from harness.core.expecting import stale, unexpected, without_known
from harness.core.outcome import RunOutcome
from harness.core.pairs import Pair
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
    """Why the exit code is what it is; nothing when all passed and there was no list to look at."""
    for each in _why(outcome):
        _print(each, console)


def print_entries(outcome: RunOutcome, until: str, console: Console) -> None:
    """The failures that are not known as lines for the list, ready to be copied; nothing when there are none."""
    names = unexpected(outcome)
    if not names:
        return
    console.print()
    _print(word("to_list"), console)
    reason = both(word("say_why"))
    for case, finding in names:
        lines = (f"  - case: {case}", f"    finding: {finding}", f"    reason: {reason}", f"    until: {until}")
        console.print(Text("\n".join(lines)), soft_wrap=True)


def _why(outcome: RunOutcome) -> list[Pair]:
    left = without_known(outcome)
    failing = [word("cases_failed")] if left.verdict is Verdict.FAILED else []
    failing += [word("rules_broken")] if left.rules_broken else []
    failing += [word("list_stale")] if stale(outcome) else []
    if failing:
        return failing
    if left.verdict not in GOOD:
        return [word("none_applies" if left.verdict is Verdict.NOT_APPLICABLE else "no_result")]
    return [word("only_known")] if outcome.verdict not in GOOD or outcome.rules_broken else []


def _print(said: Pair, console: Console) -> None:
    console.print(Text(in_lines(said, console)), soft_wrap=not console.is_terminal)


__all__ = ["print_entries", "print_known", "print_why"]
