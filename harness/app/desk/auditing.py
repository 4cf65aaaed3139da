"""The audit of a run while it goes on: each of its journals is heard as it is written, and forgotten when it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from harness.core.auditing import AuditFinding, Auditor
from harness.core.journal import Closed, EventSeen, Record
from harness.protocols.ykc.audit import PileAuditor


class LiveAudit:
    """A sink of a run's journals; `findings` are those of each journal so far, by its key."""

    def __init__(self) -> None:
        self.findings: dict[str, list[AuditFinding]] = {}
        self._auditors: dict[str, Auditor] = {}

    def __call__(self, key: str, record: Record) -> None:
        """A record of a journal."""
        auditor = self._auditors.get(key)
        if auditor is None:
            auditor = self._auditors[key] = PileAuditor()
        self.findings.setdefault(key, []).extend(auditor.see(record))
        if isinstance(record, EventSeen) and isinstance(record.event, Closed):
            del self._auditors[key]

    def counts(self) -> Mapping[str, int]:
        """How many checks found something by now, by level."""
        checks = {finding.check: finding.level for found in self.findings.values() for finding in found}
        return Counter(level.value for level in checks.values())


__all__ = ["LiveAudit"]
