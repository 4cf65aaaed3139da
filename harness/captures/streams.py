"""All TCP connections of a capture, put together again: opened, closed, ports used again, given up when too many."""

from __future__ import annotations

from collections import OrderedDict

from harness.captures.flow import WAIT_LOST, WAIT_SHUFFLED, Flow, ahead
from harness.captures.packets import FIN, RST, SYN, Segment
from harness.core.capture import Ended, Happening

MOST_FLOWS = 10_000  # connections at a time; the one heard of least lately is given up
MOST_BYTES = 32 << 20  # that wait in all of them for what is missing before them
LAST = FIN | RST | SYN  # flags that may end one
SWEEP = 1.0  # s after which those that wait are looked at again
NEAR = 1 << 20  # a number so little behind belongs to the same connection


class Streams:
    """All connections of a capture."""

    def __init__(self) -> None:
        self._flows: OrderedDict[tuple[str, str], Flow] = OrderedDict()
        self._out: list[Happening] = []
        self.repeated = 0  # packets that say what was said before
        self._count = 0
        self._waiting = 0
        self._stuck: set[Flow] = set()  # connections that wait for what is missing
        self._swept = 0.0

    def take(self, segment: Segment, at: float | None, place: int) -> list[Happening]:
        """One more segment; gives what can be told now."""
        if self._stuck and at is not None and abs(at - self._swept) > SWEEP:
            self._sweep(at)
        flow = self._flow(segment, at)
        if flow is not None and flow.closed:  # it is sent again by one who does not know
            self.repeated += bool(segment.data)
        elif flow is not None:
            before, repeated = flow.bytes_waiting, flow.repeated
            flow.take(segment, at, place)
            self.repeated += flow.repeated - repeated
            if segment.flags & LAST and (segment.flags & RST or flow.over):
                self._close(flow)
            self._waiting += flow.bytes_waiting - before
            if flow.waiting:
                self._stuck.add(flow)
            if self._waiting > MOST_BYTES:
                self._wait_no_more()
        return self._told()

    def finish(self) -> list[Happening]:
        """The capture is over. Connections that still stood have no end in it."""
        for flow in self._flows.values():
            if any(side.finished for side in flow.sides.values()):
                self._close(flow)
            else:
                flow.finish()
        return self._told()

    def _told(self) -> list[Happening]:
        told = self._out[:]
        self._out.clear()
        return told

    def _flow(self, segment: Segment, at: float | None) -> Flow | None:
        """The connection of a segment; None when there is nothing of it to tell yet."""
        source, target = segment.source, segment.target
        key = (source, target) if source < target else (target, source)
        flow = self._flows.get(key)
        if flow is not None and (flow.closed or segment.flags & SYN) and _is_of_another(flow, segment):
            self._close(flow)
            flow = None
        if flow is not None:
            self._flows.move_to_end(key)
        elif segment.flags & SYN or (segment.data and not segment.flags & RST):
            self._count += 1
            self._leave_behind(source, target, at)
            flow = self._flows[key] = Flow(f"{source}-{target} {self._count}", (source, target), self._out)
            self._make_room()
        return flow

    def _sweep(self, at: float) -> None:
        """Connections of which nothing came for long tell what they have: who spoke there goes on elsewhere."""
        self._swept = at
        self._stuck = {flow for flow in self._stuck if flow.waiting}
        for flow in tuple(self._stuck):
            if flow.quiet_for(at) > (WAIT_SHUFFLED if flow.ending else WAIT_LOST):
                self._give_up(flow)

    def _leave_behind(self, source: str, target: str, at: float | None) -> None:
        """A new connection begins: what waits on those that it replaces was said before it, and is told before it."""
        hosts = {_host(source), _host(target)}
        for flow in tuple(self._stuck):
            is_dead = flow.is_acknowledged or flow.quiet_for(at) > WAIT_SHUFFLED
            if flow.ending or (is_dead and {_host(end) for end in flow.sides} == hosts):
                self._give_up(flow)

    def _give_up(self, flow: Flow) -> None:
        self._stuck.discard(flow)
        self._waiting -= flow.bytes_waiting
        flow.give_up()
        if flow.over:
            self._close(flow)

    def _make_room(self) -> None:
        while len(self._flows) > MOST_FLOWS:
            _, flow = self._flows.popitem(last=False)
            self._waiting -= flow.bytes_waiting
            flow.finish()

    def _wait_no_more(self) -> None:
        self._waiting = 0
        for flow in self._flows.values():
            flow.finish()

    def _close(self, flow: Flow) -> None:
        if flow.closed:
            return
        flow.closed = True
        flow.finish()
        if flow.told:
            self._out.append(Ended(flow.link, flow.at, flow.place))


def _host(end: str) -> str:
    return end.rpartition(":")[0]


def _is_of_another(flow: Flow, segment: Segment) -> bool:
    """Does this belong to a later connection between the same ports?"""
    side = flow.sides[segment.source]
    if segment.flags & SYN:
        begin = segment.seq + 1 & 0xFFFFFFFF
        if side.start is not None:
            return side.start != begin
        return side.next is not None and not 0 <= ahead(side.next, begin) < NEAR
    if side.next is None or not flow.closed or not segment.data:
        return False
    return not 0 <= ahead(side.next, segment.seq) < NEAR


__all__ = ["Streams"]
