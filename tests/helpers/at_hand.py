"""A simulated pile within reach of a test: on a pretend wire instead of a socket."""

from harness.core.pile import PileProfile
from harness.sim.hands import Hands
from tests.sim.pretend import Beside


class AtHand:
    """A simulated pile on a pretend wire, in the place of one on a socket."""

    def __init__(self, asked: PileProfile) -> None:
        self.profile = asked
        self.beside = Beside()
        self.pile = self.beside.pile
        self.hands = Hands(self.pile)
        self.settled = 0
        self.on = False

    def power_on(self) -> None:
        self.on = True
        self.beside.logged_in()

    def power_off(self) -> None:
        self.on = False

    def now(self) -> float:
        return self.beside.now

    def settle(self) -> None:
        self.settled += 1
