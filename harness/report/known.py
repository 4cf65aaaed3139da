"""Known failures, as every report tells them."""

from __future__ import annotations

from typing import Any

from harness.core.expecting import stale
from harness.core.known import KnownMet, Met
from harness.core.outcome import RunOutcome
from harness.core.pairs import Pair

HOW: dict[Met, Pair] = {
    Met.KNOWN: ("已知", "known"),
    Met.EXPIRED: ("已过期，重新算数", "expired, it counts again"),
    Met.GONE: ("不再出现，请从清单删去", "does not occur any more, take it off the list"),
    Met.UNSEEN: ("这次没有测到", "not looked at this time"),
    Met.LAPSED: ("已过期，这次没有测到", "expired, not looked at this time"),
}


def how(each: KnownMet) -> Pair:
    """What became of a known failure."""
    return HOW[each.how]


def known_line(each: KnownMet) -> str:
    """A known failure on a line of text."""
    known = each.known
    return f"{known.case} {known.finding} (≤ {known.until}): {known.reason}"


def known_data(outcome: RunOutcome) -> list[dict[str, Any]]:
    """The part of known failures in outcome.json."""
    return [
        {
            "case": each.known.case,
            "finding": each.known.finding,
            "reason": each.known.reason,
            "until": each.known.until,
            "how": each.how.value,
        }
        for each in outcome.known
    ]


def stale_lines(outcome: RunOutcome) -> list[str]:
    """What the list says that is not so any more, a line each."""
    return [f"{' / '.join(how(each))}: {known_line(each)}" for each in stale(outcome)]


__all__ = ["how", "known_data", "known_line", "stale_lines"]
