"""The edges of captures: no times, links that end late, spoilt frames alone, what was written down already."""

from __future__ import annotations

import pytest

from harness.core.capture import EXPORT, LOG, Began, Ended, Happening, Hole, Piece, Recorded, WholeFrame
from harness.core.journal import PILE, EventSeen, FrameSeen, Opened, Record
from harness.protocols.ykc.audit.captured_clock import Believed, are_batches
from harness.protocols.ykc.framing import build_frame
from tests.captures.pcaps import pcap, talk_of
from tests.captures.sessions import frames_of, lines
from tests.protocols.ykc.audit import login_sessions, record_sessions
from tests.protocols.ykc.audit.edited import good, idle
from tests.protocols.ykc.audit.test_captured import counts, judged
from tests.protocols.ykc.audit.test_captured_links import (
    AFTER,
    BEAT,
    DOWN,
    FOREIGN,
    MINE,
    OTHER,
    SESSION,
    codes,
    said,
    taken,
)

SPOILT = BEAT[:-1] + bytes([BEAT[-1] ^ 1])


def untimed(happenings: list[Happening]) -> list[Happening]:
    return [each._replace(at=None) for each in happenings if not isinstance(each, Recorded)]


def test_a_connection_without_times_begins_and_ends() -> None:
    found = taken(*untimed([Began("A", 0.0, 0, "p:1"), *said("A", SESSION), Ended("A", 0.0, 99)]))
    assert (counts(found), found.times, found.frames) == ({}, False, len(SESSION))


def test_behind_a_hole_a_new_code_may_be_another_pile() -> None:
    hole = Hole("A", 50.0, "", 0, 50)
    assert codes(taken(Began("A", 0.0, 0, "p:1"), *said("A", AFTER), hole, *said("A", FOREIGN))) == [MINE, OTHER]


def test_bytes_of_foreign_connections_are_not_among_those_left_over() -> None:
    foreign = taken(Piece("A", 0.0, "up", b"GET / HTTP/1.1", 1))
    assert (foreign.rest, foreign.foreign, foreign.links) == ({}, 14, 0)
    assert taken(Piece(LOG, 0.0, "up", b"GET / HTTP/1.1", 1, sure=False)).rest == {"no_frame": 14}


@pytest.mark.parametrize("more", [False, True])
def test_a_connection_with_nothing_but_spoilt_frames_is_one_of_ours(more: bool) -> None:
    pieces = [Piece("A", 0.0, "up", SPOILT, 1), *([Piece("A", 30.0, "up", SPOILT, 2)] if more else [])]
    found = taken(Began("A", 0.0, 0, "p:1"), *pieces)
    assert (found.links, found.foreign, found.rest["crc"]) == (1, 0, len(pieces) * len(SPOILT))


def test_rubbish_is_the_piles_where_only_the_platform_was_understood() -> None:
    down = [Piece("A", float(n), "down", DOWN, n) for n in range(3)]
    rubbish = [Piece("A", 10.0, "up", b"\1\2\3\4", 10), Piece("A", 20.0, "down", DOWN, 20)]
    found = taken(Began("A", 0.0, 0, "p:1"), *down, *rubbish)
    assert (counts(found), found.piles[0].heard, found.unplaced) == ({"garbage": 1}, 1, 0)


def test_rubbish_before_anybody_was_understood_is_nobodys() -> None:
    found = taken(Began("A", 0.0, 0, "p:1"), Piece("A", 0.0, "up", b"\1\2\3\4", 1), Piece("A", 9.0, "up", b"\1", 2))
    assert (found.piles, found.unplaced) == ((), 1)


def test_the_end_of_a_connection_that_the_pile_left_before_says_nothing_of_the_new_one() -> None:
    first, second = idle(60).journal(), idle(120).journal()
    back = [FrameSeen(r.n, r.at + 70, r.sender, r.raw) for r in frames_of(second)]
    late = [each for each in said("B", back) if each.at is not None and each.at > 100]
    soon = [each for each in said("B", back) if each.at is not None and each.at <= 100]
    before: list[Happening] = [Began("A", 0.0, 0, "p:1"), *said("A", first), Began("B", 70.0, 0, "p:2"), *soon]
    assert counts(taken(*before, Ended("A", 100.0, 1), *late)) == counts(taken(*before, *late))


def test_damage_that_was_told_already_stays_that_damage() -> None:
    told = WholeFrame(EXPORT, 1.0, PILE, SPOILT, 1, "unfinished")
    assert taken(*said(EXPORT, []), told).rest == {"unfinished": len(SPOILT)}
    assert taken(WholeFrame(EXPORT, 1.0, PILE, SPOILT, 1)).rest == {"crc": len(SPOILT)}


def recorded(*journals: list[Record]) -> list[Happening]:
    records = [record for journal in journals for record in journal]
    return [Recorded(EXPORT, record.at, record, n) for n, record in enumerate(records, 1)]


def opened(journal: list[Record], wall: str) -> list[Record]:
    """A journal that says first of all whose it is and when it was opened, as those that are kept do."""
    event = Opened(wall=wall, profile={"pile_code": MINE}, timezone="Asia/Shanghai")
    rest = [each for each in journal if not (isinstance(each, EventSeen) and isinstance(each.event, Opened))]
    return [EventSeen(0, -1.0, event), *rest]


def test_a_journal_counts_what_the_pile_said_and_shows_both_sides() -> None:
    journal = opened(idle(60).journal(), "2026-04-17T02:00:00+00:00")
    (pile,) = taken(*recorded(journal)).piles
    assert pile.heard == sum(record.sender == PILE for record in frames_of(journal))
    early = opened(login_sessions.SESSIONS["before_login"].breaks().journal(), "2026-04-17T02:00:00+00:00")
    assert "before_login" in counts(taken(*recorded(early)))


def test_what_was_owed_at_the_end_of_one_journal_is_not_asked_of_the_next() -> None:
    session = good("single_tariff")
    stop = session.at("remote_stop")
    first = opened([record for record in session.journal() if record.at <= stop], "2026-04-17T02:00:00+00:00")
    second = opened(idle(60).journal(), "2026-04-17T03:00:00+00:00")
    assert counts(taken(*recorded(first, second))) == {}


def test_what_is_asked_of_a_pile_that_is_only_silent_is_still_owed() -> None:
    session = idle(120).drop("heartbeat", since=20, until=75).drop("heartbeat_reply", since=20, until=75)
    asked = session.down(60.0, "remote_stop", pile_code=MINE, gun_no="01")
    assert "stop_reply_missing" in counts(judged(pcap(talk_of(asked.journal()).packets)))


@pytest.mark.parametrize("dated", [True, False])
def test_the_times_of_a_record_are_judged_where_the_log_has_dates(dated: bool) -> None:
    text = lines(record_sessions.SESSIONS["record_times"].breaks().journal())
    found = judged(text if dated else text.replace("2026-04-17 ", ""))
    assert ("record_times" in counts(found)) is dated


def beats(moments: list[float], between: list[float]) -> list[Piece]:
    """Heartbeats, each other than the one before, and other lines at moments of their own."""
    sent = [build_frame(0x03, BEAT[6:-2], n.to_bytes(2, "little")) for n in range(len(moments))]
    told = [Piece(LOG, at, "up", raw, 0) for at, raw in zip(moments, sent, strict=True)]
    return sorted([*told, *(Piece(LOG, at, "down", DOWN, 0) for at in between)], key=lambda piece: piece.at or 0.0)


PAIRS = [30.0 * (n // 3) for n in range(60)]  # three heartbeats at a time, twice a minute: one in 10 s on average


def test_lines_in_lumps_at_the_pace_of_a_pile_were_written_in_batches() -> None:
    assert are_batches(beats(PAIRS, []))


def test_lines_in_lumps_at_no_piles_pace_were_not() -> None:
    assert not are_batches(beats([3 * moment for moment in PAIRS], []))


def test_lumps_between_lines_with_moments_of_their_own_are_the_piles() -> None:
    assert not are_batches(beats(PAIRS, [30.0 * n + 0.3 for n in range(20)]))


def test_times_are_believed_until_they_were_looked_at() -> None:
    assert not Believed([]).in_batches


def test_without_times_nothing_is_in_batches() -> None:
    assert not are_batches([])
    assert not are_batches([piece._replace(at=None) for piece in beats(PAIRS, [])])
