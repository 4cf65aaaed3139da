"""Short ways to say what a check found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from harness.core.journal import FrameSeen
from harness.core.pairs import Pair, joined
from harness.core.verdict import Finding, Verdict
from harness.engine.evidence import attempt, window
from harness.engine.view import View

# What a check looks at, and may not find.
START: Pair = ("启动", "the start of a charge")
RECORD: Pair = ("交易记录", "the transaction record")
CHARGING: Pair = ("充电中的实时数据", "real-time data while charging")
PRICES: Pair = ("计费模型", "the billing model")
GROUNDS: Pair = ("可依据的报文", "a frame to rest on")
NOTHING: Pair = ("无", "nothing")
ONLINE: Pair = ("在线", "online")
CUT_OFF: Pair = ("断开", "cut off")
SUCCESS = joined(("成功", "success"))


PASSES = (Verdict.PASSED, Verdict.REMARK)


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


def pile_lost(view: View, check: str, cuts: Iterable[int]) -> Finding:
    """The connection broke: what was under way may be lost, and that is nobody's fault here."""
    cut = sorted(cuts)
    near = window(view, cut[0], cut[-1])
    before = [seen.n for seen in view.frames if seen.n < cut[0]][-1:]
    after = [seen.n for seen in view.frames if seen.n > cut[-1]][:1]
    return found(
        Verdict.BROKEN,
        check,
        "pile_lost",
        rule="R-NET-1",
        expected=joined(ONLINE),
        seen=joined(CUT_OFF),
        frames=[*before, *cut, *near, *after],
    )


def not_seen(view: View, check: str, rule: str, lacks: Pair, within: tuple[int, int] | None = None) -> Finding:
    """The check found nothing to look at: it earns nothing. `within` is where it looked, else the whole attempt."""
    frames = attempt(view) if within is None else window(view, *within)
    return found(
        Verdict.NOT_EARNED,
        check,
        "not_seen",
        rule=rule,
        expected=joined(lacks),
        seen=joined(NOTHING),
        frames=frames,
        what=lacks,
    )


def grounded(view: View, finding: Finding) -> Finding:
    """The finding, on what is there of what it rests on: nothing passes on events of our own alone."""
    cited = tuple(n for n in finding.frames if n in view.by_number)
    if finding.verdict in PASSES and not any(isinstance(view.by_number[n], FrameSeen) for n in cited):
        return not_seen(view, finding.check, finding.rule, GROUNDS)
    return finding if cited == finding.frames else msgspec.structs.replace(finding, frames=cited)
