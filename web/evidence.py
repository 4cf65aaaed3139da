"""What results rest on, to look at and to print: pictures, and the report of a model."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from harness.core.approval import State
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.standing import Standing
from harness.core.verdict import Finding, Verdict
from harness.report.html import to_html
from harness.store import queries
from harness.store.desk import results, uploads
from harness.store.desk.values import PICTURE, Attempt, Model, Submission
from web import access, look
from web.scanning import picture_kind
from web.services import Pair, Services
from web.words import say

bp = Blueprint("evidence", __name__)

# Whatever lies in a picture or a report, the browser runs nothing of it.
NOTHING_RUNS = "default-src 'none'; sandbox; frame-ancestors 'none'"
REPORT = "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


@bp.get("/models/<int:model_id>/pictures/<upload>")
@access.members_only
def picture(model_id: int, upload: str) -> ResponseReturnValue:
    """A picture of a model, with the type that its bytes have."""
    model, services = access.model_for_viewer(model_id), access.services()
    found = uploads.upload(services.engine, upload)
    if found is None or found.model_id != model.id or found.kind != PICTURE:
        abort(404)
    path = services.settings.pictures / found.id
    content = path.read_bytes() if path.is_file() else b""
    kind = picture_kind(content[:16])
    if not kind:
        abort(404)
    return Response(content, content_type=kind, headers={"Content-Security-Policy": NOTHING_RUNS})


@bp.get("/models/<int:model_id>/report")
@access.members_only
def report(model_id: int) -> ResponseReturnValue:
    """The attempts that count as one page that holds all it needs; printed by the browser."""
    model, services = access.model_for_viewer(model_id), access.services()
    standings = results.standings(services.engine, model, services.cases)
    outcome = _outcome(services, model, standings.cases)
    journals = {case.key: queries.records(services.engine, case.key) for case in outcome.cases if case.key}
    facts = _facts(services, model, standings.overall.versions)
    html = to_html(outcome, journals, services.read, access.lang(), facts)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.group(1).encode() if style else b"").digest()).decode()
    headers = {"Content-Security-Policy": REPORT.format(digest=digest)}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)


def _outcome(services: Services, model: Model, standings: tuple[Standing[Attempt], ...]) -> RunOutcome:
    """What counts, as if it had been one run."""
    attempts = [attempt for each in standings if (attempt := each.counts or each.open) is not None]
    return RunOutcome(
        pile_code=model.pile_code,
        profile=model.profile(),
        started=min((attempt.started.isoformat() for attempt in attempts), default=""),
        ended=max((attempt.ended.isoformat() for attempt in attempts), default=""),
        cases=tuple(_case(services, each) for each in standings),
        timezone=services.settings.timezone,
    )


def _case(services: Services, standing: Standing[Attempt]) -> CaseOutcome:
    """A case as it counts; one that has not been tested says so."""
    attempt = standing.counts or standing.open
    found = results.case_outcome(services.engine, attempt.run_id, attempt.position) if attempt is not None else None
    if found is not None:
        return found
    verdict = Verdict.NOT_EARNED if standing.declared else Verdict.NOT_APPLICABLE
    why = Finding(code="not_played", verdict=verdict, params={"why": say("evidence.not_tested")})
    return CaseOutcome(
        id=standing.case,
        title_zh=standing.title[0],
        title_en=standing.title[1],
        verdict=verdict,
        findings=(why if standing.declared else Finding(code="not_declared", verdict=verdict),),
    )


def _facts(services: Services, model: Model, versions: tuple[str, ...]) -> tuple[tuple[Pair, Pair], ...]:
    """What stands on top of a printed report: whose it is, its state, and who decided."""
    submission = results.submission(services.engine, model.id)
    shown = submission if model.state in (State.SUBMITTED, State.DONE, State.REJECTED) else None
    facts = [
        (say("evidence.state"), look.state_name(model)),
        (say("evidence.company"), _same(model.company)),
        (say("evidence.contact"), _same(model.contact)),
        (say("evidence.reviewer"), _reviewed(shown)),
    ]
    if shown is not None:
        facts.append((say("evidence.submitted"), _same(look.full_time(shown.at))))
    if versions:
        facts.append((say("evidence.versions"), _same(", ".join(version or "—" for version in versions))))
    return tuple(facts)


def _reviewed(submission: Submission | None) -> Pair:
    if submission is None or submission.decided_by is None or submission.decided_at is None:
        return say("evidence.not_reviewed")
    return say("evidence.reviewed", name=submission.decided_by.name, at=look.full_time(submission.decided_at))


def _same(text: str) -> Pair:
    return text, text
