"""Breaches of the protocol's own rules as lines of plain text: for JUnit, txt and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.core.breaches import CheckFound
from harness.core.outcome import RunOutcome
from harness.core.pairs import Pair, parted
from harness.core.wording import LEVELS
from harness.report.rules import section, where
from harness.report.words import word

MOST_CITED = 12


def title(found: CheckFound) -> str:
    """Level, rule, check, and how often: 必须 must R-HB-1 heartbeat_gap ×3."""
    times = f" ×{found.times}" if found.times > 1 else ""
    return f"{' '.join(LEVELS[found.level])} {found.first.rule} {found.first.check}{times}"


def cited(found: CheckFound) -> str:
    """The frames of the first breach; where no case holds them, they are said to be of the pile's own journal."""
    first = found.noted[0]
    frames = (first.own or first.finding).frames[:MOST_CITED]
    own = "" if first.own is not None or not frames else f"{'/'.join(word('own_journal'))} "
    return own + " ".join(f"#{n}" for n in frames)


def sides(found: CheckFound) -> tuple[Pair, Pair]:
    """What was expected and what was seen, each in both languages."""
    return parted(found.first.expected), parted(found.first.seen)


def rule_lines(outcome: RunOutcome, found: Sequence[CheckFound]) -> Iterator[str]:
    """Each check with its first breach: what, expected and seen, frames, and in the time of which cases."""
    for each in found:
        yield f"{title(each)}: {each.first.zh} / {each.first.en}"
        (wanted, _), (seen, _) = sides(each)
        zh, en = where(outcome, each)
        yield "  " + "  ".join(
            part
            for part in (
                f"应当 {wanted}  看到 {seen}" if wanted or seen else "",
                section(each.first),
                cited(each),
                zh if zh == en else f"{zh} / {en}",
            )
            if part
        )


__all__ = ["cited", "rule_lines", "sides", "title"]
