"""The audits of piles that somebody watches: another thread catches up with a journal, then it is heard as it goes."""

from __future__ import annotations

import logging
from typing import Any

from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure

from harness.core.journal import Record
from harness.store.journal_audits import JournalAudits
from web.frames.feed import Told

LOG = logging.getLogger("harness.desk")


class Following:
    """LiveAudits of a FrameFeed, in the reactor's thread."""

    def __init__(self, audits: JournalAudits, reactor: Any) -> None:
        self._audits = audits
        self._reactor = reactor

    def follow(self, key: str, first: int, told: Told) -> None:
        """Catch up with a journal up to the record `first`, on a thread of the pool."""

        def not_this_time(failure: Failure) -> None:
            LOG.warning("协议规范没有核对成 / the protocol's rules were not checked: %s", failure.getErrorMessage())
            told(None)

        pool = self._reactor.getThreadPool()
        deferToThreadPool(self._reactor, pool, self._audits.follow, key, first).addCallbacks(told, not_this_time)

    def hear(self, key: str, record: Record) -> int | None:
        """The next record of one that was caught up with; None when it has to be caught up with again."""
        return self._audits.hear(key, record)

    def leave(self, key: str) -> None:
        """It is heard no more."""
        self._audits.leave(key)


__all__ = ["Following"]
