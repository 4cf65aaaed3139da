"""A form that is sent twice, by a second touch on a slow line, is done once: both are told what came of the first."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, cast

import msgspec
from flask import Flask, current_app, make_response, redirect, request, session
from werkzeug.wrappers import Response

MOST = 500  # forms that are remembered
View = Callable[..., Any]


class Came(msgspec.Struct):
    """What came of a form: where it led, and the session it left."""

    lock: Lock = msgspec.field(default_factory=Lock)
    location: str = ""
    session: dict[str, Any] = msgspec.field(default_factory=dict)


class Repeats:
    """The last forms that were sent, by what was in them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, Came] = OrderedDict()

    def of(self, key: str) -> Came:
        """The one place for a form and all its repeats."""
        with self._lock:
            found = self._known.setdefault(key, Came())
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return found


def join(app: Flask) -> None:
    """A memory for an app."""
    app.extensions["repeats"] = Repeats()


def token() -> str:
    """What tells one form from another that looks alike; only the page that holds it knows it."""
    return secrets.token_urlsafe(16)


def sent_once(view: View) -> View:
    """For views whose form has `once()`: the same form again leads where it led, and does nothing."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or not request.form.get("once"):
            return view(*args, **kwargs)
        came = cast(Repeats, current_app.extensions["repeats"]).of(_key())
        with came.lock:
            if came.location:
                return _as_before(came)
            answer = make_response(view(*args, **kwargs))
            if answer.status_code in (302, 303):
                came.location, came.session = answer.location or "", dict(session)
            return answer

    return guarded


def _key() -> str:
    """All that was typed: who goes back and changes something sends another form."""
    typed = sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")
    return repr((request.path, typed))


def _as_before(came: Came) -> Response:
    session.clear()
    session.update(came.session)
    return make_response(redirect(came.location))
