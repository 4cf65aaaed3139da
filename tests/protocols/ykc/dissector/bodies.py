"""Bodies of any kind of frame, drawn by a seed: whatever bytes may come, and ones that a pile would really send."""

from __future__ import annotations

import string
from random import Random

from harness.core.fields import Bcd, Field, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.parts import Repeat
from harness.core.texts import Text
from harness.protocols.ykc.framing import LEAST, MOST, build_frame
from harness.protocols.ykc.kinds import Cp56Time2a

LONGEST = MOST - LEAST
ASCII = (string.ascii_letters + string.digits + "./:?=-_").encode()


def frames_of(frame: FrameType, count: int, random: Random) -> list[bytes]:
    """So many frames of a type, and its sample, all zeros and all ones; a few with a CRC turned round."""
    bodies = [random_body(frame, random) for _ in range(count)]
    if frame.tail is None:
        bodies += [bytes(frame.length), b"\xff" * frame.length, bytes(frame.length + 3)]
        bodies += [random.randbytes(size) for size in (*frame.tolerated, *frame.read_as)]
    bodies.append(frame.encode(frame.sample()))
    made = [build_frame(frame.code, body, random.randbytes(2)) for body in bodies]
    return [turned(raw) if random.random() < 0.1 else raw for raw in made]


def random_body(frame: FrameType, random: Random) -> bytes:
    """A body that the table describes, sometimes with bytes beyond it."""
    parts = {field.name: field_bytes(field, random) for field in frame.fields}
    tail = frame.tail
    if tail is not None:
        unit = tail.item_length if isinstance(tail, Repeat) else 1
        many = random.randint(0, (LONGEST - frame.head) // unit)
        parts[tail.name] = b"".join(item_bytes(tail, random) for _ in range(many))
        if tail.count != "rest":
            parts[str(tail.count)] = bytes((many,))
    surplus = random.randbytes(random.choice((0, 0, 0, 0, 3)))
    return (b"".join(parts.values()) + surplus)[:LONGEST]


def item_bytes(tail: Field, random: Random) -> bytes:
    """One item of a list, or one character of a text."""
    if isinstance(tail, Repeat):
        return b"".join(field_bytes(field, random) for field in tail.fields)
    return bytes((random.choice(ASCII),)) if random.random() < 0.98 else random.randbytes(1)


def field_bytes(field: Field, random: Random) -> bytes:
    """The bytes of a field: half of the time any, else such as make sense."""
    if isinstance(field, Repeat):
        return b"".join(item_bytes(field, random) for _ in range(field.length // field.item_length))
    if random.random() < 0.5:
        return random.randbytes(field.length)
    if isinstance(field, Text):
        return bytes(random.choices(ASCII, k=random.randint(0, field.length))).ljust(field.length, b"\0")
    if isinstance(field, Bcd):
        return bytes.fromhex("".join(random.choices(string.digits, k=2 * field.length)))
    if isinstance(field, Cp56Time2a):
        return moment_bytes(random)
    if isinstance(field, Uint | Scaled):
        return random.randrange(16).to_bytes(field.length, "little")
    return bytes(field.length)


def moment_bytes(random: Random) -> bytes:
    """A time that may be: leap days, the 31st of any month."""
    low = random.randrange(60_000)
    day, month, year = random.randint(28, 31), random.randint(1, 12), random.choice((0, 24, 25, 100))
    return low.to_bytes(2, "little") + bytes((random.randrange(60), random.randrange(24), day, month, year))


def turned(raw: bytes) -> bytes:
    """The same frame with the high byte of its CRC first."""
    return raw[:-2] + raw[: len(raw) - 3 : -1]
