"""The servers that are measured, each in a process of its own: `python -m tests.bench.serving KIND FOLDER PILES`.

`bare` cuts frames, checks the CRC and answers by direct send, without session or log; `quiet` is the product without a
frame log, `whole` the product with session, journal and recorder. Each prints its port and serves until killed.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from typing import Any

from twisted.internet import protocol

from harness.core.journal import Journal, Opened, Sink
from harness.core.pile import PileProfile
from harness.links.reactor import loop, reactor
from harness.links.reactor_clock import RealClock
from harness.links.ykc_tcp import BACKLOG, YkcLink, open_link
from harness.protocols.ykc.crc import crc
from harness.protocols.ykc.platform import Platform


def pile_code(number: int) -> str:
    """The code of a pile of the bench."""
    return f"3201{number:010d}"


class Bare(protocol.Protocol):
    """The least that answers a heartbeat rightly."""

    rest = b""

    def connectionMade(self) -> None:
        transport: Any = self.transport
        transport.setTcpNoDelay(True)
        self.send: Callable[[bytes], int] = transport.getHandle().send

    def dataReceived(self, data: bytes) -> None:
        data = self.rest + data
        out = []
        at = 0
        while len(data) - at >= 2:
            stop = at + data[at + 1] + 4
            if data[at] != 0x68:
                at += 1
                continue
            if stop > len(data):
                break
            frame = data[at:stop]
            if crc(frame[2:-2]) != frame[-2] | frame[-1] << 8:
                at += 1
                continue
            if frame[5] == 3:
                covered = frame[2:4] + b"\0\x04" + frame[6:14] + b"\0"
                out.append(b"h\x0d" + covered + crc(covered).to_bytes(2, "little"))
            at = stop
        self.rest = data[at:]
        if out:
            self.send(b"".join(out))


def serve_bare() -> int:
    """Listen; gives the port."""
    factory = protocol.ServerFactory.forProtocol(Bare)
    return int(reactor.listenTCP(0, factory, backlog=BACKLOG, interface="127.0.0.1").getHost().port)


def serve_product(sinks: tuple[Sink, ...], piles: int) -> YkcLink:
    """The platform with so many piles, on a port."""
    clock = RealClock(loop)

    def journal_for(key: str) -> Journal:
        journal = Journal(f"bench/{key}", clock, sinks)
        journal.event(Opened(wall=clock.wall().isoformat()))
        return journal

    profiles = [
        PileProfile(pile_code=pile_code(number), model="M", kind="dc", power_kw=60, guns=1) for number in range(piles)
    ]
    return open_link(reactor, Platform(clock, profiles, journal_for=journal_for), clock, "127.0.0.1", 0)


def serve_whole(folder: str, piles: int) -> YkcLink:
    """With the recorder, which slows the sockets when it cannot follow."""
    from harness.store.database import open_store
    from harness.store.recorder import Recorder

    links: list[YkcLink] = []
    recorder = Recorder(
        open_store(f"sqlite:///{folder}/bench.sqlite"),
        "bench",
        lambda full: reactor.callFromThread(links[0].set_paused, full),
    )
    links.append(serve_product((recorder,), piles))
    return links[0]


def main(kind: str, folder: str, piles: int) -> None:
    """Serve one kind, say on which port, and go on until killed."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    if kind == "bare":
        port = serve_bare()
    else:
        link = serve_whole(folder, piles) if kind == "whole" else serve_product((), piles)
        port = link.address[1]
    print(port, flush=True)
    reactor.run(installSignalHandlers=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
