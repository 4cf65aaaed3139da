"""Posts each new state of a model to where the settings say, on a thread, and tries again when it fails."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy import Engine
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from harness.core.clock import Clock, Timer
from harness.settings import Settings
from harness.store.desk import audit, models
from web.review.webhook import body, is_news

LOG = logging.getLogger("harness.desk")
WITHIN = 5.0  # real seconds for an answer
AGAIN = (30.0, 300.0)  # s until the next tries
MOST = 4096  # bytes of an answer that are read

Job = Callable[[], None]
Defer = Callable[[Job], Deferred[None]]
Post = Callable[[str, bytes], bytes]


class Webhook:
    """Tells of new states. `changed` may be called on any thread, all else happens in the reactor's.

    `defer` makes a call on a thread, `cross` one in the reactor.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        clock: Clock,
        desk_url: Callable[[], str],
        defer: Defer,
        cross: Callable[..., Any],
        post: Post | None = None,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._desk_url = desk_url
        self._defer = defer
        self._cross = cross
        self._post = posted if post is None else post
        self._since = clock.wall()  # what was done before is no news
        self._told: dict[int, int] = {}  # the last line of the audit list that was told, by model
        self._numbers = count(1)
        self._waiting: dict[int, Timer] = {}
        self._stopped = False

    def changed(self, model_id: int) -> None:
        """Something changed about a model: post the new states there are. What comes of it is no matter to who did."""
        if self._settings.webhook_url:
            self._cross(self._begin, partial(self._look, model_id), AGAIN)

    def stop(self) -> None:
        """Post no more."""
        self._stopped = True
        for timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()

    def _look(self, model_id: int) -> None:
        """On a thread: find what is to be told of a model."""
        model, lines = models.model(self._engine, model_id), audit.history(self._engine, model_id)
        if model is not None:
            settings, url = self._settings, self._desk_url()
            news = [line for line in lines if line.at >= self._since and is_news(line)]
            told = [(line.id, body(settings.webhook_kind, model, line, url, settings.timezone)) for line in news]
            self._cross(self._tell, model_id, told)

    def _tell(self, model_id: int, found: list[tuple[int, bytes]]) -> None:
        """Each line once, however many threads found it."""
        for line, told in found:
            if line > self._told.get(model_id, 0):
                self._told[model_id] = line
                self._begin(partial(self._try, told), AGAIN)

    def _begin(self, job: Job, again: tuple[float, ...]) -> None:
        if not self._stopped:
            self._defer(job).addErrback(self._failed, job, again)

    def _try(self, told: bytes) -> None:
        answer = self._post(self._settings.webhook_url, told)
        if self._settings.webhook_kind != "json":
            refuse_errors(answer)

    def _failed(self, failure: Failure, job: Job, again: tuple[float, ...]) -> None:
        why, _, _ = str(failure.value).partition("\n")
        LOG.warning("webhook: %s; tries left: %s", why, len(again))
        if again and not self._stopped:
            number, due = next(self._numbers), self._clock.monotonic() + again[0]
            self._waiting[number] = self._clock.call_at(due, partial(self._again, number, job, again[1:]))

    def _again(self, number: int, job: Job, again: tuple[float, ...]) -> None:
        del self._waiting[number]
        self._begin(job, again)


def posted(url: str, told: bytes) -> bytes:
    """Post JSON and give the answer; an OSError when nobody took it."""
    request = Request(url, told, {"Content-Type": "application/json; charset=utf-8"})
    with urlopen(request, timeout=WITHIN) as answer:
        return bytes(answer.read(MOST))


def refuse_errors(answer: bytes) -> None:
    """WeCom and DingTalk say 200 also when they refuse: the code stands in the answer."""
    said = json.loads(answer)
    if said.get("errcode"):
        raise OSError(f"refused: {said.get('errcode')} {said.get('errmsg', '')}")
