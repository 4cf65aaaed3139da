"""Links of a capture: whose frames they carry, what comes before anybody is known, what ends with them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from harness.core.capture import LOG, Began, CaptureAudit, Ended, Happening, Hole, Piece
from harness.core.journal import PILE, FrameSeen, Record
from harness.protocols.ykc.audit.captured import Captured
from harness.protocols.ykc.framing import build_frame
from tests.captures.pcaps import Talk, pcap, talk_of
from tests.captures.sessions import frames_of, other, silent
from tests.protocols.ykc.audit.edited import Edited, good, idle
from tests.protocols.ykc.audit.start_sessions import charging
from tests.protocols.ykc.audit.test_captured import counts, judged

OTHER = "32010600999999"


def taken(*happenings: Happening) -> CaptureAudit:
    captured = Captured()
    for happening in happenings:
        captured.take(happening)
    return captured.result()


def said(link: str, records: Iterable[Record]) -> list[Happening]:
    """Frames on a link, each in one piece."""
    return [Piece(link, r.at, r.sender, r.raw, n) for n, r in enumerate(frames_of(records), 1)]


def codes(audit: CaptureAudit) -> list[str]:
    return [pile.pile_code for pile in audit.piles]


SESSION = frames_of(idle(60).journal())
MINE = SESSION[0].raw[6:13].hex()
LOGIN, AFTER = SESSION[:2], SESSION[2:12]
FOREIGN = frames_of(other(AFTER, OTHER))


@pytest.mark.parametrize("link", ["A", LOG])
def test_frames_name_the_pile_of_a_link(link: str) -> None:
    assert codes(taken(*said(link, SESSION))) == [MINE]


@pytest.mark.parametrize(
    ("began", "before", "piles"),
    [
        (True, [*LOGIN, *AFTER], [MINE]),  # it logged in there
        (False, [*LOGIN, *AFTER], [MINE]),
        (True, AFTER, [MINE]),  # all of the connection was seen
        (False, AFTER, [MINE, OTHER]),  # perhaps several piles behind one gateway
    ],
)
def test_another_code_on_a_connection_is_a_wrong_one_or_another_piles(
    began: bool, before: list[FrameSeen], piles: list[str]
) -> None:
    start: list[Happening] = [Began("A", 0.0, 0, "p:1")] if began else []
    assert codes(taken(*start, *said("A", [*before, *FOREIGN]))) == piles


def test_another_pile_may_log_in_on_a_connection() -> None:
    second = frames_of(other(SESSION, OTHER))
    assert codes(taken(Began("A", 0.0, 0, "p:1"), *said("A", [*SESSION, *second]))) == [MINE, OTHER]


def test_a_login_that_goes_down_is_nobodys() -> None:
    """Its direction is known by all else that goes there."""
    second = frames_of(other(LOGIN[:1], OTHER))[0]
    down = FrameSeen(second.n, second.at, "platform", second.raw)
    assert codes(taken(Began("A", 0.0, 0, "p:1"), *said("A", [*SESSION, down]))) == [MINE]


@pytest.mark.parametrize("link", ["A", LOG])
def test_a_damaged_frame_names_nobody_where_somebody_is_known(link: str) -> None:
    damaged = FOREIGN[0].raw[:-1] + bytes([FOREIGN[0].raw[-1] ^ 1])
    frames = [*SESSION, FrameSeen(0, 100.0, PILE, damaged)]
    assert codes(taken(*said(link, frames))) == [MINE]


def nameless(at: float) -> FrameSeen:
    """A frame of a type that nobody knows, so that nobody can say whose it is."""
    return FrameSeen(0, at, PILE, build_frame(0xEF, b"\0", b"\0\0"))


@pytest.mark.parametrize("link", ["A", LOG])
def test_what_comes_before_a_pile_is_known_is_heard_once_it_is(link: str) -> None:
    early = [nameless(n / 100 - 1) for n in range(3)]
    found = taken(*said(link, [*early, *SESSION]))
    assert (found.unplaced, found.piles[0].frames) == (0, 3 + len(SESSION))


def test_what_names_nobody_among_several_is_counted_and_heard_by_none() -> None:
    both = [*SESSION, *frames_of(other(SESSION, OTHER))]
    found = taken(*said(LOG, sorted([*both, nameless(30.0)], key=lambda record: record.at)))
    assert (found.unplaced, sum(pile.frames for pile in found.piles)) == (1, len(both))


def test_a_log_that_has_times_from_somewhere_on_has_times() -> None:
    records = frames_of(silent().journal())
    bare = [Piece(LOG, None, r.sender, r.raw, n) for n, r in enumerate(records[:4], 1)]
    timed: list[Happening] = [Hole(LOG, records[4].at, "", 0, 5, "times"), *said(LOG, records[4:])]
    found = taken(*bare, *timed)
    assert found.times
    assert "heartbeat_gap" in counts(found)
    assert not taken(*bare).times
    ends = taken(*said(LOG, records[:20]), Hole(LOG, None, "", 0, 21, "times"), *bare)
    assert ends.times


def test_a_pile_that_lost_its_power_amid_a_charge_did_not_forget_its_reports() -> None:
    journal = good("single_tariff").journal()
    session = good("single_tariff")
    middle = max(r.at for r in session.frames("realtime_data") if charging(session.read(r).values)) - 1
    talk = talk_of([record for record in journal if record.at < middle]).close(middle + 180, reset=True)
    assert counts(judged(pcap(talk.packets))) == {}


def test_what_the_platform_says_into_a_silence_is_counted() -> None:
    records = frames_of(idle(60).journal())
    late = [FrameSeen(0, 200.0 + n, "platform", r.raw) for n, r in enumerate(records) if r.sender != PILE]
    found = taken(Began("A", 0.0, 0, "p:1"), *said("A", [*records, *late]), Ended("A", 400.0, 99))
    assert found.piles[0].frames == len(records) + len(late)


BEAT = [record.raw for record in SESSION if record.raw[5] == 0x03][-1]
DOWN = next(record.raw for record in SESSION if record.raw[5] == 0x04)


def read(*pieces: tuple[str, bytes], link: str = LOG) -> CaptureAudit:
    """Pieces on two ways of a link, after a session that says whose they are."""
    later = [Piece(link, 100.0 + n, way, raw, 100 + n) for n, (way, raw) in enumerate(pieces)]
    return taken(*(piece for piece in said(link, SESSION)), *later)


@pytest.mark.parametrize(
    ("pieces", "holes"),
    [
        ([(PILE, BEAT[:9]), (PILE, BEAT[9:])], 0),
        ([(PILE, BEAT[:9]), ("platform", DOWN), (PILE, BEAT[9:])], 1),
        ([(PILE, BEAT + BEAT[:9]), ("platform", DOWN), (PILE, BEAT[9:])], 1),
        ([(PILE, BEAT[:9]), ("platform", DOWN), (PILE, BEAT[:9]), ("platform", DOWN), (PILE, BEAT[9:])], 3),
    ],
)
def test_a_line_between_the_halves_of_a_frame_tears_it(pieces: list[tuple[str, bytes]], holes: int) -> None:
    assert read(*pieces).holes == holes


def test_a_log_that_begins_with_half_a_frame_is_torn_by_the_next_line() -> None:
    found = taken(
        Piece(LOG, 0.0, PILE, BEAT[:9], 1),
        Piece(LOG, 1.0, "platform", DOWN, 2),
        Piece(LOG, 2.0, PILE, BEAT[9:], 3),
    )
    assert found.holes == 1


def test_behind_a_hole_bytes_of_a_connection_may_begin_anywhere() -> None:
    session = said("A", SESSION)
    for hole, told in ((True, {}), (False, {"garbage": 1})):
        holes: list[Happening] = [Hole("A", 100.0, PILE, 5, 100)] if hole else []
        rest = [Piece("A", 101.0, PILE, BEAT[9:], 101), Piece("A", 111.0, PILE, BEAT, 102)]
        found = taken(Began("A", 0.0, 0, "p:1"), *session, *holes, *rest)
        assert {check: n for check, n in counts(found).items() if check == "garbage"} == told


def test_a_hole_of_a_connection_is_one_hole_however_much_of_a_frame_it_swallowed() -> None:
    half = Piece("A", 100.0, PILE, BEAT[:9], 100)
    found = taken(Began("A", 0.0, 0, "p:1"), *said("A", SESSION), half, Hole("A", 101.0, PILE, 8, 101))
    assert found.holes == 1


def of_two_piles(session: Edited) -> list[FrameSeen]:
    """A session of two piles that stand a minute apart."""
    mine = frames_of(session.journal())
    late = [FrameSeen(r.n, r.at + 60, r.sender, r.raw) for r in frames_of(other(mine, OTHER))]
    return sorted([*mine, *late], key=lambda record: record.at)


@pytest.mark.parametrize("link", ["A", LOG])
def test_a_confirmed_record_of_one_of_several_piles_is_its_own(link: str) -> None:
    """0x40 carries no pile code, only the serial of the charge, which begins with it."""
    frames = of_two_piles(good("single_tariff", after=60))
    found = taken(*said(link, frames))
    assert (codes(found), found.unplaced, counts(found)) == ([MINE, OTHER], 0, {})


def test_a_record_under_a_serial_without_the_code_is_confirmed_to_who_sent_it() -> None:
    session = good("single_tariff", after=60)
    serial = session.values("transaction_record").transaction_serial
    free = "99" * 7 + serial[14:]
    for frame in ("transaction_record", "transaction_record_confirm"):
        session.change(frame, transaction_serial=free)
    found = taken(*said("A", of_two_piles(session)))
    assert (found.unplaced, "record_not_repeated" in counts(found)) == (0, False)


def test_what_is_confirmed_to_nobody_here_is_heard_by_none() -> None:
    session = good("single_tariff", after=60).change("transaction_record_confirm", transaction_serial="99" * 16)
    assert taken(*said("A", of_two_piles(session))).unplaced == 2


def test_a_record_behind_a_hole_at_the_end_of_a_connection_came_before_the_next_one() -> None:
    session = good("single_tariff", after=60)
    record = session.at("transaction_record")
    first = talk_of(session.cut(record + 2).journal()).close(record + 3)
    lost = max(packet.at for packet in first.packets if packet.data and packet.at < record)
    later = [FrameSeen(0, r.at + record + 20, r.sender, r.raw) for r in frames_of(idle().journal())]
    second = talk_of(later, Talk(pile=("192.0.2.7", 40124)).open(record + 20))
    kept = [packet for packet in first.packets if packet.at != lost or not packet.data]
    found = judged(pcap([*kept, *second.packets]))
    assert (found.holes, counts(found)) == (1, {"reconnect": 1})
