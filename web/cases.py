"""The cases of a model as rows that people read: how each stands, or what it does at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.core.standing import Shown, Standing, Standings
from harness.store.desk.values import Attempt
from web.services import NOTHING, CaseInfo, CaseNow, Pair, RunNow
from web.words import say

MARKS = {
    "passed": ("ok", "run.passed"),
    "remark": ("remark", "run.passed"),
    "failed": ("bad", "run.failed"),
    "open": ("hold", "run.open"),
    "none": ("wait", "run.waiting"),
    "waiting": ("wait", "run.waiting"),
    "not_declared": ("na", "run.not_declared"),
    "now": ("now", "run.going"),
    "act": ("act", "run.your_turn"),
}
LISTED_AS = {"remark": "ok"}  # in the rail a remark is a pass
ENDED = ("passed", "remark", "failed", "open")


class Row(NamedTuple):
    """A case in a list; `state` is its shape and colour, `waits` says that its number is still to be given."""

    number: int
    id: str
    title: Pair
    state: str
    word: Pair
    why: Pair = NOTHING
    waits: bool = False

    @property
    def tint(self) -> str:
        """The colour of its place in the rail."""
        return LISTED_AS.get(self.state, self.state)


def gun(number: str) -> Pair:
    """A gun as vendors say it."""
    return say("run.gun", n=number.lstrip("0") or number)


def rows(cases: tuple[CaseInfo, ...], standings: Standings[Attempt], run: RunNow | None) -> tuple[Row, ...]:
    """All cases, those of the present run as they are in it."""
    live = _in_run(run)
    return tuple(_row(n, case, standings.of(case.id), live.get(case.id)) for n, case in enumerate(cases, 1))


def playable(standings: Standings[Attempt]) -> tuple[str, ...]:
    """The declared cases that do not wait for a number, in order."""
    return tuple(each.case for each in standings.cases if each.declared and not each.waits)


def unproved(standings: Standings[Attempt]) -> tuple[str, ...]:
    """Those of them that nothing passed yet."""
    passed = (Shown.PASSED, Shown.REMARK)
    return tuple(each.case for each in standings.cases if each.case in playable(standings) and each.shown not in passed)


def to_retry(standings: Standings[Attempt]) -> tuple[str, ...]:
    """Those of them that failed, came to nothing or were sent back."""
    return tuple(
        each.case
        for each in standings.cases
        if each.case in playable(standings) and (each.sent_back or each.shown in (Shown.FAILED, Shown.OPEN))
    )


def _in_run(run: RunNow | None) -> dict[str, tuple[CaseNow, str]]:
    """The cases of a run with their state; what ended with it unplayed is as it was before."""
    if run is None:
        return {}
    over = run.state == "over"
    return {case.id: (case, state) for case, state in _states(run) if not over or state in ENDED}


def _states(run: RunNow) -> Iterator[tuple[CaseNow, str]]:
    for place, case in enumerate(run.cases):
        asked = place == run.case and run.prompt is not None
        yield case, "act" if asked else case.state


def _row(number: int, case: CaseInfo, standing: Standing[Attempt], live: tuple[CaseNow, str] | None) -> Row:
    if live is not None:
        now, state = live
        return _made(number, case, state, now.sentence if state in ENDED else NOTHING)
    attempt = standing.counts or standing.open
    sentence = attempt.sentence if attempt is not None and attempt.sentence else NOTHING
    return _made(number, case, standing.shown.value, sentence, waits=standing.waits)


def _made(number: int, case: CaseInfo, state: str, sentence: Pair, waits: bool = False) -> Row:
    mark, word = MARKS[state]
    return Row(number, case.id, case.title, mark, say(word), _why(case, state, sentence), waits)


def _why(case: CaseInfo, state: str, sentence: Pair) -> Pair:
    if state == "remark" and sentence[0]:
        return say("run.remark", what=sentence)
    if state in ("none", "waiting") and case.asks[0]:
        return say("run.asks", what=case.asks)
    return sentence if state in ("failed", "open") else NOTHING
