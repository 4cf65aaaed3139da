"""For admins: users, piles, firmware, settings, what is kept, and the whole audit list."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from flask import Blueprint, abort, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import Engine

from harness.core.documents import wrong
from harness.core.errors import PersonError
from harness.store.desk import accounts, audit, models, retention, uploads
from harness.store.desk.values import FIRMWARE, User
from web import access, passwords
from web.access import admins_only
from web.forms import Mistakes, read_form
from web.review.history import ROLES, entry
from web.review.reviewers import show, titles_of
from web.whole import whole
from web.words import say

bp = Blueprint("admin", __name__, url_prefix="/admin")
LINES = 100  # of the audit list on a page


def _plain(name: str) -> str:
    if not name.isprintable() or " " in name:
        raise wrong(*say("admin.name_wrong"))
    return name


class NewUser(BaseModel):
    """A user to be."""

    name: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_plain)]
    role: Literal["reviewer", "admin"]


@bp.get("/")
@admins_only
def index() -> ResponseReturnValue:
    """Where the admin's pages begin."""
    return redirect(url_for("admin.users"))


@bp.route("/users", methods=["GET", "POST"])
@admins_only
def users() -> ResponseReturnValue:
    """All users; a new one gets a password that is shown once."""
    if request.method == "GET":
        return _users()
    form, mistakes = read_form(NewUser, request.form)
    if form is None:
        return _users(mistakes), 400
    password = passwords.new_password()
    try:
        hashed = passwords.hashed(password)
        made = accounts.add_user(_engine(), form.name, form.role, hashed, access.now(), access.actor())
    except PersonError as error:
        return _users({"name": (error.text_zh, error.text)}), 400
    return _password(made, password)


@bp.post("/users/<int:user_id>")
@admins_only
def change_user(user_id: int) -> ResponseReturnValue:
    """Change a role, or disable and enable."""
    found = _other(user_id)
    role, disabled = request.form.get("role"), request.form.get("disabled")
    off = None if disabled is None else disabled == "1"
    changed = accounts.change_user(_engine(), found.id, access.actor(), access.now(), role=role, disabled=off)
    access.end_streams(changed)
    access.notice(say("admin.changed", name=found.name))
    return redirect(url_for("admin.users"))


@bp.post("/users/<int:user_id>/password")
@admins_only
def password(user_id: int) -> ResponseReturnValue:
    """A new password, shown once; the old one and all open sessions are over."""
    fresh = passwords.new_password()
    found = _there(user_id)
    by, now = access.actor(), access.now()
    changed = accounts.change_user(_engine(), found.id, by, now, password_hash=passwords.hashed(fresh))
    access.end_streams(changed)
    return _password(changed, fresh)


@bp.get("/piles")
@admins_only
def piles() -> ResponseReturnValue:
    """All piles that the desk has given a code, with their models."""
    house = access.services().house
    found = [(model, house.pile(model.pile_code)) for model in models.approved(_engine())]
    return show("admin/piles.html", on="admin", part="piles", piles=found)


@bp.get("/firmware")
@admins_only
def firmware() -> ResponseReturnValue:
    """All firmware that registrants sent."""
    files = uploads.uploads(_engine(), None, FIRMWARE)
    owners = {each.model_id: models.model(_engine(), each.model_id) for each in files}
    return show("admin/firmware.html", on="admin", part="firmware", files=files[::-1], owners=owners)


@bp.get("/firmware/<upload>")
@admins_only
def firmware_file(upload: str) -> ResponseReturnValue:
    """One firmware file, never to be opened by the browser."""
    found = uploads.upload(_engine(), upload)
    path = access.services().settings.firmware / upload
    if found is None or found.kind != FIRMWARE or not path.is_file():
        abort(404)
    audit.note(_engine(), access.actor(), "firmware", access.now(), model_id=found.model_id, detail=found.sha256)
    name = Path(found.name).name or "firmware.bin"
    return send_file(path.resolve(), mimetype="application/octet-stream", as_attachment=True, download_name=name)


@bp.get("/settings")
@admins_only
def settings() -> ResponseReturnValue:
    """How this desk is set up; secrets are hidden by whoever fills the list."""
    shown = sorted(access.services().settings.shown.items())
    return show("admin/settings.html", on="admin", part="settings", settings=shown)


@bp.get("/storage")
@admins_only
def storage() -> ResponseReturnValue:
    """How much is kept, and what retention would remove now."""
    now, days = access.now(), access.services().settings.retention_days
    due = retention.due(_engine(), now - timedelta(days=days), now)
    kept = retention.storage(_engine())
    return show("admin/storage.html", on="admin", part="storage", kept=kept, due=due, days=days)


@bp.post("/storage/sweep")
@admins_only
def sweep() -> ResponseReturnValue:
    """Remove what is old enough, now."""
    now, settings = access.now(), access.services().settings
    gone = retention.sweep(_engine(), now - timedelta(days=settings.retention_days), now)
    retention.remove_files(gone, (settings.pictures, settings.firmware))
    detail = f"journals: {gone.journals}, frames: {gone.frames}, uploads: {len(gone.uploads)}"
    audit.note(_engine(), access.actor(), "sweep", now, detail=detail)
    access.notice(say("admin.swept", journals=gone.journals, frames=gone.frames, uploads=len(gone.uploads)))
    return redirect(url_for("admin.storage"))


@bp.get("/audit")
@admins_only
def audits() -> ResponseReturnValue:
    """All that was done, newest first."""
    before = request.args.get("before", type=whole)
    lines = audit.audit(_engine(), LINES, before)
    older = lines[-1].id if len(lines) == LINES else None
    titles = titles_of(access.services())
    found = [models.model(_engine(), number) for number in {line.model_id for line in lines if line.model_id}]
    names = {model.id: model.data.model for model in found if model is not None}
    history = [entry(line, titles) for line in lines]
    return show("admin/audit.html", on="admin", part="audit", history=history, names=names, older=older)


def _engine() -> Engine:
    return access.services().engine


def _users(mistakes: Mistakes | None = None) -> str:
    found = accounts.users(_engine())
    return show(
        "admin/users.html",
        on="admin",
        part="users",
        users=found,
        roles=ROLES,
        typed=request.form,
        mistakes=mistakes or {},
    )


def _password(user: User, fresh: str) -> str:
    return show("admin/password.html", on="admin", part="users", user=user, password=fresh)


def _there(user_id: int) -> User:
    found = accounts.user(_engine(), user_id)
    if found is None:
        abort(404)
    return found


def _other(user_id: int) -> User:
    """Somebody else: nobody locks themselves out."""
    found, who = _there(user_id), access.me()
    if isinstance(who, User) and found.id == who.id:
        zh, en = say("admin.not_yourself")
        raise PersonError(en, zh)
    return found
