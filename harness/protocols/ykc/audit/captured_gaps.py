"""Lines that a log lacks: nobody says so, but a pile counts its frames, and a platform answers no stranger.

`since` of each is the moment behind which the missing line must have stood.
"""

from __future__ import annotations

from collections import deque

from harness.core.message import Message
from harness.protocols.ykc.audit.rules.serials import NOT_ALWAYS_REPLIES
from harness.protocols.ykc.pairing import SHARED

MOST_LACKING = 4096  # a larger step of the serial is no gap, the pile began to count anew
MOST_ASKED = 8  # questions whose serials may be echoed
FEW = 16  # frames: who counts from 0 again has sent so few at most when it is first heard
QUIET = 12.0  # s: longer than between two heartbeats
OF_RECORDS = frozenset({"transaction_record", "transaction_record_confirm", ""})  # the last is any unknown type
MOST_RECORDS = 64  # that a platform may still confirm
MOST_UNKNOWN = 8  # frames of unknown types, among them what may have been a record
SERIAL = slice(6, 22)  # of a charge, in a 0x40
LONG, LATEST = 2.0, 30.0  # s from a login to its answer: no line in the wrong place, no answer to another login
MOST_WAITS = 50  # that are remembered
RETURN = 15.0  # s after it was quiet, in which a pile shows whether it went on or began anew
GOES = 60.0  # s in which a pile that confirmed a reboot is gone


class Counting:
    """The serials of a pile's own frames: once they have risen by one, a larger step means lines that are not there.

    Replies echo a serial; some piles count them all the same, which the first steps over replies show.
    """

    def __init__(self) -> None:
        self.since = 0.0  # when a frame was last counted, before this one
        self._last: tuple[int, int] | None = None  # in either byte order
        self._at = 0.0
        self.ever = False  # did those ever rise by one that echo nothing?
        self._counts = False
        self._counts_replies = False  # as far as is known
        self._replies = 0  # since the last frame of its own
        self._asked: deque[bytes] = deque(maxlen=MOST_ASKED)

    def lacks(self, up: bool, message: Message, at: float = 0.0) -> bool:
        """Is something missing between the pile's frame before and this one?"""
        if not up:
            self._asked.append(message.serial)
            return False
        self.since = self._at
        lacking = self._steps(message, at)
        if not self._replies:
            self._at = at
        return lacking

    def _steps(self, message: Message, at: float) -> bool:
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
        return self._follows(message, now, step, at)

    def skip(self) -> None:
        """It is known already that something is missing here: the next serial tells nothing."""
        self._last = None

    def _echoes(self, message: Message, step: int) -> bool:
        """Is it a reply? Real-time data are one only now and then."""
        return message.name not in NOT_ALWAYS_REPLIES or message.serial in self._asked or step > MOST_LACKING

    def _follows(self, message: Message, now: tuple[int, int], step: int, at: float) -> bool:
        counted, replies = self._counts_replies, self._replies
        self._last, self._replies = now, 0
        if step == 1:
            self._counts = True
            self.ever = self.ever or message.name not in SHARED
            self._counts_replies = self._counts_replies and not replies
            return False
        if not self._counts or step > MOST_LACKING:
            anew = self._counts and min(now) <= FEW and at - self._at > QUIET
            self._counts = False
            return anew  # only a login lets a pile begin anew
        if replies and step == 1 + replies:
            self._counts_replies = True
        return step > 1 + (replies if counted else 0)

    def _begin(self, now: tuple[int, int]) -> None:
        """A login counts from 0, as a rule; who begins so will go on."""
        self._counts = now == (0, 0)
        self._last, self._replies = now, 0


class Accepted:
    """Was a login accepted, though the log does not hold it, or its answer? The platform answers other frames then."""

    def __init__(self) -> None:
        self.was_granted = False  # was the answer taken for missing before it came?
        self.waits: list[tuple[float, float]] = []  # from logins to answers that the log does hold, where that was long
        self._waits = self._granted = False
        self._asked = 0.0

    def lacks(self, up: bool, message: Message, quiet: float = 0.0, at: float = 0.0) -> bool:
        """Does this frame show that a login or the answer to it is missing, or stands before it?

        `quiet` is for how long the pile has said nothing: an answer after that is one to a login.
        """
        if message.name == "login":
            self._waits, self._granted, self._asked = True, False, at
            return False
        if message.name == "login_reply":
            return self._answered(quiet, at)
        if up or not self._waits:
            return False
        self._waits, self._granted = False, True
        return True

    def _answered(self, quiet: float, at: float) -> bool:
        """It may be that of another login when the pile was quiet, or much time went by."""
        self.was_granted = self._granted and quiet <= QUIET
        if (self._waits or self.was_granted) and LONG < at - self._asked <= LATEST:
            self.waits = [*self.waits[1 - MOST_WAITS :], (self._asked, at)]
        unasked = not self._waits and quiet > QUIET
        self._waits = self._granted = False
        return unasked


class Confirmed:
    """The records that were sent: a platform that confirms another one has it, though the log does not.

    Piles of other editions send them as types of their own, which hold the serial, too.
    """

    def __init__(self) -> None:
        self._sent: dict[str, None] = {}
        self._unknown: deque[bytes] = deque(maxlen=MOST_UNKNOWN)

    def lacks(self, message: Message) -> bool:
        """Does this frame show that a record is missing?"""
        if message.name == "transaction_record":
            self._sent[message.values.transaction_serial] = None
            if len(self._sent) > MOST_RECORDS:
                del self._sent[next(iter(self._sent))]
        if not message.name:
            self._unknown.append(message.raw)
        if message.name != "transaction_record_confirm" or message.values.transaction_serial in self._sent:
            return False
        serial = message.raw[SERIAL]
        return not any(serial in raw for raw in self._unknown)


class Returned:
    """A pile that was quiet and then speaks as one does after a login: it verifies its model, or had said that it goes.

    A pile that goes on where it was has been silent, which is its fault.
    """

    def __init__(self) -> None:
        self.since = 0.0  # its last word before it was quiet
        self._last: float | None = None
        self._back: float | None = None  # when it was first heard again
        self._goes: float | None = None  # when it confirmed a reboot

    def lacks(self, message: Message, at: float) -> bool:
        """Does this frame of the pile show that its login is missing?"""
        before, self._last = self._last, at
        name = message.name
        if name == "login":
            self._goes = self._back = None
            return False
        if name == "remote_reboot_reply":
            self._goes = at
        if before is not None and at - before > QUIET:
            gone = self._goes is not None and before - self._goes <= GOES
            self.since, self._back, self._goes = before, at, None
            return gone
        return name == "billing_model_verify" and self._back is not None and at - self._back <= RETURN

    def skip(self) -> None:
        """It is known already that something is missing here."""
        self._last = self._goes = self._back = None


__all__ = ["OF_RECORDS", "Accepted", "Confirmed", "Counting", "Returned"]
