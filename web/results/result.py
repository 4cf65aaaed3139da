"""联调结果: how each case came out and why, what to do about it, and handing it all in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from harness.core.approval import MEANINGS, Action, State, allowed, follow
from harness.core.standing import Standings
from harness.store.desk import models, results, uploads
from harness.store.desk.values import Attempt, Model
from web import access
from web.answers import refused
from web.registrants.changes import beside_no_run
from web.repeats import sent_once
from web.results.outcomes import going, headline, result_rows, rules_of_all, tally
from web.runs import cases
from web.words import say

bp = Blueprint("result", __name__)

MOST_NOTE = 500  # characters


@bp.get("/models/<int:model_id>/result")
@access.members_only
def page(model_id: int) -> ResponseReturnValue:
    """All cases of a model, and what they came to."""
    model, services = access.model_for_viewer(model_id), access.services()
    run, pile = services.house.run(model.id), services.house.pile(model.pile_code)
    standings = cases.standings_now(services, model, run)
    submission = results.submission(services.engine, model.id)
    rows = result_rows(services, model, standings, submission, run)
    running = run is not None and run.state != "over"
    may = allowed(model.state, "registrant") if access.owns(model) else frozenset()
    return render_template(
        "result/page.html",
        model=model,
        pile=pile,
        present=pile.program_version or model.data.program_version,
        running=running,
        overall=standings.overall,
        head=going(run) if run is not None and running else headline(model, standings.overall, submission),
        tally=tally([row.state for row in rows if not row.standing.optional]),
        rows=rows,
        rules=rules_of_all(rows),
        submission=submission if model.state is not State.TESTING else None,
        meaning=MEANINGS[model.state],
        reasons=standings.reasons,
        left=cases.without_result(standings) if cases.begun(standings) else (),
        retries=cases.to_retry(standings),
        may_play=Action.PLAY in may,
        may_give=Action.NUMBERS in may,
        may_submit=Action.SUBMIT in may,
        may_go_on=Action.AGAIN in may,
        mine=access.owns(model),
    )


@bp.post("/models/<int:model_id>/submit")
@access.registrants_only
@sent_once
def submit(model_id: int) -> ResponseReturnValue:
    """提交审核: the attempts that count are frozen."""
    model = access.own_model(model_id)
    follow(model.state, Action.SUBMIT)
    with beside_no_run(model):
        frozen = results.to_submit(_standings(model))
        models.submit(access.services().engine, model.id, frozen, access.actor(), access.now())
    access.services().changed(model.id, "state")
    access.notice(say("result.submitted"))
    return _back(model)


@bp.post("/models/<int:model_id>/again")
@access.registrants_only
@sent_once
def again(model_id: int) -> ResponseReturnValue:
    """重新调试, after results were sent back."""
    model = access.own_model(model_id)
    models.again(access.services().engine, model.id, access.actor(), access.now())
    access.services().changed(model.id, "state")
    access.notice(say("result.debug_again_said"))
    return _back(model)


@bp.post("/models/<int:model_id>/share")
@access.registrants_only
def share(model_id: int) -> ResponseReturnValue:
    """Show an attempt with its frames to the platform."""
    model, services = access.own_model(model_id), access.services()
    run, position = request.form.get("run", ""), request.form.get("position", "")
    found = [each for each in results.attempts(services.engine, model.id) if _is(each, run, position)]
    if not found:
        raise refused("result.no_such")
    note = request.form.get("note", "").strip()[:MOST_NOTE]
    uploads.share(services.engine, model.id, run, found[0].position, found[0].case, note, access.actor(), access.now())
    access.notice(say("result.shared_now"))
    return _back(model)


def _standings(model: Model) -> Standings[Attempt]:
    services = access.services()
    return results.standings(services.engine, model, services.cases)


def _is(attempt: Attempt, run: str, position: str) -> bool:
    return attempt.run_id == run and str(attempt.position) == position


def _back(model: Model) -> ResponseReturnValue:
    return redirect(url_for("result.page", model_id=model.id))
