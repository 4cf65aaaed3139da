"""Audits of a capture's parts: joined, and without what a capture cannot prove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from harness.core.auditing import MOST_TOLD, Audit, AuditFinding, Level, NotJudged
from harness.protocols.ykc.audit.auditor import RULES_VERSION
from harness.protocols.ykc.audit.captured_gaps import LONG
from harness.protocols.ykc.audit.rules import RULES
from harness.protocols.ykc.audit.rules.login import BEFORE_LOGIN, WITH_LOGIN
from harness.protocols.ykc.audit.rules.serials import ANSWERS_NOTHING

TIMED = frozenset(rule.check for rule in RULES if rule.window is not None)
NEED_BOTH = (BEFORE_LOGIN, WITH_LOGIN, ANSWERS_NOTHING)  # checks that take the silence of the platform for a fact

# Musts that one line which a log lacks brings about: no serial shows that a frame of the platform or a reply is not
# there. In a log they are at most should.
LINE_LACKING = frozenset(
    {
        "before_login",
        "charge_without_model",
        "charges_unconfirmed",
        "grace_missed",
        "heartbeats_unanswered",
        "update_reply_missing",
        "record_dropped",
        "record_not_repeated",
        "serial_differs",
        "serial_invented",
        "with_login",
    }
)
# Musts that one line of a pile brings about, of which no serial tells that it is not there.
OWN_LINE_LACKING = frozenset(
    {"model_not_requested", "model_not_verified", "model_not_verified_first", "record_overdue", "record_absent"}
)
# Musts that one wrong digit of a line brings about, which the CRC shows or the form of the frame.
ONE_DIGIT = frozenset({"crc_wrong", "garbage", "length_wrong"})


def one_sided(audit: Audit) -> Audit:
    """An audit of what the pile said alone: what rests on an answer or a question of the platform is not judged."""
    unjudged = tuple(
        NotJudged(rule.id, rule.check, "one_side", audit.counts[rule.check])
        for rule in NEED_BOTH
        if rule.check in audit.counts
    )
    gone = {each.check for each in unjudged}
    return msgspec.structs.replace(
        audit,
        findings=tuple(finding for finding in audit.findings if finding.check not in gone),
        counts={check: count for check, count in audit.counts.items() if check not in gone},
        not_judged=(*audit.not_judged, *unjudged),
    )


def softened(audit: Audit, slips: bool, counts: bool, waits: Sequence[tuple[float, float]] = ()) -> Audit:
    """An audit of a log: what one line that it lacks, or one digit that slipped, may have brought about is should.

    `counts`: the serials of the pile rise, so that a line of its own that is missing shows. `waits` are the times from
    logins to answers that are not missing.
    """
    doubted = LINE_LACKING | (ONE_DIGIT if slips else frozenset()) | (frozenset() if counts else OWN_LINE_LACKING)
    return msgspec.structs.replace(
        audit,
        findings=tuple(
            msgspec.structs.replace(finding, level=Level.SHOULD)
            if finding.check in doubted and finding.level is Level.MUST and not _waited(finding, waits)
            else finding
            for finding in audit.findings
        ),
    )


def _waited(finding: AuditFinding, waits: Iterable[tuple[float, float]]) -> bool:
    """Was it said before the answer to the login, which stands in the log long behind it?"""
    is_early = finding.check == BEFORE_LOGIN.check
    return is_early and any(since <= finding.at and finding.at + LONG <= until for since, until in waits)


def taken_back(audit: Audit, since: float, spoke: float, why: str) -> Audit:
    """An audit without what rests on a time in which something is missing, or was owed behind the pile's last word."""
    gone = [each for each in audit.findings if each.at > (since if each.check in TIMED else spoke)]
    if not gone:
        return audit
    counts = dict(audit.counts)
    for each in gone:
        counts[each.check] -= 1
    return msgspec.structs.replace(
        audit,
        findings=tuple(each for each in audit.findings if each not in gone),
        counts={check: count for check, count in counts.items() if count},
        not_judged=(*audit.not_judged, *(NotJudged(each.rule, each.check, why) for each in gone)),
    )


def merged(audits: Iterable[Audit], strict: bool) -> Audit:
    """Several audits of one pile as one, which were all as strict."""
    findings: list[AuditFinding] = []
    told: dict[str, int] = {}
    counts: dict[str, int] = {}
    unjudged: dict[tuple[str, str, str], int] = {}
    frames = 0
    for audit in audits:
        frames += audit.frames
        for check, count in audit.counts.items():
            counts[check] = counts.get(check, 0) + count
        for each in audit.not_judged:
            key = (each.rule, each.check, each.why)
            unjudged[key] = unjudged.get(key, 0) + each.count
        for finding in audit.findings:
            told[finding.check] = told.get(finding.check, 0) + 1
            if told[finding.check] <= MOST_TOLD:
                findings.append(finding)
    return Audit(
        findings=tuple(findings),
        counts=counts,
        not_judged=tuple(NotJudged(*key, count) for key, count in unjudged.items()),
        frames=frames,
        strict=strict,
        rules=RULES_VERSION,
    )


__all__ = ["merged", "one_sided", "softened", "taken_back"]
