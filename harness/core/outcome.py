"""What came of a run and of its cases, as plain values: the judge makes them; store, report and console show them.

A run is what one `harness run` did: one pile, its cases in order. Each case that was played has a journal of its own,
and `CaseOutcome.key` is that journal's key; frame numbers are numbers in it. Moments (`began`, `t` ...) are seconds
since that journal was opened, as `Record.at`; `started` and `ended` are ISO 8601 in UTC, "" for a case not played.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from harness.core.auditing import Audit, any_broken
from harness.core.known import KnownMet
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict, worst_verdict


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the case and how it ended, one of journal.How; "" when it never ended or never began."""

    index: int
    key: str
    title_zh: str
    title_en: str
    line: int = 0
    how: str = ""
    began: float | None = None
    ended: float | None = None
    attempt: int = 1
    frames: tuple[int, ...] = ()


class CurvePoint(msgspec.Struct, frozen=True):
    """What one report of the gun said at `t`: kW, kWh, V, A; `n` is its frame."""

    t: float
    power: Decimal
    energy: Decimal
    voltage: Decimal
    current: Decimal
    n: int = 0


class TariffBand(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the charge within one tariff label, with what the platform settles for it; `price` ranks labels."""

    label: str
    label_zh: str
    label_en: str
    start: float
    end: float
    price: Decimal
    energy: Decimal | None = None
    amount: Decimal | None = None


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table of sums: what the pile sent against what the platform settles; None when one has nothing.

    `label` is "" for the total.
    """

    label: str
    label_zh: str
    label_en: str
    pile: Decimal | None
    platform: Decimal | None
    ok: bool = True

    @property
    def difference(self) -> Decimal | None:
        """What the pile sent too much."""
        if self.pile is None or self.platform is None:
            return None
        return self.pile - self.platform


class ChargeCurve(msgspec.Struct, frozen=True, kw_only=True):
    """A charge as a picture and as sums.

    `clock` is what the pile's clock, as it was told, would have read when the journal was opened, local ISO 8601
    without a zone, with the offset that held during the charge; `clock_offset` is by how many seconds it was moved. The
    notes say what the sums rest on (meter readings, tolerance).
    """

    points: tuple[CurvePoint, ...]
    bands: tuple[TariffBand, ...] = ()
    energies: tuple[Settlement, ...] = ()
    amounts: tuple[Settlement, ...] = ()
    clock: str = ""
    clock_offset: float = 0.0
    note_zh: str = ""
    note_en: str = ""
    gun: str = ""  # where a case is about two guns: whose charge this is, as people call it


SAYING = frozenset(Verdict) - {Verdict.PASSED}
PILES_OWN = frozenset({Verdict.FAILED, Verdict.REMARK})


class CaseOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One case: its verdict and all its findings, those that passed included."""

    id: str
    title_zh: str
    title_en: str
    verdict: Verdict
    description_zh: str = ""
    description_en: str = ""
    findings: tuple[Finding, ...] = ()
    steps: tuple[StepOutcome, ...] = ()
    started: str = ""
    ended: str = ""
    gun_no: str = ""
    attempts: int = 1
    charge: ChargeCurve | None = None
    beside: ChargeCurve | None = None  # the charge of the other gun, in a case about two
    key: str = ""  # of its journal
    digest: str = ""  # SHA-256 of the case's text
    rules: str = ""  # version of the judging rules
    audit: Audit | None = None  # of its journal; never changes the verdict

    def noted(self) -> tuple[Finding, ...]:
        """The findings that say something: all that are not PASSED.

        Beside a failure of the pile, what is ours or the room's is no reason: that stands among the checks alone.
        """
        kept = PILES_OWN if self.verdict is Verdict.FAILED else SAYING
        return tuple(finding for finding in self.findings if finding.verdict in kept)


class SessionJournal(msgspec.Struct, frozen=True):
    """The pile's own journal as far as it was audited with a run: its key, when it was opened, its last record then."""

    key: str
    opened: str
    last: int


class RunOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """All cases of one run against one pile, in the order played."""

    pile_code: str
    profile: PileProfile
    started: str
    ended: str = ""
    cases: tuple[CaseOutcome, ...] = ()
    run_id: str = ""
    timezone: str = "Asia/Shanghai"
    session: Audit | None = None  # of the pile's own journal, from its login on, also between the cases
    session_of: SessionJournal | None = None
    known: tuple[KnownMet, ...] = ()  # failures that were known beforehand; verdicts stay as they are

    @property
    def rules_broken(self) -> bool:
        """Did an audit find a breach of a rule that must be kept?"""
        return any_broken((self.session, *(case.audit for case in self.cases)))

    @property
    def verdict(self) -> Verdict:
        """The worst of the cases."""
        return worst_verdict(case.verdict for case in self.cases)


def count(cases: Iterable[CaseOutcome], *verdicts: Verdict) -> int:
    """How many cases ended with one of these verdicts."""
    return sum(case.verdict in verdicts for case in cases)
