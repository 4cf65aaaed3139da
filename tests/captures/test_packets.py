"""Packets of every kind of link, taken apart."""

from __future__ import annotations

import pytest

from harness.captures.packets import Segment, segment_of
from tests.captures.pcaps import (
    ACK,
    ETHERNET,
    HOST_END,
    LOOP,
    NULL,
    PILE_END,
    RAW,
    SLL,
    SLL2,
    Tcp,
    below,
    ip,
)

HELLO = Tcp(0.0, PILE_END, HOST_END, 1000, 2000, ACK, b"hello")
SIX = Tcp(0.0, ("2001:db8::7", 40123), ("2001:db8::1", 5456), 1000, 2000, ACK, b"hello")


def taken(packet: bytes, link: int = ETHERNET, size: int = 0) -> Segment:
    found = segment_of(packet, link, size or len(packet))
    assert isinstance(found, Segment), found
    return found


@pytest.mark.parametrize("link", [NULL, ETHERNET, RAW, LOOP, SLL, SLL2])
@pytest.mark.parametrize("segment", [HELLO, SIX])
def test_every_link_type_carries_both_kinds_of_ip(link: int, segment: Tcp) -> None:
    found = taken(below(ip(segment), link), link)
    assert (found.data, found.seq, found.ack, found.missing) == (b"hello", 1000, 2000, 0)


def test_ends_are_named_by_host_and_port() -> None:
    assert (taken(below(ip(HELLO), ETHERNET)).source, taken(below(ip(HELLO), ETHERNET)).target) == (
        "192.0.2.7:40123",
        "192.0.2.1:5456",
    )
    assert taken(ip(SIX), RAW).source == "[2001:db8::7]:40123"


@pytest.mark.parametrize("vlans", [1, 2])
def test_tags_of_vlans_are_skipped(vlans: int) -> None:
    assert taken(below(ip(HELLO), ETHERNET, vlans=vlans)).data == b"hello"


def test_the_filling_of_short_ethernet_frames_is_no_data() -> None:
    packet = below(ip(HELLO._replace(data=b"")), ETHERNET)
    assert len(packet) == 60
    assert taken(packet).data == b""


def test_extension_headers_of_ipv6_are_skipped() -> None:
    assert taken(ip(SIX, extensions=True), RAW).data == b"hello"


@pytest.mark.parametrize("segment", [HELLO, SIX])
def test_a_segment_that_the_card_was_to_cut_later_claims_no_length(segment: Tcp) -> None:
    big = segment._replace(data=bytes(range(256)) * 300)
    found = taken(ip(big, total=0), RAW)
    assert (found.data, found.missing) == (big.data, 0)


@pytest.mark.parametrize("segment", [HELLO, SIX])
def test_a_segment_larger_than_any_packet_is_taken_whole(segment: Tcp) -> None:
    assert len(taken(ip(segment._replace(data=bytes(60_000))), RAW).data) == 60_000


def test_what_the_capture_cut_off_is_counted() -> None:
    packet = below(ip(HELLO._replace(data=bytes(100))), ETHERNET)
    found = taken(packet[:100], size=len(packet))
    assert (len(found.data), found.missing) == (46, 54)


def test_a_segment_without_length_that_was_cut_misses_what_the_wire_had() -> None:
    packet = ip(HELLO._replace(data=bytes(100)), total=0)
    assert taken(packet[:60], RAW, size=len(packet)).missing == 80


def changed(packet: bytes, at: int, value: int) -> bytes:
    return packet[:at] + bytes((value,)) + packet[at + 1 :]


@pytest.mark.parametrize(
    ("packet", "link", "what"),
    [
        (b"", ETHERNET, "cut"),
        (bytes(13), ETHERNET, "cut"),
        (bytes(12) + b"\x08\x06" + bytes(28), ETHERNET, "other"),  # ARP
        (changed(ip(HELLO), 9, 17), RAW, "udp"),
        (changed(ip(HELLO), 9, 1), RAW, "icmp"),
        (changed(ip(HELLO), 6, 0x20), RAW, "fragment"),
        (changed(ip(HELLO), 7, 0x01), RAW, "fragment"),
        (ip(HELLO)[:30], RAW, "cut"),
        (ip(HELLO)[:10], RAW, "cut"),
        (ip(SIX)[:39], RAW, "cut"),
        (changed(ip(SIX), 6, 17), RAW, "udp"),
        (changed(ip(SIX, extensions=True), 40, 200), RAW, "other"),
        (changed(ip(HELLO), 0, 0x42), RAW, "other"),  # a head of 8 bytes
        (changed(ip(HELLO), 32, 0x20), RAW, "other"),  # TCP head of 8 bytes
        (b"\x90" + bytes(60), RAW, "other"),
    ],
)
def test_what_is_no_tcp_has_a_name(packet: bytes, link: int, what: str) -> None:
    assert segment_of(packet, link, len(packet)) == what


def test_no_packet_however_cut_raises() -> None:
    whole = below(ip(SIX, extensions=True), ETHERNET, vlans=2)
    for size in range(len(whole)):
        segment_of(whole[:size], ETHERNET, len(whole))
