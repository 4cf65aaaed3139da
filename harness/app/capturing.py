"""Captures out: a stored run as packets for Wireshark, and `harness wireshark`, the dissector that reads them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine

from harness.app.files import write_pieces
from harness.captures.comments import comments
from harness.captures.journal_out import ENDS, Ours, packets, since
from harness.captures.pcap_out import FORMS
from harness.core.errors import PersonError
from harness.core.journal import EventSeen, LinkChanged
from harness.core.outcome import RunOutcome
from harness.protocols.ykc.dissector import dissector
from harness.settings import Settings
from harness.store import queries

LEAD = 60.0  # s before a run: when the pile connected within them, its login belongs to the run
YKC_PORT = 5456  # when ours is whatever is free
LOGINS = ("login", "relogin")
FOREVER = 1e9  # s


def run_capture(engine: Engine, run_id: str, settings: Settings, form: str) -> Iterator[bytes]:
    """All that went over the wire during a run, also between its cases, as a file in pieces."""
    outcome = queries.run_outcome(engine, run_id)
    journal = queries.pile_journal(engine, run_id)
    if journal is None:
        raise PersonError(
            f"run {run_id} has no frames any more; they were removed after their time",
            f"联调 {run_id} 的报文已经过期删除",
        )
    events = queries.wire_events(engine, journal.key)
    first, last = span(outcome, journal.opened, events)
    frames = list(queries.frames_between(engine, journal.key, first, last))
    said = comments(journal.opened, frames, outcome.cases, queries.run_records(engine, run_id))
    during = [seen for seen in since(events, first) if seen.at <= last]
    return FORMS[form](packets(journal.opened, during, frames, ours(settings), said))


def span(outcome: RunOutcome, opened: datetime, events: Sequence[EventSeen]) -> tuple[float, float]:
    """From when to when a run goes in its pile's journal: with the login before it, when that was just before."""
    first = seconds_between(opened, outcome.started)
    last = seconds_between(opened, outcome.ended) if outcome.ended else FOREVER
    gone = 0.0  # until when nobody was connected: what comes then is the login
    for seen in events:
        if seen.at > first or not isinstance(seen.event, LinkChanged):
            continue
        if seen.event.what in ENDS:
            gone = seen.at
        elif seen.event.what in LOGINS and seen.at >= first - LEAD:
            return gone, last
    return first, last


def seconds_between(opened: datetime, stamp: str) -> float:
    """From the opening of a journal to a moment."""
    return (datetime.fromisoformat(stamp) - opened).total_seconds()


def ours(settings: Settings) -> Ours:
    """Where piles reach us, as far as the settings say."""
    return Ours(settings.public_address or settings.host, settings.port or YKC_PORT)


def wireshark(settings: Settings, args: argparse.Namespace) -> int:
    """Write the dissector."""
    port = args.port or settings.port or YKC_PORT
    if not 0 < port < 65_536:
        raise PersonError(
            f"--port {port}: a port is a number from 1 to 65535", f"--port {port}：端口是 1 至 65535 的数"
        )
    write_pieces([dissector(port, "en" if args.english else "zh").encode()], args.out)
    return 0
