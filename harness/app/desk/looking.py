"""The audit of a pile that somebody watches, on a thread of the pool; the piles' own thread only hears how it went."""

from __future__ import annotations

import logging
from typing import Any

from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure

from harness.store.journal_audits import JournalAudits
from web.frames.feed import Look, Told

LOG = logging.getLogger("harness.desk")


def look_with(audits: JournalAudits, reactor: Any) -> Look:
    """How a FrameFeed has journals audited."""

    def look(key: str, told: Told) -> None:
        def not_this_time(failure: Failure) -> None:
            LOG.warning("协议规范没有核对成 / the protocol's rules were not checked: %s", failure.getErrorMessage())
            told(None)

        deferToThreadPool(reactor, reactor.getThreadPool(), audits.of, key).addCallbacks(told, not_this_time)

    return look


__all__ = ["look_with"]
