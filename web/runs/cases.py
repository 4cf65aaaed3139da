"""The cases of a model as rows that people read: how each stands, or what it does at this moment."""

from __future__ import annotations

from typing import NamedTuple

from harness.core.pairs import Pair
from harness.core.safety import CLASSES, LIVE, may_stand
from harness.core.standing import Shown, Standing, Standings
from harness.store.desk import results
from harness.store.desk.values import Attempt, Model
from web.services import NOTHING, CaseInfo, RunNow, Services
from web.words import say

MARKS = {
    "passed": ("ok", "run.passed"),
    "remark": ("remark", "run.passed"),
    "failed": ("bad", "run.failed"),
    "open": ("hold", "run.open"),
    "none": ("wait", "run.waiting"),
    "not_declared": ("na", "run.not_declared"),
    "now": ("now", "run.going"),
    "act": ("act", "run.your_turn"),
}
LISTED_AS = {"remark": "ok"}  # in the rail a remark is a pass
RESULTS = ("passed", "remark", "failed")


class Looks(NamedTuple):
    """How a case stands, as a key of MARKS, and what is to be said of it."""

    state: str
    sentence: Pair


class Row(NamedTuple):
    """A case in a list; `state` is its shape and colour, `waits` says that its number is still to be given."""

    number: int
    id: str
    title: Pair
    state: str
    word: Pair
    why: Pair = NOTHING
    waits: bool = False
    optional: bool = False
    safety: Pair = NOTHING  # its class in a word, where it is optional
    barred: Pair = NOTHING  # why it is not played with this pile
    asks_first: bool = False

    @property
    def tint(self) -> str:
        """The colour of its place in the rail."""
        return LISTED_AS.get(self.state, self.state)


def gun(number: str) -> Pair:
    """A gun as vendors say it."""
    return say("run.gun", n=number.lstrip("0") or number)


def barred(case: CaseInfo, site: str) -> Pair:
    """Why a case is not played with a pile that stands there; empty when it is."""
    return NOTHING if may_stand(case.safety, site) else say("run.bench_only")


def rows(
    cases: tuple[CaseInfo, ...], standings: Standings[Attempt], run: RunNow | None, site: str = LIVE
) -> tuple[Row, ...]:
    """All cases as they stand, the one that runs as running; `site` is where the pile stands."""
    there = {each.case: each for each in standings.cases}
    listed = [case for case in cases if case.id in there]
    return tuple(_row(n, case, there[case.id], run, site) for n, case in enumerate(listed, 1))


def playable(standings: Standings[Attempt]) -> tuple[str, ...]:
    """The declared cases that are needed and do not wait for a number, in order."""
    return tuple(each.case for each in standings.cases if each.declared and not each.waits and not each.optional)


def unproved(standings: Standings[Attempt]) -> tuple[str, ...]:
    """Those of them that nothing passed yet."""
    passed = (Shown.PASSED, Shown.REMARK)
    return tuple(each.case for each in standings.cases if each.case in playable(standings) and each.shown not in passed)


def without_result(standings: Standings[Attempt]) -> tuple[str, ...]:
    """Those of them that have no result yet."""
    return tuple(each.case for each in standings.cases if each.case in playable(standings) and each.counts is None)


def to_retry(standings: Standings[Attempt]) -> tuple[str, ...]:
    """Those of them that failed, came to nothing or were sent back."""
    return tuple(
        each.case
        for each in standings.cases
        if each.case in playable(standings) and (each.sent_back or each.shown in (Shown.FAILED, Shown.OPEN))
    )


def begun(standings: Standings[Attempt]) -> bool:
    """Was anything tried yet?"""
    return any(each.attempts for each in standings.cases)


def standings_now(services: Services, model: Model, run: RunNow | None) -> Standings[Attempt]:
    """How the cases of a model stand; what a run that is over left may still be on its way to the store."""
    found = results.standings(services.engine, model, services.cases)
    if run is None or run.state != "over" or _all_kept(found, run):
        return found
    services.settled()
    return results.standings(services.engine, model, services.cases)


def last_gun(standings: Standings[Attempt], case: str = "") -> str:
    """The gun that a case, or else any, was tried on last; "" before that."""
    tried = [each for standing in standings.cases if case in ("", standing.case) for each in standing.attempts]
    return max(tried, key=lambda each: each.started).gun_no if tried else ""


def looks(standing: Standing[Attempt], run: RunNow | None) -> Looks:
    """How a case stands at this moment: what is kept of it, and on top what the present run does with it."""
    live = _in_run(standing, run)
    if live is not None:
        return live
    attempt = standing.counts or standing.open
    sentence = attempt.sentence if attempt is not None and attempt.sentence else NOTHING
    return Looks(standing.shown.value, sentence)


def _all_kept(standings: Standings[Attempt], run: RunNow) -> bool:
    kept = {attempt.key for each in standings.cases for attempt in each.attempts}
    return all(case.key in kept for case in run.cases if case.key)


def _in_run(standing: Standing[Attempt], run: RunNow | None) -> Looks | None:
    """None when a run has nothing to tell of a case that is not kept: it had no turn yet, or all of it is kept."""
    if run is None or run.state == "over":
        return None
    place, case = next(((n, case) for n, case in enumerate(run.cases) if case.id == standing.case), (-1, None))
    if case is None:
        return None
    if case.state == "now":
        return Looks("act" if run.prompt is not None and place == run.case else "now", NOTHING)
    fresh = case.key and all(case.key != attempt.key for attempt in standing.attempts)
    tells = case.state in RESULTS or (case.state == "open" and standing.counts is None)
    return Looks(case.state, case.sentence) if fresh and tells else None


def _row(number: int, case: CaseInfo, standing: Standing[Attempt], run: RunNow | None, site: str) -> Row:
    state, sentence = looks(standing, run)
    mark, word = MARKS[state]
    return Row(
        number=number,
        id=case.id,
        title=case.title,
        state=mark,
        word=say(word),
        why=_why(case, state, sentence),
        waits=standing.waits,
        optional=standing.optional,
        safety=CLASSES[case.safety][0] if standing.optional else NOTHING,
        barred=barred(case, site),
        asks_first=case.asks_first,
    )


def _why(case: CaseInfo, state: str, sentence: Pair) -> Pair:
    if state == "remark" and sentence[0]:
        return say("run.remark", what=sentence)
    if state == "none" and case.asks[0]:
        return say("run.asks", what=case.asks)
    return sentence if state in ("failed", "open") else NOTHING
