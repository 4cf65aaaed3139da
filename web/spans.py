"""How long something takes or waits, in words."""

from __future__ import annotations

from datetime import timedelta

from harness.core.pairs import Pair
from web.words import say

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def in_words(span: timedelta) -> Pair:
    """In whole minutes, hours or days, whichever says enough."""
    if span < MINUTE:
        return say("base.just_now")
    if span < HOUR:
        return say("base.minutes", n=span // MINUTE)
    if span < 2 * DAY:
        return say("base.hours", n=span // HOUR)
    return say("base.days", n=span // DAY)
