"""JUnit XML as CI servers read it: failed is a failure, without a result an error, not declared skipped."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harness.core.auditing import Level
from harness.core.outcome import CaseOutcome, RunOutcome, count
from harness.core.pairs import parted
from harness.core.session import audits, found_in
from harness.core.verdict import Verdict
from harness.report.outcome import Told, gravest_first, local
from harness.report.rules_text import rule_lines

KINDS = {
    Verdict.FAILED: "failure",
    Verdict.BROKEN: "error",
    Verdict.NOT_EARNED: "error",
    Verdict.NOT_APPLICABLE: "skipped",
}
CLASS = "charger-harness"
AUDIT = "audit"  # stands beside the cases
# XML cannot hold these, not even escaped; piles may well send them.
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(outcome: RunOutcome) -> str:
    """The run as one test suite, a test case for each case."""
    suites = Element("testsuites")
    audited = bool(audits(outcome))
    counts = {
        "tests": len(outcome.cases) + audited,
        "failures": count(outcome.cases, Verdict.FAILED) + outcome.rules_broken,
        "errors": count(outcome.cases, Verdict.BROKEN, Verdict.NOT_EARNED),
        "skipped": count(outcome.cases, Verdict.NOT_APPLICABLE),
    }
    facts = {key: str(value) for key, value in counts.items()}
    facts["name"] = _clean(f"charger-harness {outcome.pile_code}")
    facts["timestamp"] = local(outcome.started, outcome.timezone)[:19]
    facts["time"] = _seconds(outcome.started, outcome.ended)
    suite = SubElement(suites, "testsuite", facts)
    properties = SubElement(suite, "properties")
    for name, value in (("run", outcome.run_id), ("pile", outcome.pile_code), ("model", outcome.profile.model)):
        SubElement(properties, "property", name=name, value=_clean(value))
    for case in outcome.cases:
        _add(suite, case)
    if audited:
        _add_audit(suite, outcome)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _add(suite: Element, case: CaseOutcome) -> None:
    element = SubElement(
        suite,
        "testcase",
        classname=CLASS,
        name=case.id,
        time=_seconds(case.started, case.ended),
    )
    noted = gravest_first(case.noted())
    kind = KINDS.get(case.verdict)
    told = "\n".join(_sentence(each) for each in noted)
    if kind is not None:
        message = noted[0].text[1] if noted else case.verdict.value
        SubElement(element, kind, message=_clean(message), type=case.verdict.value).text = _clean(told)
    elif noted:
        SubElement(element, "system-out").text = _clean(told)


def _add_audit(suite: Element, outcome: RunOutcome) -> None:
    """The protocol's own rules as one more test: a rule that must be kept fails it."""
    element = SubElement(suite, "testcase", classname=CLASS, name=AUDIT, time="0")
    found = found_in(outcome)
    broken = [each for each in found if each.level is Level.MUST]
    if broken:
        failure = SubElement(element, "failure", message=_clean(broken[0].first.en), type=Level.MUST.value)
        failure.text = _clean("\n".join(rule_lines(outcome, broken)))
    rest = [each for each in found if each.level is not Level.MUST]
    if rest:
        SubElement(element, "system-out").text = _clean("\n".join(rule_lines(outcome, rest)))


def _sentence(each: Told) -> str:
    finding = each.finding
    facts = [
        f"expected {_plain(finding.expected)}" if finding.expected else "",
        f"seen {_plain(finding.seen)}" if finding.seen else "",
        finding.rule,
        " ".join(f"#{n}" for n in finding.frames),
    ]
    lines = [f"{finding.verdict.value} {finding.code}: {each.text[0]} / {each.text[1]}"]
    lines += ["  " + "; ".join(fact for fact in facts if fact)] if any(facts) else []
    lines += [f"  {each.remedy[0]} / {each.remedy[1]}"] if each.remedy[0] else []
    return "\n".join(lines)


def _seconds(started: str, ended: str) -> str:
    if not (started and ended):
        return "0"
    return f"{(datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds():.3f}"


def _clean(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)


def _plain(value: str) -> str:
    """A value in English, as far as it can be told in it."""
    return parted(value)[1] or value
