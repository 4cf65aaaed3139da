"""What the browser gets when something is wrong: one clear sentence, no trace; and headers that keep pages safe."""

from __future__ import annotations

import logging

from flask import Flask, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from harness.core.approval import Refused
from harness.core.errors import PersonError
from harness.core.pairs import Pair
from web.access import lang, wants_page
from web.astray import page_for
from web.limits import wait_after
from web.words import say

LOG = logging.getLogger("harness.desk")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
    " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAID = (400, 401, 403, 404, 405, 413, 500)


def join(app: Flask) -> None:
    """Answers to errors, and safe headers, for an app."""
    app.register_error_handler(PersonError, _person)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _ours)
    app.after_request(_headers)


def refused(key: str, **params: object) -> PersonError:
    """What a person did wrong, in both languages, to be raised."""
    zh, en = say(key, **params)
    return PersonError(en, zh)


def told(code: int, text: Pair) -> ResponseReturnValue:
    """A sentence as a page, or as JSON for scripts of ours."""
    if not wants_page(request):
        return jsonify(error=text[lang() == "en"]), code
    return render_template("error.html", code=code, text=text), code


def _person(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, PersonError)
    return told(409 if isinstance(error, Refused) else 400, (error.text_zh, error.text))


def _stale_form(error: Exception) -> ResponseReturnValue:
    return told(400, say("answers.stale_form"))


def _http(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, HTTPException)
    if isinstance(error, RateLimitExceeded):
        return too_often(error, told(429, wait_words(error)))
    code = error.code or 500
    if code in (301, 302, 304, 308):
        return error
    if code == 405 and request.method == "GET" and wants_page(request):
        return redirect(page_for(request.path))
    return told(code, say(f"answers.e{code if code in SAID else 400 if code < 500 else 500}"))


def wait_words(error: RateLimitExceeded) -> Pair:
    """When somebody who tried too often may try again."""
    return say("answers.e429", minutes=-(-wait_after(error) // 60))


def too_often(error: RateLimitExceeded, page: ResponseReturnValue) -> ResponseReturnValue:
    """A page that says so, as the answer to one who tried too often."""
    answer = make_response(page)
    answer.status_code = 429
    answer.headers["Retry-After"] = str(wait_after(error))
    return answer


def _ours(error: Exception) -> ResponseReturnValue:
    LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    return told(500, say("answers.e500"))


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    if request.is_secure:  # over plain http browsers ignore it, with a warning in the console
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")
    return response
