"""Every route of the desk and who may go there: the table that tests of access walk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harness.store.desk.values import Model

if TYPE_CHECKING:
    from tests.web.conftest import Desk

OPEN = "open"  # to everybody
MEMBERS = "members"  # a registrant's own, and the platform's people
OWNERS = "owners"  # registrants alone, with their own
REVIEWERS = "reviewers"
ADMINS = "admins"

WHO = {
    "start.page": OPEN,
    "start.language": OPEN,
    "start.theme": OPEN,
    "help.page": OPEN,
    "static": OPEN,
    "registrants.register": OPEN,
    "registrants.login": OPEN,
    "registrants.logout": OPEN,
    "review.login": OPEN,
    "review.logout": OPEN,
    "registrants.welcome": OWNERS,
    "models.index": OWNERS,
    "models.new": OWNERS,
    "models.edit": OWNERS,
    "models.delete": OWNERS,
    "numbers.page": OWNERS,
    "numbers.chip": OWNERS,
    "info.page": MEMBERS,
    "info.checklist": MEMBERS,
    "info.go_on": OWNERS,
    "run.page": MEMBERS,
    "run.live": MEMBERS,
    "run.start": OWNERS,
    "run.sure": OWNERS,
    "run.retry": OWNERS,
    "run.stop": OWNERS,
    "run.answer": OWNERS,
    "run.more": OWNERS,
    "run.scan": OWNERS,
    "run.firmware": OWNERS,
    "result.page": MEMBERS,
    "result.submit": OWNERS,
    "result.again": OWNERS,
    "result.share": OWNERS,
    "evidence.picture": MEMBERS,
    "evidence.report": MEMBERS,
    "frames.page": MEMBERS,
    "frames.rows": MEMBERS,
    "frames.link": MEMBERS,
    "frames.open": MEMBERS,
    "frames.download": MEMBERS,
    "review.queue": REVIEWERS,
    "review.search": REVIEWERS,
    "review.model": REVIEWERS,
    "review.case": REVIEWERS,
    "review.approve": REVIEWERS,
    "review.give_back": REVIEWERS,
    "review.accept": REVIEWERS,
    "review.reject": REVIEWERS,
    "review.code": REVIEWERS,
    "review.shared": REVIEWERS,
    "review.seen": REVIEWERS,
    "customers.page": REVIEWERS,
    "customers.replace": REVIEWERS,
    "customers.export": REVIEWERS,
    "admin.index": ADMINS,
    "admin.audits": ADMINS,
    "admin.firmware": ADMINS,
    "admin.firmware_file": ADMINS,
    "admin.piles": ADMINS,
    "admin.settings": ADMINS,
    "admin.storage": ADMINS,
    "admin.sweep": ADMINS,
    "admin.users": ADMINS,
    "admin.change_user": ADMINS,
    "admin.password": ADMINS,
}
PICTURE = "a" * 32
VALUES = {
    "upload": PICTURE, "key": "1", "n": 1, "run": "20260417-100000-test", "position": 0, "filename": "desk.css",
    "user_id": 1, "registrant_id": 1, "shared_id": 1,
}  # fmt: skip
# A 404 of these says only that there is no such frame, case or firmware.
NEEDS_MORE = {"frames.open", "review.case", "admin.firmware_file", "result.share"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Visit(NamedTuple):
    """One way to ask for a route."""

    endpoint: str
    method: str
    path: str

    def by(self, client: FlaskClient) -> TestResponse:
        return client.open(self.path, method=self.method, follow_redirects=False)


def visits(app: Flask, model_id: int, *who: str) -> list[Visit]:
    """Every route for some, with every method it takes, about one model."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if WHO.get(rule.endpoint) not in who:
                continue
            values = {name: {"model_id": model_id, **VALUES}[name] for name in rule.arguments}
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                found.append(Visit(rule.endpoint, method, adapter.build(rule.endpoint, values, method)))
    return found


def of_models(app: Flask, model: Model, *who: str) -> list[Visit]:
    """Those of them that name a model."""
    return [visit for visit in visits(app, model.id, *who) if f"models/{model.id}" in visit.path]


def pages_of(desk: Desk, model: Model, registrant: FlaskClient, *platform: FlaskClient) -> Iterator[tuple[Visit, str]]:
    """Every page of the desk as somebody sees it who may."""
    everyone = visits(desk.app, model.id, OPEN, MEMBERS, OWNERS, REVIEWERS, ADMINS)
    pages = [each for each in everyone if each.method == "GET" and each.endpoint not in {*NEEDS_MORE, "static"}]
    for client in (desk.client(), registrant, *platform):
        for visit in pages:
            answer = visit.by(client)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield visit, answer.text
