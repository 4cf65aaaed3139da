"""Known failures: what a run is expected to find, why, and until when that is put up with."""

from __future__ import annotations

from enum import StrEnum

import msgspec

SESSION = "session"  # instead of a case: anywhere in the pile's session


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A failure that is known: a finding of a case, or a check of the audit, of a case or of the whole session.

    `until` is the last day, ISO 8601, on which it is put up with.
    """

    case: str
    finding: str
    reason: str
    until: str


class Met(StrEnum):
    """What became of a known failure in a run: unseen, or lapsed after its day, when its case had no result in it."""

    KNOWN = "known"
    EXPIRED = "expired"
    GONE = "gone"
    UNSEEN = "unseen"
    LAPSED = "lapsed"


class KnownMet(msgspec.Struct, frozen=True):
    """A known failure and what became of it."""

    known: Known
    how: Met

    @property
    def stale(self) -> bool:
        """Does the list say something that is not so any more?"""
        return self.how in (Met.EXPIRED, Met.GONE)


__all__ = ["SESSION", "Known", "KnownMet", "Met"]
