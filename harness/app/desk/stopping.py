"""A charge that no test started: it can be stopped from the desk all the same."""

from __future__ import annotations

from harness.core.errors import PersonError
from harness.core.ports import Offline
from harness.protocols.ykc.platform import Platform


def stop_charging(platform: Platform, code: str) -> None:
    """Stop whatever a pile charges; PersonError when it is not there to be told."""
    pile = platform.piles.get(code)
    if pile is None:
        return
    try:
        pile.stop_charging()
    except Offline:
        raise PersonError(
            f"pile {code} is not online and cannot be told to stop; press its emergency stop if need be",
            f"桩 {code} 不在线，停不了；需要时到桩前拍急停",
        ) from None
