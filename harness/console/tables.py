"""Tables in the terminal: the verdicts of a run, the runs of a database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TextIO
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from harness.console.look import console_on, in_lines, verdict_text
from harness.console.words import both, word
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair, parted
from harness.core.verdict import Finding, Verdict
from harness.report.outcome import Told, in_a_sentence

MOST_CITED = 12


class Run(Protocol):
    """A stored run, as far as a list shows it."""

    @property
    def id(self) -> str: ...
    @property
    def pile_code(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def started(self) -> datetime: ...
    @property
    def timezone(self) -> str: ...
    @property
    def verdict(self) -> Verdict | None: ...
    @property
    def cases(self) -> tuple[tuple[str, Verdict], ...]: ...
    @property
    def frames(self) -> int: ...


class User(Protocol):
    """A reviewer or admin, as far as a list shows them."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def disabled(self) -> bool: ...
    @property
    def created(self) -> datetime: ...


def users_table(users: Sequence[User], timezone: str, out: TextIO, database: str = "") -> None:
    """The people of the platform, as given; where the database lies is told when there are none."""
    console = console_on(out)
    if not users:
        console.print(both(word("no_users", database=database)))
        return
    table = _table("user", "role", "since", "state")
    for user in users:
        since = user.created.astimezone(ZoneInfo(timezone))
        state = both(word("locked" if user.disabled else "open"))
        table.add_row(user.name, both(word(user.role)), f"{since:%Y-%m-%d %H:%M}", state)
    console.print(table)


def verdict_table(outcome: RunOutcome) -> Table:
    """A line for each case, with what came of it in a sentence."""
    table = _table("case", "verdict", "sentence", "took")
    for case in outcome.cases:
        zh, en = in_a_sentence(case)
        sentence = Text(f"{zh}\n{en}" if case.noted() else both((zh, en)))
        table.add_row(f"{case.title_zh} {case.id}", verdict_text(case.verdict), sentence, took(case))
    return table


def runs_table(runs: Sequence[Run], out: TextIO, database: str = "") -> None:
    """The runs of a database, as given; where it lies is told when there are none."""
    console = console_on(out)
    if not runs:
        console.print(both(word("no_runs", database=database)))
        return
    table = _table("run", "started", "pile", "model", "verdict", "cases", "frames_n")
    for run in runs:
        verdict = verdict_text(run.verdict) if run.verdict is not None else Text(both(word("running")))
        started = f"{run.started.astimezone(ZoneInfo(run.timezone)):%Y-%m-%d %H:%M:%S}"
        table.add_row(run.id, started, run.pile_code, run.model, verdict, _share(run.cases), f"{run.frames:,}")
    console.print(table)


def grouped(noted: Iterable[Told]) -> list[list[Told]]:
    """Findings with the same sentence and remedy together, in the order of their first."""
    groups: dict[tuple[Pair, Pair], list[Told]] = {}
    for each in noted:
        groups.setdefault((each.text, each.remedy), []).append(each)
    return list(groups.values())


def coded(told: Told, console: Console) -> Text:
    """The sentence of a finding with its code, which a list of known failures takes."""
    shown = Text(in_lines(told.text, console, "    "))
    return shown.append(f"  {told.finding.code}", style="dim")


def grounds(finding: Finding) -> str:
    """What a finding rests on: expected, seen, the rule and the frames."""
    parts = (
        f"{both(word('expected'))} {both(parted(finding.expected))}" if finding.expected else "",
        f"{both(word('seen'))} {both(parted(finding.seen))}" if finding.seen else "",
        finding.rule,
        " ".join(f"#{n}" for n in finding.frames[:MOST_CITED]),
    )
    return "  ".join(part for part in parts if part)


def took(case: CaseOutcome) -> str:
    """How long a case took, minutes and seconds."""
    if not (case.started and case.ended):
        return ""
    span = datetime.fromisoformat(case.ended) - datetime.fromisoformat(case.started)
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"


def _share(cases: Iterable[tuple[str, Verdict]]) -> str:
    applying = [verdict for _, verdict in cases if verdict is not Verdict.NOT_APPLICABLE]
    return f"{sum(verdict in (Verdict.PASSED, Verdict.REMARK) for verdict in applying)}/{len(applying)}"


def _table(*names: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for name in names:
        justify: JustifyMethod = "right" if name in ("took", "frames_n") else "left"
        table.add_column("\n".join(word(name)), overflow="fold", justify=justify)
    return table
