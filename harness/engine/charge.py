"""A charge as the frames show it: start, reports, stop, record."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from harness.core.amounts import Bill, Reading
from harness.core.journal import PILE

if TYPE_CHECKING:
    from harness.engine.view import Seen, View

STOP_CURRENT = Decimal(1)  # A; below this nothing charges (tolerances of R-SP-4 and R-TX-1)
RAMP_DOWN = 15.0  # s after the stop reply in which current may still flow (R-SP-4)
FOREIGN_BEFORE = timedelta(seconds=60)  # a record that began so much earlier belongs to another charge


class Report:
    """A reading with its place in the journal."""

    __slots__ = ("at", "n", "reading")

    def __init__(self, n: int, at: float, reading: Reading) -> None:
        self.n = n
        self.at = at
        self.reading = reading

    @property
    def flows(self) -> bool:
        """Does energy flow?"""
        return self.reading.status == "charging" and self.reading.current > STOP_CURRENT


class Charge:
    """One charge of one gun; anything that never came is None or empty."""

    def __init__(
        self,
        start: Seen | None,
        serial: str,
        reports: list[Report],
        stop: Seen | None,
        stop_reply: Seen | None,
        record: Seen | None,
        bill: Bill | None,
    ) -> None:
        self.start = start
        self.serial = serial
        self.reports = reports
        self.stop = stop
        self.stop_reply = stop_reply
        self.record = record
        self.bill = bill

    @cached_property
    def charging(self) -> list[Report]:
        """The reports that say charging."""
        return [report for report in self.reports if report.reading.status == "charging"]

    @cached_property
    def first_charging(self) -> Report | None:
        """The first report that says charging."""
        return self.charging[0] if self.charging else None

    def end(self) -> float | None:
        """When it had ended by what is known: the first report without current, else 15 s after the stop reply."""
        first = self.first_charging
        if first is not None:
            after = max(first.at, self.stop.at if self.stop else first.at)
            for report in self.reports:
                if report.at > after and not report.flows:
                    return report.at
        if self.stop_reply is not None:
            return self.stop_reply.at + RAMP_DOWN
        return None


def is_foreign(view: View, bill: Bill, start: Seen, serial: str) -> bool:
    """Does a record belong to another, earlier charge? A pile may still be sending those (R-RT-10)."""
    if bill.serial == serial or bill.start is None:
        return False
    return bill.start < view.pile_time(start.at) - FOREIGN_BEFORE


def charge_in(view: View) -> Charge:
    """The charge of a view's attempt."""
    language = view.language
    starts = view.sent("start") + [s for s in view.sent("ask_start_reply") if language.succeeded(s.message)]
    if not starts:
        return Charge(None, "", [], None, None, None, None)
    start = max(starts, key=lambda seen: seen.n)
    serial = language.serial(start.message)
    reports, record, bill = [], None, None
    for seen in view.frames:
        if seen.n <= start.n or seen.sender != PILE:
            continue
        reading = language.reading(seen.message)
        if reading is not None and reading.gun_no == view.gun_no:
            reports.append(Report(seen.n, seen.at, reading))
        candidate = language.bill(seen.message)
        if candidate is None or is_foreign(view, candidate, start, serial):
            continue
        if record is None or (candidate.serial == serial and bill is not None and bill.serial != serial):
            record, bill = seen, candidate
    stops = [seen for seen in view.sent("stop") if seen.n > start.n]
    stop = stops[0] if stops else None
    replies = [s for s in view.of_role("stop_reply", stop.n) if language.succeeded(s.message)] if stop else []
    return Charge(start, serial, reports, stop, replies[0] if replies else None, record, bill)
