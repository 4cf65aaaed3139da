"""Captures made of bytes by hand: who said what over which connection, in segments of any size."""

from collections.abc import Iterable
from ipaddress import IPv4Address
from pathlib import Path
from random import Random

from harness.captures.pcap_out import Packet, to_pcap
from harness.captures.tcp_out import OUR_MAC, PILE_MAC, End, Talk

PORT = 5456
PLATFORM = IPv4Address("192.0.2.1")
PILE = IPv4Address("192.0.2.2")


class Capture:
    """Packets one after the other, a millisecond apart."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self._talks = 0

    def talk(self, *segments: bytes, port: int = PORT) -> range:
        """A new connection to a port of the platform, on which the pile says so; gives the numbers of its packets."""
        first = len(self.packets) + 1
        self._talks += 1
        talk = Talk(End(PILE, 40_000 + self._talks, PILE_MAC), End(PLATFORM, port, OUR_MAC), self._talks)
        self._add(talk.open())
        for segment in segments:
            self._add(talk.send(True, segment))
        return range(first, len(self.packets) + 1)

    def write(self, path: Path) -> Path:
        """As a file."""
        path.write_bytes(b"".join(to_pcap(self.packets)))
        return path

    def _add(self, packets: Iterable[bytes]) -> None:
        for data in packets:
            self.packets.append(Packet(1_700_000_000_000_000 + 1000 * len(self.packets), data))


def cut(stream: bytes, random: Random, most: int) -> list[bytes]:
    """A stream in segments of 1 to `most` bytes."""
    segments: list[bytes] = []
    at = 0
    while at < len(stream):
        size = random.randint(1, most)
        segments.append(stream[at : at + size])
        at += size
    return segments
