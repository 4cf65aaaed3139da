"""Remote update: fetch by FTP, look at the file, install, reboot (R-UP-2, R-UP-3).

A firmware file of a simulated pile begins with the line `CHARGER-HARNESS-DEMO-FIRMWARE <version>`: the frame 0x94
carries no version, so the pile finds it in the file.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.core.ports import Offer
from harness.protocols.ykc.codes import WHEN_IDLE

if TYPE_CHECKING:
    from harness.sim.ykc.pile import Pile

MAGIC = b"CHARGER-HARNESS-DEMO-FIRMWARE "
DONE, WRONG_CODE, WRONG_MODEL, TIMED_OUT = 0, 1, 2, 3  # update_status
DEMO_SIZE = 65_536

Done = Callable[[bytes | None, float], None]
Fetch = Callable[[Offer, Done], None]


def make_firmware(version: str, size: int = DEMO_SIZE) -> bytes:
    """A firmware file for simulated piles; always the same for the same version."""
    head = MAGIC + version.encode("ascii") + b"\n"
    blocks = (hashlib.sha256(head + str(number).encode()).digest() for number in range(size // 32 + 1))
    return (head + b"".join(blocks))[:size]


def firmware_version(data: bytes) -> str | None:
    """The version in a firmware file; None when it is no file for this pile."""
    first, newline, _ = data.partition(b"\n")
    version = first.removeprefix(MAGIC).strip()
    if not newline or not first.startswith(MAGIC) or not 1 <= len(version) <= 8 or not version.isascii():
        return None
    return version.decode("ascii")


class Upgrade:
    """The update of one pile; at most one at a time, a new 0x94 takes the place of the old."""

    def __init__(self, pile: Pile, fetch: Fetch, choice: random.Random) -> None:
        self._pile = pile
        self._fetch = fetch
        self._choice = choice
        self._number = 0
        self._waiting: Any = None
        self._fetches = 1

    def command(self, values: Any, serial: bytes, now: float) -> None:
        """0x94: refused at once when it is not for this kind of pile, else carried out now or when nothing charges."""
        self._number += 1
        self._serial = serial
        if values.pile_model != (1 if self._pile.profile.kind == "dc" else 2):
            self._answer(WRONG_MODEL)
        elif values.exec_control == WHEN_IDLE and self._pile.busy and self._pile.habits.waits_for_idle:
            self._waiting = values
        else:
            self._begin(values, now)

    def settled(self, now: float) -> None:
        """Nothing charges any more."""
        values, self._waiting = self._waiting, None
        if values is not None:
            self._begin(values, now)

    def forget(self) -> None:
        """A reboot ends what was going on."""
        self._number += 1
        self._waiting = None
        self._pile.agenda.drop("connect", "fetch", "install")

    def _begin(self, values: Any, now: float) -> None:
        number = self._number
        patience = max(1, values.download_timeout) * self._pile.habits.timeout_unit
        self._pile.agenda.set("fetch", now + patience, lambda at: self._end(number, TIMED_OUT))
        server, path = str(values.server_address), str(values.file_path)
        offer = Offer(server, values.server_port, str(values.user_name), str(values.password), path, 0)
        self._fetches = self._pile.habits.fetches
        later = self._pile.habits.fetch_delay
        if later:
            self._pile.agenda.set("connect", now + later, lambda at: self._get(offer, number))
        else:
            self._get(offer, number)

    def _get(self, offer: Offer, number: int) -> None:
        """Go and get the file."""
        self._fetch(offer, lambda data, at: self._fetched(offer, number, data, at))

    def _fetched(self, offer: Offer, number: int, data: bytes | None, now: float) -> None:
        """The file is here, or None when it could not be fetched."""
        if number != self._number or not self._pile.agenda.has("fetch"):
            return
        self._fetches -= 1
        if self._fetches and data is not None:
            self._get(offer, number)
            return
        self._pile.agenda.drop("fetch")
        if data is None:
            self._end(number, TIMED_OUT)
            return
        version = firmware_version(data)
        if version is None:
            self._end(number, WRONG_MODEL)
            return
        self._pile.agenda.set("install", now + self._choice.uniform(5, 15), lambda at: self._install(version, at))

    def _install(self, version: str, now: float) -> None:
        """Carried out: say so, then reboot into it."""
        if self._pile.busy and self._pile.habits.waits_for_idle:
            self._pile.agenda.set("install", now + 10.0, lambda at: self._install(version, at))
            return
        if self._pile.habits.installs:
            self._pile.program_version = version
        self._answer(DONE)
        self._pile.agenda.set("reboot", now + 1.0, self._pile.reboot)

    def _end(self, number: int, status: int) -> None:
        if number == self._number:
            self._answer(status)

    def _answer(self, status: int) -> None:
        self._pile.say("remote_update_reply", {"update_status": status}, self._serial)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(make_firmware(sys.argv[1]))
