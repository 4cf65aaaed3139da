"""TCP put together again, whatever the line and the capture did to it."""

from __future__ import annotations

from random import Random

import pytest

from harness.core.capture import Began, Ended, Hole, Piece
from tests.captures.pcaps import FIN, HOST_END, PILE_END, RST, Talk, Tcp, pcap
from tests.captures.reading import happened, said

UP, DOWN = "192.0.2.7:40123", "192.0.2.1:5456"
WORDS = [b"one", b"two", b"three", b"four", b"five", b"six", b"seven"]


def talk(**numbers: int) -> Talk:
    """Words that go up, each answered by the same in capitals."""
    made = Talk(**numbers).open()
    for number, word in enumerate(WORDS, 1):
        made.say(number, True, word).say(number + 0.1, False, word.upper())
    return made


WHOLE = {UP: b"".join(WORDS), DOWN: b"".join(WORDS).upper()}


def holes(packets: list[Tcp]) -> list[tuple[str, int]]:
    return [(each.way, each.lost) for each in happened(pcap(packets)) if isinstance(each, Hole)]


def data_of(packets: list[Tcp]) -> list[Tcp]:
    return [packet for packet in packets if packet.data]


def test_what_both_ends_said_comes_in_order() -> None:
    assert said(pcap(talk().packets)) == WHOLE


def test_numbers_may_run_over() -> None:
    assert said(pcap(talk(seq=2**32 - 10, ack=2**32 - 3).packets)) == WHOLE


@pytest.mark.parametrize("seed", range(8))
def test_a_shuffled_capture_reads_like_one_in_order(seed: int) -> None:
    packets, random = talk().packets, Random(seed)
    order = sorted(range(len(packets)), key=lambda index: index + random.uniform(0, 6))
    found = happened(pcap([packets[index] for index in order]))
    plain = happened(pcap(packets))
    assert [(each.way, each.data) for each in found if isinstance(each, Piece)] == [
        (each.way, each.data) for each in plain if isinstance(each, Piece)
    ]
    assert not [each for each in found if isinstance(each, Hole)]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_sent_again_counts_once(seed: int) -> None:
    random = Random(seed)
    packets: list[Tcp] = []
    for packet in talk().packets:
        packets.append(packet)
        if packets and random.random() < 0.5:
            packets.append(random.choice(packets)._replace(at=packet.at + 0.01))
    assert said(pcap(packets)) == WHOLE


def test_a_segment_that_repeats_part_of_the_last_one_adds_the_rest() -> None:
    made = Talk().open().say(1, True, b"abcdef")
    again = made.packets[-2]._replace(at=2, seq=made.packets[-2].seq + 3, data=b"defghi")
    assert said(pcap([*made.packets, again]))[UP] == b"abcdefghi"


def test_a_keep_alive_adds_nothing() -> None:
    made = Talk().open().say(1, True, b"abc")
    alive = made.packets[-2]._replace(at=60, seq=made.up - 1, data=b"\0")
    made.packets.append(alive)
    assert said(pcap(made.say(61, True, b"def").packets))[UP] == b"abcdef"


def test_what_comes_late_arrives_when_the_gap_is_filled() -> None:
    made = Talk().open().say(1, True, b"one", acked=False).say(1.1, True, b"two", acked=False)
    late = made.packets.pop(-2)._replace(at=1.6)
    found = [each for each in happened(pcap([*made.packets, late])) if isinstance(each, Piece)]
    assert [(each.at, each.data) for each in found] == [(1.6, b"one"), (1.6, b"two")]


def test_bytes_that_nobody_captured_are_a_hole() -> None:
    packets = talk().packets
    gone = data_of(packets)[4]
    assert holes([packet for packet in packets if packet is not gone]) == [(UP, len(gone.data))]


def test_a_hole_is_told_before_what_follows_it_on_either_way() -> None:
    packets = talk().packets
    gone = data_of(packets)[4]
    told = [
        each.data if isinstance(each, Piece) else "hole"
        for each in happened(pcap([packet for packet in packets if packet is not gone]))
        if isinstance(each, Piece | Hole)
    ]
    assert told[3:7] == [b"TWO", "hole", b"THREE", b"four"]


def test_a_capture_of_one_way_has_no_holes_for_the_other() -> None:
    packets = [packet for packet in talk().packets if packet.source == PILE_END]
    assert said(pcap(packets)) == {UP: WHOLE[UP]}
    assert holes(packets) == []


def test_a_connection_seen_from_the_middle_has_no_beginning() -> None:
    found = happened(pcap(talk().packets[5:]))
    assert not [each for each in found if isinstance(each, Began)]
    assert b"".join(each.data for each in found if isinstance(each, Piece) and each.way == UP) == b"".join(WORDS[1:])


def test_a_handshake_is_a_beginning_and_two_ends_are_an_end() -> None:
    found = happened(pcap(talk().close(9).packets))
    assert isinstance(found[0], Began)
    assert found[0].peer == f"{UP} {DOWN}"
    assert isinstance(found[-1], Ended)


def test_a_reset_is_an_end() -> None:
    found = happened(pcap(talk().close(9, reset=True).packets))
    assert isinstance(found[-1], Ended)
    assert found[-1].at == 9


def test_one_end_alone_ends_with_the_capture() -> None:
    packets = talk().close(9).packets[:-2]
    assert isinstance(happened(pcap(packets))[-1], Ended)


def test_a_connection_that_still_stands_has_no_end() -> None:
    assert not [each for each in happened(pcap(talk().packets)) if isinstance(each, Ended)]


def test_what_is_sent_again_after_the_end_is_nothing_new() -> None:
    packets = talk().close(9, reset=True).packets
    again = data_of(packets)[-2]._replace(at=9.5)
    assert said(pcap([*packets, again])) == WHOLE


@pytest.mark.parametrize("closed", [True, False])
def test_the_same_ports_may_be_used_again(closed: bool) -> None:
    first = talk()
    if closed:
        first.close(8)
    second = Talk(seq=77_000, ack=88_000).open(9).say(10, True, b"again")
    found = happened(pcap([*first.packets, *second.packets]))
    assert len({each.link for each in found}) == 2
    assert [type(each) for each in found if isinstance(each, Began | Ended)] == [Began, Ended, Began]


def test_a_handshake_sent_twice_is_one_beginning() -> None:
    packets = talk().packets
    again = packets[0]._replace(at=0.5)
    found = happened(pcap([packets[0], again, *packets[1:]]))
    assert len([each for each in found if isinstance(each, Began)]) == 1
    assert said(pcap([packets[0], again, *packets[1:]])) == WHOLE


def test_connections_are_kept_apart() -> None:
    packets: list[Tcp] = []
    for number in range(5):
        made = Talk(pile=("192.0.2.7", 40_000 + number)).open()
        packets += made.say(1 + number / 10, True, bytes((number,)) * 3).packets
    found = said(pcap(sorted(packets, key=lambda packet: packet.at)))
    assert found == {f"192.0.2.7:{40_000 + number}": bytes((number,)) * 3 for number in range(5)}


def test_many_half_open_connections_need_little_memory() -> None:
    packets = [
        Tcp(number / 1000, ("192.0.2.7", 1 + number % 60_000), (f"10.0.{number // 60_000}.1", 80), 1, 0, 2)
        for number in range(12_000)
    ]
    assert len(happened(pcap(packets))) == 12_000


def test_stray_resets_and_ends_are_no_connection() -> None:
    stray = [Tcp(0, PILE_END, HOST_END, 5, 5, flags) for flags in (RST, FIN | 16, 16)]
    assert happened(pcap(stray)) == []


def lossy(*, close: bool) -> list[Tcp]:
    """A connection of which one packet is not in the capture, and little comes after that."""
    made = talk()
    if close:
        made.close(8)
    missing = data_of(made.packets)[10]
    return [packet for packet in made.packets if packet is not missing]


@pytest.mark.parametrize(
    ("pile", "close", "begins"),
    [
        (("192.0.2.7", 40124), True, 8.1),
        (("192.0.2.7", 40124), False, 8.1),  # it lost its power
        (("192.0.2.8", 40124), True, 8.1),  # a modem may get another address
        (("192.0.2.8", 40124), False, 90.0),
    ],
)
def test_what_waits_behind_a_hole_is_told_before_what_comes_on_the_next_connection(
    pile: tuple[str, int], close: bool, begins: float
) -> None:
    second = Talk(pile=pile).open(begins).say(begins + 1, True, b"again").packets
    found = happened(pcap([*lossy(close=close), *second]))
    links = [each.link for each in found]
    assert links == sorted(links, key=links.index)  # all of the first, then all of the second
    kinds = [type(each) for each in found if not isinstance(each, Piece)]
    assert kinds == [Began, Hole, Ended, Began] if close else [Began, Hole, Began]


def test_an_end_behind_a_hole_is_told_soon_after() -> None:
    other = Talk(pile=("192.0.2.9", 50_000)).open()
    for at in range(1, 20):
        other.say(at, True, b"x")
    packets = sorted([*lossy(close=True), *other.packets], key=lambda packet: packet.at)
    found = happened(pcap(packets))
    ended = next(number for number, each in enumerate(found) if isinstance(each, Ended))
    assert next(each.at for each in found[ended:] if isinstance(each, Piece)) == 11


def test_a_new_connection_of_somebody_else_ends_no_wait() -> None:
    late = lossy(close=False)
    gone = next(packet for packet in data_of(talk().packets) if packet not in late)
    second = Talk(pile=("192.0.2.8", 40124)).open(7.5).packets
    assert said(pcap([*late, *second, gone._replace(at=7.6)])) == WHOLE
