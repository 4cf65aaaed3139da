"""Once a day what nobody needs any more is removed, in a thread of its own."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from twisted.internet.threads import deferToThreadPool

from harness.core.clock import Clock, Timer
from harness.settings import Settings
from harness.store.desk import retention

LOG = logging.getLogger("harness.desk")
FIRST = 600.0  # s after the start, when piles and people have come back
A_DAY = 86400.0
FOLDERS = ("pictures", "firmware")


class Sweeping:
    """Sweeps by the clock until it is stopped."""

    def __init__(self, settings: Settings, engine: Engine, clock: Clock, reactor: Any) -> None:
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._reactor = reactor
        self._timer: Timer | None = clock.call_at(clock.monotonic() + FIRST, self._ring)

    def stop(self) -> None:
        """Sweep no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = self._clock.call_at(self._clock.monotonic() + A_DAY, self._ring)
        swept = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), self.sweep)
        swept.addErrback(lambda failure: LOG.error("retention: %s", failure.value))

    def sweep(self) -> None:
        """Remove what is old enough, and the files that belonged to it."""
        now = self._clock.wall()
        swept = retention.sweep(self._engine, now - timedelta(days=self._settings.retention_days), now)
        retention.remove_files(swept, [self._settings.uploads / folder for folder in FOLDERS])
        if swept.journals or swept.frames or swept.uploads:
            LOG.info(
                "已清理 swept: %s journals, %s frames, %s uploads", swept.journals, swept.frames, len(swept.uploads)
            )
