"""How a simulated pile goes about things. A fault changes habits, or what is said before it is encoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]
Change = Callable[[Values], Values | None]


@dataclass
class Habits:
    """Times in seconds. `changes` turn what is about to be said into what is said, or into nothing."""

    power_percent: int = 100
    record_delay: float = 2.0
    confirm_delay: float = 1.5  # the user reads the screen and confirms (R-AU-5)
    estop_release_delay: float = 2.0
    stops_after: float | None = None  # ends a charge by itself
    estop_works: bool = True
    installs: bool = True
    record_serial: Callable[[str], str] = str
    shows_qr: Callable[[str], str] = str
    changes: dict[str, list[Change]] = field(default_factory=dict)

    def change(self, frame: str, change: Change) -> None:
        """From now `change` sees every frame of this name before it is encoded."""
        self.changes.setdefault(frame, []).append(change)

    def changed(self, frame: str, values: Values) -> Values | None:
        """What is really said; None for nothing."""
        said: Values | None = values
        for change in self.changes.get(frame, ()):
            if said is not None:
                said = change(dict(said))
        return said
