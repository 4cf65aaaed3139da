"""A pretend connection between a pile and a platform: real bytes, cut at random, a little later, always in order."""

from __future__ import annotations

import random
from collections.abc import Callable

from harness.core.clock import Clock

Receive = Callable[[bytes, float], None]
Lost = Callable[[float], None]
MOST_DELAY = 0.05  # seconds for one piece
MOST_PIECES = 4


class End:
    """One end: `write` and `close` are what its session gets; `receive` and `lost` are set once it is there."""

    def __init__(self, clock: Clock, choice: random.Random) -> None:
        self.receive: Receive = lambda data, now: None
        self.lost: Lost = lambda now: None
        self.open = True
        self.sent = bytearray()
        self._clock = clock
        self._choice = choice
        self._free_at = 0.0
        self._other: End

    def join(self, other: End) -> None:
        """This and the other are the two ends of one wire."""
        self._other, other._other = other, self

    def write(self, data: bytes) -> None:
        """Bytes for the other end, in pieces."""
        if not self.open:
            return
        self.sent += data
        for piece in self._pieces(data):
            self._later(lambda piece=piece: self._other._arrive(piece))  # type: ignore[misc]

    def close(self) -> None:
        """Nothing more from here; both ends hear of it after what was written, as with a socket."""
        if self.open:
            self.open = False
            self._later(self._other._hear_end)
            self._later(lambda: self.lost(self._clock.monotonic()))

    def cut(self) -> None:
        """The cable is pulled: both ends lose it, what is under way is gone."""
        for end in (self, self._other):
            if end.open:
                end.open = False
                end.lost(self._clock.monotonic())

    def _arrive(self, piece: bytes) -> None:
        if self.open:
            self.receive(piece, self._clock.monotonic())

    def _hear_end(self) -> None:
        if self.open:
            self.open = False
            self.lost(self._clock.monotonic())

    def _pieces(self, data: bytes) -> list[bytes]:
        wanted = min(self._choice.randrange(MOST_PIECES), len(data) - 1)
        cuts = sorted(self._choice.sample(range(1, len(data)), wanted)) if wanted > 0 else []
        return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]

    def _later(self, call: Callable[[], None]) -> None:
        soon = self._clock.monotonic() + self._choice.uniform(0, MOST_DELAY)
        self._free_at = max(self._free_at, soon)
        self._clock.call_at(self._free_at, call)


def wire(clock: Clock, choice: random.Random) -> tuple[End, End]:
    """Two joined ends."""
    one, other = End(clock, choice), End(clock, choice)
    one.join(other)
    return one, other
