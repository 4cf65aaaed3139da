"""The hands of somebody who stands at a simulated pile: each act of a prompt as a few moves with time between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.sim.ykc.pile import Pile

Move = Callable[[float], object]
BETWEEN = 2.0  # seconds between two moves
PHYSICAL = (
    "plug_in",
    "replug",
    "unplug",
    "swipe_card",
    "start_by_vin",
    "press_estop",
    "release_estop",
)


class Hands:
    """Acts on a pile; `settle` is told after each move, so that whoever drives the pile looks at it again."""

    def __init__(self, pile: Pile, settle: Callable[[], None] = lambda: None) -> None:
        self._pile = pile
        self._settle = settle

    def moves(self, act: str, gun: str, card: str) -> Iterator[Move]:
        """The moves of an act at a gun, in order."""
        return getattr(self, f"_{act}")(gun.zfill(2), card)  # type: ignore[no-any-return]

    def do(self, move: Move, now: float) -> None:
        """Make one move."""
        move(now)
        self._settle()

    def picture(self, gun: str, now: float) -> bytes:
        """A picture of the screen of a gun at this moment."""
        return self._pile.screen_picture(gun.zfill(2), now)

    def _plug_in(self, gun: str, card: str) -> Iterator[Move]:
        yield lambda now: self._pile.plug(gun, now)

    def _unplug(self, gun: str, card: str) -> Iterator[Move]:
        yield lambda now: self._pile.unplug(gun, now)

    def _replug(self, gun: str, card: str) -> Iterator[Move]:
        yield from self._unplug(gun, card)
        yield from self._plug_in(gun, card)

    def _swipe_card(self, gun: str, card: str) -> Iterator[Move]:
        yield from self._plug_if_needed(gun)
        yield lambda now: self._pile.swipe(card or self._pile.profile.items.card, gun, now)

    def _start_by_vin(self, gun: str, card: str) -> Iterator[Move]:
        yield from self._plug_if_needed(gun)
        yield lambda now: self._pile.start_by_vin(gun, now)

    def _plug_if_needed(self, gun: str) -> Iterator[Move]:
        if not self._pile.guns[gun].plugged:
            yield from self._plug_in(gun, "")

    def _press_estop(self, gun: str, card: str) -> Iterator[Move]:
        yield self._pile.press_estop

    def _release_estop(self, gun: str, card: str) -> Iterator[Move]:
        yield self._pile.release_estop
