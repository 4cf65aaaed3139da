"""Registering, signing in with the access code, and signing out."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from pydantic import BaseModel

from harness.core.errors import PersonError
from harness.core.pairs import Pair
from harness.store.desk import accounts, customers
from harness.store.desk.values import Registrant
from web import answers
from web.access import me, notice, now, registrants_only, services, sign_in, sign_out, within_desk
from web.forms import Mistakes, read_form
from web.once import Once
from web.passwords import fits, hashed, new_code, tidy
from web.registrants.fields import Company, Line, Phone, local_phone, one_line
from web.repeats import sent_once
from web.words import say

bp = Blueprint("registrants", __name__)
NOTHING: Mistakes = {}
HALF_AND_FULL = str.maketrans("()", "（）")


class RegisterForm(BaseModel):
    """联调信息登记."""

    company: Company
    brand: Line
    contact: Line
    phone: Phone


class LoginForm(BaseModel):
    """登录."""

    company: Company
    contact: Line
    phone: Phone
    code: Line


@bp.route("/register", methods=["GET", "POST"])
@sent_once
def register() -> ResponseReturnValue:
    """A new contact of a customer; the access code is on the next page."""
    if isinstance(me(), Registrant):
        return redirect(url_for("registrants.welcome" if "code" in session else "models.index"))
    if request.method == "GET":
        return _register_page(NOTHING)
    form, mistakes = read_form(RegisterForm, request.form)
    if form is None:
        return _register_page(mistakes)
    company, known = official(form.company)
    if known is False:
        return _register_page({"company": say("registrants.not_listed")})
    code = new_code()
    try:
        who = accounts.register(
            services().engine,
            company=company,
            brand=form.brand,
            contact=form.contact,
            phone=form.phone,
            code_hash=hashed(code),
            now=now(),
        )
    except PersonError as error:
        return _register_page(NOTHING, trouble=(error.text_zh, error.text))
    sign_in(who)
    session["code"] = current_app.extensions["once"].put(code)
    return redirect(url_for("registrants.welcome"))


@bp.route("/register/done", methods=["GET", "POST"])
@registrants_only
def welcome() -> ResponseReturnValue:
    """The access code, until the person says that it is kept; it is never shown again."""
    once: Once = current_app.extensions["once"]
    if request.method == "POST":
        once.drop(session.pop("code", ""))
    code = once.get(session.get("code", ""))
    if code is None:
        return redirect(url_for("models.new"))
    unlisted = customers.listed(services().engine, _company()) is None
    return render_template("registrants/welcome.html", code=code, unlisted=unlisted)


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Sign in with what was registered and the access code."""
    if isinstance(me(), Registrant):
        return redirect(_after_login())
    if request.method == "GET":
        return _login_page(NOTHING)
    form, mistakes = read_form(LoginForm, request.form)
    if form is None:
        return _login_page(mistakes)
    company, _ = official(form.company)
    who, kept = accounts.find_registrant(services().engine, company, form.contact, form.phone) or (None, None)
    if not fits(kept, tidy(form.code)) or who is None:
        return _login_page(NOTHING, trouble=say("registrants.wrong"))
    sign_in(who)
    return redirect(_after_login())


@bp.errorhandler(RateLimitExceeded)
def too_often(error: RateLimitExceeded) -> ResponseReturnValue:
    """The same form, with what was typed, and how long to wait."""
    page = _register_page if request.endpoint == "registrants.register" else _login_page
    return answers.too_often(error, page(NOTHING, trouble=answers.wait_words(error)))


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Back to the sign-in page."""
    sign_out()
    notice(say("registrants.signed_out"))
    return redirect(url_for("registrants.login"))


def official(typed: str) -> tuple[str, bool | None]:
    """A company as the list of customers writes it, and whether it is on the list; None when there is no list."""
    names = customers.customers(services().engine)
    found = next((name for name in names if _folded(name) == _folded(typed)), None)
    return found or typed, (found is not None) if names else None


def _folded(name: str) -> str:
    """A company's name without what people type one way or another: brackets, spaces, capitals."""
    return "".join(one_line(name).translate(HALF_AND_FULL).split()).casefold()


def _company() -> str:
    who = me()
    return who.company if isinstance(who, Registrant) else ""


def _after_login() -> str:
    wanted = request.values.get("next", "")
    return wanted if wanted != "/" and within_desk(wanted) else url_for("models.index", hello=1)


def _register_page(mistakes: Mistakes, trouble: Pair | None = None) -> ResponseReturnValue:
    return _page("registrants/register.html", mistakes, trouble)


def _login_page(mistakes: Mistakes, trouble: Pair | None = None) -> ResponseReturnValue:
    return _page("registrants/login.html", mistakes, trouble)


def _page(template: str, mistakes: Mistakes, trouble: Pair | None) -> ResponseReturnValue:
    """A form as it was typed, with its mistakes; a refused one counts as an attempt."""
    typed = {name: text for name, text in request.form.items() if name != "code"}
    if "phone" not in mistakes and "phone" in typed:
        typed["phone"] = local_phone(typed["phone"].strip())
    wanted = request.values.get("next", "")
    page = render_template(template, typed=typed, mistakes=mistakes, trouble=trouble, wanted=wanted)
    return page, 400 if mistakes or trouble else 200
