"""What goes wrong with QR codes and updates."""

from __future__ import annotations

from harness.sim.ykc.pile import Pile


def qr_wrong(pile: Pile) -> None:
    pile.habits.shows_qr = lambda text: text[:-1] + ("0" if text.endswith("1") else "1")


def upgrade_old_version(pile: Pile) -> None:
    pile.habits.installs = False
