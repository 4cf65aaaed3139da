"""The results of a model as the registrant reads them: a row a case, what each rests on, and the sum of it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from harness.core.approval import State
from harness.core.outcome import CaseOutcome
from harness.core.pairs import Pair
from harness.core.standing import Overall, Standing, Standings
from harness.report.chart import state as mark_of
from harness.store.desk import results, uploads
from harness.store.desk.values import PICTURE, REJECT, Attempt, Model, Submission, Upload
from web.results.findings import Findings, findings
from web.results.rules import Rules, rules_of, rules_together
from web.runs.cases import MARKS, Looks, gun, looks
from web.services import NOTHING, RunNow, Services
from web.words import say

OPEN_BY_THEMSELVES = ("failed", "open")
WORD_OF = {"ok": "passed", "remark": "remark", "bad": "failed", "hold": "open", "na": "not_declared"}


class Try(NamedTuple):
    """One attempt among those of a case."""

    attempt: Attempt
    gun: Pair
    state: str
    word: Pair
    counts: bool


class Row(NamedTuple):
    """A case with all that stands under it; `reason` is the reviewer's, word for word."""

    standing: Standing[Attempt]
    state: str
    word: Pair
    opened: bool
    reason: str
    shown: Attempt | None  # the attempt that is told about
    findings: Findings | None
    outcome: CaseOutcome | None  # of the attempt that is told about
    rules: Rules
    newer: Pair  # what the last attempt without a result says, when another one counts
    tries: tuple[Try, ...]
    pictures: tuple[Upload, ...]
    shared: datetime | None  # when it was shown to the platform


class Kept(NamedTuple):
    """What is known beside the attempts; `rejected`: the results are sent back, and testing does not go on yet."""

    rejected: bool
    reasons: Mapping[str, str]
    pictures: Sequence[Upload]
    shared: Mapping[tuple[str, int], datetime]


def result_rows(
    services: Services,
    model: Model,
    standings: Standings[Attempt],
    submission: Submission | None,
    run: RunNow | None = None,
) -> list[Row]:
    """A row for each case."""
    kept = Kept(
        rejected=model.state is State.REJECTED,
        reasons=_reasons(model, submission),
        pictures=uploads.uploads(services.engine, model.id, PICTURE),
        shared={(s.run_id, s.position): s.at for s in uploads.shared(services.engine, False, model.id)},
    )
    return [_row(services, each, kept, looks(each, run)) for each in standings.cases]


def rules_of_all(rows: Sequence[Row]) -> Rules:
    """What the audits of the attempts that are told about found, as one list."""
    return rules_together(row.outcome for row in rows if row.outcome is not None)


def headline(model: Model, overall: Overall, submission: Submission | None) -> Pair:
    """All of it in one line: how it was decided, else how far it is."""
    if model.state is State.REJECTED:
        return say("result.head_rejected", n=len(_reasons(model, submission)))
    if model.state in (State.SUBMITTED, State.DONE):
        return say("result.head_done" if model.state is State.DONE else "result.head_submitted")
    left = overall.open + overall.none
    if overall.none == overall.declared:
        return say("result.head_none")
    if left:
        key = "result.head_left_failed" if overall.failed else "result.head_left"
        return say(key, n=left, failed=overall.failed)
    return say("result.head_failed", failed=overall.failed) if overall.failed else say("result.head_all")


def going(run: RunNow) -> Pair:
    """All of it in one line while a run goes on."""
    return say("result.head_going_case", case=run.cases[run.case].title) if run.case >= 0 else say("result.head_going")


def tally(states: Sequence[str]) -> list[tuple[str, Pair, int]]:
    """How many cases stand how, what runs left out: shape, word and number."""
    none = states.count("wait")
    last = ("wait", say("result.tally_none"), none) if none else ("na", say("result.tally_na"), states.count("na"))
    return [
        ("ok", say("result.tally_passed"), states.count("ok") + states.count("remark")),
        ("bad", say("result.tally_failed"), states.count("bad")),
        ("hold", say("result.tally_open"), states.count("hold")),
        last,
    ]


def _reasons(model: Model, submission: Submission | None) -> dict[str, str]:
    """Why cases were sent back; while testing goes on only those count that were not tested again."""
    if submission is None or submission.accepted is not False or model.state not in (State.REJECTED, State.TESTING):
        return {}
    return {case.case: case.reason for case in submission.cases if case.vote == REJECT}


def _row(services: Services, standing: Standing[Attempt], kept: Kept, live: Looks) -> Row:
    mark, key = MARKS[live.state]
    shown = standing.counts or standing.open
    reason = kept.reasons.get(standing.case, "") if kept.rejected or standing.sent_back else ""
    outcome = results.case_outcome(services.engine, shown.run_id, shown.position) if shown is not None else None
    newer = standing.open if standing.counts is not None else None
    return Row(
        standing=standing,
        state="bad" if reason and kept.rejected else mark,
        word=say("result.row_sent_back" if reason and kept.rejected else key),
        opened=live.state in OPEN_BY_THEMSELVES or standing.waits or bool(reason),
        reason=reason,
        shown=shown,
        findings=findings(services, shown, outcome) if shown is not None and outcome is not None else None,
        outcome=outcome,
        rules=rules_of(outcome) if outcome is not None else Rules(),
        newer=newer.sentence if newer is not None and newer.sentence else NOTHING,
        tries=tuple(_try(standing, attempt) for attempt in reversed(standing.attempts)),
        pictures=_pictures(standing, shown, kept.pictures),
        shared=kept.shared.get((shown.run_id, shown.position)) if shown is not None else None,
    )


def _try(standing: Standing[Attempt], attempt: Attempt) -> Try:
    mark = mark_of(attempt.verdict)
    counts = attempt is standing.counts
    _, word = MARKS[WORD_OF[mark]]
    return Try(attempt, gun(attempt.gun_no), mark, say(word), counts)


def _pictures(standing: Standing[Attempt], shown: Attempt | None, pictures: Sequence[Upload]) -> tuple[Upload, ...]:
    """The pictures of the attempt that is told about."""
    if shown is None or standing.needs != "qr":
        return ()
    return tuple(each for each in pictures if each.run_id == shown.run_id)
