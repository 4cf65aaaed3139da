"""Lines that a log lacks: nobody says so, but a pile counts its frames, and a platform answers no stranger."""

from __future__ import annotations

from collections import deque

from harness.core.message import Message
from harness.protocols.ykc.audit.rules.serials import NOT_ALWAYS_REPLIES
from harness.protocols.ykc.pairing import SHARED

MOST_LACKING = 4096  # a larger step of the serial is no gap, the pile began to count anew
MOST_ASKED = 8  # questions whose serials may be echoed


class Counting:
    """The serials of a pile's own frames: once they have risen by one, a larger step means lines that are not there.

    Replies echo a serial; some piles count them all the same, which the first steps over replies show.
    """

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None  # in either byte order
        self._counts = False
        self._counts_replies = False  # as far as is known
        self._replies = 0  # since the last frame of its own
        self._asked: deque[bytes] = deque(maxlen=MOST_ASKED)

    def lacks(self, up: bool, message: Message) -> bool:
        """Is something missing between the pile's frame before and this one?"""
        if not up:
            self._asked.append(message.serial)
            return False
        now = int.from_bytes(message.serial, "little"), int.from_bytes(message.serial, "big")
        if message.name == "login":
            self._begin(now)
            return False
        if self._last is None:
            self._last = None if message.name in SHARED else now
            return False
        step = min((new - old) % 65536 for new, old in zip(now, self._last, strict=True))
        if step != 1 and message.name in SHARED and self._echoes(message, step):
            self._replies += 1
            return False
        return self._follows(now, step)

    def skip(self) -> None:
        """It is known already that something is missing here: the next serial tells nothing."""
        self._last = None

    def _echoes(self, message: Message, step: int) -> bool:
        """Is it a reply? Real-time data are one only now and then."""
        return message.name not in NOT_ALWAYS_REPLIES or message.serial in self._asked or step > MOST_LACKING

    def _follows(self, now: tuple[int, int], step: int) -> bool:
        counted, replies = self._counts_replies, self._replies
        self._last, self._replies = now, 0
        if step == 1:
            self._counts = True
            self._counts_replies = self._counts_replies and not replies
            return False
        if not self._counts or step > MOST_LACKING:
            self._counts = False
            return False
        if replies and step == 1 + replies:
            self._counts_replies = True
        return step > 1 + (replies if counted else 0)

    def _begin(self, now: tuple[int, int]) -> None:
        """A login counts from 0, as a rule; who begins so will go on."""
        self._counts = now == (0, 0)
        self._last, self._replies = now, 0


class Accepted:
    """Was a login accepted, though the log does not hold the answer? The platform then answers other frames."""

    def __init__(self) -> None:
        self._waits = False

    def lacks(self, up: bool, message: Message) -> bool:
        """Does this frame show that the answer to the login is missing, or stands before it?"""
        if message.name in ("login", "login_reply"):
            self._waits = message.name == "login"
            return False
        lacking = self._waits and not up
        self._waits = self._waits and not lacking
        return lacking


__all__ = ["Accepted", "Counting"]
