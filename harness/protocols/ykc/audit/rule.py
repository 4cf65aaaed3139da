"""A rule as the auditor checks it, declared once: docs/rules.md, findings and exit codes all read it from here."""

from __future__ import annotations

import msgspec

from harness.core.auditing import Level

MUST, SHOULD, REMARK = Level.MUST, Level.SHOULD, Level.REMARK


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One check of one rule of the document.

    `id` is the rule (R-HB-1) or erratum (E-43), `check` the unique name of this check of it. `window` is the time
    limit in seconds that the check works with (None: it is no matter of time), `slack` what is allowed on top.
    `tolerance` says in words what else is allowed. `doubt` names the erratum that leaves the rule open: then a breach
    is at most should unless the audit is strict. `also` names the checks that a breach of this one brings with it by
    its nature. `zh` and `en` are sentences with {names} that the finding fills.
    """

    id: str
    check: str
    level: Level
    section: str
    zh: str
    en: str
    window: float | None = None
    slack: float = 0.0
    tolerance: str = ""
    doubt: str = ""
    also: tuple[str, ...] = ()

    @property
    def limit(self) -> float:
        """The seconds after which a breach is certain."""
        return (self.window or 0.0) + self.slack

    def level_when(self, strict: bool) -> Level:
        """How grave a breach is in an audit of this strictness."""
        return SHOULD if self.doubt and self.level is MUST and not strict else self.level


__all__ = ["MUST", "REMARK", "SHOULD", "Rule"]
