"""CRC-16/MODBUS (E-CRC): over serial to end of body, low byte first on the wire."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache

POLYNOMIAL = 0xA001  # 0x8005 reflected


def crc_bitwise(data: bytes) -> int:
    """The definition itself, for tests and for building the table."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ POLYNOMIAL if crc & 1 else crc >> 1
    return crc


@cache
def pair_table() -> array[int]:
    """What two bytes do to the CRC, for all 65536 pairs: 128 KiB that stay in the cache, unlike a tuple of ints."""
    single = [crc_bitwise_step(byte) for byte in range(256)]
    return array(
        "H",
        [single[value & 0xFF] >> 8 ^ single[(value >> 8) ^ (single[value & 0xFF] & 0xFF)] for value in range(65536)],
    )


def crc_bitwise_step(byte: int) -> int:
    """What one byte does to a CRC of 0."""
    crc = byte
    for _ in range(8):
        crc = crc >> 1 ^ POLYNOMIAL if crc & 1 else crc >> 1
    return crc


def crc_table(data: bytes) -> int:
    """Plain Python, two bytes a step: for where the compiled one is missing."""
    table = pair_table()
    crc = 0xFFFF
    even = len(data) & ~1
    for low, high in zip(data[0:even:2], data[1:even:2], strict=True):
        crc = table[crc ^ (low | high << 8)]
    if len(data) & 1:
        crc = crc >> 8 ^ crc_bitwise_step((crc ^ data[-1]) & 0xFF)
    return crc


def choose() -> Callable[[bytes], int]:
    """The fastest one that is installed."""
    try:
        from fastcrc import crc16
    except ImportError:
        return crc_table
    fast: Callable[[bytes], int] = crc16.modbus
    return fast


crc = choose()
