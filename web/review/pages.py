"""The reviewer's side: sign-in, what waits, a model with its evidence, and the decisions."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from werkzeug.datastructures import MultiDict

from harness.core.approval import NAMES, Refused, State
from harness.core.errors import PersonError
from harness.core.standing import Standings
from harness.store.desk import accounts, audit, customers, models, results, uploads
from harness.store.desk.values import Attempt, Model
from web import access, answers, passwords
from web.access import reviewers_only
from web.forms import Mistakes
from web.registrants.vin import is_odd
from web.results.rules import Rules, rules_together
from web.review import deciding
from web.review.history import entry, since_approved
from web.review.matrix import Matrix, matrix
from web.review.proof import Proof, proof
from web.review.reviewers import show, titles_of
from web.whole import whole
from web.words import say

bp = Blueprint("review", __name__, url_prefix="/review")
NONE: MultiDict[str, str] = MultiDict()


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Sign-in of reviewers and admins."""
    if request.method == "GET":
        return render_template("review/login.html", name="", mistakes={})
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    found = accounts.find_user(access.services().engine, name)
    fits = passwords.fits(found[1] if found is not None else None, password)
    if found is None or not fits or found[0].disabled:
        return render_template("review/login.html", name=name, mistakes={"password": say("review.wrong")}), 401
    access.sign_in(found[0])
    audit.note(access.services().engine, access.actor_of(found[0]), "sign_in", access.now())
    back = request.args.get("next", "")
    return redirect(back if access.within_desk(back) else url_for("review.queue"))


@bp.errorhandler(RateLimitExceeded)
def too_often(error: RateLimitExceeded) -> ResponseReturnValue:
    """The same form, with the name that was typed, and how long to wait."""
    mistakes = {"password": answers.wait_words(error)}
    page = render_template("review/login.html", name=request.form.get("name", "").strip(), mistakes=mistakes)
    return answers.too_often(error, page)


@bp.post("/logout")
@reviewers_only
def logout() -> ResponseReturnValue:
    """Sign out."""
    access.sign_out()
    return redirect(url_for("review.login"))


@bp.get("/")
@reviewers_only
def queue() -> ResponseReturnValue:
    """What waits for a decision, the oldest first."""
    return show("review/queue.html", on="queue")


@bp.get("/models")
@reviewers_only
def search() -> ResponseReturnValue:
    """Models by company, model or pile code, and by state."""
    text, state = request.args.get("q", "").strip(), request.args.get("state", "")
    chosen = next((each for each in State if each == state), None)
    found = models.search(access.services().engine, text, chosen)
    return show("review/search.html", on="search", found=found, text=text, chosen=chosen, states=NAMES)


@bp.get("/models/<int:model_id>")
@reviewers_only
def model(model_id: int) -> ResponseReturnValue:
    """A model with all that a decision rests on."""
    return _page(there(model_id))


@bp.get("/models/<int:model_id>/cases/<run>/<int:position>")
@reviewers_only
def case(model_id: int, run: str, position: int) -> ResponseReturnValue:
    """The evidence of one attempt, for the column beside the matrix."""
    found = there(model_id)
    standings = results.standings(access.services().engine, found, access.services().cases)
    shown = _proof(found, standings, _matrix(found, standings), run, position)
    return render_template("review/_proof.html", model=found, proof=shown)


@bp.post("/models/<int:model_id>/approve")
@reviewers_only
def approve(model_id: int) -> ResponseReturnValue:
    """Approve a registration and give the pile code."""
    found, version = there(model_id), _seen(model_id)
    services = access.services()
    code, mistakes = deciding.read_pile_code(request.form, services.taken - {found.pile_code})
    if mistakes:
        return _page(found, request.form, mistakes), 400
    try:
        approved = models.approve(services.engine, model_id, code, access.actor(), access.now(), version)
    except Refused:
        raise
    except PersonError as error:  # another model has it
        return _page(found, request.form, {"pile_code": (error.text_zh, error.text)}), 400
    if found.pile_code not in ("", code):
        services.house.forget(found.pile_code)
    services.house.register(approved.profile())
    return _done(model_id, say("review.approved", code=code))


@bp.post("/models/<int:model_id>/return")
@reviewers_only
def give_back(model_id: int) -> ResponseReturnValue:
    """Send a registration back, with the reason."""
    found, version = there(model_id), _seen(model_id)
    why, mistakes = deciding.read_why(request.form)
    if mistakes:
        return _page(found, request.form, mistakes), 400
    models.give_back(access.services().engine, model_id, why, access.actor(), access.now(), version)
    return _done(model_id, say("review.given_back"))


@bp.post("/models/<int:model_id>/accept")
@reviewers_only
def accept(model_id: int) -> ResponseReturnValue:
    """Approve the results."""
    found, version = there(model_id), _seen(model_id)
    rows = _rows(found)
    voted = deciding.read_votes(request.form, rows.rows)
    mistakes = deciding.against_accepting(voted, rows.rows)
    if mistakes:
        return _page(found, request.form, mistakes), 400
    engine = access.services().engine
    models.accept(engine, model_id, access.actor(), access.now(), voted.votes, voted.reason, version)
    return _done(model_id, say("review.accepted"))


@bp.post("/models/<int:model_id>/reject")
@reviewers_only
def reject(model_id: int) -> ResponseReturnValue:
    """Send the results back, with a reason for each rejected case."""
    found, version = there(model_id), _seen(model_id)
    voted = deciding.read_votes(request.form, _rows(found).rows)
    mistakes = deciding.against_rejecting(voted)
    if mistakes:
        return _page(found, request.form, mistakes), 400
    engine = access.services().engine
    models.reject(engine, model_id, access.actor(), access.now(), voted.votes, voted.reason, version)
    return _done(model_id, say("review.rejected"))


@bp.post("/registrants/<int:registrant_id>/code")
@reviewers_only
def code(registrant_id: int) -> ResponseReturnValue:
    """A new access code for a registrant, shown this once."""
    engine = access.services().engine
    if accounts.registrant(engine, registrant_id) is None:
        abort(404)
    fresh = passwords.new_code()
    owner = accounts.new_code(engine, registrant_id, passwords.hashed(fresh), access.actor(), access.now())
    access.end_streams(owner)
    return show("review/code.html", on="", owner=owner, code=fresh)


@bp.get("/shared")
@reviewers_only
def shared() -> ResponseReturnValue:
    """Cases that registrants ask the platform to look at."""
    services = access.services()
    every = uploads.shared(services.engine, open_only=False)
    found = {each.model_id: models.model(services.engine, each.model_id) for each in every}
    newest_first = sorted(every, key=lambda each: (each.seen_at is not None, -each.id))
    return show("review/shared.html", on="shared", shares=newest_first, models=found, titles=titles_of(services))


@bp.post("/shared/<int:shared_id>/seen")
@reviewers_only
def seen(shared_id: int) -> ResponseReturnValue:
    """Somebody of the platform looked at a shared case."""
    uploads.seen(access.services().engine, shared_id, access.actor(), access.now())
    return redirect(url_for("review.shared"))


def there(model_id: int) -> Model:
    """A model that exists, also a deleted one; else 404."""
    found = models.model(access.services().engine, model_id)
    if found is None:
        abort(404)
    return found


def _seen(model_id: int) -> int:
    """The version that the form was filled in for; Refused when somebody was faster."""
    services = access.services()
    last = [line for line in audit.history(services.engine, model_id) if line.after][-1]  # others change nothing
    at = last.at.astimezone(ZoneInfo(services.settings.timezone))
    return deciding.hold_against(there(model_id), request.form, last, f"{at:%m-%d %H:%M}")


def _done(model_id: int, text: tuple[str, str]) -> ResponseReturnValue:
    """After a decision: tell the streams, and show the model as it is now."""
    access.services().changed(model_id, "state")
    access.notice(text)
    return redirect(url_for("review.model", model_id=model_id))


def _rows(found: Model) -> Matrix:
    services = access.services()
    return _matrix(found, results.standings(services.engine, found, services.cases))


def _matrix(found: Model, standings: Standings[Attempt]) -> Matrix:
    services = access.services()
    submission = results.submission(services.engine, found.id)
    return matrix(services.cases, found, standings, submission, audit.history(services.engine, found.id))


def _proof(found: Model, standings: Standings[Attempt], shown: Matrix, run: str, position: int) -> Proof:
    """The evidence of an attempt of this model; 404 for any other."""
    for row in shown.rows:
        standing = standings.of(row.case.id)
        for attempt in standing.attempts:
            if (attempt.run_id, attempt.position) == (run, position):
                return proof(access.services(), found, standing, attempt, row.place)
    abort(404)


def _chosen(found: Model, standings: Standings[Attempt], shown: Matrix) -> Proof | None:
    """The evidence of the attempt that is asked for, else of the one to look at first; None when nothing was played."""
    run, position = request.args.get("run", ""), request.args.get("position", 0, type=whole)
    first = shown.first()
    if not run and first is not None:
        run, position = first.run_id, first.position
    return _proof(found, standings, shown, run, position) if run else None


def _rules(shown: Matrix) -> Rules:
    """What the audits of the attempts in the matrix found, those that count as they were submitted."""
    engine = access.services().engine
    played = ((row.run_id, row.position) for row in shown.rows if row.declared and row.run_id)
    outcomes = (results.case_outcome(engine, run_id, position) for run_id, position in played)
    return rules_together(outcome for outcome in outcomes if outcome is not None)


def _page(found: Model, typed: MultiDict[str, str] = NONE, mistakes: Mistakes | None = None) -> str:
    services = access.services()
    history = audit.history(services.engine, found.id)
    standings = results.standings(services.engine, found, services.cases)
    submission = results.submission(services.engine, found.id)
    shown = matrix(services.cases, found, standings, submission, history)
    titles = titles_of(services)
    return show(
        "review/model.html",
        on="queue" if found.waiting_since is not None else "search",
        model=found,
        listed=customers.listed(services.engine, found.company),
        changes=since_approved(history),
        history=[entry(line, titles) for line in reversed(history)],
        matrix=shown,
        submission=submission,
        proof=_chosen(found, standings, shown),
        rules=_rules(shown),
        vin_odd=is_odd(found.data.vin_no),
        proposed=found.pile_code or models.free_pile_code(services.engine, services.taken),
        typed=typed,
        mistakes=mistakes or {},
    )
