"""Frames of journals as the packets of a capture: each on the connection it went over, as the journal tells them.

What a journal does not hold is made up so that it looks so: our address when we listened on all of them, Ethernet
addresses, and the packets that only acknowledge.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import takewhile

import msgspec

from harness.captures.pcap_out import Packet
from harness.captures.tcp_out import OUR_MAC, PILE_MAC, Address, End, Talk
from harness.core.journal import MICRO, PILE, EventSeen, FrameSeen, LinkChanged, Opened, StepBegan, TariffGiven

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# For documentation (RFC 5737, RFC 3849): nobody takes them for real.
NOWHERE: Mapping[int, Address] = {4: IPv4Address("192.0.2.1"), 6: IPv6Address("2001:db8::1")}
NOBODY = IPv4Address("192.0.2.2")
FREE_PORTS = 50_000
MANY = 1000  # connections that one journal has numbers for
BEGINS = ("connected", "login", "relogin")
HERE = (*BEGINS, "online")
ENDS: Mapping[str, bool] = {"lost": True, "replaced": False, "offline": False}  # and whether the pile ended it


class Ours(msgspec.Struct, frozen=True):
    """Where piles reach us: a host, when it is one address, and a port."""

    host: str
    port: int

    def end_for(self, pile: Address) -> End:
        """Our end of a connection with a pile."""
        host = address_of(self.host)
        if host is None or host.version != pile.version or host.is_unspecified:
            host = pile if pile.is_loopback else NOWHERE[pile.version]
        return End(host, self.port, OUR_MAC)


def packets(
    opened: datetime,
    events: Sequence[EventSeen],
    frames: Iterable[FrameSeen],
    ours: Ours,
    comments: Mapping[int, str] | None = None,
    number: int = 0,
) -> Iterator[Packet]:
    """The packets of one journal; `comments` by the number of a frame, `number` tells journals of one file apart.

    The events are those that say what went over which connection when, the frames any part of the journal, in order.
    """
    wire = Wire(opened, events, ours, comments or {}, number)
    for frame in frames:
        yield from wire.frame(frame)
    yield from wire.rest()


class Wire:
    """Walks through a journal: connections come and go by its events, frames go over the one that is open."""

    def __init__(
        self, opened: datetime, events: Sequence[EventSeen], ours: Ours, comments: Mapping[int, str], number: int
    ) -> None:
        self._opened = (opened - EPOCH) // timedelta(microseconds=1)
        self._last = self._opened
        self._ours = ours
        self._comments = comments
        self._number = number
        self._recalled = recalled(events)
        told = ((seen, seen.event) for seen in events if isinstance(seen.event, LinkChanged))
        self._links = deque((seen, link) for seen, link in told if link.what in (*HERE, *ENDS))
        self._talks = 0
        self._talk: Talk | None = None
        self._peer = ""  # of the connection that is open, whether it has said something already or not

    def frame(self, frame: FrameSeen) -> Iterator[Packet]:
        """A frame, after whatever happened to the connection before it."""
        while self._links and self._links[0][0].n < frame.n:
            yield from self._happened(*self._links.popleft())
        if frame.n in self._recalled:
            return
        at = self._moment(frame.at)
        if self._talk is None:
            yield from self._begin(at)
        assert self._talk is not None
        for part, data in enumerate(self._talk.send(frame.sender == PILE, frame.raw)):
            yield Packet(at, data, "" if part else self._comments.get(frame.n, ""))

    def rest(self) -> Iterator[Packet]:
        """How the connection ended, when nothing was said on it any more."""
        while self._links and self._talk is not None:
            yield from self._happened(*self._links.popleft())

    def _happened(self, seen: EventSeen, link: LinkChanged) -> Iterator[Packet]:
        at = self._moment(seen.at)
        if link.what in ENDS:
            yield from self._end(at, ENDS[link.what])
        elif link.peer != self._peer:
            yield from self._end(at, by_pile=False)
            self._peer = link.peer
            if link.what in BEGINS:
                yield from self._connect(at, handshake=True)

    def _begin(self, at: int) -> Iterator[Packet]:
        """The first bytes of a connection; when they are its login, the journal tells only later whose it is."""
        begins = False
        if not self._peer and self._links:
            link = self._links[0][1]
            self._peer, begins = link.peer, link.what in BEGINS
        yield from self._connect(at, begins)

    def _connect(self, at: int, handshake: bool) -> Iterator[Packet]:
        number = self._number * MANY + self._talks
        self._talks += 1
        pile = end_of(self._peer) or End(NOBODY, FREE_PORTS + number % MANY, PILE_MAC)
        self._talk = Talk(pile, self._ours.end_for(pile.host), number)
        if handshake:
            yield from (Packet(at, data) for data in self._talk.open())

    def _end(self, at: int, by_pile: bool) -> Iterator[Packet]:
        """A pile says goodbye, we break it off."""
        if self._talk is not None:
            ended = self._talk.close(up=True) if by_pile else self._talk.reset(up=False)
            yield from (Packet(at, data) for data in ended)
        self._talk, self._peer = None, ""

    def _moment(self, at: float) -> int:
        """Microseconds since 1970; never back."""
        self._last = max(self._last, self._opened + round(at * MICRO))
        return self._last


def recalled(events: Sequence[EventSeen]) -> frozenset[int]:
    """Frames that a case's journal begins with as what was said before: they did not go over the wire then."""
    first = events[0].event if events else None
    if not isinstance(first, Opened) or not first.run_id:
        return frozenset()
    before = takewhile(lambda seen: not isinstance(seen.event, StepBegan), events)
    return frozenset(n for seen in before if isinstance(seen.event, TariffGiven) for n in seen.event.frames)


def since(events: Sequence[EventSeen], at: float) -> list[EventSeen]:
    """The events from a moment on; how things stood then is told by the last one before it."""
    standing: list[EventSeen] = []
    for seen in events:
        if seen.at < at and isinstance(seen.event, LinkChanged) and seen.event.what in (*HERE, *ENDS):
            online = LinkChanged("online", seen.event.peer)
            standing = [] if seen.event.what in ENDS else [msgspec.structs.replace(seen, event=online)]
    return standing + [seen for seen in events if seen.at >= at]


def end_of(peer: str) -> End | None:
    """The pile's end, from host:port; None when that is no address."""
    host, _, port = peer.rpartition(":")
    address = address_of(host)
    known = address is not None and port.isdecimal() and 0 < int(port) < 65_536
    return End(address, int(port), PILE_MAC) if address is not None and known else None


def address_of(host: str) -> Address | None:
    """An IP address; None for a name. IPv4 in IPv6 is IPv4."""
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


__all__ = ["ENDS", "EPOCH", "Ours", "packets", "recalled", "since"]
