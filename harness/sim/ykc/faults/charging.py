"""What goes wrong during a charge."""

from __future__ import annotations

from harness.sim.ykc.pile import Pile

STOPS_AFTER = 15.0


def no_energy(pile: Pile) -> None:
    pile.habits.power_percent = 0


def stops_by_itself(pile: Pile) -> None:
    pile.habits.stops_after = STOPS_AFTER


def no_0x33(pile: Pile) -> None:
    pile.habits.change("remote_start_reply", lambda values: None)


def estop_ignored(pile: Pile) -> None:
    pile.habits.estop_works = False
