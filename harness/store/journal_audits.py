"""The audits of journals: of stored ones each is read on where it stopped, one that somebody watches is heard itself.

Both ways the same records come in the same order, so live and afterwards the findings are the same. Nothing is audited
unless somebody asks, and what was asked for is remembered for a while. Asked from any thread; `hear` and `leave` are
for the one thread in which the journals live.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import msgspec
from sqlalchemy import Engine

from harness.core.auditing import AuditFinding, Auditor
from harness.core.journal import Record
from harness.store import queries

AT_ONCE = 10_000  # records that one question reads: about a quarter of a second
MOST = 64  # journals that are remembered


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a journal up to a record; `whole`: that was its end. `read`: so many records were new.

    `live`: from there on the journal itself is to be heard.
    """

    findings: tuple[AuditFinding, ...] = ()
    upto: int = 0
    whole: bool = True
    read: int = 0
    live: bool = False


class Followed:
    """A journal under audit, up to the record `upto`. While it is `live` nobody reads it from the store."""

    def __init__(self, auditor: Auditor) -> None:
        self._auditor = auditor
        self.findings: tuple[AuditFinding, ...] = ()
        self.upto = 0
        self.live = False
        self.lock = Lock()

    def hear(self, record: Record) -> None:
        """The next record; one that was heard already is no news."""
        if record.n > self.upto:
            self.findings += self._auditor.see(record)
            self.upto = record.n

    def read_on(self, engine: Engine, key: str) -> Audited:
        """Hear the next records from the store."""
        if self.live:
            return self._audited(whole=True, read=0)
        records, whole = queries.records_after(engine, key, self.upto, AT_ONCE)
        for record in records:
            self.hear(record)
        return self._audited(whole, len(records))

    def _audited(self, whole: bool, read: int) -> Audited:
        return Audited(findings=self.findings, upto=self.upto, whole=whole, read=read, live=self.live)


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

    def follow(self, key: str, first: int) -> Audited:
        """As `of`; once all before the record `first` was heard, the journal is live: whoever asked goes on with it."""
        followed = self._find(key)
        with followed.lock:
            found = followed.read_on(self._engine, key)
            followed.live = found.whole and found.upto >= first - 1
            return msgspec.structs.replace(found, live=followed.live)

    def hear(self, key: str, record: Record) -> int | None:
        """The next record of a journal; gives how many findings there are, or None when it is not live."""
        followed = self._followed.get(key)
        if followed is None or not followed.live:
            return None
        followed.hear(record)
        return len(followed.findings)

    def leave(self, key: str) -> None:
        """A journal is heard no more: what comes now is read from the store, when somebody asks."""
        followed = self._followed.get(key)
        if followed is not None:
            followed.live = False

    def _find(self, key: str) -> Followed:
        with self._lock:
            found = self._followed.get(key)
            if found is None:
                found = self._followed[key] = Followed(self._make())
            self._followed.move_to_end(key)
            rest = [other for other, each in self._followed.items() if not each.live and each is not found]
            for other in rest[: max(len(self._followed) - MOST, 0)]:
                del self._followed[other]
            return found


__all__ = ["AT_ONCE", "MOST", "Audited", "JournalAudits"]
