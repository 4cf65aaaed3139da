"""What stands between the web server and Flask, on the web threads: proxy headers, chunked bodies, compression."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PIECE = 64 * 1024  # bytes; each piece of an answer costs a turn of the reactor
GZIP = 16 + zlib.MAX_WBITS
LEVEL = 4  # on the desk's pages level 9 takes three times as long for 2 % less
WORTH_IT = ("text/", "application/json", "application/jsonl", "application/x-ndjson", "image/svg+xml")

Headers = list[tuple[str, str]]


def around(app: WSGIApplication, proxies: frozenset[str] = frozenset()) -> WSGIApplication:
    """The app as the server calls it; X-Forwarded headers count only from the proxies that are named."""
    behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=0)

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input_terminated"] = True  # a chunked body is whole by now; else Flask takes it for empty
        named = environ.get("REMOTE_ADDR") in proxies
        return compressed(behind_proxy if named else app, environ, start_response)

    return call


def compressed(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The answer of an app, by gzip where the browser takes it and it is text."""
    packing = []

    def start(status: str, headers: Headers, *error: Any) -> Any:
        if takes_gzip(environ) and status.startswith("200") and is_text(headers):
            packing.append(True)
            headers = [(name, value) for name, value in headers if name.lower() not in ("content-length", "etag")]
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return start_response(status, headers, *error)

    chunks = app(environ, start)
    return closing(chunks, joined(packed(chunks) if packing else chunks))


def takes_gzip(environ: WSGIEnvironment) -> bool:
    """Does this visit take a compressed answer?"""
    return "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") and environ.get("REQUEST_METHOD") != "HEAD"


def is_text(headers: Headers) -> bool:
    """Is an answer worth compressing, and not compressed yet?"""
    found = {name.lower(): value for name, value in headers}
    return found.get("content-type", "").startswith(WORTH_IT) and "content-encoding" not in found


def packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same by gzip."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()


def joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces that are not small."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)


def closing(source: Iterable[bytes], chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What is made of an answer, which is closed whatever happens."""
    try:
        yield from chunks
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()
