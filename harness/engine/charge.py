"""A charge as the frames show it: start, reports, stop, record."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from harness.core.amounts import Bill, Reading
from harness.core.journal import PILE

if TYPE_CHECKING:
    from harness.engine.view import Seen, View

STOP_CURRENT = Decimal(1)  # A; below this nothing charges (tolerances of R-SP-4 and R-TX-1)
REPLY_TAKES = 10.0  # s in which a stop is answered (R-SP-2)
RAMP_DOWN = 15.0  # s after the stop reply in which current may still flow (R-SP-4)
FOREIGN_BEFORE = timedelta(seconds=60)  # a record that began so much earlier belongs to another charge


class Report(msgspec.Struct, frozen=True):
    """A reading with its place in the journal."""

    n: int
    at: float
    reading: Reading

    @property
    def charging(self) -> bool:
        """Does it say charging?"""
        return self.reading.status == "charging"

    @property
    def flows(self) -> bool:
        """Does energy flow?"""
        return self.charging and self.reading.current > STOP_CURRENT


class Charge:
    """One charge of one gun; anything that never came is None or empty."""

    def __init__(
        self,
        start: Seen | None = None,
        serial: str = "",
        reports: tuple[Report, ...] = (),
        stop: Seen | None = None,
        stop_reply: Seen | None = None,
        record: Seen | None = None,
        bill: Bill | None = None,
    ) -> None:
        self.start = start
        self.serial = serial
        self.reports = reports
        self.stop = stop
        self.stop_reply = stop_reply
        self.record = record
        self.bill = bill

    @cached_property
    def charging(self) -> tuple[Report, ...]:
        """The reports that say charging."""
        return tuple(report for report in self.reports if report.charging)

    @cached_property
    def first_charging(self) -> Report | None:
        """The first report that says charging."""
        return self.charging[0] if self.charging else None

    @cached_property
    def bit_always_set(self) -> bool:
        """Was the emergency stop bit set before anybody pressed anything? Then it tells nothing (E-BIT1)."""
        return self.first_charging is not None and self.first_charging.reading.estop

    def end(self) -> float | None:
        """When it had ended by what is known, None while it may go on.

        After our stop that is the first report without current, else 15 s after the stop reply, for which 10 s are
        allowed (R-SP-2, R-SP-4); without a stop the first report that does not say charging any more.
        """
        if self.stop is None:
            last = self.charging[-1].at if self.charging else None
            return next((r.at for r in self.reports if last is not None and r.at > last), None)
        first = self.first_charging
        after = max(first.at, self.stop.at) if first else None
        still = next((r.at for r in self.reports if after is not None and r.at > after and not r.flows), None)
        if still is not None:
            return still
        return (self.stop_reply.at if self.stop_reply else self.stop.at + REPLY_TAKES) + RAMP_DOWN


def charge_in(view: View) -> Charge:
    """The charge of a view's attempt."""
    language = view.language
    starts = view.sent("start") + [s for s in view.sent("ask_start_reply") if language.succeeded(s.message)]
    if not starts:
        return Charge()
    serial = language.serial(max(starts, key=lambda seen: seen.n).message)
    start = min((s for s in starts if language.serial(s.message) == serial), key=lambda seen: seen.n)
    heard = [seen for seen in view.frames if seen.n > start.n and seen.sender == PILE]
    readings = [(seen, language.reading(seen.message)) for seen in heard]
    record, bill = _record(view, heard, start, serial)
    stop = next((seen for seen in view.sent("stop") if seen.n > start.n), None)
    replies = [s for s in view.of_role("stop_reply", stop.n) if language.succeeded(s.message)] if stop else []
    return Charge(
        start=start,
        serial=serial,
        reports=tuple(Report(seen.n, seen.at, reading) for seen, reading in readings if reading is not None),
        stop=stop,
        stop_reply=replies[0] if replies else None,
        record=record,
        bill=bill,
    )


def _record(view: View, heard: list[Seen], start: Seen, serial: str) -> tuple[Seen | None, Bill | None]:
    """The record of this charge: under its serial, else the first that can be of no other charge."""
    bills = [(seen, bill) for seen in heard if (bill := view.language.bill(seen.message)) is not None]
    for seen, bill in bills:
        if bill.serial == serial:
            return seen, bill
    earlier = {view.language.serial(seen.message) for seen in view.frames if seen.n < start.n}
    for seen, bill in bills:
        if bill.serial not in earlier and not is_foreign(view, bill, start):
            return seen, bill
    return None, None


def is_foreign(view: View, bill: Bill, start: Seen) -> bool:
    """Does a record under another serial tell of an earlier charge? A pile may still be sending those (R-RT-10)."""
    return bill.start is not None and bill.start < view.pile_time(start.at) - FOREIGN_BEFORE
