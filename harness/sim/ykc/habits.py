"""How a simulated pile goes about things. Faults and dialects change habits, or what is said before it is encoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from harness.core.message import Message
from harness.sim.ykc.tariff import Model

Values = dict[str, Any]
Change = Callable[[Values], Values | None]
Listener = Callable[[Message, float], bool]
Packing = Literal["", "split", "joined"]


@dataclass
class Habits:
    """Times in seconds. `changes` turn what is about to be said into what is said, or into nothing."""

    power_percent: int = 100
    record_delay: float = 2.0
    confirm_delay: float = 1.5  # the user reads the screen and confirms (R-AU-5)
    estop_release_delay: float = 2.0
    heartbeat_period: float = 10.0  # R-HB-1
    charging_period: float = 15.0  # R-RT-1
    stops_after: float | None = None  # ends a charge by itself
    stop_delay: float | None = 0.0  # between 0x36 and what it asks for; None for never
    change_delay: float | None = 0.0  # of the report that a change brings; None for no such report
    start_delay: float = 0.0  # after a first "not plugged in" (R-ST-6)
    fetch_delay: float = 0.0  # before a download begins
    fetches: int = 1  # of a firmware, one after the other
    timeout_unit: float = 60.0  # of the time limit of a download
    boot_delay: float | None = 0.0  # on top of the time that a boot takes; None for never back
    estop_works: bool = True
    estop_reaches: Callable[[str], bool] = field(default=lambda gun_no: True)  # the guns that it stops
    begins: bool = True  # a start that was confirmed is carried out
    installs: bool = True
    waits_for_idle: bool = True  # with a reboot or an update that may wait
    hangs_up: bool = True  # says goodbye to a connection that it gives up
    records_first: bool = True  # what is kept goes out before the model is verified (E-ORDER)
    echoes: bool = True  # a reply repeats the serial of its request (R-SN-2)
    packing: Packing = ""  # what the pieces are in which bytes leave
    record_serial: Callable[[str], str] = str
    keeps_qr: Callable[[str], str] = str
    shows_qr: Callable[[str], str] = str
    takes_model: Callable[[Model], Model] = field(default=lambda model: model)
    sets_clock: Callable[[datetime], datetime | None] = field(default=lambda told: told)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)  # by frame: it goes out so much later
    listeners: dict[str, list[Listener]] = field(default_factory=dict)
    rewrites: list[Callable[[bytes], bytes]] = field(default_factory=list)  # of a whole frame, before it leaves

    def change(self, frame: str, change: Change) -> None:
        """From now `change` sees every frame of this name before it is encoded."""
        self.changes.setdefault(frame, []).append(change)

    def listen(self, frame: str, listener: Listener) -> None:
        """From now `listener` hears every frame of this name first, and says whether the pile heeds it."""
        self.listeners.setdefault(frame, []).append(listener)

    def changed(self, frame: str, values: Values) -> Values | None:
        """What is really said; None for nothing."""
        said: Values | None = values
        for change in self.changes.get(frame, ()):
            if said is not None:
                said = change(dict(said))
        return said

    def heeds(self, message: Message, now: float) -> bool:
        """Does the pile act on a frame of the platform?"""
        heeded = [listener(message, now) for listener in self.listeners.get(message.name, ())]  # each is to hear it
        return all(heeded)

    def rewritten(self, frame: bytes) -> bytes:
        """The bytes of a frame as they leave."""
        for rewrite in self.rewrites:
            frame = rewrite(frame)
        return frame
