"""What results rest on, to look at and to print: pictures, and the report of a model."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from harness.report.html import to_html
from harness.store import queries
from harness.store.desk import uploads
from harness.store.desk.values import PICTURE
from web import access
from web.results.printed import printed
from web.runs.scanning import picture_kind

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
    """The results as one page that holds all it needs, with what was decided on them; printed by the browser."""
    model, services = access.model_for_viewer(model_id), access.services()
    outcome, review, facts = printed(services, model)
    journals = {case.key: queries.records(services.engine, case.key) for case in outcome.cases if case.key}
    html = to_html(outcome, journals, services.read, access.lang(), facts, review)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.group(1).encode() if style else b"").digest()).decode()
    headers = {"Content-Security-Policy": REPORT.format(digest=digest)}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)
