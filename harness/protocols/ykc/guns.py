"""One gun of a pile, as its frames show it, and the reply to its heartbeat."""

from __future__ import annotations

from harness.core.message import Message
from harness.protocols.ykc.crc import crc

START_TAKES = 90.0  # s in which a start may still turn into a charge (R-ST-3)
LEAST_CURRENT = 1  # A; less is none (R-SP-4)
RECORD_TAKES = 32.0  # s after the end of a charge in which its record is due (R-TX-1)


NOTHING_CONFIRMED = ("", "", 0.0)


class GunState:
    """One gun: its last report on the present login, and what may be going on there."""

    __slots__ = (
        "busy_until",
        "charging",
        "confirmed",
        "given",
        "granted",
        "heartbeat_at",
        "last",
        "number",
        "silent",
        "used",
    )

    def __init__(self, number: str) -> None:
        self.number = number
        self.last: Message | None = None
        self.charging = False  # by the last report, also of an earlier login
        self.busy_until = 0.0  # a start may still turn into a charge, or the record of one is still to come
        self.used = False  # charged since it was last unplugged
        self.heartbeat_at = 0.0
        self.silent = False  # no heartbeat for 30 s, and that was told
        self.granted = ""  # "card" or "vin": the next such start request is answered yes
        self.confirmed: tuple[str, str, float] = NOTHING_CONFIRMED  # number shown, serial given, when
        self.given = ""  # the serial under which a run had the last charge started

    def busy(self, now: float) -> bool:
        """Charging, perhaps about to, or the record of a charge not in yet?"""
        return self.charging or now < self.busy_until

    @property
    def flows(self) -> bool:
        """Does it charge or carry current, by its last report?"""
        return self.charging or (self.last is not None and self.last.values.output_current > LEAST_CURRENT)

    @property
    def unasked(self) -> bool:
        """Does it charge under a serial that no run gave?"""
        return self.charging and self.last is not None and self.last.values.transaction_serial != self.given

    def reports(self, message: Message, charging: bool, now: float) -> None:
        """A 0x13 says whether it charges."""
        self.last = message
        if message.values.gun_plugged == 0:
            self.used = False
        if charging:
            self.used = True
            self.busy_until = 0.0
            self.confirmed = NOTHING_CONFIRMED
        elif self.charging:
            self.busy_until = now + RECORD_TAKES
        self.charging = charging

    def over(self) -> None:
        """The record is in, or nothing was started."""
        self.charging = False
        self.busy_until = 0.0
        self.confirmed = NOTHING_CONFIRMED

    def beat(self, now: float) -> None:
        """A heartbeat of this gun."""
        self.heartbeat_at = now
        self.silent = False


def heartbeat_reply(raw: bytes) -> bytes:
    """0x04 with the serial, pile code and gun of the pile's own bytes: this is nine frames of ten."""
    covered = b"%b\0\x04%b\0" % (raw[2:4], raw[6:14])
    return b"h\x0d%b%b" % (covered, crc(covered).to_bytes(2, "little"))
