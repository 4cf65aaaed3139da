"""What a journal holds goes out as packets: every byte, on the connection it went over, at its moment."""

from datetime import timedelta

import pytest

from harness.captures.journal_out import EPOCH, Ours, since
from harness.core.journal import EventSeen, FrameSeen, StepBegan, TariffGiven
from tests.captures.journals import NEXT, OPENED, PEER, Said, captured, down, journal, link, marks, said, segments, up
from tests.captures.journals import PILE as P
from tests.captures.journals import PLATFORM as WE


def test_bytes_come_back_with_their_sender_and_in_their_order() -> None:
    found = captured(journal(link("login"), up(b"one"), down(b"two"), up(b"three")))
    assert said(found) == [Said(P, b"one", 0), Said(WE, b"two", 0), Said(P, b"three", 0)]


def test_a_frame_has_the_moment_at_which_the_journal_saw_it_to_the_microsecond() -> None:
    records = journal(link("login"))
    records += [FrameSeen(3, 7.000001, P, b"x"), FrameSeen(4, 7.999999, WE, b"y")]
    found = captured(records)
    moments = [packet.at for packet, segment in zip(found, segments(found), strict=True) if segment.data]
    base = (OPENED - EPOCH) // timedelta(microseconds=1)
    assert moments == [base + 7_000_001, base + 7_999_999]


def test_moments_never_go_back() -> None:
    records = [*journal(link("login"), up(b"a")), FrameSeen(4, 1.0, P, b"late")]
    moments = [packet.at for packet in captured(records)]
    assert moments == sorted(moments)


def test_the_login_belongs_to_the_connection_that_the_journal_tells_of_after_it() -> None:
    found = captured(journal(up(b"login"), down(b"welcome"), link("login"), up(b"beat")))
    assert marks(found) == "Sddd"
    assert {each.source for each in segments(found)} == {PEER, "192.0.2.1:5456"}


def test_a_lost_connection_is_closed_by_the_pile_and_the_next_login_opens_another() -> None:
    found = captured(journal(link("login"), up(b"a"), link("lost"), up(b"b"), down(b"c"), link("relogin", NEXT)))
    assert marks(found) == "SdFFSdd"
    assert said(found) == [Said(P, b"a", 0), Said(P, b"b", 1), Said(WE, b"c", 1)]
    assert segments(found)[-1].target == NEXT


@pytest.mark.parametrize("what", ["replaced", "offline"])
def test_a_connection_that_we_give_up_is_broken_off_by_us(what: str) -> None:
    found = captured(journal(link("login"), up(b"a"), link(what), up(b"b"), link("relogin", NEXT)))
    assert marks(found) == "SdRSd"
    assert segments(found)[4].source == "192.0.2.1:5456"


def test_the_end_of_a_connection_is_told_though_nothing_comes_after_it() -> None:
    assert marks(captured(journal(link("login"), up(b"a"), link("lost")))) == "SdFF"


def test_a_connection_of_which_the_journal_does_not_see_the_beginning_has_no_handshake() -> None:
    found = captured(journal(link("online"), up(b"a"), link("lost"), run_id="r1"))
    assert marks(found) == "dFF"
    assert segments(found)[0].source == PEER


def test_what_is_no_frame_goes_out_byte_by_byte_like_all_else() -> None:
    records = [*journal(link("login")), FrameSeen(3, 3.0, P, b"\x68\x0d\x00", "unfinished")]
    records.append(FrameSeen(4, 4.0, P, bytes(5000), "garbage"))
    found = captured(records)
    assert b"".join(each.data for each in said(found)) == b"\x68\x0d\x00" + bytes(5000)


def test_what_a_case_recalls_from_before_it_began_did_not_go_over_the_wire() -> None:
    step = StepBegan(index=0, key="ask", line=1)
    recall = TariffGiven("in_force", "0100", frames=(3, 4))
    again = TariffGiven("accepted", "0100", frames=(7,))
    records = journal(link("online"), down(b"old"), up(b"old"), recall, step, down(b"new"), again, run_id="r1")
    assert said(captured(records)) == [Said(WE, b"new", 0)]
    own = journal(link("login"), down(b"old"), up(b"old"), recall, step, down(b"new"), again)
    assert [each.data for each in said(captured(own))] == [b"old", b"old", b"new"]


@pytest.mark.parametrize(
    ("peer", "ours", "ends"),
    [
        (PEER, Ours("0.0.0.0", 5456), (PEER, "192.0.2.1:5456")),
        (PEER, Ours("pile.example", 6000), (PEER, "192.0.2.1:6000")),
        (PEER, Ours("198.51.100.7", 5456), (PEER, "198.51.100.7:5456")),
        ("127.0.0.1:5", Ours("0.0.0.0", 5456), ("127.0.0.1:5", "127.0.0.1:5456")),
        ("2001:db8::20:41234", Ours("", 5456), ("[2001:db8::20]:41234", "[2001:db8::1]:5456")),
        ("::ffff:192.0.2.20:41234", Ours("", 5456), (PEER, "192.0.2.1:5456")),
        ("fe80::1%eth0:41234", Ours("192.0.2.1", 5456), ("[fe80::1]:41234", "[2001:db8::1]:5456")),
        ("", Ours("", 5456), ("192.0.2.2:50000", "192.0.2.1:5456")),
        ("sim", Ours("", 5456), ("192.0.2.2:50000", "192.0.2.1:5456")),
    ],
)
def test_addresses_are_those_of_journal_and_settings_or_made_up_so_that_it_shows(
    peer: str, ours: Ours, ends: tuple[str, str]
) -> None:
    found = segments(captured(journal(link("online", peer), up(b"a")), ours))
    assert [(each.source, each.target) for each in found] == [ends]


def test_without_any_word_of_a_connection_there_is_one() -> None:
    assert said(captured(journal(up(b"a"), down(b"b")))) == [Said(P, b"a", 0), Said(WE, b"b", 0)]


def test_from_a_moment_on_only_how_things_stood_is_left_of_what_was_before() -> None:
    records = journal(link("login"), up(b"a"), link("lost"), up(b"b"), link("relogin", NEXT), up(b"c"))
    events = [record for record in records if isinstance(record, EventSeen)]
    assert [(seen.event.what, seen.event.peer) for seen in since(events, 7.0)] == [("online", NEXT)]  # type: ignore[union-attr]
    assert since(events, 4.5)[0].n == 6
    assert [seen.n for seen in since(events, 0.0)] == [seen.n for seen in events]
