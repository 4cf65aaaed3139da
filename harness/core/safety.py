"""Where a case may be played: what it may do to a pile, and where the pile stands."""

from __future__ import annotations

from harness.core.pairs import Pair

LIVE_SAFE = "live-safe"
BENCH_ONLY = "bench-only"
NEVER_WITH_CURRENT = "never-while-current-flows"

BENCH, LIVE = "bench", "live"  # sites

# Beside a case: its class in a word or two, and what that means.
CLASSES: dict[str, tuple[Pair, Pair]] = {
    LIVE_SAFE: (
        ("现场可测", "Safe on a live site"),
        ("不影响别的枪和别的客户。", "Touches no other gun and no other customer."),
    ),
    NEVER_WITH_CURRENT: (
        ("有电流时不测", "Never while current flows"),
        (
            "会动到整桩的连接；任何一把枪有电流时平台不做。",
            "Touches the connection of the whole pile; the platform leaves it while any gun carries current.",
        ),
    ),
    BENCH_ONLY: (
        ("只在试验场测", "For a bench only"),
        (
            "可能让桩离线，或打断充电；运营现场的桩不做。",
            "May leave the pile offline or break a charge; never done to a pile on a live site.",
        ),
    ),
}


def may_stand(safety: str, site: str) -> bool:
    """May a case of this class be played with a pile that stands there?"""
    return safety != BENCH_ONLY or site == BENCH


__all__ = ["BENCH", "BENCH_ONLY", "CLASSES", "LIVE", "LIVE_SAFE", "NEVER_WITH_CURRENT", "may_stand"]
