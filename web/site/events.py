"""`/events`: the streams of server-sent events, beside Flask, with the same session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool
from twisted.web.server import NOT_DONE_YET

from web.site.answers import Native, argument, only_code
from web.streams import Hub, Subscription, read_positions

LOG = logging.getLogger("harness.desk")
LIFE = 600.0  # s of a stream; then the browser comes back, and its session is looked at again
MOST_CHANNELS = 32

# From a session cookie and channels: 200, 401 when nobody is signed in, 404 when a channel is not theirs.
Admit = Callable[[str, Sequence[str]], int]


class Events(Native):
    """`/events?on=model:12,frames:12`: one stream for a page. Who is signed out gets 401, what is another's is 404."""

    reads = (b"GET",)

    def __init__(self, reactor: Any, pool: ThreadPool, hub: Hub, admit: Admit) -> None:
        super().__init__()
        self._reactor = reactor
        self._pool = pool
        self._hub = hub
        self._admit = admit
        self._open: set[Stream] = set()

    def render_GET(self, request: Any) -> bytes | int:
        """Look at the session on a web thread, then listen."""
        channels = [name for name in argument(request, b"on").split(",") if name]
        if not 0 < len(channels) <= MOST_CHANNELS:
            return only_code(request, 404)
        cookie = (request.getCookie(b"session") or b"").decode("latin-1")
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        asked = deferToThreadPool(self._reactor, self._pool, self._admit, cookie, channels)
        asked.addErrback(_troubled)
        asked.addCallback(lambda code: None if gone else self._answer(request, code, channels))
        return NOT_DONE_YET

    def close(self) -> None:
        """End all streams."""
        for stream in tuple(self._open):
            stream.end()

    def _answer(self, request: Any, code: int, channels: Sequence[str]) -> None:
        if code != 200:
            request.write(only_code(request, code))
            request.finish()
            return
        stream = Stream(request, self._hub, channels)
        self._open.add(stream)
        stream.ended.addCallback(lambda _: self._open.discard(stream))


class Stream:
    """One open stream: what the hub says goes out while the line takes it. A producer to Twisted."""

    def __init__(self, request: Any, hub: Hub, channels: Sequence[str]) -> None:
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

    def end(self) -> None:
        """End it from here; the browser comes back by itself."""
        request = self._request
        if request is not None:
            self.stopProducing()
            request.unregisterProducer()
            request.finish()


def _troubled(failure: Any) -> int:
    """Ours: it is logged, and the browser falls back to asking."""
    LOG.error("a stream could not be opened: %s", failure.getErrorMessage())
    return 500
