"""What a filter leaves of the log as a file for Wireshark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from harness.captures.journal_out import Ours, packets, since
from harness.captures.pcap_out import Packet, to_pcap
from harness.core.journal import FrameSeen
from harness.store import frame_log, queries
from harness.store.frame_log import LogFrame, LogJournal, Wanted
from web.frames.query import Seen
from web.services import Services

CAPTURE_TYPE = "application/vnd.tcpdump.pcap"
SECOND = timedelta(seconds=1)


def captured(services: Services, seen: Seen, wanted: Wanted) -> Iterator[bytes]:
    """A pcap in pieces, made as it is read; each journal is a time at which the platform ran."""
    return to_pcap(_packets(services, seen, wanted))


def _packets(services: Services, seen: Seen, wanted: Wanted) -> Iterator[Packet]:
    ours = Ours(services.settings.pile_address, services.settings.pile_port)
    for number, journal in enumerate(reversed(seen.journals)):
        events = queries.wire_events(services.engine, journal.key)
        if seen.since is not None:
            events = since(events, (seen.since - journal.opened) / SECOND)
        found = frame_log.in_order(services.engine, [journal], wanted)
        frames = (_frame(journal, each) for each in found)
        yield from packets(journal.opened, events, frames, ours, number=number)


def _frame(journal: LogJournal, logged: LogFrame) -> FrameSeen:
    """A frame as its journal holds it."""
    return FrameSeen(logged.n, (logged.at - journal.opened) / SECOND, logged.sender, logged.raw, logged.damage)
