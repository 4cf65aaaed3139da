"""What is kept of a capture as a whole: sums over all links, and where its frames stand in the file."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import datetime

from harness.core.journal import Opened
from harness.protocols.ykc.audit.captured_link import Link

MOST_PLACES = 1 << 20  # frames back that can still be placed in the file


@dataclass
class Totals:
    """What is counted over all links, by the names that CaptureAudit has for it."""

    frames: int = 0
    bytes: int = 0
    understood: int = 0
    links: int = 0
    foreign: int = 0
    foreign_links: int = 0
    holes: int = 0
    lost: int = 0
    copies: int = 0
    unplaced: int = 0
    too_many: int = 0

    def add(self, link: Link) -> None:
        """A link is over; one on which no frame of this protocol came is foreign."""
        if link.is_tcp and not link.frames:
            self.foreign += link.bytes
            self.foreign_links += bool(link.bytes)
            return
        self.links += 1
        self.holes += link.holes
        self.lost += link.lost
        self.bytes += link.bytes
        self.understood += link.understood


class Opening:
    """When the first journal of a file was opened, and how long after that the present one was."""

    def __init__(self) -> None:
        self.began: datetime | None = None
        self.since = 0.0

    def opens(self, opened: Opened, at: float) -> None:
        """One more begins."""
        wall = datetime.fromisoformat(opened.wall)
        self.began = self.began or wall
        self.since = max(0.0, (wall - self.began).total_seconds() - at)


class Places:
    """Where in the file a frame stands; only the last ones are remembered, however many there are."""

    def __init__(self) -> None:
        self._last = 0
        self._places = array("Q")
        self._moments = array("d")

    def add(self, n: int, place: int, at: float) -> None:
        """Numbers rise from 1; those left out have no place."""
        if n > self._last + 1:
            for missing in range(max(self._last, n - 1 - MOST_PLACES) + 1, n):
                self._put(missing, 0, at)
        if n > self._last:
            self._put(n, place, at)
            self._last = n

    def _put(self, n: int, place: int, at: float) -> None:
        if len(self._places) < MOST_PLACES:
            self._places.append(place)
            self._moments.append(at)
        else:
            self._places[(n - 1) % MOST_PLACES] = place
            self._moments[(n - 1) % MOST_PLACES] = at

    def moment(self, n: int) -> float:
        """When a frame was that has a place."""
        return self._moments[(n - 1) % MOST_PLACES]

    def of(self, n: int) -> int | None:
        """The place of a frame; None when it lies too far back."""
        known = max(0, self._last - MOST_PLACES) < n <= self._last
        return (self._places[(n - 1) % MOST_PLACES] or None) if known else None


__all__ = ["Opening", "Places", "Totals"]
