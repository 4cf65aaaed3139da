"""CRC-16/MODBUS, compiled and in plain Python."""

from hypothesis import given
from hypothesis import strategies as st

from harness.protocols.ykc.crc import crc, crc_bitwise, crc_table


def test_the_check_value_is_that_of_modbus() -> None:
    assert crc(b"123456789") == crc_table(b"123456789") == 0x4B37


@given(st.binary(max_size=260))
def test_both_agree_with_the_definition(data: bytes) -> None:
    assert crc(data) == crc_table(data) == crc_bitwise(data)
