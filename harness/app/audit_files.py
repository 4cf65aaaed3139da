"""The audit of files for machines: JSON, and SARIF as code servers show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from harness.console.audit_words import looked_at, remainder, understood, unjudged, verdict
from harness.core.auditing import AuditFinding
from harness.core.capture import FileAudit, PileAudit
from harness.protocols.ykc.audit import RULES_VERSION
from harness.protocols.ykc.audit.rules import RULES
from harness.report.sarif import LEVELS, Notice, SarifResult, SarifRule, Spot, to_sarif


class NotUsable(NamedTuple):
    """A file that could not be judged, and why."""

    file: str
    zh: str
    en: str


MOST_LINKED = 10  # places that led to a finding


def to_json(files: Sequence[FileAudit], unusable: Sequence[NotUsable] = ()) -> str:
    """One object for all files, those that are unusable last."""
    errors = [{"file": each.file, "error": {"zh": each.zh, "en": each.en}} for each in unusable]
    data = {"audit_rules": RULES_VERSION, "files": [*(_file(file) for file in files), *errors]}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def to_sarif_text(files: Sequence[FileAudit], unusable: Sequence[NotUsable] = ()) -> str:
    """All findings of all files as one run."""
    rules = [
        SarifRule(id=rule.check, text=(rule.zh, rule.en), level=LEVELS[rule.level], section=rule.section, rule=rule.id)
        for rule in RULES
    ]
    results = [_result(finding, pile, file) for file, pile, finding in _findings(files)]
    notices = [notice for file in files for notice in _notices(file)]
    notices += [Notice("error", (each.zh, each.en)) for each in unusable]
    return to_sarif(rules, results, notices, ok=not unusable)


def _file(file: FileAudit) -> dict[str, Any]:
    audit = file.audit
    return {
        "file": file.name,
        "kind": file.kind,
        "times": audit.times,
        "grain": file.grain or None,
        "understood": {"bytes": audit.understood, "of": audit.bytes, "share": round(audit.share, 4)},
        "rest": audit.rest,
        "met": {what: count for what, count in file.met.items() if count},
        "breaks": file.breaks or None,
        "foreign": {"connections": audit.foreign_links, "bytes": audit.foreign},
        "holes": {"count": audit.holes, "lost_bytes": audit.lost},
        "copies": audit.copies,
        "unplaced": audit.unplaced,
        "too_many": audit.too_many,
        "frames": audit.frames,
        "began": audit.began or None,
        "rules": {"judged": sorted(audit.looked_at), "without_frames": sorted(audit.rules - audit.looked_at)},
        "broken": audit.broken,
        "piles": [_pile(pile, file) for pile in audit.piles],
    }


def _pile(pile: PileAudit, file: FileAudit) -> dict[str, Any]:
    return {
        "pile_code": pile.pile_code,
        "frames": pile.frames,
        "heard": pile.heard,
        "first": pile.first if file.audit.times else None,
        "last": pile.last if file.audit.times else None,
        "strict": pile.audit.strict,
        "counts": pile.audit.counts,
        "not_judged": pile.audit.not_judged,
        "findings": [
            {
                **msgspec.to_builtins(finding),
                "places": [file.audit.places.get(n) for n in finding.frames],
                "times": [_time(n, file) for n in finding.frames],
                "window_places": [file.audit.places.get(n) for n in finding.window],
            }
            for finding in pile.audit.findings
        ],
    }


def _findings(files: Iterable[FileAudit]) -> Iterator[tuple[FileAudit, PileAudit, AuditFinding]]:
    for file in files:
        for pile in file.audit.piles:
            for finding in pile.audit.findings:
                yield file, pile, finding


def _result(finding: AuditFinding, pile: PileAudit, file: FileAudit) -> SarifResult:
    zh, en = finding.zh, finding.en
    facts = {
        "pile": pile.pile_code,
        "rule": finding.rule,
        "section": finding.section,
        "gun": finding.gun_no,
        "frames": finding.frames,
        "times": [time for n in finding.frames if (time := _time(n, file))],
        "expected": finding.expected,
        "seen": finding.seen,
    }
    return SarifResult(
        rule=finding.check,
        level=LEVELS[finding.level],
        text=(f"桩 {pile.pile_code}：{zh}", f"pile {pile.pile_code}: {en}"),
        spots=tuple(_spot(n, file) for n in finding.frames[-MOST_LINKED:]),
        facts={name: value for name, value in facts.items() if value},
    )


def _time(n: int, file: FileAudit) -> str | None:
    time = file.audit.time_of(n)
    return None if time is None else time.isoformat(timespec="milliseconds")


def _spot(n: int, file: FileAudit) -> Spot:
    place = file.audit.places.get(n)
    if place is None or not file.by_packets:
        return Spot(file=file.name, line=place, what=f"frame {n}")
    return Spot(file=file.name, what=f"packet {place}")


def _notices(file: FileAudit) -> Iterator[Notice]:
    """What readers must know of a file besides its findings."""
    yield Notice("note", _named(file, understood(file)))
    for told in remainder(file):
        yield Notice("note", _named(file, told))
    yield Notice("note", _named(file, looked_at(file)))
    for (zh, en), rules in unjudged(file):
        yield Notice("warning", _named(file, (f"{zh}：{rules}", f"{en}: {rules}")))
    if file.audit.unreliable or file.audit.unheard:
        yield Notice("error", _named(file, verdict(file)))


def _named(file: FileAudit, text: tuple[str, str]) -> tuple[str, str]:
    return f"{file.name}：{text[0]}", f"{file.name}: {text[1]}"


__all__ = ["NotUsable", "to_json", "to_sarif_text"]
