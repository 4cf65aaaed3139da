"""Cases judged again, as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from harness.console.known import print_known, print_why
from harness.console.look import console_on, verdict_text
from harness.console.words import both, word
from harness.core.auditing import GRAVEST_FIRST, Audit, Level
from harness.core.outcome import RunOutcome
from harness.core.pairs import Pair
from harness.core.rejudged import Judged, JudgedSession
from harness.core.wording import LEVELS

MOST_NAMED = 8  # differences of one case that are named


def judged_table(cases: Sequence[Judged], out: TextIO) -> None:
    """A line for each case, then whether all is as it was."""
    console = console_on(out)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for name in ("case", "kept", "again", "kept_rules", "audit", "differs"):
        table.add_column("\n".join(word(name)), overflow="fold")
    for case in cases:
        table.add_row(*_row(case))
    console.print(table)
    console.print(both(_summary(cases)))
    broken = sum(len(case.again.audit.of(Level.MUST)) for case in cases if case.again and case.again.audit)
    if broken:
        console.print(both(word("judged_broken", n=broken)))


def judged_why(outcome: RunOutcome, other: bool, out: TextIO) -> None:
    """What is known of it and why the exit code is what it is, as `harness run` says it; `other` when it differs."""
    console = console_on(out)
    print_known(outcome, console)
    if other:
        console.print(both(word("not_as_it_was")))
    else:
        print_why(outcome, console)


def judged_session(session: JudgedSession | None, out: TextIO) -> None:
    """Whether the audit of the whole session is as it was; nothing when there was none."""
    if session is None:
        return
    said = word("session_same")
    if session.again is None:
        said = word("session_gone")
    elif session.differs:
        said = word("session_other", what=", ".join(session.differs))
    console_on(out).print(both(said))


def _row(case: Judged) -> tuple[str | Text, ...]:
    kept, again = case.kept, case.again
    rules = kept.rules if again is None or not case.other_rules else f"{kept.rules} → {again.rules}"
    return (
        f"{kept.title_zh} {kept.id}",
        verdict_text(kept.verdict),
        Text(both(word("unplayed"))) if again is None else verdict_text(again.verdict),
        rules,
        _audit(again.audit if again is not None else None),
        _differs(case),
    )


def _audit(audit: Audit | None) -> str:
    """How many findings of each level."""
    if audit is None:
        return ""
    counts = [(both(LEVELS[level]), len(audit.of(level))) for level in GRAVEST_FIRST]
    return " ".join(f"{level} {count}" for level, count in counts if count) or "0"


def _differs(case: Judged) -> str:
    if not case.differs:
        return both(word("gapped")) if not case.whole else "="
    named = ", ".join(case.differs[:MOST_NAMED]) + (" …" if len(case.differs) > MOST_NAMED else "")
    why = "by_rules" if case.other_rules else "by_gaps" if not case.whole else "by_damage"
    return f"{named}\n{both(word(why))}"


def _summary(cases: Sequence[Judged]) -> Pair:
    differing = sum(bool(case.differs) for case in cases)
    if differing:
        return word("judged_other", n=differing, of=len(cases))
    return word("judged_one") if len(cases) == 1 else word("judged_same", n=len(cases))
