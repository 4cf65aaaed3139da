"""What an attempt came to, for the registrant: reasons, whose fault, sums that differ, the frames it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harness.core.outcome import CaseOutcome
from harness.core.pairs import Pair, parted
from harness.core.standing import OPEN
from harness.core.verdict import Verdict
from harness.report.case_part import CasePart, CheckLine, SumLine, case_part
from harness.report.lines import EventLine, FieldLine, FrameLine
from harness.report.outcome import gravest_first
from harness.store import queries
from harness.store.desk.values import Attempt
from web.services import NOTHING, Services
from web.words import say

OURS = frozenset({"harness_fault", "loop_late", "ended_by_us"})
ROOM = frozenset(
    {
        "operator_silent", "operator_unable", "no_operator", "still_charging", "not_played", "pile_offline",
        "card_unknown", "vin_unknown", "qr_unreadable", "firmware_version_bad", "act_not_seen", "gun_pulled",
    }
)  # fmt: skip
OTHERS = {"aborted": "result.stopped", "pile_lost": "result.network"}
MOST_REASONS, MOST_FRAMES = 3, 8
MOST_FIELDS = 2  # of a frame, in one line


class Cited(NamedTuple):
    """A record that a finding rests on, in one line; `at` are the bytes of its body that a link marks."""

    n: int
    up: bool | None  # None for an event
    title: Pair
    value: Pair
    at: str = ""


class Reason(NamedTuple):
    """A finding that is no pass, and what to do about it."""

    text: Pair
    remedy: Pair
    expected: Pair
    seen: Pair


class Findings(NamedTuple):
    """Why an attempt is no clean pass."""

    reasons: tuple[Reason, ...]
    left_out: int
    fault: Pair
    energies: tuple[SumLine, ...]
    amounts: tuple[SumLine, ...]
    note: Pair
    cited: tuple[Cited, ...]


def findings(services: Services, attempt: Attempt, outcome: CaseOutcome) -> Findings | None:
    """The findings of an attempt that say something; None for a clean pass."""
    if attempt.verdict is Verdict.PASSED:
        return None
    cited = {n for finding in outcome.noted() for n in finding.frames}  # a page in a run is made often: no more is read
    records = queries.some_records(services.engine, attempt.key, cited)
    part = case_part(outcome, records, services.settings.timezone, services.read)
    failed = attempt.verdict is Verdict.FAILED
    return Findings(
        reasons=tuple(_reason(check) for check in part.reasons[:MOST_REASONS]),
        left_out=max(len(part.reasons) - MOST_REASONS, 0),
        fault=fault(outcome) if attempt.verdict in OPEN else NOTHING,
        energies=_differing(part.energies) if failed else (),
        amounts=_differing(part.amounts) if failed else (),
        note=part.note,
        cited=tuple(_cited(part)),
    )


def fault(outcome: CaseOutcome) -> Pair:
    """Whose doing it was that there is no result."""
    codes = [each.finding.code for each in gravest_first(outcome.noted())]
    if OURS.intersection(codes):  # whatever else was seen, seen by a platform out of order
        return say("result.ours")
    code = codes[0] if codes else ""
    return say("result.room" if code in ROOM else OTHERS.get(code, "result.not_pile"))


def _reason(check: CheckLine) -> Reason:
    return Reason(check.text, check.remedy, value(check.expected), value(check.seen))


def value(text: str) -> Pair:
    """What was expected or seen, as each language tells it."""
    return parted("" if text == "-" else text)


def _differing(rows: tuple[SumLine, ...]) -> tuple[SumLine, ...]:
    """The rows that differ, and the total; nothing when all are right."""
    wrong = [row for row in rows if not row.ok]
    return tuple(row for row in rows if not row.ok or row.total) if wrong else ()


def _cited(part: CasePart) -> list[Cited]:
    return [_line(line) for line in telling(part.cited)]


def telling(lines: Sequence[FrameLine | EventLine]) -> list[FrameLine | EventLine]:
    """The few that tell most: those in which a field was looked at, then what opens and closes a window."""
    lit = [line for line in lines if isinstance(line, FrameLine) and any(field.cited for field in line.fields)]
    rest = [line for line in lines if line not in lit]
    ends = [each for pair in zip(rest, reversed(rest), strict=True) for each in pair]
    chosen = list(dict.fromkeys(line.n for line in (*lit, *ends)))[:MOST_FRAMES]
    return [line for line in lines if line.n in chosen]


def _line(line: FrameLine | EventLine) -> Cited:
    if isinstance(line, EventLine):
        return Cited(line.n, None, line.text, parted(line.detail))
    lit = [field for field in line.fields if field.cited][:MOST_FIELDS]
    told = [(f"{field.title[0]} {field.reading[0]}", f"{field.title[1]} {field.reading[1]}") for field in lit]
    value = "，".join(zh for zh, _ in told), ", ".join(en for _, en in told)
    at = f"{lit[0].offset - line.fields[0].offset}-{_end(lit[0]) - line.fields[0].offset}" if lit else ""
    return Cited(line.n, line.up, (f"{line.title[0]} {line.code}", f"{line.title[1]} {line.code}"), value, at)


def _end(field: FieldLine) -> int:
    return field.offset + len(field.hex.split())
