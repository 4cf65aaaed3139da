"""Bytes of a connection into frames, and back: 68, length, serial, encrypt flag, type, body, CRC (chapter 2).

After rubbish the framer finds its feet by itself: at each 68 it believes the length byte until the CRC tells, drops one
byte when it does not, and looks again. What it drops is told as Damage; what lies within the length that a bad frame
claimed belongs to the damage of that frame.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from harness.core.errors import Misfit
from harness.core.message import Damage
from harness.protocols.ykc.crc import crc

START = 0x68
HEADER = 6  # start, length, serial (2), encrypt flag, type
OVERHEAD = 8  # header and CRC
LEAST = 4  # what the length byte counts of a frame without a body
MOST = 255  # the text says 200, piles send more (E-MAX)
PATIENCE = 5.0  # seconds that a frame may stay unfinished
LONGEST_DAMAGE = 4096  # one Damage holds at most so many bytes, so that a flood needs no memory

BEGINNINGS = tuple(bytes((START, length)) for length in range(MOST + 1))

CrcOrder = Literal["low", "high"]
Reason = Literal["garbage", "length", "crc", "unfinished", "body_short", "encrypted"]
REASONS: dict[str, tuple[str, str]] = {
    "garbage": ("不属于任何帧的字节", "bytes that belong to no frame"),
    "length": ("长度字节与帧不符", "the length byte does not fit the frame"),
    "crc": ("CRC 校验错误", "the CRC is wrong in either byte order"),
    "unfinished": ("帧在 5 秒内未收完", "the frame was not finished within 5 s"),
    "body_short": ("消息体比协议规定的短", "the body is shorter than the table"),
    "encrypted": ("消息体加密，无法解读", "the body is encrypted and cannot be read"),
}


class RawFrame(msgspec.Struct, frozen=True, gc=False):
    """A frame whose length and CRC are right, not yet decoded; the offset counts from the start of the stream."""

    raw: bytes
    code: int
    serial: bytes
    encrypt_flag: int
    crc_order: CrcOrder | None
    offset: int


def build_frame(code: int, body: bytes, serial: bytes = b"\0\0", flag: int = 0) -> bytes:
    """A whole frame, CRC low byte first."""
    if len(body) + LEAST > MOST:
        raise Misfit(f"0x{code:02X}", "body", f"at most {MOST - LEAST} bytes", len(body), f"至多 {MOST - LEAST} 字节")
    covered = serial + (flag << 8 | code).to_bytes(2, "big") + body
    return BEGINNINGS[len(covered)] + covered + crc(covered).to_bytes(2, "little")


def crc_order(raw: bytes) -> CrcOrder | None:
    """In which byte order the CRC of a frame is right; None when in neither."""
    value = crc(raw[2:-2])
    if value == raw[-2] | raw[-1] << 8:
        return "low"
    return "high" if value == raw[-1] | raw[-2] << 8 else None


class Framer:
    """Cuts one direction of one connection into frames. Never raises on what a pile sends.

    `feed` gives what the new bytes completed. A frame that stays unfinished is given up 5 s after its first byte came:
    `next_deadline` says when, `wake` does it and looks at its bytes again.
    """

    __slots__ = ("_arrivals", "_claim", "_lost", "_lost_at", "_offset", "_reason", "_rest", "_since")

    def __init__(self) -> None:
        self._rest = b""  # bytes not yet decided, beginning with the start of a frame or empty
        self._offset = 0  # of the first of them in the stream
        self._arrivals: list[tuple[int, float]] = []  # where each read began that left bytes in `_rest`, and when
        self._lost = b""  # dropped bytes, not yet told
        self._lost_at = 0
        self._reason: Reason = "garbage"
        self._claim = 0  # stream offset up to which the broken frame reached that is being dropped
        self._since = 0.0  # when the first of the dropped bytes was dropped

    def takes(self, data: bytes) -> bool:
        """Are these new bytes just one sound frame, with nothing pending before it? Then they are taken as such."""
        if (
            self._rest
            or self._lost
            or len(data) < OVERHEAD
            or data[0] != START
            or data[1] + 4 != len(data)
            or crc(data[2:-2]) != data[-2] | data[-1] << 8
        ):
            return False
        self._offset += len(data)
        return True

    def feed(self, data: bytes, now: float) -> list[RawFrame | Damage]:
        """New bytes of the stream; gives frames and damage in their order."""
        if self.takes(data):  # the usual case
            return [RawFrame(data, data[5], data[2:4], data[4], "low", self._offset - len(data))]
        out: list[RawFrame | Damage] = []
        if self._rest:
            self._arrivals.append((self._offset + len(self._rest), now))
            data = self._rest + data
        else:
            self._arrivals = [(self._offset, now)]
        self._scan(data, now, out)
        return out

    def next_deadline(self) -> float | None:
        """When `wake` would find something; None when nothing is pending."""
        if self._rest:
            return min(self._arrivals[0][1], self._since if self._lost else self._arrivals[0][1]) + PATIENCE
        return self._since + PATIENCE if self._lost else None

    def wake(self, now: float) -> list[RawFrame | Damage]:
        """Give up what is unfinished for too long, and tell what was dropped long enough ago."""
        out: list[RawFrame | Damage] = []
        gave_up = False
        while self._rest and now >= self._arrivals[0][1] + PATIENCE:
            gave_up = True
            self._drop(self._rest[:1], "unfinished", self._offset + frame_length(self._rest), now, out)
            rest, self._rest = self._rest[1:], b""
            self._offset += 1
            self._scan(rest, now, out)
        if self._lost and (gave_up or now >= self._since + PATIENCE):
            self._tell(out)
        return out

    def _scan(self, data: bytes, now: float, out: list[RawFrame | Damage]) -> None:
        """Cut what can be cut from the start of `data`, keep the rest."""
        at = 0
        end = len(data)
        base = self._offset
        while at < end:
            if data[at] != START:
                start = data.find(START, at)
                start = end if start < 0 else start
                if at < self._claim - base < start:
                    start = self._claim - base  # what lies beyond the broken frame is damage of its own
                self._drop(data[at:start], "garbage", 0, now, out, base + at)
                at = start
                continue
            if at + 1 == end:
                break
            length = data[at + 1]
            stop = at + length + 4
            if length < LEAST:
                self._drop(data[at : at + 1], "length", base + at + 2, now, out, base + at)
                at += 1
                continue
            if stop > end:
                break
            raw = data[at:stop]
            value = crc(raw[2:-2])
            first, second = raw[-2], raw[-1]
            if value == first | second << 8:
                order: CrcOrder = "low"
            elif value == second | first << 8:
                order = "high"
            else:
                self._drop(raw[:1], "crc", base + stop, now, out, base + at)
                at += 1
                continue
            if self._lost:
                self._tell(out)
            out.append(RawFrame(raw, raw[5], raw[2:4], raw[4], order, base + at))
            at = stop
        self._rest = data[at:]
        self._offset = base + at
        if self._rest:
            self._forget_arrivals()

    def _forget_arrivals(self) -> None:
        """Keep the arrival of the first byte that is left, and of those behind it."""
        arrivals = self._arrivals
        while len(arrivals) > 1 and arrivals[1][0] <= self._offset:
            del arrivals[0]

    def _drop(
        self, raw: bytes, reason: Reason, claim: int, now: float, out: list[RawFrame | Damage], at: int | None = None
    ) -> None:
        """Keep dropped bytes until the damage they belong to is complete."""
        offset = self._offset if at is None else at
        inside = offset < self._claim or (reason == self._reason == "garbage")
        if self._lost and not inside:
            self._tell(out)
        if not self._lost:
            self._lost_at, self._reason, self._claim, self._since = offset, reason, claim, now
        self._lost += raw
        while len(self._lost) >= LONGEST_DAMAGE:
            out.append(Damage(self._reason, self._lost_at, self._lost[:LONGEST_DAMAGE]))
            self._lost = self._lost[LONGEST_DAMAGE:]
            self._lost_at += LONGEST_DAMAGE

    def _tell(self, out: list[RawFrame | Damage]) -> None:
        """The dropped bytes as one Damage."""
        out.append(Damage(self._reason, self._lost_at, self._lost))
        self._lost = b""
        self._claim = 0


def frame_length(start: bytes) -> int:
    """How long the frame that begins here says it is; 2 when not even its length byte is there."""
    return start[1] + 4 if len(start) > 1 else 2
