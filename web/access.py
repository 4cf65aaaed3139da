"""Who is at the desk, and what they may see: sessions, roles, and models that are another's (404)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, Request, abort, current_app, flash, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from harness.core.pairs import Pair
from harness.store.desk import accounts, models, sessions
from harness.store.desk.values import Actor, Model, Registrant, User
from web.cookies import Sessions, session_in
from web.services import Services
from web.whole import whole_or_none
from web.words import say

LANGUAGES = ("zh", "en")
THEMES = ("day", "night")
TASTE = ("lang", "theme")  # what a session keeps from one person to the next
View = Callable[..., Any]


class Visitor:
    """Somebody signed in; `name` is that of the session: `r:12:1:0af3` is one of registrant 12, in the first epoch."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, me: Registrant | User, name: str) -> None:
        self.me = me
        self.name = name

    def get_id(self) -> str:
        """What stands in the session cookie."""
        return self.name


def join(app: Flask) -> None:
    """Sessions and sign-in for an app."""
    app.session_interface = Sessions()
    manager = LoginManager()
    manager.init_app(app)
    manager.user_loader(_load)
    app.before_request(_end_old_session)


def services() -> Services:
    """What the house gave this app."""
    return cast(Services, current_app.extensions["desk"])


def now() -> datetime:
    """Now, on the house's clock."""
    return services().clock.wall()


def lang() -> str:
    """The language of this visit: zh unless switched."""
    chosen = session.get("lang", LANGUAGES[0])
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def me() -> Registrant | User | None:
    """Who is signed in."""
    return current_user.me if current_user.is_authenticated else None


def actor() -> Actor:
    """Who is signed in, as the audit list names them."""
    who = me()
    if who is None:
        abort(401)
    return actor_of(who)


def actor_of(who: Registrant | User) -> Actor:
    """An account as the audit list names it."""
    if isinstance(who, Registrant):
        return Actor(kind="registrant", id=who.id, name=f"{who.company} {who.contact}")
    return Actor(kind=who.role, id=who.id, name=who.name)


def sign_in(who: Registrant | User) -> None:
    """Begin a fresh session; language and colours stay."""
    _forget()
    session.permanent = True
    session["seen"] = now().timestamp()
    login_user(Visitor(who, f"{name_of(who)}:{secrets.token_hex(8)}"))
    g.pop("_me", None)


def sign_out() -> None:
    """End the session, also for who has a copy of its cookie; language and colours stay."""
    if current_user.is_authenticated:
        _end(current_user.name)
    logout_user()
    _forget()


def end_streams(who: Registrant | User) -> None:
    """What an account holds open ends; the browser comes back by itself, if it still may."""
    services().dismiss(account_of(who))


def notice(text: Pair) -> None:
    """Say something on the next page, in the language it will have."""
    flash(text)  # type: ignore[arg-type] # a pair travels as well as a string


def account_of(who: Registrant | User) -> str:
    """The name of an account."""
    return f"{'r' if isinstance(who, Registrant) else 'u'}:{who.id}"


def name_of(who: Registrant | User) -> str:
    """The name of an account in a session; a new access code or password makes it another one."""
    return f"{account_of(who)}:{who.epoch}"


def who_is(services: Services, name: str) -> Registrant | User | None:
    """The account that a session names; None when it is gone, locked, has a newer epoch, or the session was ended."""
    kind, number, epoch, session_id = (*name.split(":"), "", "", "", "")[:4]
    found = _account(services, kind, whole_or_none(number))
    if found is None or str(found.epoch) != epoch or sessions.has_ended(services.engine, session_id):
        return None
    return found


def may_see(who: Registrant | User | None, model: Model | None) -> bool:
    """A registrant sees their own models, reviewers and admins see all."""
    if model is None or who is None:
        return False
    if isinstance(who, User):
        return True
    return model.registrant_id == who.id and not model.deleted


def may_listen(services: Services, visitor: str, channel: str) -> bool:
    """May a session listen to a channel (`model:12`, `frames:12`)?"""
    kind, _, number = channel.partition(":")
    model_id = whole_or_none(number)
    if kind not in ("model", "frames") or model_id is None:
        return False
    return may_see(who_is(services, visitor), models.model(services.engine, model_id))


def visitor_in(app: Flask, cookie: str) -> str:
    """The account named in a session cookie that Flask made and that is not too old; "" when there is none."""
    found = session_in(app, cookie)
    wanted: Services = app.extensions["desk"]
    return "" if not found or _too_old(found, wanted) else str(found.get("_user_id", ""))


def language_in(app: Flask, cookie: str) -> str:
    """The language that was chosen in a session cookie."""
    chosen = str(session_in(app, cookie).get("lang", ""))
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def within_desk(address: str) -> bool:
    """Is this an address of the desk? Others are not followed."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def registrants_only(view: View) -> View:
    """For those who registered; others are asked to sign in."""
    return _only(view, lambda who: isinstance(who, Registrant), "registrants.login")


def reviewers_only(view: View) -> View:
    """For reviewers and admins."""
    return _only(view, lambda who: isinstance(who, User), "review.login")


def admins_only(view: View) -> View:
    """For admins."""
    return _only(view, lambda who: isinstance(who, User) and who.role == "admin", "review.login")


def members_only(view: View) -> View:
    """For everybody who signed in."""
    return _only(view, lambda who: who is not None, "registrants.login")


def own_model(model_id: int) -> Model:
    """A model of the registrant who is signed in; 404 for any other."""
    found = models.model(services().engine, model_id)
    who = me()
    if found is None or not isinstance(who, Registrant) or not may_see(who, found):
        abort(404)
    return found


def model_for_viewer(model_id: int) -> Model:
    """A model that whoever is signed in may look at; 404 for any other."""
    found = models.model(services().engine, model_id)
    if found is None or not may_see(me(), found):
        abort(404)
    return found


def owns(model: Model) -> bool:
    """Does whoever is signed in act for this model, rather than only look at it?"""
    who = me()
    return isinstance(who, Registrant) and model.registrant_id == who.id


def wants_page(visit: Request) -> bool:
    """Does a person look at the answer, rather than a script of ours?"""
    return visit.headers.get("X-Requested-With") != "desk"


def _only(view: View, fits: Callable[[Registrant | User | None], bool], login: str) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        who = me()
        if who is None:
            return _ask_to_sign_in(login)
        if not fits(who):
            abort(403)
        return view(*args, **kwargs)

    return guarded


def _ask_to_sign_in(login: str) -> Response:
    if not wants_page(request):
        abort(401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(login, next=back))


def _forget() -> None:
    kept = {name: session[name] for name in TASTE if name in session}
    session.clear()
    session.update(kept)


def _account(services: Services, kind: str, number: int | None) -> Registrant | User | None:
    if number is None:
        return None
    if kind == "r":
        return accounts.registrant(services.engine, number)
    user = accounts.user(services.engine, number)
    return None if user is None or user.disabled else user


def _end(name: str) -> None:
    """A session is over; that is remembered for as long as a copy of its cookie could be taken for good."""
    _, _, _, session_id = (*name.split(":"), "")[:4]
    if session_id:
        sessions.end(services().engine, session_id, now(), now() + current_app.permanent_session_lifetime)
    services().dismiss(name)


def _load(name: str) -> Visitor | None:
    who = who_is(services(), name)
    return None if who is None else Visitor(who, name)


def _too_old(values: Any, wanted: Services) -> bool:
    seen = float(values.get("seen", 0))
    return wanted.clock.wall().timestamp() - seen > timedelta(hours=wanted.settings.session_hours).total_seconds()


def _end_old_session() -> None:
    """A session that nobody used for long ends, and the next page says so."""
    if "_user_id" not in session:
        return
    if _too_old(session, services()):
        sign_out()
        notice(say("access.expired"))
    elif now().timestamp() - float(session.get("seen", 0)) > 60:
        session["seen"] = now().timestamp()
