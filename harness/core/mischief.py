"""What a platform should not do, done on purpose to see how a pile takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

# These last until they were done so many times, are taken back, or the run is over.
WITHHOLD = "withhold"  # a reply is not sent
DELAY = "delay"  # a reply is sent later
REFUSE_LOGIN = "refuse_login"  # the next login is answered no
# These are done at once.
CUT = "cut"  # the connection is closed
SPLIT = "split"  # a frame leaves in pieces, with time between
RUBBISH = "rubbish"  # bytes that belong to no frame go before a frame
WRONG_CRC = "wrong_crc"  # a frame whose checksum is wrong
REPEAT = "repeat"  # the last frame of a name again
UNTIMELY = "untimely"  # a frame at a moment at which it should not come

LASTING = (WITHHOLD, DELAY, REFUSE_LOGIN)
WITHOUT_FRAME = (CUT, REFUSE_LOGIN)
TIMED = (DELAY, SPLIT)  # it is the time that makes them wrong
KINDS = (*LASTING, CUT, SPLIT, RUBBISH, WRONG_CRC, REPEAT, UNTIMELY)


class Mischief(msgspec.Struct, frozen=True, kw_only=True):
    """One misdeed: what, with which frame, how often, by how many seconds or over how many.

    `times` counts for each gun; `spares_current`: it ends, or is not begun, when a report shows current.
    """

    what: str
    frame: str = ""
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    times: int = 1
    seconds: float = 0.0
    pieces: int = 4
    spares_current: bool = False


__all__ = [
    "CUT",
    "DELAY",
    "KINDS",
    "LASTING",
    "REFUSE_LOGIN",
    "REPEAT",
    "RUBBISH",
    "SPLIT",
    "TIMED",
    "UNTIMELY",
    "WITHHOLD",
    "WITHOUT_FRAME",
    "WRONG_CRC",
    "Mischief",
]
