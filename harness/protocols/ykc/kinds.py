"""Kinds of field that only YKC has: the 7-byte time CP56Time2a (chapter 3 of the document)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from harness.core.fields import Field
from harness.core.literals import Unfit, as_bytes
from harness.core.message import Remark


class Moment(msgspec.Struct, frozen=True, gc=False):
    """A time as sent: seven bytes, read when asked. Local to the pile and naive; two moments are equal byte by byte."""

    raw: bytes

    @classmethod
    def at(cls, time: datetime) -> Moment:
        """The moment of a local time, to the millisecond, without weekday (0 in the document's samples)."""
        if not 2000 <= time.year <= 2127:
            raise ValueError("year outside 2000 to 2127")
        low = time.second * 1000 + time.microsecond // 1000
        return cls(bytes((low & 255, low >> 8, time.minute, time.hour, time.day, time.month, time.year - 2000)))

    @property
    def time(self) -> datetime | None:
        """The time, None when the bytes are no possible date."""
        low, minute, hour, day, month, year = NUMBERS.unpack(self.raw)
        second, millisecond = divmod(low, 1000)
        try:
            return datetime(
                2000 + (year & 127), month & 15, day & 31, hour & 31, minute & 63, second, millisecond * 1000
            )
        except ValueError:
            return None

    @property
    def invalid(self) -> int:
        """IV: the sender says its time is not valid."""
        return self.raw[2] >> 7

    @property
    def summer(self) -> int:
        """SU: summer time."""
        return self.raw[3] >> 7

    @property
    def weekday(self) -> int:
        """1 Monday to 7 Sunday; 0 when not used."""
        return self.raw[4] >> 5

    @property
    def reserved(self) -> int:
        """The reserved bits, 0 when all are clear."""
        return self.raw[2] & 0x40 or self.raw[3] & 0x60 or self.raw[5] & 0xF0 or self.raw[6] & 0x80


NUMBERS = struct.Struct("<HBBBBB")  # seconds and milliseconds, minute, hour, day, month, year
LIMITS = (
    "2000 至 2127 年的时间，不带时区，如 2020-03-16T17:14:47.000",
    "a time without a zone as 2020-03-16T17:14:47.000, from 2000 to 2127",
)


class Cp56Time2a(Field):
    """Seven bytes: milliseconds, minute, hour, day and weekday, month, year, and flags that are kept."""

    codes = "7s"

    def __init__(self, name: str, title: str, *, note: str = "") -> None:
        super().__init__(name, 7, title, note=note)

    def constants(self) -> dict[str, Any]:
        return {"Moment": Moment}

    def read(self, *items: str) -> str:
        return f"Moment({items[0]})"

    def write(self, value: str) -> str:
        return f"{value}.raw"

    def zero(self) -> Moment:
        return Moment(bytes(7))

    def sample(self) -> Moment:
        return Moment.at(datetime(2020, 3, 16, 17, 14, 47))

    def fit(self, value: Any) -> Moment:
        if value is None:
            return self.zero()
        if isinstance(value, Moment):
            return value
        if isinstance(value, bytes) and len(value) == 7:
            return Moment(value)
        try:
            time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            if time.tzinfo is not None:
                raise ValueError("the bytes hold no zone; left out, the time would be hours off")
            return Moment.at(time)
        except (TypeError, ValueError):
            raise Unfit(*LIMITS, value) from None

    def fit_beside(self, value: Any, hexed: Any) -> Moment:
        """The seven bytes win, for they say more; a time that contradicts them is a slip of the author."""
        raw = as_bytes(hexed)
        if raw is None or len(raw) != 7:
            raise Unfit("14 位十六进制数（7 字节）", "seven bytes as 14 hex digits", hexed, "_hex")
        moment = Moment(raw)
        if value is not None and self.fit(value).time != moment.time:
            raise Unfit(
                f"与 {self.name}_hex 一致的时间 {self.plain(moment)}",
                f"the time of {self.name}_hex, {self.plain(moment)}",
                value,
            )
        return moment

    def plain(self, value: Any) -> str | None:
        time = value.time
        return None if time is None else str(time.isoformat(timespec="milliseconds"))

    def beside(self, value: Any) -> str | None:
        return None if value is None else str(value.raw.hex().upper())

    def show(self, value: Any) -> str:
        return (
            "无 (none)"
            if value.time is None
            else f"{value.time:%Y-%m-%d %H:%M:%S}.{value.time.microsecond // 1000:03d}"
        )

    def remarks(self, value: Any) -> Iterator[Remark]:
        if value.time is None:
            if any(value.raw):
                yield Remark(self.name, "impossible_time", "不是有效的日期时间", "no possible date and time")
            else:
                yield Remark(self.name, "zero_time", "时间全为 0", "all zero")
        if value.invalid:
            yield Remark(self.name, "time_invalid", "IV 位为 1：时间无效", "IV is 1: time not valid")
        if value.summer:
            yield Remark(self.name, "summer_time", "SU 位为 1：夏令时", "SU is 1: summer time")
        if value.reserved:
            yield Remark(self.name, "reserved_set", "保留位不为 0", "reserved bits are not 0")
