"""Short ways to say what a check found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.core.verdict import Finding, Verdict


def found(
    verdict: Verdict,
    check: str,
    code: str,
    *,
    rule: str = "",
    expected: object = "",
    seen: object = "",
    frames: Iterable[int] = (),
    fields: Iterable[str] = (),
    **params: Any,
) -> Finding:
    """A finding; frames are put in order, each once. `fields` are names or words of core/ports.py Language.places."""
    cited = tuple(sorted(set(frames) - {0}))
    return Finding(
        code=code,
        verdict=verdict,
        check=check,
        rule=rule,
        expected=str(expected),
        seen=str(seen),
        frames=cited,
        fields=tuple(fields),
        params=params,
    )


def not_seen(check: str, rule: str = "") -> Finding:
    """The check found nothing to look at: it earns nothing."""
    return found(Verdict.NOT_EARNED, check, "not_seen", rule=rule)
