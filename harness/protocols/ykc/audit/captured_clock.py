"""Whether the times of a log are those of its frames: a program that writes its log in batches gives many the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from harness.core.capture import LOG, Happening, Hole, Piece
from harness.core.message import Message
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.captured_bytes import is_sound

LOOKED_AT = 400  # happenings by which it is told
LEAST = 10  # pairs of heartbeats
SOME, FEW = 0.05, 3  # of the pairs come at one time: no pile sends two heartbeats of a gun at once, again and again
NEARLY = 0.97  # of all lines have the time of a line beside them
PERIOD = (6.0, 12.0)  # s on average: as many heartbeats came as should, and the last batch has its time before it


class Believed:
    """The happenings of a capture, without their times where these are plainly not those of the frames."""

    def __init__(self, happenings: Iterable[Happening]) -> None:
        self._happenings = iter(happenings)
        self.in_batches = False

    def __iter__(self) -> Iterator[Happening]:
        first = list(itertools.islice(self._happenings, LOOKED_AT))
        self.in_batches = are_batches([each for each in first if isinstance(each, Piece) and each.link == LOG])
        every = itertools.chain(first, self._happenings)
        return map(_timeless, every) if self.in_batches else every


def are_batches(pieces: Sequence[Piece]) -> bool:
    """Were these lines written in batches, long after what they say?

    A pile that is silent and catches up does so now and then, not all the time; one that sends its heartbeats in
    bundles has answers between them, which take time.
    """
    moments = [each.at for each in pieces]
    steps = _between_heartbeats(pieces)
    if len(steps) < LEAST or sum(step == 0 for step in steps) < max(FEW, SOME * len(steps)):
        return False
    lumps = [len(list(same)) for _, same in itertools.groupby(moments)]
    lumped = sum(size for size in lumps if size > 1)
    return lumped >= NEARLY * len(moments) and PERIOD[0] <= sum(steps) / len(steps) <= PERIOD[1]


def _between_heartbeats(pieces: Iterable[Piece]) -> list[float]:
    """How much time there was between two heartbeats of a gun, which are not one heartbeat told twice."""
    last: dict[tuple[str, str], tuple[float, bytes]] = {}
    steps: list[float] = []
    for piece in pieces:
        read = CATALOGUE.read(piece.data) if is_sound(piece.data) else None
        if not isinstance(read, Message) or read.name != "heartbeat" or piece.at is None:
            continue
        gun = read.values.pile_code, read.values.gun_no
        before = last.get(gun)
        last[gun] = piece.at, piece.data
        if before is not None and before[1] != piece.data:
            steps.append(piece.at - before[0])
    return steps


def _timeless(happening: Happening) -> Happening:
    return happening._replace(at=None) if isinstance(happening, Piece | Hole) else happening


__all__ = ["Believed", "are_batches"]
