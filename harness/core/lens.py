"""How frames are shown to people who read bytes: names of types, one line for a list, each field with its bytes.

A protocol gives a Lens; store and web only know what stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from harness.core.pairs import Pair


class FrameKind(msgspec.Struct, frozen=True, kw_only=True):
    """A type of frame; `alias` is the name vendors know it by where that differs from the document's, else ("", "")."""

    name: str
    code: str  # as people write it: 0x3B
    title: Pair
    sender: str  # pile or platform
    alias: Pair = ("", "")


class FrameLine(msgspec.Struct, frozen=True, kw_only=True):
    """A frame in one line of a list; `kind` is "" for bytes that make no frame, `damage` then says why.

    A frame whose body cannot be read (encrypted, too short) has both.
    """

    kind: str
    code: str
    title: Pair
    reading: Pair
    gun_no: str = ""
    damage: Pair = ("", "")


class FieldPart(msgspec.Struct, frozen=True, kw_only=True):
    """A field beside its bytes: `start` and `end` are places in the whole frame, `at` the offset in the body.

    `at` is None for what stands outside the body (header, CRC). `how` is the way from the bytes to the value, as
    figures: 0x05D5 = 1493 × 0.1; "" where there is nothing to work out.
    """

    name: str
    title: Pair
    start: int
    end: int
    at: int | None
    reading: Pair
    remark: Pair = ("", "")
    how: str = ""


class OpenFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame taken apart; bytes that make no frame have no parts, and `line.damage` says what is wrong."""

    line: FrameLine
    parts: tuple[FieldPart, ...]
    section: str = ""


class Keep(msgspec.Struct, frozen=True):
    """What a filter lets pass.

    Every frame that `test` lets pass has one of `marks` at `place`, so that a store can leave out the others by itself;
    no marks: any may pass.
    """

    test: Callable[[bytes], bool]
    place: int = 0
    marks: tuple[bytes, ...] = ()


class Lens(Protocol):
    """Bytes as people read them."""

    def kinds(self) -> tuple[FrameKind, ...]:
        """All types of frames, in the document's order."""

    def line(self, raw: bytes, damage: str = "") -> FrameLine:
        """One line of the list."""

    def opened(self, raw: bytes, damage: str = "") -> OpenFrame:
        """Each field beside its bytes."""

    def keeps(self, kinds: frozenset[str], gun_no: str) -> Keep:
        """A quick test for a filter; empty `kinds` or `gun_no` keep all.

        Bytes that make no frame pass only when both are empty.
        """
