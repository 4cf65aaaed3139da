"""What all pages of reviewers and admins have around them: how much waits, and where else to go."""

from __future__ import annotations

from flask import render_template

from harness.core.pairs import Pair
from harness.store.desk import models, uploads
from web import access
from web.review.matrix import waiting
from web.services import Services


def show(template: str, **values: object) -> str:
    """A page with the frame of reviewers around it."""
    services = access.services()
    now = access.now()
    return render_template(
        template,
        queue=models.queue(services.engine),
        shared_open=len(uploads.shared(services.engine)),
        waiting=lambda since: waiting(since, now),
        **values,
    )


def titles_of(services: Services) -> dict[str, Pair]:
    """What each case is called."""
    return {info.id: info.title for info in services.cases}
