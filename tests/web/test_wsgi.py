"""What stands between the server and Flask."""

import gzip
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from web.site.wsgi import PIECE, around


class Chunks:
    """An answer that knows whether it was closed."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        self.closed = True


def ask(
    answer: Iterable[bytes], kind: str = "text/html", status: str = "200 OK", extra: Any = (), **environ: str
) -> tuple[dict[str, str], list[bytes]]:
    told: dict[str, str] = {}

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ["wsgi.input_terminated"] is True
        start_response(status, [("Content-Type", kind), ("Content-Length", "5"), *extra])
        return answer

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        told.update(headers)

    asked = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "deflate, gzip", **environ}
    return told, list(around(app)(asked, start))  # type: ignore[arg-type]


def test_a_proxy_tells_scheme_and_host_and_does_not_move_the_pages() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    asked = {
        "REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.7", "SCRIPT_NAME": "", "PATH_INFO": "/", "SERVER_NAME": "a",
        "SERVER_PORT": "80", "wsgi.url_scheme": "http", "HTTP_HOST": "a", "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "desk.example", "HTTP_X_FORWARDED_PREFIX": "/elsewhere",
    }  # fmt: skip
    list(around(app, frozenset({"192.0.2.7"}))(asked, lambda *_: None))  # type: ignore[arg-type]
    assert (seen["wsgi.url_scheme"], seen["HTTP_HOST"], seen["SCRIPT_NAME"]) == ("https", "desk.example", "")


def test_text_is_compressed_and_its_length_is_not_told() -> None:
    headers, chunks = ask([b"he", b"llo"])
    assert gzip.decompress(b"".join(chunks)) == b"hello"
    assert headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in headers


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "image/jpeg"},
        {"kind": "application/octet-stream"},
        {"status": "302 FOUND"},
        {"status": "206 PARTIAL CONTENT"},
        {"HTTP_ACCEPT_ENCODING": "br"},
        {"REQUEST_METHOD": "HEAD"},
        {"extra": [("Content-Encoding", "br")]},
    ],
)
def test_the_rest_goes_as_it_is(asked: dict[str, Any]) -> None:
    headers, chunks = ask([b"he", b"llo"], **asked)
    assert b"".join(chunks) == b"hello"
    assert headers["Content-Length"] == "5"


def test_many_small_pieces_leave_as_few_large_ones() -> None:
    _, chunks = ask([b"x" * 1000] * 1000, kind="image/png")
    assert sum(map(len, chunks)) == 1000 * 1000
    assert all(len(chunk) >= PIECE for chunk in chunks[:-1])


@pytest.mark.parametrize("kind", ["text/html", "image/png"])
def test_an_answer_is_closed_when_the_browser_goes_away(kind: str) -> None:
    answer = Chunks(*[b"x" * PIECE] * 10)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", kind)])
        return answer

    sent: Any = around(app)({"HTTP_ACCEPT_ENCODING": "gzip"}, lambda *args: None)  # type: ignore[arg-type]
    next(iter(sent), None)
    sent.close()
    assert answer.closed
