"""The kinds of field a frame is declared with. Each kind gives its piece of the generated decoder and encoder, says
what a person may write for it, and shows and samples itself.

A kind is a template: `read` gives source text that makes the value from the unpacked items, `prepare` and `write` the
source that makes items to pack from the value; `guard` is an expression that must hold before a value may be written
the quick way. What fails there is looked at slowly, by `fit`, and either made to fit or refused with its limit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from harness.core.literals import Unfit, as_bytes, as_decimal, as_int, is_hex
from harness.core.meaning import Labels as Labels
from harness.core.meaning import label, outside, unlisted
from harness.core.message import Remark
from harness.core.numbers import INT_CODES, plus, split, whole


class Field(ABC):
    """One field: name, bytes on the wire, Chinese title. `note` tells what the table adds, `unit` what is counted."""

    codes: str  # struct codes, one value each
    choices: Labels | None = None  # what its values mean, zh and en
    wanted: tuple[Any, Any] | None = None  # the range that is judged, never enforced

    def __init__(self, name: str, length: int, title: str, *, unit: str = "", note: str = "") -> None:
        self.name = name
        self.length = length
        self.title = title
        self.unit = unit
        self.note = note

    @property
    def kind(self) -> str:
        """The kind's name for the catalogue."""
        return type(self).__name__.lower()

    def sized(self, length: int) -> Field:
        """The same field in another number of bytes; only the last field of a frame that varies is asked."""
        raise TypeError(f"{self.name}: a {self.kind} has always the same length")

    def constants(self) -> dict[str, Any]:
        """Names that the templates use."""
        return {}

    @abstractmethod
    def read(self, *items: str) -> str:
        """Source that turns the unpacked items into the value."""

    def guard(self, value: str) -> str:
        """Source that is true when the value can be written without loss; empty when struct itself would tell."""
        return ""

    def prepare(self, value: str) -> str:
        """A statement that runs before writing; may be empty."""
        return ""

    @abstractmethod
    def write(self, value: str) -> str:
        """Source of the items to pack."""

    @abstractmethod
    def zero(self) -> Any:
        """The value of zero bytes: what a field gets that nobody named."""

    def sample(self) -> Any:
        """A value to begin a message with."""
        return self.zero()

    @abstractmethod
    def fit(self, value: Any) -> Any:
        """Read what a person or program wrote; raises Unfit when the bytes cannot hold it."""

    def fit_beside(self, value: Any, hexed: Any) -> Any:
        """Read a value from JSON that has its bytes beside it; only some kinds do."""
        raise Unfit("（此字段没有 _hex）", f"no {self.name}_hex", hexed, "_hex")

    def plain(self, value: Any) -> Any:
        """The value as JSON carries it."""
        return value

    def beside(self, value: Any) -> Any:
        """What stands in JSON as `<name>_hex`, so that nothing is lost; None when the value says all."""
        return None

    def show(self, value: Any) -> str:
        """The value for people, Chinese first."""
        return str(self.plain(value)) + (f" {self.unit}" if self.unit else "")

    def remarks(self, value: Any) -> Iterator[Remark]:
        """What is odd about a value that was kept."""
        return iter(())


class Uint(Field):
    """An unsigned number, low byte first; physical value = raw + offset."""

    def __init__(
        self,
        name: str,
        length: int,
        title: str,
        *,
        offset: int = 0,
        range: tuple[int, int] | None = None,
        const: int | None = None,
        unit: str = "",
        note: str = "",
    ) -> None:
        super().__init__(name, length, title, unit=unit, note=note)
        self.codes = INT_CODES[length]
        self.offset = offset
        self.wanted = range
        self.const = const

    def read(self, *items: str) -> str:
        return plus(whole(items, self.codes), self.offset)

    def prepare(self, value: str) -> str:
        return f"{value} = {plus(value, -self.offset)}" if self.offset else ""

    def write(self, value: str) -> str:
        return split(value, self.codes)

    def zero(self) -> int:
        return self.offset

    def sample(self) -> int:
        return max(self.offset, self.wanted[0] if self.wanted else self.offset)

    def fit(self, value: Any) -> int:
        number = as_int(value)
        low, high = self.offset, self.offset + 256**self.length - 1
        if number is None or not low <= number <= high:
            unit = f" {self.unit}" if self.unit else ""
            raise Unfit(f"{low} 至 {high}{unit} 的整数", f"a whole number from {low} to {high}{unit}", value)
        return number

    def remarks(self, value: Any) -> Iterator[Remark]:
        if self.const is not None and value != self.const:
            yield Remark(self.name, "not_const", f"应固定为 {self.const}", f"should always be {self.const}")
        yield from outside(self.name, value, self.wanted)


class Choice(Uint):
    """A code with listed meanings; other codes are kept and remarked."""

    def __init__(self, name: str, length: int, title: str, *, choices: Labels, note: str = "") -> None:
        super().__init__(name, length, title, note=note)
        self.choices = choices

    def sample(self) -> int:
        return min(self.choices or {0: ("", "")})

    def show(self, value: Any) -> str:
        return f"{value} {label(self.choices, value)}"

    def remarks(self, value: Any) -> Iterator[Remark]:
        return unlisted(self.name, value, self.choices)


class Scaled(Field):
    """A number with fixed places: an integer on the wire, an exact Decimal for us; raw / 10^places + offset."""

    def __init__(
        self,
        name: str,
        length: int,
        title: str,
        *,
        places: int,
        offset: int = 0,
        range: tuple[int, int] | None = None,
        unit: str = "",
        note: str = "",
    ) -> None:
        super().__init__(name, length, title, unit=unit, note=note)
        self.codes = INT_CODES[length]
        self.places = places
        self.offset = offset
        self.wanted = range
        self.step: Decimal = Decimal(1).scaleb(-places)
        self.shift: int = offset * 10**places

    def constants(self) -> dict[str, Any]:
        up = Decimal(1).scaleb(self.places)
        return {f"STEP{self.places}": self.step, f"UP{self.places}": up, "int": int, "str": str}

    def read(self, *items: str) -> str:
        number = plus(whole(items, self.codes), self.shift)
        return f"STEP{self.places} * {number if number.isidentifier() else f'({number})'}"

    def prepare(self, value: str) -> str:
        # int() of the text refuses what is not whole; int() of the Decimal would cut it and is no faster
        return f"{value} = {plus(f'int(str({value} * UP{self.places}))', -self.shift)}"

    def write(self, value: str) -> str:
        return split(value, self.codes)

    def zero(self) -> Decimal:
        return self.step * self.shift

    def sample(self) -> Decimal:
        return max(self.zero(), self.step * self.wanted[0] * 10**self.places) if self.wanted else self.zero()

    def fit(self, value: Any) -> Decimal:
        number = as_decimal(value)
        low, high = self.zero(), self.step * (self.shift + 256**self.length - 1)
        if number is None or not low <= number <= high or number % self.step:
            unit = f" {self.unit}" if self.unit else ""
            raise Unfit(
                f"{low} 至 {high}{unit}、至多 {self.places} 位小数的数",
                f"a decimal from {low} to {high}{unit} with at most {self.places} places",
                value,
            )
        fitted: Decimal = self.step * int(number / self.step)  # now with the fixed places
        return fitted

    def plain(self, value: Any) -> str:
        return f"{value:f}"

    def remarks(self, value: Any) -> Iterator[Remark]:
        return outside(self.name, value, self.wanted)


class Bcd(Field):
    """Packed decimal in reading order, as a string of digits; hex digits that real piles send are kept, upper case."""

    def __init__(self, name: str, length: int, title: str, *, unit: str = "", note: str = "") -> None:
        super().__init__(name, length, title, unit=unit, note=note)
        self.codes = f"{length}s"

    def constants(self) -> dict[str, Any]:
        return {"fromhex": bytes.fromhex, "len": len}

    def read(self, *items: str) -> str:
        return f"{items[0]}.hex().upper()"

    def guard(self, value: str) -> str:
        return f"len({value}) == {2 * self.length}"

    def prepare(self, value: str) -> str:
        return f"{value} = fromhex({value})"

    def write(self, value: str) -> str:
        return value

    def zero(self) -> str:
        return "00" * self.length

    def fit(self, value: Any) -> str:
        digits = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
        digits = "".join(digits.split()).upper()
        if not digits or len(digits) > 2 * self.length or not is_hex(digits):
            raise Unfit(f"{2 * self.length} 位数字", f"{2 * self.length} digits", value)
        return digits.rjust(2 * self.length, "0")

    def remarks(self, value: Any) -> Iterator[Remark]:
        if not value.isdecimal():
            yield Remark(self.name, "bcd_hex", "BCD 字段含十六进制数字", "hex digits in a BCD field")


class Opaque(Field):
    """Bytes kept in wire order and shown as hex: card numbers, codes nobody here interprets."""

    def __init__(self, name: str, length: int, title: str, *, unit: str = "", note: str = "") -> None:
        super().__init__(name, length, title, unit=unit, note=note)
        self.codes = f"{length}s"

    def constants(self) -> dict[str, Any]:
        return {"len": len}

    def read(self, *items: str) -> str:
        return items[0]

    def guard(self, value: str) -> str:
        return f"len({value}) == {self.length}"

    def write(self, value: str) -> str:
        return value

    def zero(self) -> bytes:
        return bytes(self.length)

    def fit(self, value: Any) -> bytes:
        raw = as_bytes(value)
        if raw is None or len(raw) > self.length:
            digits = 2 * self.length
            raise Unfit(
                f"{digits} 位十六进制数（{self.length} 字节）", f"{self.length} bytes as {digits} hex digits", value
            )
        return raw.rjust(self.length, b"\0")

    def plain(self, value: Any) -> str:
        return str(value.hex().upper())
