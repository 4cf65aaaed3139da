"""协议规范 after a run: how many rules were broken, then each that is more than a remark."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.console.audited import MARKS
from harness.console.look import in_lines
from harness.console.words import both, word
from harness.core.auditing import Level
from harness.core.breaches import CheckFound, found_in
from harness.core.outcome import RunOutcome
from harness.core.wording import LEVELS
from harness.report.rules import section, summary, where
from harness.report.rules_text import cited, sides


def print_rules(outcome: RunOutcome, console: Console) -> None:
    """The audits of a run in the terminal; nothing when there were none."""
    said = summary(outcome)
    if not said[0]:
        return
    console.print(Text(f"{both(word('rules_kept'))}: {both(said)}", style="bold"))
    for each in found_in(outcome):
        if each.level is not Level.REMARK:
            _print(outcome, each, console)
    console.print()


def _print(outcome: RunOutcome, each: CheckFound, console: Console) -> None:
    mark, style = MARKS[each.level]
    times = f" ×{each.times}" if each.times > 1 else ""
    before = f"  {mark} {both(LEVELS[each.level])} {each.first.rule}{times} "
    wide = not console.is_terminal
    shown = Text(in_lines((each.first.zh, each.first.en), console, before))
    shown.stylize(style, 0, len(before))
    shown.append(f"  {each.first.check}", style="dim")
    console.print(shown, soft_wrap=wide)
    console.print(Text(f"      {_grounds(outcome, each)}"), soft_wrap=wide)


def _grounds(outcome: RunOutcome, each: CheckFound) -> str:
    wanted, seen = sides(each)
    parts = (
        f"{both(word('expected'))} {both(wanted)}" if wanted[0] else "",
        f"{both(word('seen'))} {both(seen)}" if seen[0] else "",
        section(each.first),
        cited(each),
        both(where(outcome, each)),
    )
    return "  ".join(part for part in parts if part)


__all__ = ["print_rules"]
