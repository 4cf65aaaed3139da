"""What a capture is made of, as values: bytes of a link, its beginning and end, holes; and what its audit says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from harness.core.auditing import Audit
from harness.core.journal import Record

LOG = "log"  # the link of a log of lines
EXPORT = "export"  # the link of what the harness itself wrote; all others are TCP connections
# The columns of its frames as CSV, by which such a file is known again.
COLUMNS = ("n", "time", "case", "direction", "type", "name", "title", "hex", "fields", "damage")


class Piece(NamedTuple):
    """Bytes that went over a link in one go.

    `at` is seconds on the file's own clock, None when it has none. `way` tells the two directions of a link apart
    ("" when the file does not), `sender` who sent them where the file itself knows (pile, platform, else "").
    `place` is the line or the packet. `sure` is False for bytes that may just as well be something else. `cut`: the
    file says itself that it left out what follows.
    """

    link: str
    at: float | None
    way: str
    data: bytes
    place: int
    sender: str = ""
    sure: bool = True
    cut: bool = False


class WholeFrame(NamedTuple):
    """A frame as the harness itself once wrote it down: cut already, judged sound or not (`damage`), numbered."""

    link: str
    at: float | None
    sender: str
    data: bytes
    place: int
    damage: str = ""
    n: int = 0


class Recorded(NamedTuple):
    """A record of a journal that the harness kept: nothing about it has to be found out."""

    link: str
    at: float
    record: Record
    place: int


class Began(NamedTuple):
    """The file shows the beginning of a connection; `peer` names its two ends."""

    link: str
    at: float | None
    place: int
    peer: str = ""


class Ended(NamedTuple):
    """The file shows the end of a connection."""

    link: str
    at: float | None
    place: int


class Hole(NamedTuple):
    """Something happened that the file does not show, on one way of a link ("" is on all); `lost` bytes if known.

    `why`: frames are not there (frames_lost), its clock was set (clock_set), or its times begin or end (times).
    """

    link: str
    at: float | None
    way: str
    lost: int
    place: int
    why: str = "frames_lost"


Happening = Piece | WholeFrame | Recorded | Began | Ended | Hole


class PileAudit(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about one pile of a capture, between which moments.

    `heard` are the frames that it sent itself. `looked_at` are the rules that had something to look at: frames they are
    about came.
    """

    pile_code: str
    audit: Audit
    frames: int
    heard: int
    first: float
    last: float
    looked_at: frozenset[str] = frozenset()


class CaptureAudit(msgspec.Struct, frozen=True, kw_only=True):
    """The audits of all piles of a capture, and how much of its bytes was understood.

    `rest` are the bytes that were not, by what they were; `foreign` those of connections that speak something else.
    `holes` are places where something is missing, `lost` the bytes known to be; `copies` frames that were captured
    twice, `unplaced` those that belong to no pile, `too_many` those of piles that there was no room for. `places` has
    the line or packet of each frame that a finding cites, `moments` when it was, as far as they are remembered; `began`
    is the time at moment 0, "" when the file does not tell. `rules` are all rules that there are.
    """

    piles: tuple[PileAudit, ...]
    frames: int
    bytes: int
    understood: int
    rest: Mapping[str, int] = msgspec.field(default_factory=dict)
    links: int = 0
    foreign: int = 0
    foreign_links: int = 0
    holes: int = 0
    lost: int = 0
    copies: int = 0
    unplaced: int = 0
    too_many: int = 0
    places: Mapping[int, int] = msgspec.field(default_factory=dict)
    moments: Mapping[int, float] = msgspec.field(default_factory=dict)
    began: str = ""
    rules: frozenset[str] = frozenset()
    times: bool = True

    @property
    def share(self) -> float:
        """How much was understood, from 0 to 1."""
        return self.understood / self.bytes if self.bytes else 0.0

    def time_of(self, n: int) -> datetime | None:
        """When a frame was that a finding cites."""
        moment = self.moments.get(n)
        if moment is None or not self.began or not self.times:
            return None
        return datetime.fromisoformat(self.began) + timedelta(seconds=moment)

    @property
    def looked_at(self) -> frozenset[str]:
        """The rules that had something to look at at any pile."""
        return frozenset().union(*(pile.looked_at for pile in self.piles))

    @property
    def unreliable(self) -> bool:
        """Was less than half understood, so that little can be said?"""
        return self.share < 0.5

    @property
    def unheard(self) -> bool:
        """Did no pile say anything, so that there was nothing to judge?"""
        return not any(pile.heard for pile in self.piles)

    @property
    def broken(self) -> bool:
        """Did any pile break a rule that must be kept?"""
        return any(pile.audit.broken for pile in self.piles)


class FileAudit(msgspec.Struct, frozen=True, kw_only=True):
    """The audit of a file: of what kind it is (pcap, pcapng, export, journal, log), and what was met besides frames.

    `breaks` is why it breaks off (cut, nonsense), "" when it was read to its end. `grain` is why its times say nothing
    about seconds (minutes, constant, batches), "" when they do or when it has none.
    """

    name: str
    kind: str
    audit: CaptureAudit
    met: Mapping[str, int] = msgspec.field(default_factory=dict)
    breaks: str = ""
    grain: str = ""

    @property
    def by_packets(self) -> bool:
        """Are its places packets, not lines?"""
        return self.kind in ("pcap", "pcapng")


__all__ = [
    "COLUMNS",
    "EXPORT",
    "LOG",
    "Began",
    "CaptureAudit",
    "Ended",
    "FileAudit",
    "Happening",
    "Hole",
    "Piece",
    "PileAudit",
    "Recorded",
    "WholeFrame",
]
