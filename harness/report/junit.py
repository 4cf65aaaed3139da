"""JUnit XML as CI servers read it: failed is a failure, without a result an error, not declared or known skipped.

Beside the cases stand `audit`, the protocol's own rules, and `known`, the list of known failures when there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harness.core.auditing import Level
from harness.core.breaches import CheckFound, audits, found_in
from harness.core.expecting import known_of, without_known
from harness.core.known import Known, Met
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import parted
from harness.core.verdict import Verdict
from harness.report.known import known_line, stale_lines
from harness.report.outcome import Told, gravest_first, local
from harness.report.rules_text import rule_lines

CLASS = "charger-harness"
AUDIT, KNOWN = "audit", "known"
KINDS = {
    Verdict.FAILED: "failure",
    Verdict.BROKEN: "error",
    Verdict.NOT_EARNED: "error",
    Verdict.NOT_APPLICABLE: "skipped",
}
COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
# XML cannot hold these, not even escaped; piles may well send them.
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(outcome: RunOutcome) -> str:
    """The run as one test suite, a test case for each case."""
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name=_clean(f"charger-harness {outcome.pile_code}"))
    properties = SubElement(suite, "properties")
    for name, value in (("run", outcome.run_id), ("pile", outcome.pile_code), ("model", outcome.profile.model)):
        SubElement(properties, "property", name=name, value=_clean(value))
    left = without_known(outcome)
    for case, without in zip(outcome.cases, left.cases, strict=True):
        _add(suite, case, without, known_of(outcome, case))
    if audits(outcome):
        _add_audit(suite, outcome, left)
    if outcome.known:
        _add_known(suite, outcome)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, kind in COUNTS.items():
        suite.set(name, str(sum(case.find(kind) is not None for case in cases)))
    suite.set("timestamp", local(outcome.started, outcome.timezone)[:19])
    suite.set("time", _seconds(outcome.started, outcome.ended))
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _add(suite: Element, case: CaseOutcome, without: CaseOutcome, known: Mapping[str, Known]) -> None:
    """A case; one that fails by nothing but what is known is skipped, with the reasons."""
    element = _test(suite, case.id, _seconds(case.started, case.ended))
    noted = gravest_first(case.noted())
    told = "\n".join(_sentence(each, known) for each in noted)
    kind = KINDS.get(without.verdict)
    if kind is not None:
        message = noted[0].text[1] if noted else case.verdict.value
        _say(element, kind, message, told, type=case.verdict.value)
    elif case.verdict in KINDS:
        _say(
            element,
            "skipped",
            _reasons([known[each.finding.code] for each in noted if each.finding.code in known]),
            told,
        )
    elif noted:
        _say(element, "system-out", "", told)


def _add_audit(suite: Element, outcome: RunOutcome, left: RunOutcome) -> None:
    """The protocol's own rules as one more test: a rule that must be kept fails it, unless that is known."""
    element = _test(suite, AUDIT)
    found, counting = found_in(outcome), {each.first.check for each in found_in(left)}
    broken = [each for each in found if each.level is Level.MUST]
    failing = [each for each in broken if each.first.check in counting]
    excused = [each for each in broken if each.first.check not in counting]
    if failing:
        _say(element, "failure", failing[0].first.en, _lines(outcome, failing), type=Level.MUST.value)
    elif excused:
        _say(element, "skipped", _reasons(_why(outcome, excused)), _lines(outcome, excused))
    rest = [each for each in found if each not in failing and (failing or each not in excused)]
    if rest:
        _say(element, "system-out", "", _lines(outcome, rest))


def _add_known(suite: Element, outcome: RunOutcome) -> None:
    """The list of known failures as one more test: it fails when the list is not true any more."""
    element = _test(suite, KNOWN)
    lines = stale_lines(outcome)
    if lines:
        _say(element, "failure", lines[0].partition(" / ")[2], "\n".join(lines), type=KNOWN)
    _say(element, "system-out", "", "\n".join(known_line(each) for each in outcome.known))


def _test(suite: Element, name: str, time: str = "0") -> Element:
    return SubElement(suite, "testcase", classname=CLASS, name=name, time=time)


def _say(element: Element, kind: str, message: str, text: str, **facts: str) -> None:
    about = {"message": _clean(message)} if message else {}
    SubElement(element, kind, about | facts).text = _clean(text)


def _why(outcome: RunOutcome, found: Sequence[CheckFound]) -> list[Known]:
    checks = {each.first.check for each in found}
    return [each.known for each in outcome.known if each.known.finding in checks and each.how is Met.KNOWN]


def _reasons(known: Sequence[Known]) -> str:
    return "; ".join(dict.fromkeys(f"已知 known: {each.reason} (≤ {each.until})" for each in known))


def _lines(outcome: RunOutcome, found: Sequence[CheckFound]) -> str:
    return "\n".join(rule_lines(outcome, found))


def _sentence(each: Told, known: Mapping[str, Known]) -> str:
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
    lines += [f"  {_reasons([known[finding.code]])}"] if finding.code in known else []
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
