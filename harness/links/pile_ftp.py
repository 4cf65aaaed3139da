"""Firmware fetched over real FTP for a simulated pile, in a thread, while a scaled clock stands still."""

from __future__ import annotations

import ftplib
import io
from collections.abc import Callable
from typing import Any

from twisted.internet.threads import deferToThreadPool

from harness.core.clock import PausableClock
from harness.core.ports import Offer

TIMEOUT = 30.0  # real seconds

Done = Callable[[bytes | None, float], None]


def fetcher(reactor: Any, clock: PausableClock, settle: Callable[[], None]) -> Callable[[Offer, Done], None]:
    """A function that fetches what an offer names; `done` gets the bytes, or None when it could not be fetched.

    `settle` is called after `done`: the pile's deadlines may have moved.
    """

    def fetch(offer: Offer, done: Done) -> None:
        clock.pause()

        def finished(data: Any) -> None:
            clock.resume()
            done(data if isinstance(data, bytes) else None, clock.monotonic())
            settle()

        deferToThreadPool(reactor, reactor.getThreadPool(), fetch_file, offer).addBoth(finished)

    return fetch


def fetch_file(offer: Offer) -> bytes:
    """The file of an offer, as a pile's modem would fetch it."""
    data = io.BytesIO()
    with ftplib.FTP(timeout=TIMEOUT) as ftp:
        ftp.connect(offer.host, offer.port)
        ftp.login(offer.user, offer.password)
        ftp.retrbinary(f"RETR {offer.path}", data.write)
    return data.getvalue()
