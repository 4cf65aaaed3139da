"""All TCP connections of a capture, put together again: opened, closed, ports used again, given up when too many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from harness.captures.flow import Flow, ahead
from harness.captures.packets import RST, SYN, Segment
from harness.core.capture import Ended, Happening

MOST_FLOWS = 10_000  # connections at a time; the one heard of least lately is given up
MOST_BYTES = 32 << 20  # that wait in all of them for what is missing before them
NEAR = 1 << 20  # a number so little behind belongs to the same connection


class Streams:
    """All connections of a capture."""

    def __init__(self) -> None:
        self._flows: OrderedDict[tuple[str, str], Flow] = OrderedDict()
        self._count = 0
        self._waiting = 0

    def take(self, segment: Segment, at: float | None, place: int) -> Iterator[Happening]:
        """One more segment; gives what can be told now."""
        ends = (segment.source, segment.target)
        key = ends if ends[0] < ends[1] else ends[::-1]
        flow = self._flows.get(key)
        if flow is not None and _is_of_another(flow, segment):
            yield from self._close(flow)
            flow = None
        if flow is None:
            if segment.flags & RST or (not segment.data and not segment.flags & SYN):
                return  # nothing of it to tell yet
            flow = self._open(key, ends)
        if flow.closed:
            return  # sent again by one who does not know
        self._flows.move_to_end(key)
        yield from self._hand_over(flow, segment, at, place)
        yield from self._make_room()

    def finish(self) -> Iterator[Happening]:
        """The capture is over. Connections that still stood have no end in it."""
        for flow in self._flows.values():
            if any(side.finished for side in flow.sides.values()):
                yield from self._close(flow)
            else:
                yield from flow.finish()

    def _hand_over(self, flow: Flow, segment: Segment, at: float | None, place: int) -> Iterator[Happening]:
        before = flow.bytes_waiting
        yield from flow.take(segment, at, place)
        if segment.flags & RST or flow.over:
            yield from self._close(flow)
        self._waiting += flow.bytes_waiting - before

    def _open(self, key: tuple[str, str], ends: tuple[str, str]) -> Flow:
        self._count += 1
        flow = self._flows[key] = Flow(f"{ends[0]}-{ends[1]} {self._count}", ends)
        return flow

    def _make_room(self) -> Iterator[Happening]:
        while len(self._flows) > MOST_FLOWS:
            _, flow = self._flows.popitem(last=False)
            self._waiting -= flow.bytes_waiting
            yield from flow.finish()
        if self._waiting > MOST_BYTES:
            self._waiting = 0
            for flow in self._flows.values():
                yield from flow.finish()

    def _close(self, flow: Flow) -> Iterator[Happening]:
        if flow.closed:
            return
        flow.closed = True
        yield from flow.finish()
        if flow.told:
            yield Ended(flow.link, flow.at, flow.place)


def _is_of_another(flow: Flow, segment: Segment) -> bool:
    """Does this belong to a later connection between the same ports?"""
    side = flow.sides[segment.source]
    if segment.flags & SYN:
        begin = segment.seq + 1 & 0xFFFFFFFF
        if side.start is not None or side.next is None:
            return side.start not in (None, begin)
        return not 0 <= ahead(side.next, begin) < NEAR
    return flow.closed and bool(segment.data) and not 0 <= ahead(side.next, segment.seq) < NEAR


__all__ = ["Streams"]
