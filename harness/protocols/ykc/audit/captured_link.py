"""One link of a capture: bytes into frames, and who of the two sides is the pile.

Nobody tells which side that is, it shows in what is said: piles send odd frame types (R-FR-5). As soon as both sides
have spoken that settles it for the link, so that a frame that goes the wrong way is still seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from harness.core.capture import EXPORT, Piece, WholeFrame
from harness.core.journal import PILE, PLATFORM
from harness.core.message import Damage, Message, Unknown
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.captured_bytes import begins, spoilt, wrong_with
from harness.protocols.ykc.framing import OVERHEAD, START, Framer, RawFrame

MOST_IN_VAIN = 1 << 16  # bytes without one sound frame: whatever this connection speaks, it is not YKC
COPIES = 5  # frames in a row that another link showed just before: from then on a link is a copy of that one
STEP = 1e-6  # s: two reads never happen in the same moment


class Item(NamedTuple):
    """A frame or damage of a link; `sender` is "" when nobody can tell whose damage it is.

    `names` is the code of the pile that it names, as far as it can be read.
    """

    at: float
    sender: str
    raw: bytes
    place: int
    message: Message | None = None
    damage: str = ""
    names: str = ""
    n: int = 0  # of its own, where the file numbers frames


class Way:
    """One direction of a link."""

    __slots__ = ("framer", "is_torn", "is_whole", "pending", "place", "sender", "votes")

    def __init__(self, is_whole: bool) -> None:
        self.framer = Framer()
        self.pending = b""  # what the framer has not decided about
        self.place = 0
        self.is_whole = is_whole  # do its bytes go on where the last frame ended? Else damage is not the sender's
        self.is_torn = False  # did something else follow, while a frame was not yet whole?
        self.votes = 0  # frames of piles less frames of platforms
        self.sender = ""  # who sends on it, once both ways have shown it


class Link:
    """A link as its capture shows it. `is_tcp`: its bytes are a stream, not lines that people's programs wrote."""

    def __init__(self, name: str, *, is_tcp: bool, from_start: bool) -> None:
        self.name = name
        self.is_tcp = is_tcp
        self.from_start = from_start
        self.began_at = 0.0
        self.peer = ""
        self.frames = 0  # sound ones, and those that only their CRC spoils
        self.bytes = 0
        self.understood = 0
        self.holes = 0
        self.lost = 0
        self.rest: Counter[str] = Counter()  # bytes that were not, by what they were
        self.logged_in = False  # did a pile log in on it?
        self.early: list[tuple[int, Item]] = []  # what came before any pile was known on it
        self.copies: set[str] = set()  # piles of which it shows what another link shows, too
        self._doubted: dict[str, list[tuple[int, Item]]] = {}  # what may be such a copy, by pile
        self._torn = False
        self._ways: dict[str, Way] = {}
        self._now = 0.0

    @property
    def is_export(self) -> bool:
        """Is it what the harness itself wrote?"""
        return self.name == EXPORT

    @property
    def is_foreign(self) -> bool:
        """Has it said so much without one frame that it is about something else?"""
        return self.is_tcp and not self.frames and self.bytes > MOST_IN_VAIN

    def feed(self, piece: Piece) -> Iterator[Item]:
        """More bytes; gives the frames and the damage that they complete."""
        now = self._later(piece.at)
        self.bytes += len(piece.data)
        if self.is_foreign:
            self._ways.clear()
            return
        yield from self._wake(now)
        way = self._ways.get(piece.way)
        if way is None:
            way = self._ways[piece.way] = Way(self.from_start or not self.is_tcp)
        if not self.is_tcp:
            if not piece.sure and not way.pending:
                self.rest["no_frame"] += len(piece.data)
                return
            if way.pending and begins(way.pending, piece.data):
                yield from self._cut_off(way, now)
            self._left_open(way)
        way.place = piece.place
        way.pending += piece.data
        yield from self._items(way, way.framer.feed(piece.data, now), now)
        if piece.cut and way.pending:
            yield from self._cut_off(way, now)

    def _left_open(self, goes_on: Way) -> None:
        """A line of another way follows one whose frame is not whole: what it says is not known from here on."""
        for way in self._ways.values():
            if way is not goes_on and way.pending and not way.is_torn:
                way.is_torn = self._torn = True

    def take_torn(self) -> bool:
        """Was a frame lost since this was last asked? Of a log only: in a stream holes are told."""
        torn, self._torn = self._torn, False
        return torn

    def take_early(self) -> list[tuple[int, Item]]:
        """What came before any pile was known, once."""
        early, self.early = self.early, []
        return early

    def doubt(self, pile_code: str, n: int, item: Item) -> int:
        """A frame that another link showed, too; gives how many are known to be copies now.

        One proves nothing: a pile that dials anew says the same again.
        """
        held = self._doubted.setdefault(pile_code, [])
        held.append((n, item))
        if len(held) < COPIES:
            return 0
        self.copies.add(pile_code)
        return len(self._doubted.pop(pile_code))

    def take_doubted(self, pile_code: str) -> list[tuple[int, Item]]:
        """What is no copy after all."""
        return self._doubted.pop(pile_code, [])

    @property
    def doubted(self) -> int:
        """How many frames nobody can tell from copies."""
        return sum(map(len, self._doubted.values()))

    def whole(self, frame: WholeFrame) -> Item:
        """A frame that was cut already."""
        now = self._later(frame.at)
        self.bytes += len(frame.data)
        read = None if frame.damage else CATALOGUE.read(frame.data)
        message = read if isinstance(read, Message) else None
        damage = frame.damage or (read.reason if isinstance(read, Damage) else "")
        self._count(message, damage, len(frame.data))
        self.frames += 1
        names = getattr(message.values, "pile_code", "") if message is not None else ""
        return Item(now, frame.sender, frame.data, frame.place, message, damage, names, frame.n)

    def hole(self) -> None:
        """Bytes are missing: what was begun is lost, and the next bytes may begin anywhere."""
        for way in self._ways.values():
            self._drop(way)
            way.is_whole = not self.is_tcp

    def finish(self) -> Iterator[Item]:
        """Nothing more comes: what was begun stays unfinished, which is nobody's fault."""
        for way in self._ways.values():
            yield from self._cut_off(way, self._now)

    def _later(self, at: float | None) -> float:
        """The moment of a read: later than the one before, which the file may not show."""
        if at is not None:
            self._now = at if at > self._now else self._now + STEP
        return self._now

    def _wake(self, now: float) -> Iterator[Item]:
        """What was given up in the meantime."""
        for way in self._ways.values():
            while way.pending and (due := way.framer.next_deadline()) is not None and due <= now:
                yield from self._items(way, way.framer.wake(due), due)

    def _drop(self, way: Way) -> None:
        self.rest["cut_off"] += len(way.pending)
        if way.pending and not self.is_tcp:
            self._torn = True
        way.pending = b""
        way.is_torn = False
        way.framer = Framer()

    def _cut_off(self, way: Way, now: float) -> Iterator[Item]:
        """What is pending will not go on: a whole frame with wrong CRC or length, else one whose end is missing."""
        raw = way.pending
        reason = wrong_with(raw) if way.is_whole else ""
        if not reason:
            self._drop(way)
            return
        way.pending = b""
        way.is_torn = False
        way.framer = Framer()
        message = spoilt(raw)
        names = getattr(message.values, "pile_code", "") if message is not None else ""
        self.rest[reason] += len(raw)
        self.frames += message is not None
        yield Item(now, self._sender(way, raw[5], message), raw, way.place, None, reason, names)

    def _items(self, way: Way, found: list[RawFrame | Damage], now: float) -> Iterator[Item]:
        for each in found:
            way.pending = way.pending[len(each.raw) :]
            way.is_torn = way.is_torn and bool(way.pending)
            read = CATALOGUE.message(each) if isinstance(each, RawFrame) else each
            message = read if isinstance(read, Message) else spoilt(read.raw)
            if isinstance(each, RawFrame) or message is not None:
                self.frames += 1
            if isinstance(each, RawFrame):
                way.is_whole = True
            if message is not None:
                self._vote(way, message)
            names = getattr(message.values, "pile_code", "") if message is not None else ""
            if isinstance(read, Message):
                self._count(read, "", len(each.raw))
                yield Item(now, self._sender(way, each.raw[5], read), each.raw, way.place, read, "", names)
            else:
                self._count(None, read.reason, len(read.raw))
                sender = self._damager(way, each, message, read)
                yield Item(now, sender, read.raw, way.place, None, read.reason, names)

    def _vote(self, way: Way, message: Message) -> None:
        if isinstance(message.values, Unknown):
            return
        way.votes += 1 if message.sender == PILE else -1
        if -1 <= way.votes <= 1:  # else it says what it said before
            self._settle()

    def _settle(self) -> None:
        """Who sends on which way: known as soon as all that have shown anything show the opposite of each other."""
        for way in self._ways.values():
            others = [other.votes for other in self._ways.values() if other is not way and other.votes]
            is_settled = way.votes and others and all((votes > 0) != (way.votes > 0) for votes in others)
            way.sender = (PILE if way.votes > 0 else PLATFORM) if is_settled else ""

    def _sender(self, way: Way, code: int, message: Message | None) -> str:
        """Who sends on this way, if both ways have shown it; else whoever sends such frames."""
        if way.sender:
            return way.sender
        return message.sender if message is not None else (PILE if code & 1 else PLATFORM)

    def _damager(self, way: Way, found: RawFrame | Damage, message: Message | None, damage: Damage) -> str:
        """Whose damage it is: in a log only what stands there as a whole frame is anybody's."""
        raw = damage.raw
        is_frame = len(raw) >= OVERHEAD and raw[0] == START and raw[1] + 4 == len(raw)
        if isinstance(found, Damage) and not (way.is_whole if self.is_tcp else is_frame):
            return ""
        if way.sender:
            return way.sender
        if message is not None or isinstance(found, RawFrame):
            return self._sender(way, raw[5], message)
        votes = way.votes or -sum(other.votes for other in self._ways.values())
        return "" if not votes else (PILE if votes > 0 else PLATFORM)

    def _count(self, message: Message | None, damage: str, size: int) -> None:
        if message is None:
            self.rest[damage] += size
        elif isinstance(message.values, Unknown):
            self.rest["unknown_type"] += size
        else:
            self.understood += size


__all__ = ["Item", "Link"]
