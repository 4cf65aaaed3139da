"""A connection as packets whose numbers and sums add up."""

from ipaddress import IPv4Address, IPv6Address

import pytest

from harness.captures.packets import ACK, ETHERNET, FIN, RST, SYN, Segment, segment_of
from harness.captures.tcp_out import MOST, OUR_MAC, PILE_MAC, UNHEARD, Address, End, Talk, checksum

PAIRS: list[tuple[Address, Address]] = [
    (IPv4Address("192.0.2.20"), IPv4Address("192.0.2.1")),
    (IPv6Address("2001:db8::20"), IPv6Address("2001:db8::1")),
]


def talk(pile: Address = PAIRS[0][0], platform: Address = PAIRS[0][1], number: int = 0) -> Talk:
    return Talk(End(pile, 41234, PILE_MAC), End(platform, 5456, OUR_MAC), number)


def segments(packets: list[bytes]) -> list[Segment]:
    found = [segment_of(packet, ETHERNET, len(packet)) for packet in packets]
    assert all(isinstance(each, Segment) for each in found)
    return [each for each in found if isinstance(each, Segment)]


@pytest.mark.parametrize(("pile", "platform"), PAIRS)
def test_each_number_follows_from_the_one_before(pile: Address, platform: Address) -> None:
    link = talk(pile, platform)
    packets = [*link.open(), *link.send(True, b"up"), *link.send(False, b"down"), *link.close(True)]
    found = segments(packets)
    assert [each.flags & (SYN | ACK | FIN | RST) for each in found[:3]] == [SYN, SYN | ACK, ACK]
    start, answer = found[0].seq, found[1].seq
    assert found[1].ack == start + 1
    assert [(each.seq - start, each.data) for each in found[3:4]] == [(1, b"up")]
    assert (found[4].seq - answer, found[4].ack, found[4].data) == (1, start + 3, b"down")
    assert [each.flags & FIN for each in found[5:]] == [FIN, FIN, 0]
    assert found[7].ack == answer + 6


@pytest.mark.parametrize(("pile", "platform"), PAIRS)
@pytest.mark.parametrize("data", [b"", b"\x68", b"\x68\x04", bytes(range(256)) * 5])
def test_checksums_are_right(pile: Address, platform: Address, data: bytes) -> None:
    link = talk(pile, platform)
    for packet in [*link.open(), *link.send(True, data), *link.reset(False)]:
        ip = packet[14:]
        tcp = ip[20:] if pile.version == 4 else ip[40:]
        addresses = ip[12:20] if pile.version == 4 else ip[8:40]
        assert checksum(addresses + b"\0\6" + len(tcp).to_bytes(2, "big") + tcp) == 0
        assert pile.version == 6 or checksum(ip[:20]) == 0


def test_much_at_once_goes_in_several_segments_and_is_acknowledged_before_a_window_is_full() -> None:
    link = talk()
    data = bytes(range(256)) * 400
    found = segments([*link.open(), *link.send(True, data)])
    said = [each for each in found if each.data]
    assert b"".join(each.data for each in said) == data
    assert max(len(each.data) for each in said) == MOST
    waiting = 0
    for each in found[3:]:
        waiting = waiting + len(each.data) if each.data else 0
        assert waiting <= UNHEARD + MOST


def test_numbers_go_round_at_the_end_of_their_range() -> None:
    link = talk(number=2**32 // 100_000)
    found = segments([*link.open(), *link.send(True, bytes(200_000))])
    assert {each.seq >> 31 for each in found if each.data} == {0, 1}
    assert all(0 <= each.seq < 2**32 for each in found)


def test_who_sends_stands_on_its_side() -> None:
    link = talk()
    up, down = segments([*link.send(True, b"a"), *link.send(False, b"b")])
    assert up.source.endswith("41234")
    assert (up.source, up.target) == (down.target, down.source)
