"""What a run kept, held against what the rules of today make of the same records."""

from __future__ import annotations

import msgspec

from harness.core.auditing import Audit
from harness.core.outcome import CaseOutcome


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was kept and as it is judged now; `differs` names what is not the same.

    `again` is None for a case without a journal: it was not played, and there is nothing to judge. A journal that is
    not `whole` lacks records.
    """

    kept: CaseOutcome
    again: CaseOutcome | None = None
    differs: tuple[str, ...] = ()
    whole: bool = True

    @property
    def other_rules(self) -> bool:
        """Was it judged by other rules then?"""
        return self.again is not None and self.again.rules != self.kept.rules


class JudgedSession(msgspec.Struct, frozen=True, kw_only=True):
    """The audit of a pile's session as it was kept and as it is made now; `again` is None when no records are left."""

    kept: Audit
    again: Audit | None = None
    differs: tuple[str, ...] = ()


__all__ = ["Judged", "JudgedSession"]
