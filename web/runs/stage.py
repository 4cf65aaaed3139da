"""What the page of a run shows, as values: steps, sums so far, the prompt, and what may be started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from harness.core.approval import MEANINGS, Action, allowed
from harness.core.outcome import ChargeCurve
from harness.core.pairs import Pair
from harness.core.standing import Standings
from harness.report.chart import draw, ranks
from harness.store.desk.values import Attempt, Model
from web import access
from web.results import outcomes
from web.runs import cases
from web.runs.firmware import earlier
from web.runs.large import rows_of
from web.services import NOTHING, CaseInfo, PromptNow, ProofNow, RunNow, StepNow
from web.words import say

PROOF_SHOWN = 2.0  # real seconds
WHOLE = 600.0  # s that a prompt's bar is long
STEP_MARKS = {
    "done": ("ok", "run.step_done"),
    "now": ("now", "run.step_now"),
    "waiting": ("wait", "run.step_waiting"),
    "late": ("hold", "run.step_late"),
    "skipped": ("na", "run.step_skipped"),
    "aborted": ("hold", "run.step_aborted"),
}


class Step(NamedTuple):
    """A step of the present case."""

    state: str
    word: Pair
    title: Pair
    at: datetime | None


class Sum(NamedTuple):
    """What was charged within one tariff so far."""

    rank: str
    label: Pair
    price: Decimal
    energy: Decimal | None
    amount: Decimal | None
    live: bool


class Sums(NamedTuple):
    """All of it so far."""

    rows: tuple[Sum, ...]
    energy: Decimal
    amount: Decimal


class Choice(NamedTuple):
    """A button that starts cases; none are all."""

    text: Pair
    small: Pair
    cases: tuple[str, ...]


class Segment(NamedTuple):
    """A step on the bar of steps, in its own units."""

    kind: str
    x: float
    width: float


def shown(model: Model) -> dict[str, Any]:
    """All that the page shows at this moment."""
    services = access.services()
    run = services.house.run(model.id)
    standings = cases.standings_now(services, model, run)
    going = run is not None and run.state != "over"
    pile = services.house.pile(model.pile_code)
    return {
        "model": model,
        "run": run,
        "going": going,
        "pile": pile,
        "mine": access.owns(model),
        "may_play": Action.PLAY in allowed(model.state, "registrant") and access.owns(model),
        "gun_word": cases.gun(run.gun_no) if run is not None else NOTHING,
        "may_give": Action.NUMBERS in allowed(model.state, "registrant") and access.owns(model),
        "meaning": MEANINGS[model.state],
        **_listed(services.cases, standings, run, model.data.site),
        **_choices(model, standings, run),
        **(_now(run) if run is not None and going else {}),
        **(_asked(model, run) if run is not None and going else {}),
        "still_charging": run is not None and run.gun_no in pile.charging and run.gun_no not in pile.unasked,
    }


def sums(curve: ChargeCurve) -> Sums | None:
    """What each tariff came to; None when nothing is known yet."""
    if not curve.bands:
        return None
    rank, last = ranks(curve.bands), curve.bands[-1].label
    found = {band.label: band for band in curve.bands}
    rows = tuple(
        Sum(rank[label], (band.label_zh, band.label_en), band.price, band.energy, band.amount, label == last)
        for label, band in found.items()
    )
    energy = sum((row.energy for row in rows if row.energy is not None), Decimal(0))
    return Sums(rows, energy, sum((row.amount for row in rows if row.amount is not None), Decimal(0)))


def segments(steps: Sequence[StepNow], share: float, width: float = 358.0) -> list[Segment]:
    """The steps as a bar; the present one is filled by the share of its time that is over."""
    if not steps:
        return []
    each = width / len(steps)
    drawn = []
    for place, step in enumerate(steps):
        x, wide = round(place * each, 1), round(each - 2, 1)
        if step.state == "now":
            drawn.append(Segment("now-rest", x, wide))
            drawn.append(Segment("now", x, round(wide * share, 1)))
        else:
            drawn.append(Segment("" if step.state == "waiting" else "done", x, wide))
    return drawn


def drain(left: float) -> float:
    """How wide the bar of a prompt's time is: full at ten minutes and more."""
    return round(348 * min(max(left / WHOLE, 0.0), 1.0), 1)


def fresh(proof: ProofNow | None, run: RunNow) -> bool:
    """Did frames close a prompt of the present case a moment ago, and is nothing asked since?"""
    if proof is None or proof.by != "frames" or proof.case != run.case or run.prompt is not None:
        return False
    return run.at - proof.at < timedelta(seconds=PROOF_SHOWN * run.speed)


def filled(standings: Standings[Attempt], started: bool) -> Choice | None:
    """What the filled button starts; None when all passed."""
    if not started:
        return Choice(say("run.start"), NOTHING, ())
    left, unproved = cases.without_result(standings), cases.unproved(standings)
    if left:
        return Choice(say("run.go_on", n=len(left)), NOTHING, left)
    return Choice(say("run.start"), say("run.start_rest", n=len(unproved)), unproved) if unproved else None


def _listed(
    infos: tuple[CaseInfo, ...], standings: Standings[Attempt], run: RunNow | None, site: str
) -> dict[str, Any]:
    rows = cases.rows(infos, standings, run, site)
    return {
        "rows": rows,
        "numbers": {row.id: row.number for row in rows},
        "needs": {info.id: info.needs for info in infos},
        "charging": frozenset(info.id for info in infos if info.charges),
        "declared": standings.overall.declared,
        "kept": sum(row.state in ("ok", "remark", "bad") for row in rows if not row.optional),
        "tally": outcomes.tally([row.state for row in rows if not row.optional]),
    }


def _choices(model: Model, standings: Standings[Attempt], run: RunNow | None) -> dict[str, Any]:
    started = run is not None or cases.begun(standings)
    left, unproved = cases.without_result(standings), cases.unproved(standings)
    last = run.gun_no if run is not None else cases.last_gun(standings)
    return {
        "guns": model.profile().gun_numbers(),
        "gun": last if last in model.profile().gun_numbers() else model.profile().gun_numbers()[0],
        "started": started,
        "filled": filled(standings, started),
        "unproved": unproved if left and len(unproved) > len(left) else (),
        "every": cases.playable(standings),
        "head": outcomes.headline(model, standings.overall, None),
    }


def _now(run: RunNow) -> dict[str, Any]:
    curve = run.charge
    case = run.cases[run.case] if 0 <= run.case < len(run.cases) else None
    place = next((n for n, step in enumerate(run.steps, 1) if step.state == "now"), 0)
    return {
        "case": case,
        "step_no": place,
        "steps": [_step(step) for step in run.steps],
        "segments": segments(run.steps, _share(run)),
        "chart": draw(curve) if curve is not None else None,
        "sums": sums(curve) if curve is not None else None,
    }


def _asked(model: Model, run: RunNow) -> dict[str, Any]:
    prompt, zh = run.prompt, access.lang() == "zh"
    settings = access.services().settings
    found: dict[str, Any] = {"prompt": prompt, "proof": run.proof if fresh(run.proof, run) else None}
    if prompt is not None:
        left = (prompt.due - run.at).total_seconds()
        found |= {"act_rows": rows_of(prompt.line, zh), "then": _sentences(prompt, zh), "drain": drain(left)}
    if found["proof"] is not None:
        found["proof_rows"] = rows_of(found["proof"].text, zh)
    found |= {"most_picture": settings.most_picture, "most_firmware": settings.most_firmware}
    if prompt is not None and prompt.kind == "firmware":
        found |= {"uploads": earlier(model)}
    return found


def _step(step: StepNow) -> Step:
    mark, word = STEP_MARKS[step.state]
    return Step(mark, say(word), step.title, step.at)


def _share(run: RunNow) -> float:
    """How much of the present step's time is over."""
    step = next((step for step in run.steps if step.state == "now"), None)
    if step is None or step.at is None or run.count_due is None or run.count_due <= step.at:
        return 0.0
    return min(max((run.at - step.at) / (run.count_due - step.at), 0.0), 1.0)


def _sentences(prompt: PromptNow, zh: bool) -> tuple[str, str]:
    """The second sentence large, what follows it small."""
    first, stop, rest = prompt.more[0 if zh else 1].partition("。" if zh else ". ")
    return (first if zh else first + stop.strip()), rest
