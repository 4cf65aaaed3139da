"""A pile's end of its connection: frames as the habits have them, in the pieces that the habits have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.sim.ykc.pile import Pile

BETWEEN_PIECES = 0.2  # seconds between the two halves of a frame
GATHERED = 0.5  # seconds in which frames are gathered for one write


def frames_in(data: bytes) -> list[bytes]:
    """Whole frames of our own, one after the other (chapter 2)."""
    found: list[bytes] = []
    while data:
        length = data[1] + 4
        found.append(data[:length])
        data = data[length:]
    return found


class Line:
    """Writes to one connection; what is still kept back leaves before it closes."""

    def __init__(self, pile: Pile, write: Callable[[bytes], None], close: Callable[[], None]) -> None:
        self._pile = pile
        self._write = write
        self._close = close
        self._kept: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Frames on their way."""
        habits = self._pile.habits
        frames = [habits.rewritten(frame) for frame in frames_in(data)] if habits.rewrites else [data]
        if not habits.packing:
            self._write(b"".join(frames))
            return
        for frame in frames:
            self._kept += (
                [frame] if habits.packing == "joined" else [frame[: len(frame) // 2], frame[len(frame) // 2 :]]
            )
        if not self._pile.agenda.has("line"):
            self._wait()

    def close(self) -> None:
        """The end: nothing is kept back any more."""
        self._pile.agenda.drop("line")
        self._write(b"".join(self._kept))
        self._kept.clear()
        self._close()

    def _wait(self) -> None:
        wait = GATHERED if self._pile.habits.packing == "joined" else BETWEEN_PIECES
        self._pile.agenda.set("line", self._pile.now + wait, self._flush)

    def _flush(self, now: float) -> None:
        """What was gathered in one write, or one piece of many."""
        if self._pile.habits.packing == "joined":
            self._write(b"".join(self._kept))
            self._kept.clear()
        elif self._kept:
            self._write(self._kept.pop(0))
        if self._kept:
            self._wait()
