"""One play of the self-test, and what there is to see in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from harness.core.auditing import Audit, AuditFinding, Auditor, Level
from harness.core.journal import Record
from harness.core.journal_file import read_journal, to_journal
from harness.core.operator import Firmware
from harness.core.outcome import RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Verdict
from harness.data import data_root
from harness.pictures import read_qr
from harness.profiles import load_profile
from harness.protocols.ykc.language import YkcLanguage
from harness.selftest.plays import Play
from harness.sim.tabletop import play_all

LANGUAGE = YkcLanguage()
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
    of which other findings were told while it was played than are in the outcome, or than the stored records give.
    """

    play: Play
    found: frozenset[str]
    blames: tuple[Blame, ...]
    digest: str
    live_differs: tuple[str, ...] = ()


class LiveAudits:
    """A sink that hears every journal as an audience does: each finding counts from the record that brought it."""

    def __init__(self) -> None:
        self.records: dict[str, list[Record]] = {}
        self.told: dict[str, list[tuple[int, AuditFinding]]] = {}
        self._auditors: dict[str, Auditor] = {}

    def __call__(self, key: str, record: Record) -> None:
        if key not in self._auditors:
            self._auditors[key] = LANGUAGE.auditor()
            self.records[key], self.told[key] = [], []
        self.records[key].append(record)
        self.told[key] += ((record.n, finding) for finding in self._auditors[key].see(record))

    def differing(self, outcome: RunOutcome) -> tuple[str, ...]:
        """The journals of which the outcome, or an audit of what is stored, says something else than was told live."""
        last = {outcome.session_of.key: outcome.session_of.last} if outcome.session_of else {}
        said = {case.key: case.audit for case in outcome.cases if case.key} | dict.fromkeys(last, outcome.session)
        kept = read_journal(to_journal(outcome, self._until(last)), "").journals
        return tuple(key for key in said if not self._agree(said[key], kept.get(key, ()), key))

    def _until(self, last: Mapping[str, int]) -> dict[str, list[Record]]:
        """The records that were there when the run was over."""
        return {
            key: [record for record in records if record.n <= last.get(key, record.n)]
            for key, records in self.records.items()
        }

    def _agree(self, said: Audit | None, stored: Sequence[Record], key: str) -> bool:
        if said is None or not stored:
            return False
        live = tuple(finding for n, finding in self.told[key] if n <= stored[-1].n)
        return live == said.findings and LANGUAGE.audit(stored) == said


def perform(play: Play, *, with_live: bool = True) -> Played:
    """Play it once; `with_live` compares what was told meanwhile with what is found afterwards."""
    live = LiveAudits() if with_live else None
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
    differs = live.differing(outcome) if live else ()
    return Played(play, found_in(outcome), tuple(sorted(blames(outcome))), digest(outcome), differs)


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
