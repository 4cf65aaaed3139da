"""Files that we write read back as what we wrote."""

import io
import struct

import pytest

from harness.captures.pcap import pcap_packets, pcapng_packets
from harness.captures.pcap_out import FORMS, Packet
from harness.captures.tally import Tally

READERS = {"pcap": pcap_packets, "pcapng": pcapng_packets}
PACKETS = [
    Packet(1_776_391_200_000_001, b"\1" * 60),
    Packet(1_776_391_200_999_999, b"\2" * 61, "刷卡充电 card · #7"),
    Packet(1_776_391_201_000_000, b"", "x"),
]


@pytest.mark.parametrize("form", FORMS)
def test_packets_come_back_with_their_moments_to_the_microsecond(form: str) -> None:
    tally = Tally()
    found = list(READERS[form](io.BytesIO(b"".join(FORMS[form](PACKETS))), tally))
    assert [packet.data for packet in found] == [packet.data for packet in PACKETS]
    assert [round((packet.stamp or 0) * 1e6) for packet in found] == [packet.at for packet in PACKETS]
    assert tally.breaks == ""


def test_a_comment_stands_beside_its_packet() -> None:
    raw = b"".join(FORMS["pcapng"](PACKETS))
    assert raw.count("刷卡充电 card · #7".encode()) == 1
    at = 0
    sizes = []
    while at < len(raw):
        (size,) = struct.unpack_from("<I", raw, at + 4)
        assert struct.unpack_from("<I", raw, at + size - 4) == (size,)
        sizes.append(size)
        at += size
    assert len(sizes) == 2 + len(PACKETS)
    assert not any(size % 4 for size in sizes)
