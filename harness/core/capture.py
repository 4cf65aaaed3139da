"""What a capture is made of, as values: bytes of a link, its beginning and end, and holes in what was captured."""

from __future__ import annotations

from typing import NamedTuple

LOG = "log"  # the link of a log of lines
EXPORT = "export"  # the link of what the harness itself wrote; all others are TCP connections


class Piece(NamedTuple):
    """Bytes that went over a link in one go.

    `at` is seconds on the file's own clock, None when it has none. `way` tells the two directions of a link apart
    ("" when the file does not), `sender` who sent them where the file itself knows (pile, platform, else "").
    `place` is the line or the packet. `sure` is False for bytes that may just as well be something else.
    """

    link: str
    at: float | None
    way: str
    data: bytes
    place: int
    sender: str = ""
    sure: bool = True


class WholeFrame(NamedTuple):
    """A frame as the harness itself once wrote it down: cut already, and judged sound or not (`damage`)."""

    link: str
    at: float | None
    sender: str
    data: bytes
    place: int
    damage: str = ""


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
    """Something happened that the file does not show, on one way of a link ("" is on all); `lost` bytes if known."""

    link: str
    at: float | None
    way: str
    lost: int
    place: int


Happening = Piece | WholeFrame | Began | Ended | Hole


__all__ = ["EXPORT", "LOG", "Began", "Ended", "Happening", "Hole", "Piece", "WholeFrame"]
