"""The audit of files, as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.console.audit_words import KINDS, looked_at, remainder, understood, unjudged, verdict
from harness.console.look import console_on
from harness.console.words import both
from harness.core.auditing import GRAVEST_FIRST, AuditFinding, Level
from harness.core.capture import FileAudit, PileAudit
from harness.core.pairs import Pair
from harness.core.wording import LEVELS

MOST_CITED = 6
HOUR = 3600
MOST_SHOWN = 3  # findings of one check that are shown one by one
MARKS = {Level.MUST: ("✘", "bold red"), Level.SHOULD: ("!", "bold yellow"), Level.REMARK: ("•", "dim")}
HEADS: tuple[Pair, ...] = (("级别", "level"), ("规则", "rule"), ("发现", "finding"), ("报文", "frames"))
CLEAN: Pair = ("没有发现问题", "nothing found")
UNHEARD: Pair = ("文件里没有这个桩发出的报文", "no frame of this pile in the file")


def print_audits(files: Iterable[FileAudit], out: TextIO) -> None:
    """Each file with its piles and what was found about them."""
    console = console_on(out)
    for file in files:
        kind = KINDS[file.kind]
        console.print(Text(f"{file.name}  {both(kind)}", style="bold"))
        console.print(both(understood(file)))
        for told in remainder(file):
            console.print(f"  {both(told)}")
        for why, rules in unjudged(file):
            console.print(f"{both(why)}\n  {rules}")
        console.print(both(looked_at(file)))
        for pile in file.audit.piles:
            _pile(pile, file, console)
        console.print(Text(both(verdict(file)), style="bold"))
        console.print()


def _pile(pile: PileAudit, file: FileAudit, console: Console) -> None:
    span = f"，{_span(pile.last - pile.first)}" if file.audit.times else ""
    console.print(f"\n桩 {pile.pile_code} / pile {pile.pile_code}: {pile.frames:,} 帧 frames{span}")
    if not pile.audit.findings:
        console.print(f"  {both(CLEAN if pile.heard else UNHEARD)}")
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for head in HEADS:
        table.add_column("\n".join(head), overflow="fold")
    for level in GRAVEST_FIRST:
        for findings in _by_check(pile.audit.of(level)):
            for finding in findings[:MOST_SHOWN]:
                table.add_row(*_row(finding, file))
            more = pile.audit.counts.get(findings[0].check, len(findings)) - min(len(findings), MOST_SHOWN)
            if more > 0:
                table.add_row("", "", f"还有 {more:,} 次 / {more:,} more", "")
    console.print(table)


def _by_check(findings: Iterable[AuditFinding]) -> list[list[AuditFinding]]:
    groups: dict[str, list[AuditFinding]] = {}
    for finding in findings:
        groups.setdefault(finding.check, []).append(finding)
    return list(groups.values())


def _row(finding: AuditFinding, file: FileAudit) -> tuple[str | Text, ...]:
    mark, style = MARKS[finding.level]
    grounds = [
        f"应当 / expected: {finding.expected}" if finding.expected else "",
        f"看到 / seen: {finding.seen}" if finding.seen else "",
    ]
    return (
        Text(f"{mark} {both(LEVELS[finding.level])}", style=style),
        f"{finding.rule}\n{finding.section}",
        "\n".join(line for line in (finding.zh, finding.en, "  ".join(filter(None, grounds))) if line),
        "\n".join(_cite(n, file) for n in (*finding.frames[-MOST_CITED:], *finding.window[-1:])),
    )


def _cite(n: int, file: FileAudit) -> str:
    place, time = file.audit.places.get(n), file.audit.time_of(n)
    at = "" if time is None else f" {time:%H:%M:%S}.{time.microsecond // 1000:03d}"
    if place is None:
        return f"#{n}{at}"
    return f"#{n} 包 packet {place}{at}" if file.by_packets else f"#{n} 行 line {place}{at}"


def _span(seconds: float) -> str:
    """Seconds, above an hour h:min:s."""
    if seconds < HOUR:
        return f"{seconds:,.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60:,}:{minutes % 60:02d}:{rest:02d}"


__all__ = ["print_audits"]
