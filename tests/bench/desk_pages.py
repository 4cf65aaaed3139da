"""The open pages, in a process of their own: `python -m tests.bench.desk_pages PORT COOKIES STREAMS MODEL...`.

It opens the streams, evenly over the sessions (their cookies with commas between) and the models, says "ready", keeps
what comes until a line is written to it, waits until nothing comes any more, and prints one line of JSON: how many
streams are complete, and what was wrong with others.
"""

from __future__ import annotations

import json
import os
import resource
import select
import socket
import sys
import time
from collections import defaultdict

QUIET = 1.0  # s without anything new: all that was sent has come
FEWEST = 5  # batches that a stream must have had: one without any is complete in nothing


class Page:
    """One stream; what comes is kept and read in the end, so that reading costs nothing while piles are timed."""

    def __init__(self, port: int, cookie: str, model: str) -> None:
        self.model = model
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.data: list[bytes] = []
        head = (
            f"GET /events?on=model:{model},frames:{model} HTTP/1.1\r\nHost: bench\r\nCookie: session={cookie}\r\n\r\n"
        )
        self.socket.sendall(head.encode())
        self.data.append(self.socket.recv(65536))
        assert self.data[0].startswith(b"HTTP/1.1 200"), self.data[0]

    def events(self) -> list[tuple[str, str]]:
        """Name and data of all events."""
        body = dechunked(b"".join(self.data).partition(b"\r\n\r\n")[2]).decode()
        lines = (block.split("\n") for block in body.split("\n\n"))
        blocks = (dict(line.split(": ", 1) for line in block if ": " in line) for block in lines)
        return [(block["event"], block.get("data", "")) for block in blocks if "event" in block]

    def frames(self) -> list[int]:
        """The numbers of the frames that came; every batch must follow upon the one before it."""
        seen: list[int] = []
        for name, data in self.events():
            assert name in ("frames", "found", "changed", "ping"), name
            if name == "frames":
                batch = json.loads(data)
                assert not seen or batch["after"] == seen[-1], f"{batch['after']} does not follow {seen[-1]}"
                seen += sorted(row["n"] for row in batch["rows"])
        assert len(seen) >= FEWEST, f"only {len(seen)} frames"
        return seen


def dechunked(data: bytes) -> bytes:
    """A chunked body, as far as it came."""
    out, at = [], 0
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:end], 16)
        out.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(out)


def listen(pages: list[Page]) -> None:
    """Keep what comes until a line is written to us and nothing comes any more."""
    poller = select.epoll()
    by_fd = {page.socket.fileno(): page for page in pages}
    for fd in (*by_fd, sys.stdin.fileno()):
        poller.register(fd, select.EPOLLIN)
    told, last = False, time.perf_counter()
    while not told or time.perf_counter() - last < QUIET:
        for fd, _ in poller.poll(0.1):
            if fd not in by_fd:
                told, last = True, time.perf_counter()
                poller.unregister(fd)
                continue
            data = by_fd[fd].socket.recv(1 << 20)
            assert data, "a stream ended"
            by_fd[fd].data.append(data)
            last = time.perf_counter()


def judged(pages: list[Page]) -> dict[str, object]:
    """A stream is complete when no frame is missing from its first to the last one of any page of its pile."""
    troubles: list[str] = []
    ends: dict[str, set[int]] = defaultdict(set)
    events = 0
    for page in pages:
        try:
            ends[page.model].add(page.frames()[-1])
            events += len(page.events())
        except AssertionError as error:
            troubles.append(f"model {page.model}: {error}")
    torn = sum(page.model in ends and len(ends[page.model]) > 1 for page in pages)
    if torn:
        troubles.append(f"{torn} streams of piles whose pages do not agree on the last frame")
    return {"complete": len(pages) - len(troubles) - max(0, torn - 1), "events": events, "troubles": troubles[:5]}


def main(port: int, cookies: list[str], streams: int, models: list[str]) -> None:
    """Open, listen, tell."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    os.nice(5)  # the piles, whose time is taken, go first
    pages = [Page(port, cookies[i % len(cookies)], models[i % len(models)]) for i in range(streams)]
    print("ready", flush=True)
    listen(pages)
    print(json.dumps(judged(pages)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].split(","), int(sys.argv[3]), sys.argv[4:])
