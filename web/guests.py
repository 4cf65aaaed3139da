"""Who holds a stream open: nobody too many, and whoever may no longer be here is shown out at once.

All of it happens in the reactor's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

MOST_EACH = 12  # streams of an account: several people of a company, each with a few pages
MOST = 2000  # of all, unless whoever opens the desk knows how many files the process may have


class Guest(Protocol):
    """An open stream; its visitor as the session names it: the account, its epoch, the session."""

    visitor: str
    channels: tuple[str, ...]

    def crowded_out(self) -> None:
        """Tell the page to ask by itself for a while, and end."""

    def end(self) -> None:
        """End; the browser comes back by itself, and is let in if it may."""


class Guests:
    """All open streams, the oldest first."""

    def __init__(self, most_each: int = MOST_EACH, most: int = MOST) -> None:
        self.most_each = most_each
        self.most = most
        self._open: dict[Guest, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, guest: Guest) -> None:
        """Somebody comes: of one account too many, the oldest goes; of all too many, the newest does."""
        self._open[guest] = None
        others = [each for each in self._open if account(each.visitor) == account(guest.visitor)]
        if len(others) > self.most_each:
            others[0].crowded_out()
        elif len(self._open) > self.most:
            guest.crowded_out()

    def leave(self, guest: Guest) -> None:
        """Somebody went."""
        self._open.pop(guest, None)

    def dismiss(self, name: str) -> None:
        """End what an account holds open, or one of its sessions."""
        self.end_where(lambda guest: f"{guest.visitor}:".startswith(f"{name}:"))

    def end_where(self, so: Callable[[Guest], bool]) -> None:
        """End those of which something is so."""
        for guest in [each for each in self._open if so(each)]:
            guest.end()

    def all(self) -> tuple[Guest, ...]:
        """Those who are here."""
        return tuple(self._open)


def account(visitor: str) -> str:
    """The account in the name of a session."""
    return ":".join(visitor.split(":")[:2])
