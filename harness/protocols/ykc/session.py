"""One end of one connection, as the platform or as a pile: bytes in, messages out; frames in, bytes out.

It frames, decodes, numbers and joins what it is told to send; what frames mean is its owner's business. Bytes from the
other side never raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Protocol

from harness.core.message import Damage, Message
from harness.core.ports import Offline
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.framing import Framer, RawFrame

Role = Literal["platform", "pile"]

_LAST_SERIAL = 0xFFFF


# May answer a read at once, undecoded, if it is just one frame; None leaves it to the usual way.
Quick = Callable[[bytes, float], bytes | None]


class Owner(Protocol):
    """Whoever stands behind a session. `woken` and `next_deadline` let it keep deadlines of its own on the session."""

    def heard(self, message: Message, now: float) -> None:
        """A frame arrived."""

    def damaged(self, damage: Damage, now: float) -> None:
        """Bytes arrived that made no frame."""

    def woken(self, now: float) -> None:
        """Perhaps something is due."""

    def next_deadline(self) -> float | None:
        """When to be woken at the latest."""

    def lost(self, now: float) -> None:
        """The connection is gone, whoever closed it; called once."""


class Session:
    """One end of one connection; `write` and `close` are the link's. Set `owner` before the first byte arrives."""

    __slots__ = (
        "_close",
        "_out",
        "_reading",
        "_serial",
        "_write",
        "closed",
        "framer",
        "gone",
        "owner",
        "peer",
        "quick",
        "role",
    )

    owner: Owner

    def __init__(self, role: Role, write: Callable[[bytes], None], close: Callable[[], None], peer: str = "") -> None:
        self.role = role
        self.peer = peer
        self.quick: Quick | None = None
        self.closed = False  # by us: nothing more is read or sent
        self.gone = False  # the link is gone
        self.framer = Framer()
        self._serial = 0
        self._out: list[bytes] = []
        self._reading = False
        self._write = write
        self._close = close

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the other side; all answers to them leave in one write."""
        if self.quick is not None and (answer := self.quick(data, now)) is not None:
            self._write(answer)
        else:
            self._take(self.framer.feed(data, now), now)

    def wake(self, now: float) -> None:
        """Give up a frame that stays unfinished, and let the owner look at its deadlines."""
        if self.closed:
            return
        due = self.framer.next_deadline()
        if due is not None and due <= now:
            self._take(self.framer.wake(now), now)
        if not self.closed:
            self.owner.woken(now)

    def next_deadline(self) -> float | None:
        """When to wake me at the latest."""
        if self.closed:
            return None
        stuck = self.framer.next_deadline()
        due = self.owner.next_deadline()
        if stuck is None or (due is not None and due < stuck):
            return due
        return stuck

    def send(self, name: str, values: Mapping[str, Any], reply_to: bytes | None = None) -> bytes:
        """Send a frame and give its bytes; a reply repeats the serial bytes of its request (R-SN-2).

        Misfit when a value does not fit, Offline when the connection is closed.
        """
        raw = self.made(name, values, reply_to)
        self.send_raw(raw)
        return raw

    def made(self, name: str, values: Mapping[str, Any], reply_to: bytes | None = None) -> bytes:
        """The bytes of a frame that is to be sent next."""
        if self.closed:
            raise Offline(self.peer)
        return CATALOGUE.encode(name, values, self._next_serial() if reply_to is None else reply_to)

    def divert(self, write: Callable[[bytes], None]) -> Callable[[bytes], None]:
        """From now bytes leave this way; gives the way before."""
        before, self._write = self._write, write
        return before

    def send_raw(self, raw: bytes) -> None:
        """Send bytes as they are; nothing leaves after the end."""
        if self.closed:
            return
        if self._reading:
            self._out.append(raw)
        else:
            self._write(raw)

    def close(self) -> None:
        """Close the connection after what was sent has left; what still arrives is not read."""
        if self.closed:
            return
        self.closed = True
        if not self._reading:
            self._close()

    def lost(self, now: float) -> None:
        """The link says that the connection is gone."""
        self.closed = True
        if not self.gone:
            self.gone = True
            self.owner.lost(now)

    def _next_serial(self) -> bytes:
        """Sending order, low byte first; from 0, and back to 0 on overflow (R-SN-1, R-SN-3)."""
        serial = self._serial
        self._serial = serial + 1 if serial < _LAST_SERIAL else 0
        return serial.to_bytes(2, "little")

    def _take(self, items: Iterable[RawFrame | Damage], now: float) -> None:
        self._reading = True
        try:
            for item in items:
                if self.closed:
                    break
                self._hand_over(item, now)
        finally:
            self._reading = False
            self._flush()

    def _hand_over(self, item: RawFrame | Damage, now: float) -> None:
        message = item if isinstance(item, Damage) else CATALOGUE.message(item)
        if isinstance(message, Damage):
            self.owner.damaged(message, now)
        else:
            self.owner.heard(message, now)

    def _flush(self) -> None:
        out = self._out
        if out:
            self._out = []
            self._write(out[0] if len(out) == 1 else b"".join(out))
        if self.closed and not self.gone:
            self._close()
