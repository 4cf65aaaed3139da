"""One play of the self-test, and what there is to see in it."""

from __future__ import annotations

import hashlib

import msgspec

from harness.core.auditing import Audit, AuditFinding, Level
from harness.core.journal import Record
from harness.core.operator import Firmware
from harness.core.outcome import RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Verdict
from harness.data import data_root
from harness.pictures import read_qr
from harness.profiles import load_profile
from harness.protocols.ykc.audit import PileAuditor
from harness.selftest.plays import Play
from harness.sim.tabletop import play_all

BAD = (Verdict.FAILED, Verdict.BROKEN)
NEW_VERSION = "V2.0.1"


class Blame(msgspec.Struct, frozen=True, order=True):
    """Something that is held against the pile: the code of a finding, or a check that found a must."""

    code: str
    case: str  # "" for the audit of the whole session


class Played(msgspec.Struct, frozen=True):
    """What a play showed.

    `found` are all codes of findings that failed or broke a case, and all checks that found anything; `blames` only
    what is held against the pile. `digest` covers every verdict, finding and audit. `live_differs` names the journals
    whose audit was another while it was played than afterwards.
    """

    play: Play
    found: frozenset[str]
    blames: tuple[Blame, ...]
    digest: str
    live_differs: tuple[str, ...] = ()


class LiveAudits:
    """A sink that audits every journal as its records come."""

    def __init__(self) -> None:
        self.records: dict[str, list[Record]] = {}
        self._auditors: dict[str, PileAuditor] = {}
        self._told: dict[str, list[AuditFinding]] = {}

    def __call__(self, key: str, record: Record) -> None:
        if key not in self._auditors:
            self._auditors[key] = PileAuditor()
            self.records[key], self._told[key] = [], []
        self.records[key].append(record)
        self._told[key] += self._auditors[key].see(record)

    def differing(self) -> tuple[str, ...]:
        """The journals of which an audit afterwards says something else than was told live."""
        return tuple(key for key, records in self.records.items() if self._afterwards(records) != self._live(key))

    def _live(self, key: str) -> Audit:
        told = tuple(self._told[key])
        return msgspec.structs.replace(self._auditors[key].result(), findings=told)

    def _afterwards(self, records: list[Record]) -> Audit:
        auditor = PileAuditor()
        for record in records:
            auditor.see(record)
        return auditor.result()


def perform(play: Play) -> Played:
    """Play it once."""
    live = LiveAudits()
    outcome = play_all(
        [data_root() / "scenarios" / "ykc" / f"{case}.yaml" for case in play.cases],
        bench_profile(play.profile),
        read_picture=read_qr,
        firmware=firmware(),
        faults=play.faults,
        dialects=play.dialects,
        seed=play.seed,
        keep=live,
    )
    return Played(play, found_in(outcome), tuple(sorted(blames(outcome))), digest(outcome), live.differing())


def bench_profile(name: str) -> PileProfile:
    """A pile of the fixtures, standing on a bench: cases that are too dangerous elsewhere are played too."""
    profile = load_profile(data_root() / "fixtures" / "piles" / f"{name}.yaml")
    return msgspec.structs.replace(profile, site="bench")


def firmware() -> Firmware:
    """The firmware that piles are given."""
    file = data_root() / "fixtures" / "firmware" / f"demo-{NEW_VERSION}.bin"
    return Firmware(str(file), NEW_VERSION, file.stat().st_size)


def found_in(outcome: RunOutcome) -> frozenset[str]:
    """Codes of findings that failed or broke a case, and checks that found anything."""
    codes = {each.code for case in outcome.cases for each in case.findings if each.verdict in BAD}
    checks = {check for audit in audits(outcome).values() for check in audit.counts}
    return frozenset(codes | checks)


def blames(outcome: RunOutcome) -> set[Blame]:
    """What is held against the pile."""
    codes = {Blame(each.code, case.id) for case in outcome.cases for each in case.findings if each.verdict in BAD}
    musts = {Blame(each.check, case) for case, audit in audits(outcome).items() for each in audit.of(Level.MUST)}
    return codes | musts


def audits(outcome: RunOutcome) -> dict[str, Audit]:
    """All audits by case; that of the whole session under ""."""
    found = {case.id: case.audit for case in outcome.cases} | {"": outcome.session}
    return {case: audit for case, audit in found.items() if audit is not None}


def digest(outcome: RunOutcome) -> str:
    """The same for two plays that came to the same."""
    return hashlib.sha256(msgspec.json.encode(outcome)).hexdigest()


__all__ = ["Blame", "LiveAudits", "Played", "perform"]
