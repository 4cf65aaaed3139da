"""`/events`: the streams of server-sent events, beside Flask, with the same session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool
from twisted.web.server import NOT_DONE_YET

from harness.core.clock import Timer
from web.site.answers import Native, argument, only_code, session_cookie
from web.streams import Hub, Subscription, read_positions

LOG = logging.getLogger("harness.desk")
LIFE = 600.0  # s of a stream; then the browser comes back, and its session is looked at again
LOOK_EVERY = 15.0  # s; who may no longer listen, without anybody of this process having said so, is shown out
MOST_CHANNELS = 32
CROWDED = b"event: crowded\ndata:\n\n"

# From a session cookie and channels: 200, 401 when nobody is signed in, 404 for a channel not theirs; and who it is.
Admit = Callable[[str, Sequence[str]], tuple[int, str]]
Stays = Callable[[str, Sequence[str]], bool]  # may who was admitted go on?
Watched = tuple[str, tuple[str, ...]]  # somebody, and what they listen to


class Events(Native):
    """`/events?on=model:12,frames:12`: one stream for a page. Who is signed out gets 401, what is another's is 404."""

    reads = (b"GET",)

    def __init__(self, reactor: Any, pool: ThreadPool, hub: Hub, admit: Admit, stays: Stays) -> None:
        super().__init__()
        self._reactor = reactor
        self._pool = pool
        self._hub = hub
        self._admit = admit
        self._stays = stays
        self._look: Timer | None = None
        self._looking = False

    def render_GET(self, request: Any) -> bytes | int:
        """Look at the session on a web thread, then listen."""
        channels = [name for name in argument(request, b"on").split(",") if name]
        if not 0 < len(channels) <= MOST_CHANNELS:
            return only_code(request, 404)
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        asked = self._on_thread(self._admit, session_cookie(request), channels)
        asked.addErrback(_troubled)
        asked.addCallback(lambda told: None if gone else self._answer(request, told, channels))
        return NOT_DONE_YET

    def close(self) -> None:
        """End all streams."""
        self._hub.guests.end_where(lambda guest: True)
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _on_thread(self, call: Callable[..., Any], *args: Any) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._pool, call, *args)

    def _answer(self, request: Any, told: tuple[int, str], channels: Sequence[str]) -> None:
        code, visitor = told
        if code != 200:
            request.write(only_code(request, code))
            request.finish()
            return
        stream = Stream(request, self._hub, channels, visitor)
        self._hub.guests.enter(stream)
        stream.ended.addCallback(lambda _: self._hub.guests.leave(stream))
        if self._look is None:
            self._look_later()

    def _look_later(self) -> None:
        clock = self._hub.clock
        self._look = clock.call_at(clock.monotonic() + LOOK_EVERY, self._look_around)

    def _look_around(self) -> None:
        """Ask on a web thread who may stay; several pages of one account that listen to the same are one question."""
        watched = {(guest.visitor, guest.channels) for guest in self._hub.guests.all()}
        self._look = None
        if watched:
            self._look_later()
        if watched and not self._looking:
            self._looking = True
            asked = self._on_thread(lambda: {each for each in watched if not self._stays(*each)})
            asked.addCallbacks(self._show_out, _troubled).addBoth(self._looked)

    def _looked(self, _: object) -> None:
        self._looking = False

    def _show_out(self, strangers: set[Watched]) -> None:
        self._hub.guests.end_where(lambda guest: (guest.visitor, guest.channels) in strangers)


class Stream:
    """One open stream: what the hub says goes out while the line takes it. A producer to Twisted."""

    def __init__(self, request: Any, hub: Hub, channels: Sequence[str], visitor: str) -> None:
        self.visitor = visitor
        self.channels = tuple(channels)
        self.ended: Deferred[None] = Deferred()
        self._request: Any = request
        request.setHeader(b"Content-Type", b"text/event-stream; charset=utf-8")
        request.setHeader(b"Cache-Control", b"no-store")
        request.setHeader(b"X-Accel-Buffering", b"no")
        request.notifyFinish().addBoth(lambda _: self.stopProducing())
        stood = request.getHeader(b"last-event-id") or argument(request, b"last").encode()
        self._subscription: Subscription = hub.subscribe(
            channels, request.write, read_positions(stood.decode("utf-8", "replace"))
        )
        self._life = hub.clock.call_at(hub.clock.monotonic() + LIFE, self.end)
        request.registerProducer(self, True)

    def pauseProducing(self) -> None:
        self._subscription.pause()

    def resumeProducing(self) -> None:
        self._subscription.resume()

    def stopProducing(self) -> None:
        """The browser has gone, or the stream was ended."""
        if self._request is not None:
            self._request = None
            self._subscription.close()
            self._life.cancel()
            self.ended.callback(None)

    def crowded_out(self) -> None:
        """There are too many: the page asks by itself for a while."""
        if self._request is not None:
            self._request.write(CROWDED)
        self.end()

    def end(self) -> None:
        """End it from here; the browser comes back by itself."""
        request = self._request
        if request is not None:
            self.stopProducing()
            request.unregisterProducer()
            request.finish()


def _troubled(failure: Any) -> tuple[int, str]:
    """Ours: it is logged, and the browser falls back to asking."""
    LOG.error("a stream could not be looked after: %s", failure.getErrorMessage())
    return 500, ""
