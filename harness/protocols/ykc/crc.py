"""CRC-16/MODBUS (E-CRC): over serial to end of body, low byte first on the wire."""

from __future__ import annotations

import struct
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


def crc_step(byte: int) -> int:
    """What one byte does to a CRC of 0."""
    crc = byte
    for _ in range(8):
        crc = crc >> 1 ^ POLYNOMIAL if crc & 1 else crc >> 1
    return crc


@cache
def pair_table() -> array[int]:
    """What two bytes do to the CRC, for all 65536 pairs: 128 KiB that stay in the cache, unlike a tuple of ints."""
    single = [crc_step(byte) for byte in range(256)]
    after_low = [single[pair & 0xFF] ^ pair >> 8 for pair in range(65536)]
    return array("H", [single[crc & 0xFF] ^ crc >> 8 for crc in after_low])


def crc_table(data: bytes) -> int:
    """Plain Python, two bytes a step: for where the compiled one is missing."""
    table = pair_table()
    crc = 0xFFFF
    pairs = len(data) // 2
    for pair in struct.unpack_from(f"<{pairs}H", data):
        crc = table[crc ^ pair]
    return crc >> 8 ^ crc_step((crc ^ data[-1]) & 0xFF) if len(data) & 1 else crc


def choose() -> Callable[[bytes], int]:
    """The fastest one that is installed."""
    try:
        from fastcrc import crc16
    except ImportError:
        return crc_table
    fast: Callable[[bytes], int] = crc16.modbus
    return fast


crc = choose()
