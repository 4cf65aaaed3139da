"""A firmware server that is only pretended: what it would have told of a fetch is told, the bytes are handed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harness.core.clock import Clock
from harness.core.journal import FileFetch
from harness.core.operator import Firmware
from harness.core.ports import Offer
from harness.sim.ykc.upgrade import Done

HOST, PORT = "192.0.2.10", 21  # an address for documentation, nobody's
SECONDS_A_STEP = 0.5
Tell = Callable[[FileFetch], None]


class PretendFtp:
    """Publishes under one-time credentials, as the real server does; `fetch` is what a pile is given."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0
        self._offers: dict[tuple[str, str], tuple[Offer, bytes, Tell]] = {}

    def publish(self, firmware: Firmware, tell: Tell) -> Offer:
        """Lay a file out."""
        self._count += 1
        data = Path(firmware.path).read_bytes()
        user, password = f"u{self._count:05d}", f"p{self._count * 7919:08d}"
        offer = Offer(HOST, PORT, user, password, f"{self._count:04d}/{firmware.name}"[:32], len(data))
        self._offers[user, password] = offer, data, tell
        return offer

    def withdraw(self, offer: Offer) -> None:
        """Take it back."""
        self._offers.pop((offer.user, offer.password), None)

    def fetch(self, offer: Offer, done: Done) -> None:
        """What a pile does over real FTP: connect, log in, open, read, leave."""
        known = self._offers.get((offer.user, offer.password))
        if known is None or known[0].path != offer.path:
            self._clock.call_at(self._clock.monotonic() + SECONDS_A_STEP, lambda: done(None, self._clock.monotonic()))
            return
        theirs, data, tell = known
        for number, (what, size) in enumerate(
            (("connected", 0), ("login", 0), ("opened", 0), ("sent", len(data)), ("disconnected", 0)), start=1
        ):
            event = FileFetch(what=what, user=theirs.user, path=theirs.path, size=size, peer="192.0.2.20:40000")
            self._clock.call_at(self._clock.monotonic() + number * SECONDS_A_STEP, lambda event=event: tell(event))  # type: ignore[misc]
        self._clock.call_at(self._clock.monotonic() + 6 * SECONDS_A_STEP, lambda: done(data, self._clock.monotonic()))
