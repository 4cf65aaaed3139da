"""What is found on a simulated pile: codes of findings that are no pass, and checks of the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harness.core.auditing import Level
from harness.core.outcome import RunOutcome
from harness.core.verdict import Verdict
from tests.sim.plays import played

HELD = (Verdict.FAILED, Verdict.BROKEN)


class Found(NamedTuple):
    """Codes of FAILED and BROKEN findings, checks of the auditor that found something, and those that are a must."""

    codes: frozenset[str]
    checks: frozenset[str]
    musts: frozenset[str]

    @property
    def grave(self) -> frozenset[str]:
        """What a clean pile must not bring."""
        return self.codes | self.musts


def found_in(run: RunOutcome) -> Found:
    """Of all cases, their audits and the audit of the whole session."""
    codes = {f.code for case in run.cases for f in case.findings if f.verdict in HELD}
    audits = [audit for audit in (run.session, *(case.audit for case in run.cases)) if audit is not None]
    findings = [finding for audit in audits for finding in audit.findings]
    musts = {finding.check for finding in findings if finding.level is Level.MUST}
    return Found(frozenset(codes), frozenset(f.check for f in findings), frozenset(musts))


def found_on(
    cases: Sequence[str], *, faults: Sequence[str] = (), dialects: Sequence[str] = (), name: str = "demo", seed: int = 0
) -> Found:
    """Play cases with a pile of the fixtures and tell what is found."""
    return found_in(played(name=name, cases=cases, faults=faults, dialects=dialects, seed=seed))
