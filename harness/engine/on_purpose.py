"""Cases about our own misbehaviour: what alone fails them, and that they come to the point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from harness.core.pairs import joined
from harness.core.verdict import Finding, Verdict
from harness.engine.checks.found import NOTHING, found
from harness.engine.evidence import attempt
from harness.engine.scenario import Scenario
from harness.engine.steps.base import Span
from harness.engine.view import View

GOOD = (Verdict.PASSED, Verdict.REMARK)
DEED = ("平台故意出错", "the platform misbehaves")


def only_these_fail(findings: Iterable[Finding], fails: tuple[str, ...]) -> list[Finding]:
    """The findings; where a case names what fails it, any other failure is told as a remark."""
    return [
        msgspec.structs.replace(finding, verdict=Verdict.REMARK)
        if fails and finding.verdict is Verdict.FAILED and finding.code not in fails
        else finding
        for finding in findings
    ]


def not_reached(
    view: View, scenario: Scenario, spans: Sequence[Span], findings: Iterable[Finding]
) -> Iterator[Finding]:
    """A case in which we were to misbehave and did not earns nothing; where something else says why, that is enough."""
    done = {span.index for span in spans if span.how == "done"}
    deeds = {index for index, placed in enumerate(scenario.steps) if placed.step.key == "misbehave"}
    if deeds - done and all(finding.verdict in GOOD for finding in findings):
        yield found(
            Verdict.NOT_EARNED,
            "case",
            "not_reached",
            rule=" ".join(f"§{section}" for section in scenario.head.sections),
            expected=joined(DEED),
            seen=joined(NOTHING),
            frames=attempt(view),
        )
