"""Visits to a site over real sockets, as plain blocking calls: tests make them on a thread of the reactor."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple

LIMIT = 10.0  # real seconds


class Answered(NamedTuple):
    """What came back; header names are in small letters."""

    code: int
    headers: dict[str, str]
    body: bytes


class Seen(NamedTuple):
    """One event as a browser reads it."""

    name: str
    data: str
    id: str


def visit(
    address: tuple[str, int],
    path: str,
    method: str = "GET",
    body: object = None,
    tls: ssl.SSLContext | None = None,
    **headers: str,
) -> Answered:
    """One request; `content_type="..."` is the header Content-Type."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if tls is None:
        talk = http.client.HTTPConnection(*address, timeout=LIMIT)
    else:
        talk = http.client.HTTPSConnection(*address, timeout=LIMIT, context=tls)
    try:
        talk.request(method, path, body, names)  # type: ignore[arg-type]
        got = talk.getresponse()
        return Answered(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
    finally:
        talk.close()


def spoken(address: tuple[str, int], data: bytes) -> bytes:
    """All that comes back for some bytes, until the other end hangs up."""
    with socket.create_connection(address, timeout=LIMIT) as line:
        line.sendall(data)
        return b"".join(iter(lambda: line.recv(65536), b""))


def first_answer(address: tuple[str, int], data: bytes) -> bytes:
    """What comes back at once for some bytes, while the other end still waits for more of them."""
    with socket.create_connection(address, timeout=LIMIT) as line:
        line.sendall(data)
        return line.recv(65536)


class Listener:
    """A page's stream."""

    def __init__(self, address: tuple[str, int], on: str, cookie: str = "", last_id: str = "", buffer: int = 0) -> None:
        self.line = socket.socket()
        if buffer:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.line.settimeout(LIMIT)
        self.line.connect(address)
        last = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        self.line.sendall(f"GET /events?on={on} HTTP/1.0\r\nCookie: session={cookie}\r\n{last}\r\n".encode())
        self.file = self.line.makefile("rb")
        self.code = int(self.file.readline().split()[1])
        lines = iter(lambda: self.file.readline().decode().strip(), "")
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    def events(self) -> Iterator[Seen]:
        """What comes, until the other end hangs up."""
        fields: dict[str, str] = {}
        for line in self.file:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif "event" in fields:
                yield Seen(fields["event"], fields.get("data", ""), fields.get("id", ""))
                fields = {}
            else:
                fields = {}

    def next(self, count: int = 1) -> list[Seen]:
        """The next events."""
        coming = self.events()
        return [next(coming) for _ in range(count)]

    def close(self) -> None:
        """Leave the page."""
        self.file.close()
        self.line.close()
