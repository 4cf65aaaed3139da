"""Files of tcpdump and Wireshark in all their forms."""

from __future__ import annotations

import struct

import pytest

from tests.captures.pcaps import ETHERNET, PILE_END, RAW, SLL, SLL2, STARTED, Talk, block, pcap, pcapng
from tests.captures.reading import happened, opened, pieces, said

WAY = f"{PILE_END[0]}:{PILE_END[1]}"


def talk() -> Talk:
    return Talk().open().say(0.25, True, b"one").say(0.5, False, b"two").say(1.75, True, b"three")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_both_byte_orders_and_both_clocks_are_read(order: str, nano: bool) -> None:
    found = pieces(pcap(talk().packets, order=order, nano=nano))
    assert [(piece.at, piece.data) for piece in found] == [(0.25, b"one"), (0.5, b"two"), (1.75, b"three")]


def test_the_first_moment_is_told_apart() -> None:
    capture = opened(pcap(talk().packets))
    list(capture.happenings)
    assert (capture.kind, capture.tally.first_stamp, capture.tally.local) == ("pcap", STARTED, False)


def test_the_place_is_the_number_of_the_packet() -> None:
    assert [piece.place for piece in pieces(pcap(talk().packets))] == [4, 6, 8]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("resolution", [3, 6, 9, 0x80 | 10])
def test_pcapng_of_any_order_and_resolution_is_read(order: str, resolution: int) -> None:
    capture = opened(pcapng(talk().packets, order=order, resolution=resolution))
    found = [each for each in capture.happenings if hasattr(each, "data")]
    assert [(each.at, each.data) for each in found] == [(0.25, b"one"), (0.5, b"two"), (1.75, b"three")]
    assert capture.kind == "pcapng"


def test_interfaces_of_different_link_types_share_a_connection() -> None:
    assert said(pcapng(talk().packets, links=(ETHERNET, SLL, RAW, SLL2)))[WAY] == b"onethree"


def test_simple_packets_have_no_moment() -> None:
    assert next((piece.at, piece.data) for piece in pieces(pcapng(talk().packets, simple=True))) == (None, b"one")


def test_several_sections_follow_each_other() -> None:
    first, second = talk().packets[:4], talk().packets[4:]
    assert said(pcapng(first, order="<") + pcapng(second, order=">"))[WAY] == b"onethree"


@pytest.mark.parametrize("write", [pcap, pcapng])
def test_a_file_that_ends_amid_a_packet_is_read_up_to_there(write) -> None:  # type: ignore[no-untyped-def]
    raw = write(talk().packets)
    for size in range(len(raw) - 110, len(raw) - 1):
        capture = opened(raw[:size])
        found = [each.data for each in capture.happenings if hasattr(each, "data")]
        assert found[:2] == [b"one", b"two"][: len(found)]
        assert capture.tally.breaks in ("cut", "")


def test_nonsense_in_the_middle_ends_the_reading() -> None:
    capture = opened(pcap(talk().packets) + b"\xff" * 64)
    assert len([each for each in capture.happenings if hasattr(each, "data")]) == 3
    assert capture.tally.breaks == "nonsense"


@pytest.mark.parametrize(
    "bad",
    [
        block("<", 6, bytes(8)),  # a packet block that is too short
        block("<", 6, struct.pack("<IIIII", 7, 0, 0, 0, 0)),  # of an interface that nobody described
        block("<", 1, bytes(4)),
        struct.pack("<II", 6, 11),
        struct.pack("<II", 6, 1 << 31),
        b"\x0a\x0d\x0d\x0a" + struct.pack("<I", 28) + b"????" + bytes(16),
    ],
)
def test_a_broken_block_ends_the_reading(bad: bytes) -> None:
    capture = opened(pcapng(talk().packets) + bad)
    assert len([each for each in capture.happenings if hasattr(each, "data")]) == 3
    assert capture.tally.breaks == "nonsense"


def test_a_link_type_that_nobody_reads_is_named() -> None:
    capture = opened(pcap(talk().packets, link=105))
    assert list(capture.happenings) == []
    assert capture.tally.counts["link_type 802.11"] == len(talk().packets)


def test_a_head_that_is_cut_holds_nothing() -> None:
    capture = opened(pcap([])[:20])
    assert list(capture.happenings) == []
    assert capture.tally.breaks == "head"


def test_a_capture_that_was_cut_short_has_holes() -> None:
    long = Talk().open().say(0.1, True, bytes(range(200))).say(0.2, True, b"next")
    found = happened(pcap(long.packets, snap=96))
    assert [getattr(each, "lost", None) for each in found if hasattr(each, "way")] == [None, 158, None]
