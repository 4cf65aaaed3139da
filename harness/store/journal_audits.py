"""The audits of stored journals, each read on where it stopped: live and afterwards the same records are heard in the
same order, so the findings are the same.

Nothing is audited unless somebody asks, and what is asked for is remembered for a while. Asked from any thread.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import msgspec
from sqlalchemy import Engine

from harness.core.auditing import AuditFinding, Auditor
from harness.store import queries

AT_ONCE = 10_000  # records that one question reads: about a quarter of a second
MOST = 64  # journals that are remembered


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a journal by now; `whole`: it was read to its end. `read`: so many records were new."""

    findings: tuple[AuditFinding, ...] = ()
    whole: bool = True
    read: int = 0


class Followed:
    """A journal under audit, up to the record `upto`."""

    def __init__(self, auditor: Auditor) -> None:
        self.auditor = auditor
        self.findings: tuple[AuditFinding, ...] = ()
        self.upto = 0
        self.lock = Lock()

    def read_on(self, engine: Engine, key: str) -> Audited:
        """Hear the next records."""
        records, whole = queries.records_after(engine, key, self.upto, AT_ONCE)
        for record in records:
            self.findings += self.auditor.see(record)
        if records:
            self.upto = records[-1].n
        return Audited(findings=self.findings, whole=whole, read=len(records))


class JournalAudits:
    """The audits of all journals of a store; `make` gives a new auditor."""

    def __init__(self, engine: Engine, make: Callable[[], Auditor]) -> None:
        self._engine = engine
        self._make = make
        self._followed: OrderedDict[str, Followed] = OrderedDict()
        self._lock = Lock()

    def of(self, key: str) -> Audited:
        """What was found in a journal; a long one takes several questions."""
        followed = self._find(key)
        with followed.lock:
            return followed.read_on(self._engine, key)

    def all_of(self, key: str) -> Audited:
        """What was found in a journal, however long it takes."""
        found = self.of(key)
        while not found.whole:
            found = self.of(key)
        return found

    def _find(self, key: str) -> Followed:
        with self._lock:
            if key not in self._followed:
                self._followed[key] = Followed(self._make())
            self._followed.move_to_end(key)
            while len(self._followed) > MOST:
                self._followed.popitem(last=False)
            return self._followed[key]


__all__ = ["AT_ONCE", "MOST", "Audited", "JournalAudits"]
