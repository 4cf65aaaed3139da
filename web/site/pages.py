"""Flask, on a thread of the pool for each visit. Whoever reads slowly is waited for, and costs no memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import Event
from typing import TYPE_CHECKING, Any

from twisted.python.threadpool import ThreadPool
from twisted.web.resource import Resource
from twisted.web.wsgi import WSGIResource

from web.site.wsgi import closing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 2, 16  # views wait for the database and for argon2, not for each other
MOST_SLOW = 64  # answers whose reader is slow; each has a thread of its own, beside those
SOON = 1.0  # s; whoever takes longer to read a piece is slow
PATIENCE = 60.0  # s more for a piece; after that the browser is taken to be gone


class Pages(Resource):
    """All that Flask answers."""

    isLeaf = True

    def __init__(self, reactor: Any, pool: ThreadPool, app: WSGIApplication) -> None:
        super().__init__()
        self.slow: set[Answer] = set()
        self.closing = False
        self._reactor = reactor
        self._pool = pool
        self._app = app
        self._open: set[Answer] = set()

    def render(self, request: Any) -> Any:
        answer = Answer(self, self._reactor, request)
        self._open.add(answer)
        return WSGIResource(self._reactor, self._pool, answer.paced(self._app)).render(request)

    def close(self) -> None:
        """Wait for nobody any more."""
        self.closing = True
        for answer in tuple(self._open):
            if answer.waits:
                answer.cut()

    def is_slow(self, answer: Answer) -> None:
        """Its thread counts no longer among those of the pool; one too many is cut."""
        if not answer.gone:
            self.slow.add(answer)
            self._resize()
        if len(self.slow) > MOST_SLOW:
            answer.cut()

    def goes_on(self, answer: Answer) -> None:
        """Its thread works again."""
        self.slow.discard(answer)
        self._resize()

    def forget(self, answer: Answer) -> None:
        """It is over."""
        self._open.discard(answer)
        self.goes_on(answer)

    def _resize(self) -> None:
        if self._pool.started:
            least, most = THREADS
            self._pool.adjustPoolsize(least + len(self.slow), most + len(self.slow))


class Answer:
    """An answer on its way: to Twisted a producer, to the thread that makes it a gate."""

    def __init__(self, pages: Pages, reactor: Any, request: Any) -> None:
        self.gone = False
        self._pages = pages
        self._reactor = reactor
        self._request = request
        self._gate = Event()
        self._gate.set()
        request.notifyFinish().addBoth(lambda _: self.stopProducing())
        request.registerProducer(self, True)

    @property
    def waits(self) -> bool:
        """Is there more than the line takes?"""
        return not self._gate.is_set()

    def paced(self, app: WSGIApplication) -> WSGIApplication:
        """The app for this one visit; it goes on only as fast as its answer is read."""

        def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
            try:
                chunks = app(environ, start_response)
                yield from closing(chunks, self._through(chunks))
            finally:
                self._reactor.callFromThread(self._made)

        return call

    def pauseProducing(self) -> None:
        self._gate.clear()
        if self._pages.closing:
            self.cut()

    def resumeProducing(self) -> None:
        self._gate.set()

    def stopProducing(self) -> None:
        """The browser has gone, or has all of it."""
        self.gone = True
        self._gate.set()
        self._pages.forget(self)

    def cut(self) -> None:
        """End it from here, so that the browser sees that it is not whole."""
        if not self.gone:
            self._request.channel.abortConnection()

    def _through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """On the thread: piece after piece, each when there is room."""
        for chunk in chunks:
            if not self._gate.wait(SOON):
                self._wait()
            if self.gone:
                return
            yield chunk

    def _wait(self) -> None:
        self._reactor.callFromThread(self._pages.is_slow, self)
        if not self._gate.wait(PATIENCE):
            self._reactor.callFromThread(self.cut)
            self._gate.wait()
        self._reactor.callFromThread(self._pages.goes_on, self)

    def _made(self) -> None:
        if not self.gone:
            self._request.unregisterProducer()
