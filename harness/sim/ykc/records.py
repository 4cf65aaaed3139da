"""Transaction records: kept until the platform confirms them.

R-TX-2 and R-TX-3 exclude each other; in the tolerant reading (E-RETRY) a record goes out again after 30 s, at most
three times, and again after each login.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.sim.ykc.agenda import Agenda

REPEAT_AFTER = 30.0
MOST_REPEATS = 3
UPLOADED = 0


class Records:
    """The records of one pile. Repeats say exactly the same."""

    def __init__(self, agenda: Agenda, say: Callable[[str, str, dict[str, Any]], bool]) -> None:
        self.repeat_after, self.most_repeats = REPEAT_AFTER, MOST_REPEATS
        self._agenda = agenda
        self._say = say  # gun, frame, values; False when nobody is there
        self._kept: dict[str, tuple[str, dict[str, Any]]] = {}
        self._illegal: set[str] = set()
        self._sent: set[str] = set()

    def waiting(self) -> list[str]:
        """Serials of the records that are kept and not refused."""
        return [serial for serial in self._kept if serial not in self._illegal]

    def keep(self, gun: str, serial: str, values: dict[str, Any], due: float) -> None:
        """A charge is over: send its record at `due`, and keep it."""
        self._kept[serial] = gun, values
        self._agenda.set(f"record {serial}", due, lambda at: self._send(serial, 0, at))

    def confirmed(self, serial: str, result: int) -> None:
        """0x40: 0 lets the record go (R-TX-4), anything else stops the repeats and keeps it for service (E-40)."""
        self._agenda.drop(f"record {serial}")
        if result == UPLOADED:
            self._kept.pop(serial, None)
        elif serial in self._kept:
            self._illegal.add(serial)

    def online(self, now: float) -> None:
        """After a login what is kept goes out first (R-LG-4); one that is about to go out anyway is left alone."""
        for serial in self.waiting():
            if not self._agenda.has(f"record {serial}"):
                self._send(serial, 0, now)

    def offline(self) -> None:
        """Nobody is there: no repeats until the next login; a first sending that is due stays due."""
        for serial in self._sent:
            self._agenda.drop(f"record {serial}")

    def _send(self, serial: str, repeats: int, now: float) -> None:
        gun, values = self._kept[serial]
        if repeats < self.most_repeats:
            due = now + self.repeat_after
            self._agenda.set(f"record {serial}", due, lambda at: self._send(serial, repeats + 1, at))
        self._sent.add(serial)
        if not self._say(gun, "transaction_record", values):
            self._agenda.drop(f"record {serial}")
