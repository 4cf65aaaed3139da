"""What a reviewer sees of a model: its cases by gun, which attempts count, who waits how long, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from harness.core import wording
from harness.core.approval import Action, State
from harness.core.pairs import Pair
from harness.core.standing import OPEN, Standing, Standings
from harness.core.verdict import Verdict
from harness.report.chart import state as mark_of
from harness.store.desk.values import ACCEPT, REJECT, Attempt, AuditLine, Model, Submission, SubmittedCase
from web.services import NOTHING, CaseInfo
from web.spans import in_words

OLD = timedelta(hours=24)  # what waits longer is marked
MOST_GUNS = 4  # all guns of a model get a column; of more, only those that were tested


class Waiting(NamedTuple):
    """How long something waits, in words."""

    text: Pair
    old: bool


class Cell(NamedTuple):
    """What came of a case on one gun; `counts` marks the one that counts among several."""

    state: str
    word: Pair
    counts: bool


class Row(NamedTuple):
    """A case in the matrix. `place` is which of its `tries` counts, 0 when none does."""

    case: CaseInfo
    declared: bool
    waits: bool
    cells: tuple[Cell | None, ...]
    tries: int
    place: int
    earned: str  # the program version it was earned on
    version: str  # the same as it is shown
    mixed: bool  # earned on another version than the model has now
    run_id: str  # of the attempt to look at first
    position: int
    verdict: Verdict | None  # of the one that counts
    vote: str
    reason: str
    found: Pair  # what a reason for sending it back may begin with


class Matrix(NamedTuple):
    """All cases of a model; `guns` are the numbers of the columns."""

    guns: tuple[str, ...]
    rows: tuple[Row, ...]
    versions: tuple[str, ...]

    def first(self) -> Row | None:
        """The case to look at first: one that failed, else one with a remark, else any that was played."""
        played = [row for row in self.rows if row.run_id]
        order = (Verdict.FAILED, Verdict.REMARK)
        return next((row for verdict in order for row in played if row.verdict is verdict), next(iter(played), None))


def waiting(since: datetime | None, now: datetime) -> Waiting:
    """How long something has been waiting, in words."""
    span = now - since if since is not None else timedelta()
    return Waiting(in_words(span), span >= OLD)


def matrix(
    cases: Sequence[CaseInfo],
    model: Model,
    standings: Standings[Attempt],
    submission: Submission | None,
    history: Sequence[AuditLine],
) -> Matrix:
    """The cases of a model as they were submitted, or as they stand while there is nothing to decide on."""
    decided_on = submission if model.state in (State.SUBMITTED, State.DONE, State.REJECTED) else None
    submitted = {case.case: case for case in decided_on.cases} if decided_on is not None else {}
    guns = _guns(model, [attempt for each in standings.cases for attempt in each.attempts])
    upgrades = _upgrades(history)
    listed = _listed(cases, standings)
    rows = tuple(_row(info, standings.of(info.id), submitted.get(info.id), guns, model, upgrades) for info in listed)
    versions = dict.fromkeys(row.earned for row in rows if row.earned)
    return Matrix(guns, rows, tuple(versions))


def _listed(cases: Sequence[CaseInfo], standings: Standings[Attempt]) -> list[CaseInfo]:
    """The cases that are needed, and what was played beside them."""
    there = {each.case for each in standings.cases if each.attempts or not each.optional}
    return [info for info in cases if info.id in there]


def _row(
    info: CaseInfo,
    standing: Standing[Attempt],
    submitted: SubmittedCase | None,
    guns: Sequence[str],
    model: Model,
    upgrades: Mapping[str, str],
) -> Row:
    counts = _counting(standing, submitted)
    look = counts or standing.open or (standing.attempts[-1] if standing.attempts else None)
    verdict = counts.verdict if counts is not None else None
    version = counts.version if counts is not None else ""
    vote, reason = _vote(counts, submitted)
    return Row(
        case=info,
        declared=submitted.declared if submitted is not None else standing.declared,
        waits=standing.waits,
        cells=tuple(_cell(standing, gun, counts) for gun in guns),
        tries=len(standing.attempts),
        place=standing.attempts.index(counts) + 1 if counts in standing.attempts else 0,
        earned=version,
        version=upgrades.get(look.run_id, version) if look is not None and info.needs == "upgrade" else version,
        mixed=bool(version) and version != model.data.program_version,
        run_id=look.run_id if look is not None else "",
        position=look.position if look is not None else 0,
        verdict=verdict,
        vote=vote,
        reason=reason,
        found=(counts.sentence if counts is not None and verdict is Verdict.FAILED else None) or NOTHING,
    )


def _counting(standing: Standing[Attempt], submitted: SubmittedCase | None) -> Attempt | None:
    if submitted is None:
        return standing.counts
    key = (submitted.run_id, submitted.position)
    return next((each for each in standing.attempts if (each.run_id, each.position) == key), None)


def _vote(counts: Attempt | None, submitted: SubmittedCase | None) -> tuple[str, str]:
    """The vote as it was given, or one to begin with: what failed goes back with what was found."""
    if submitted is None or counts is None:
        return "", ""
    if submitted.vote:
        return submitted.vote, submitted.reason
    return (REJECT, "") if counts.verdict is Verdict.FAILED else (ACCEPT, "")


def _cell(standing: Standing[Attempt], gun: str, counts: Attempt | None) -> Cell | None:
    last = standing.guns.get(gun)
    if last is None:
        played = [each for each in standing.attempts if each.gun_no == gun and each.verdict in OPEN]
        last = played[-1] if played else None
    if last is None:
        return None
    return Cell(mark_of(last.verdict), word_of(last.verdict), last == counts and len(standing.guns) > 1)


def word_of(verdict: Verdict) -> Pair:
    """The word for a verdict; a remark is a pass, its mark says the rest."""
    return wording.verdict_word(Verdict.PASSED if verdict is Verdict.REMARK else verdict)


def _guns(model: Model, attempts: Sequence[Attempt]) -> tuple[str, ...]:
    if model.data.guns <= MOST_GUNS:
        return tuple(f"{number:02d}" for number in range(1, model.data.guns + 1))
    return tuple(sorted({attempt.gun_no for attempt in attempts})) or ("01",)


def _upgrades(history: Sequence[AuditLine]) -> Mapping[str, str]:
    """What our own upgrade case made of the program version, by run: QH1.4.2 → QH1.4.3."""
    found = {}
    for line in history:
        if line.action != Action.UPGRADED:
            continue
        facts = dict(each.partition(": ")[::2] for each in line.detail.splitlines())
        found[facts.get("run", "")] = facts.get("program_version", "")
    return {run: change for run, change in found.items() if run and change}
