"""The platform's customer list: shown, taken over from a CSV file after a look at what changes, given out again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from hashlib import sha256
from io import StringIO
from typing import NamedTuple

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from harness.core.approval import Refused
from harness.core.cells import harmless
from harness.core.errors import PersonError
from harness.store.desk import customers
from web import access
from web.access import reviewers_only
from web.review.reviewers import show
from web.words import say

bp = Blueprint("customers", __name__, url_prefix="/review/customers")

MOST = 400 * 1024  # bytes of a file: some eight thousand companies
SHOWN = 50  # of those added and removed


class Preview(NamedTuple):
    """What a new list would change; `was` stands for the list that it was compared with."""

    names: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    was: str


@bp.route("/", methods=["GET", "POST"])
@reviewers_only
def page() -> ResponseReturnValue:
    """The list; a file that is sent is shown with what it would change, and nothing is changed yet."""
    names = customers.customers(access.services().engine)
    if request.method == "GET":
        return _list(names)
    file = request.files.get("file")
    raw = file.read(MOST + 1) if file is not None else b""
    try:
        return show("admin/preview.html", on="customers", preview=preview(names, _read(raw)), most=SHOWN)
    except PersonError as error:
        return _list(names, (error.text_zh, error.text)), 400


@bp.post("/replace")
@reviewers_only
def replace() -> ResponseReturnValue:
    """Take the new list; Refused when the old one is not the one that was looked at."""
    engine = access.services().engine
    if request.form.get("was") != mark(customers.customers(engine)):
        zh, en = say("customers.overtaken")
        raise Refused(en, zh)
    names = _read(as_csv(request.form.get("names", "").splitlines()))
    added, removed = customers.replace_customers(engine, names, access.actor(), access.now())
    access.notice(say("customers.replaced", added=added, removed=removed))
    return redirect(url_for("customers.page"))


@bp.get("/customers.csv")
@reviewers_only
def export() -> ResponseReturnValue:
    """The list as a CSV file that spreadsheets open and that can be imported again."""
    raw = as_csv(customers.customers(access.services().engine))
    disposition = {"Content-Disposition": "attachment; filename=customers.csv"}
    return Response(raw, mimetype="text/csv", headers=disposition)


def as_csv(names: Sequence[str]) -> bytes:
    """A list as a file; the mark in front tells spreadsheets that it is UTF-8."""
    text = StringIO()
    csv.writer(text).writerows([harmless(name)] for name in (customers.HEADS[0], *names))
    return text.getvalue().encode("utf-8-sig")


def preview(old: Sequence[str], new: Sequence[str]) -> Preview:
    """What changes from one list to the other."""
    before, after = set(old), set(new)
    return Preview(
        names=tuple(new),
        added=tuple(name for name in new if name not in before),
        removed=tuple(name for name in old if name not in after),
        was=mark(old),
    )


def mark(names: Sequence[str]) -> str:
    """Stands for a list: another list has another mark."""
    return sha256("\n".join(names).encode()).hexdigest()


def _read(raw: bytes) -> list[str]:
    if len(raw) > MOST:
        zh, en = say("customers.too_large", most=MOST // 1024)
        raise PersonError(en, zh)
    return customers.read_customers(raw)


def _list(names: Sequence[str], mistake: tuple[str, str] | None = None) -> str:
    return show("admin/customers.html", on="customers", names=names, mistakes={"file": mistake} if mistake else {})
