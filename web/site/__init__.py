"""The desk on its ports: Flask on threads of its own, the streams and static files beside it, over http and TLS.

The only room of web that knows Twisted.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from harness.core.errors import PersonError
from web import access
from web.site.events import Events
from web.site.files import Root, Static
from web.site.pages import THREADS, Pages
from web.site.requests import QuietSite
from web.site.wsgi import around
from web.streams import Hub

if TYPE_CHECKING:
    from flask import Flask

    from web.site.certificates import Pem

ROOM = 4000  # connections, unless whoever opens the site knows how many files the process may have


class Door(NamedTuple):
    """A port of the desk, and the setting that chooses another one."""

    host: str
    port: int
    setting: str


def open_site(
    reactor: Any,
    app: Flask,
    hub: Hub,
    http: Door | None,
    https: Door | None = None,
    pem: Pem | None = None,
    proxies: frozenset[str] = frozenset(),
    room: int = ROOM,
) -> DeskSite:
    """Serve an app of create_app on its ports; PersonError when one cannot be had. `pem` is needed for https."""
    pool = ThreadPool(*THREADS, name="web")
    events = Events(reactor, pool, hub, partial(admitted, app), partial(may_stay, app))
    pages = Pages(reactor, pool, around(app, proxies))
    root = Root(pages, {b"events": events, b"static": Static(app.extensions["assets"])})
    largest = app.extensions["desk"].settings.most_firmware
    site = QuietSite(root, largest, partial(access.language_in, app), reactor, room)
    opened = DeskSite(reactor, pool, events, pages, site)
    try:
        if http is not None:
            opened.http = opened.listen(http)
        if https is not None and pem is not None:
            opened.https = opened.listen(https, tls_options(pem))
    except PersonError:
        opened.close()
        raise
    pool.start()
    return opened


def admitted(app: Flask, cookie: str, channels: Sequence[str]) -> tuple[int, str]:
    """May whoever holds a session cookie listen, and who is it? Reads the store, so it is for a web thread."""
    visitor = access.visitor_in(app, cookie)
    if not visitor or access.who_is(app.extensions["desk"], visitor) is None:
        return 401, ""
    return 200 if may_stay(app, visitor, channels) else 404, visitor


def may_stay(app: Flask, visitor: str, channels: Sequence[str]) -> bool:
    """May who listens go on listening? Reads the store, so it is for a web thread."""
    return all(access.may_listen(app.extensions["desk"], visitor, channel) for channel in channels)


def tls_options(pem: Pem) -> CertificateOptions:
    """A certificate as Twisted wants it."""
    # Twisted's types still name the objects of pyOpenSSL, which warns when it is given them.
    own, *others = cast(Any, pem.chain)
    return CertificateOptions(cast(Any, pem.key), own, extraCertChain=others, raiseMinimumTo=TLSVersion.TLSv1_2)


class DeskSite:
    """The open ports of the desk."""

    http: tuple[str, int] | None = None
    https: tuple[str, int] | None = None

    def __init__(self, reactor: Any, pool: ThreadPool, events: Events, pages: Pages, site: QuietSite) -> None:
        self.pages = pages
        self._reactor = reactor
        self._pool = pool
        self._events = events
        self._site = site
        self._ports: list[Any] = []

    def listen(self, door: Door, tls: CertificateOptions | None = None) -> tuple[str, int]:
        """Open one port; gives the host and port it is."""
        reactor, host = self._reactor, door.host
        try:
            if tls is None:
                port = reactor.listenTCP(door.port, self._site, interface=host)
            else:
                port = reactor.listenSSL(door.port, self._site, tls, interface=host)
        except CannotListenError as error:
            raise port_error(door, error.socketError) from None
        self._ports.append(port)
        return port.getHost().host, port.getHost().port

    def close(self) -> Deferred[Any]:
        """Let everybody go; fires when the ports are free and no view is at work any more."""
        self._events.close()
        self.pages.close()
        closing: Deferred[Any] = DeferredList([maybeDeferred(port.stopListening) for port in self._ports])
        closing.addCallback(lambda _: self._stop_pool())
        return closing.addCallback(lambda _: self._site.hang_up())

    def _stop_pool(self) -> Deferred[Any] | None:
        if not self._pool.started:
            return None
        reactor = self._reactor  # in a thread: a view that ends may still want something of the reactor
        return deferToThreadPool(reactor, reactor.getThreadPool(), self._pool.stop)


def port_error(door: Door, error: object) -> PersonError:
    """Why a port cannot be had, in a sentence."""
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    if isinstance(error, socket.gaierror):
        why = "no such address"
    where = f"{door.host or '0.0.0.0'}:{door.port}"
    variable = f"HARNESS_{door.setting.upper()}"
    demo_zh, demo = ("，harness demo 也可用 --port", ", in `harness demo` also --port")
    if door.setting != "web_port":
        demo_zh = demo = ""
    return PersonError(
        f"cannot open the port of the desk {where}: {why}; if another `harness serve` holds it, stop that one, "
        f"or choose another port (setting {door.setting} or {variable}{demo})",
        f"无法打开网页端口 {where}：{why}；如果另一个 `harness serve` 占用了它，请停止它，"
        f"或换一个端口（设置 {door.setting} 或 {variable}{demo_zh}）",
    )
