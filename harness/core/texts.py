"""Text fields: characters zero-filled at the end. What a text cannot show is kept beside it, never lost."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from harness.core.fields import Field
from harness.core.literals import Unfit, as_bytes
from harness.core.message import Remark


class OddText(str):
    """A text whose bytes say more than its characters: bytes after the first zero, or bytes that are no ASCII."""

    raw: bytes

    @classmethod
    def of(cls, raw: bytes, readable: bytes) -> OddText:
        """The characters up to the first zero, with all the bytes kept beside them."""
        text = cls(readable.split(b"\0")[0].decode("ascii", "replace"))
        text.raw = raw
        return text


def read_text(raw: bytes) -> str:
    """A zero-filled text as it stands on the wire."""
    readable = raw.rstrip(b"\0")
    if readable.isascii() and b"\0" not in readable:
        return readable.decode()
    return OddText.of(raw, readable)


def read_reversed(raw: bytes) -> str:
    """A text whose last character comes first on the wire."""
    readable = raw.rstrip(b"\0")[::-1]
    if readable.isascii() and b"\0" not in readable:
        return readable.decode()
    return OddText.of(raw, readable)


def read_counted(raw: bytes) -> str:
    """A text whose length is sent with it: zeros are not filling here."""
    if raw.isascii() and b"\0" not in raw:
        return raw.decode()
    return OddText.of(raw, raw)


def write_text(text: str) -> bytes:
    """The bytes of a text, not yet zero-filled."""
    return text.raw if type(text) is OddText else text.encode("ascii")


def write_reversed(text: str) -> bytes:
    """The bytes of a text sent last character first."""
    return text.raw if type(text) is OddText else text.encode("ascii")[::-1]


class Text(Field):
    """ASCII characters, zero-filled at the end; `reversed` ones are sent last to first.

    With `count` the text is the last field of its frame and as long as the field of that name says.
    `shrinks` marks a last field that some peers send shorter, without its zeros.
    """

    def __init__(
        self,
        name: str,
        length: int,
        title: str,
        *,
        reversed: bool = False,
        count: str = "",
        shrinks: bool = False,
        note: str = "",
    ) -> None:
        super().__init__(name, length, title, note=note)
        self.codes = f"{length}s"
        self.reversed = reversed
        self.count = count
        self.shrinks = shrinks
        self.reader = read_counted if count else read_reversed if reversed else read_text
        self.writer = write_reversed if reversed else write_text

    def sized(self, length: int) -> Text:
        other = copy.copy(self)
        other.length = length
        other.codes = f"{length}s"
        return other

    def constants(self) -> dict[str, Any]:
        return {self.reader.__name__: self.reader, self.writer.__name__: self.writer, "len": len}

    def read(self, *items: str) -> str:
        return f"{self.reader.__name__}({items[0]})"

    def guard(self, value: str) -> str:
        return f"len({value} := {self.writer.__name__}({value})) <= {self.length}"

    def write(self, value: str) -> str:
        return value

    def zero(self) -> str:
        return ""

    def fit(self, value: Any) -> str:
        if isinstance(value, bytes):
            value = self.reader(value)
        if not isinstance(value, str) or len(raw := self.bytes_of(value)) > self.length:
            raise self.unfit(value)
        return value if type(value) is OddText else self.reader(raw)

    def bytes_of(self, value: str) -> bytes:
        """The bytes of a text; Unfit when it has other characters than ASCII."""
        try:
            return self.writer(value)
        except UnicodeEncodeError:
            raise self.unfit(value) from None

    def unfit(self, value: Any) -> Unfit:
        """The error for a text that is too long or no ASCII."""
        return Unfit(f"至多 {self.length} 个 ASCII 字符", f"at most {self.length} ASCII characters", value)

    def fit_beside(self, value: Any, hexed: Any) -> str:
        """A text from JSON with its bytes beside it; they must tell the same."""
        raw = as_bytes(hexed)
        if raw is None or len(raw) > self.length:
            limit = f"at most {self.length} bytes as hex digits"
            raise Unfit(f"至多 {self.length} 字节的十六进制数", limit, hexed, "_hex")
        text = self.reader(raw)
        if value not in (text, None):
            raise Unfit(f"与 {self.name}_hex 一致", f"the same as {self.name}_hex, which says {str(text)!r}", value)
        return text

    def plain(self, value: Any) -> str:
        return str(value)

    def beside(self, value: Any) -> str | None:
        return value.raw.hex().upper() if type(value) is OddText else None

    def show(self, value: Any) -> str:
        return f'"{value}"'

    def remarks(self, value: Any) -> Iterator[Remark]:
        if type(value) is OddText:
            yield Remark(
                self.name, "odd_text", "文本结束后有多余字节或含非 ASCII 字符", "bytes after its end, or no ASCII"
            )
