"""Requests as this site takes them: bodies have a limit, and nobody writes down each visit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.web import http, server
from twisted.web.resource import Resource

from web.site.answers import session_cookie

LINGER = 20.0  # s for which the rest of a body that is too long is swallowed, so that the browser reads our answer
FAREWELL = 0.05  # s in which what was written last may still reach the browser
FORM = 2**20  # bytes that a form may have around its file


class LimitedRequest(server.Request):
    """Refuses a body that is too long before it is read, and swallows what is on its way already."""

    channel: Any  # its site is a QuietSite
    _refused = False
    _got = 0
    _deadline: Any = None

    def gotLength(self, length: int | None) -> None:
        too_long = length is not None and length > self.channel.site.most
        super().gotLength(0 if too_long else length)
        if too_long:
            self.requestHeaders.removeHeader(b"expect")  # or the channel asks for the body all the same
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self._got += len(data)
        if not self._refused and self._got > self.channel.site.most:
            self._refuse()
        if not self._refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self._refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: Any) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        super().connectionLost(reason)

    def _refuse(self) -> None:
        self._refused = True
        channel = self.channel
        script = self.getHeader(b"x-requested-with") == b"desk"
        language = channel.site.language(session_cookie(self))
        channel.transport.write(too_long(channel.site.largest, language, script))
        self._deadline = channel.site.reactor.callLater(LINGER, channel.abortConnection)


class Channel(http.HTTPChannel):
    """One connection of a browser, known to its site while it lasts."""

    site: QuietSite

    def connectionMade(self) -> None:
        super().connectionMade()
        self.site.open.add(self)
        if len(self.site.open) > self.site.room:
            self.abortConnection()

    def connectionLost(self, reason: Any = None) -> None:
        self.site.open.discard(self)
        super().connectionLost(reason)

    def abortConnection(self) -> None:
        """Cut it."""
        transport: Any = self.transport
        transport.abortConnection()


class QuietSite(server.Site):
    """The site of both ports: no access log, and a limit to bodies, `largest` being that of a file.

    `language` knows the one that goes with a session cookie; of more than `room` connections the newest are cut.
    """

    protocol: Any = Channel
    noisy = False
    displayTracebacks = False

    def __init__(self, root: Resource, largest: int, language: Callable[[str], str], reactor: Any, room: int) -> None:
        super().__init__(root, requestFactory=LimitedRequest, parsePOSTFormSubmission=False, reactor=reactor)
        self.open: set[Channel] = set()
        self.largest = largest
        self.language = language
        self.room = room

    @property
    def most(self) -> int:
        """Bytes that a body may have."""
        return self.largest + FORM

    def startFactory(self) -> None:
        """There is no access log, so none is opened, and no second is counted for it."""

    def hang_up(self) -> Deferred[None] | None:
        """Say goodbye to all who are still connected; fires when they are gone."""
        for channel in tuple(self.open):
            channel.loseConnection()
        return deferLater(self.reactor, FAREWELL, self.cut) if self.open else None

    def cut(self) -> None:
        """Whoever takes too long to go is cut off."""
        for channel in tuple(self.open):
            channel.abortConnection()

    def log(self, request: Any) -> None:
        """Say nothing: a page that is open asks for a part of itself many times a minute."""


def too_long(largest: int, language: str, script: bool) -> bytes:
    """The whole answer to a body that is too long: a sentence, for scripts of ours as JSON."""
    most = f"{largest / 2**20:.3g} MB"
    text = f"The file is too large: at most {most}." if language == "en" else f"文件太大，最多 {most}。"
    kind = "application/json" if script else "text/plain; charset=utf-8"
    said = (json.dumps({"error": text}) if script else text).encode()
    head = (
        "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(said)}\r\n\r\n"
    )
    return head.encode() + said
