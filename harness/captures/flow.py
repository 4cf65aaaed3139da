"""One TCP connection put together again: what each end really said, in order, whatever became of its segments.

It waits for what is missing as a receiver would: segments come late, twice, cut anew. What the other end acknowledged
but nobody captured will not come again: after a moment it is told as a hole. An answer waits for what it acknowledges,
so that a capture that shuffled its packets reads like one that did not.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.captures.packets import FIN, RST, SYN, Segment
from harness.core.capture import Began, Happening, Hole, Piece

WAIT_BEGIN = 1.0  # s for the first packets of both ends
MOST_EARLY = 16  # packets in which they are looked for
WAIT_SHUFFLED = 2.0  # s for bytes that the other end has acknowledged: they are late in the capture, or not in it
WAIT_LOST = 60.0  # s for bytes that it has not: they will be sent again
LEAST_SEEN = 32  # packets of the connection that are waited for besides: on a quiet line seconds are but a few
MOST_WAITING = 512  # segments of one connection that wait
MOST_BYTES = 1 << 20  # and their bytes


class Held(NamedTuple):
    """A segment that waits for others, with its moment, its packet, and how many of its connection came before it."""

    segment: Segment
    at: float | None
    place: int
    number: int


class Side:
    """What one end has said so far."""

    __slots__ = ("acked", "done", "finished", "heard", "next", "start")

    def __init__(self) -> None:
        self.next: int | None = None  # number of the byte it says next
        self.start: int | None = None  # number of its first byte, from the SYN
        self.acked: int | None = None  # how far the other end has it
        self.heard = False  # is anything of it in the capture?
        self.done = False  # has it said that it is, be that behind a hole?
        self.finished = False  # and has all before it been told?


class Flow:
    """One connection, from its first segment in the capture on. What can be told goes to the end of `out`."""

    __slots__ = (
        "_early",
        "_told_at",
        "at",
        "bytes_waiting",
        "closed",
        "count",
        "link",
        "out",
        "place",
        "repeated",
        "sides",
        "told",
        "waiting",
    )

    def __init__(self, link: str, ends: tuple[str, str], out: list[Happening]) -> None:
        self.link = link
        self.out = out
        self.sides = {ends[0]: Side(), ends[1]: Side()}
        self.waiting: list[Held] = []
        self.bytes_waiting = 0
        self.at: float | None = None
        self.place = 0
        self.count = 0  # packets so far
        self.repeated = 0  # of them those with nothing new
        self.told = False  # has anything of it been told?
        self.closed = False
        self._told_at: float | None = None
        self._early: list[Held] | None = []  # until it is known where both ends begin

    def take(self, segment: Segment, at: float | None, place: int) -> None:
        """One more segment."""
        self.at, self.place = later(self.at, at), place
        self.count += 1
        if self._early is None and not segment.data and not segment.flags & (SYN | FIN | RST):
            self._note(segment)  # it only acknowledges: the usual half of a capture
            return
        held = Held(segment, at, place, self.count)
        if self._early is None:
            self._hear(held)
        elif not segment.flags & RST:
            self._hear_early(held, self._early)

    def finish(self) -> None:
        """Nothing more will come: what waits is told with its holes."""
        if self._early is not None:
            self._begin(self._early)
        self.give_up()

    @property
    def over(self) -> bool:
        """Have both ends said that they are done, and was all of it told?"""
        return all(side.finished for side in self.sides.values())

    @property
    def ending(self) -> bool:
        """Has an end said that it is done? Little comes after that."""
        return any(side.done for side in self.sides.values())

    def give_up(self) -> None:
        """What is missing will not come any more, and the connection may go on."""
        while self.waiting:
            self._give_up_waiting()
            self._settle()

    def quiet_for(self, now: float | None) -> float:
        """Since when nothing came on it, in seconds of the capture; 0 without times."""
        return 0.0 if now is None or self.at is None else now - self.at

    @property
    def is_acknowledged(self) -> bool:
        """Has the other end what is missing, so that it is not sent again?"""
        sides = [side for side in self.sides.values() if side.heard and side.acked is not None]
        return any(ahead(side.acked or 0, side.next) > 0 for side in sides)

    # The beginning

    def _hear_early(self, held: Held, early: list[Held]) -> None:
        segment = held.segment
        early.append(held)
        self.bytes_waiting += len(segment.data)
        if segment.flags & SYN:
            self.sides[segment.source].start = segment.seq + 1 & 0xFFFFFFFF
        if self._may_begin(early):
            self._begin(early)

    def _may_begin(self, early: list[Held]) -> bool:
        """Is it known where both ends begin? A capture that shuffles packets may show their first ones late."""
        if len(early) > MOST_EARLY or all(side.start is not None for side in self.sides.values()):
            return True
        since = early[0].at
        return since is not None and self.at is not None and self.at - since > WAIT_BEGIN

    def _begin(self, early: list[Held]) -> None:
        """Each end begins with its SYN, else with the first of its bytes that is there."""
        self._early = None
        self.bytes_waiting = 0
        for name, side in self.sides.items():
            side.next = side.start
            for segment in (held.segment for held in early if held.segment.source == name):
                if side.next is None or (side.start is None and ahead(side.next, segment.seq) > 0):
                    side.next = segment.seq
        for held in early:
            self._hear(held)

    # What follows

    def _hear(self, held: Held) -> None:
        segment = held.segment
        if segment.flags & RST:
            return
        if segment.flags & SYN and not self.told:
            self.told = True
            self.out.append(Began(self.link, held.at, held.place, f"{segment.source} {segment.target}"))
        self._note(segment)
        if self._is_next(segment):
            self._say(held)
            if self.waiting:
                self._settle()
        elif segment.data or segment.flags & FIN:
            self.waiting.append(held)
            self.bytes_waiting += len(segment.data)
            if self._waited_enough():
                self._give_up_waiting()
                self._settle()

    def _note(self, segment: Segment) -> None:
        """What a segment tells of both ways, in whatever order it comes."""
        mine, other = self.sides[segment.source], self.sides[segment.target]
        mine.heard = True
        mine.done = mine.done or bool(segment.flags & FIN)
        if mine.next is None:
            mine.next = segment.seq
        if segment.ack is None:
            return
        if other.acked is None or ahead(segment.ack, other.acked) > 0:
            other.acked = segment.ack
        if other.next is None:
            other.next = segment.ack

    def _is_next(self, segment: Segment) -> bool:
        """Does nothing stand out before it, on either way?"""
        mine, other = self.sides[segment.source], self.sides[segment.target]
        if segment.seq != mine.next and ahead(segment.seq, mine.next) > 0:
            return False
        if segment.ack is None or segment.ack == other.next:
            return True
        # of an end that is not in the capture, nothing is waited for
        return not other.heard or ahead(segment.ack, other.next) <= 0

    def _settle(self) -> None:
        """Tell all that no longer has to wait, the earliest first."""
        while ready := next((held for held in self.waiting if self._is_next(held.segment)), None):
            self.waiting.remove(ready)
            self.bytes_waiting -= len(ready.segment.data)
            self._say(ready)

    def _waited_enough(self) -> bool:
        if len(self.waiting) > MOST_WAITING or self.bytes_waiting > MOST_BYTES:
            return True
        since = self.waiting[0].at
        if since is None or self.at is None or self.count - self.waiting[0].number < LEAST_SEEN:
            return False
        return self.at - since > (WAIT_SHUFFLED if self.is_acknowledged else WAIT_LOST)

    def _give_up_waiting(self) -> None:
        """The segment that waits for the least goes on as if nothing were missing before it."""
        held = min(self.waiting, key=self._missing_before)
        segment = held.segment
        if segment.ack is not None and self.sides[segment.target].heard:
            self._skip(segment.target, segment.ack, held)
        self._skip(segment.source, segment.seq, held)

    def _missing_before(self, held: Held) -> int:
        segment = held.segment
        missing = max(0, ahead(segment.seq, self.sides[segment.source].next))
        if segment.ack is not None:
            missing += max(0, ahead(segment.ack, self.sides[segment.target].next))
        return missing

    def _skip(self, way: str, to: int, held: Held) -> None:
        side = self.sides[way]
        lost = ahead(to, side.next)
        if lost > 0:
            side.next = to
            self.out.append(Hole(self.link, held.at, way, lost, held.place))

    def _say(self, held: Held) -> None:
        """Tell what is new in a segment; the end of a way counts as a byte of it."""
        segment = held.segment
        mine = self.sides[segment.source]
        begin = segment.seq + 1 & 0xFFFFFFFF if segment.flags & SYN else segment.seq
        end = 1 if segment.flags & FIN else 0
        known = max(0, ahead(mine.next or 0, begin))
        new = len(segment.data) + segment.missing + end - known
        self.repeated += bool(segment.data) and new <= 0
        if new > 0:
            mine.next = (mine.next or 0) + new & 0xFFFFFFFF
            self._told_at = at = later(self._told_at, held.at)
            if data := segment.data[known:]:
                self.told = True
                self.out.append(Piece(self.link, at, segment.source, data, held.place))
            if (lost := new - end - len(data)) > 0:
                self.out.append(Hole(self.link, at, segment.source, lost, held.place))
        mine.finished = mine.finished or bool(end)


def ahead(number: int, of: int | None) -> int:
    """How far a sequence number lies ahead of another; negative when behind, 0 when there is no other."""
    return 0 if of is None else (number - of + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def later(one: float | None, other: float | None) -> float | None:
    """The later of two moments, as far as they are known."""
    return other if one is None or (other is not None and other > one) else one


__all__ = ["Flow", "ahead", "later"]
