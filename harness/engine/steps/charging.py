"""The step that lets a charge run until there is enough to judge."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import Field

from harness.core.amounts import Reading
from harness.core.ports import Heard, Offline
from harness.core.verdict import Finding, Verdict
from harness.engine.charge import STOP_CURRENT, Report
from harness.engine.checks.found import CHARGING, found, not_seen
from harness.engine.ledger import MOST_SLACK, STALE
from harness.engine.steps.base import Ended, GunStep, Play, Span
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run

PAST_CHANGE = MOST_SLACK + 2 * STALE  # s after which energy has flowed at the new price by any clock that may pass
ANSWER = 5.0  # s for a report that was asked for


class Course:
    """What a charge has come to while it runs."""

    def __init__(self) -> None:
        self.energy = Decimal(0)
        self.at_boundary: Decimal | None = None
        self.others = 0  # reports in a row that do not say charging, and show no current

    @property
    def doubtful(self) -> bool:
        """One report that does not say charging ends nothing yet: a single idle one is only a remark (R-RT-9)."""
        return self.others == 1

    @property
    def over(self) -> bool:
        """Two in a row do."""
        return self.others > 1

    def note(self, reading: Reading | None) -> bool:
        """Take a report in; was it one?"""
        if reading is None:
            return False
        self.energy = max(self.energy, reading.energy)
        goes_on = reading.status in ("charging", "") or reading.current > STOP_CURRENT
        self.others = 0 if goes_on else self.others + 1
        return True


class ChargeOn(GunStep):
    """Let the charge run to an energy or a time; `across`: past the next price change, with energy on both sides.

    The pile is asked for its data at the change and before the end, so that the bounds are narrow.
    """

    key = "charge"
    energy: Decimal = Field(Decimal(1), gt=0, description="kWh to reach, on each side of a change")
    seconds: float = Field(180, gt=0, description="at most so long; across: after the change")
    least: float = Field(0, ge=0, description="at least so long, in seconds")
    across: bool = False

    def play(self, run: Run) -> Play:
        record = run.view().charge.record
        if record is not None and run.view().is_record(record.message):  # it ended while another step went on
            return Ended("early", (record.n,))
        begin, course = run.now, Course()
        boundary = self._boundary(run)
        asks = [boundary - 1, boundary, boundary + STALE + 1] if boundary else []
        end = (boundary or begin) + self.seconds
        run.lasts_until(end)
        while not self._enough(course, run.now, begin, boundary) and run.now < end:
            due = min([end, *asks[:1], begin + self.least if run.now < begin + self.least else end])
            what = yield due
            if asks and run.now >= asks[0]:
                asks.pop(0)
                self._read(run)
            if boundary and course.at_boundary is None and run.now >= boundary:
                course.at_boundary = course.energy
            if isinstance(what, Heard) and self._over(run, course, what):
                if not course.over:  # a record came before any report of the end: why it ended may show there
                    yield from self._last_report(run, course)
                return Ended("early", frames=(what.n,))
        yield from self._last_report(run, course)
        return Ended("early" if course.over else "done")

    def _boundary(self, run: Run) -> float | None:
        """The moment of the next price change, by the pile's clock."""
        tariff = run.bench.tariff() if self.across else None
        if tariff is None:
            return None
        pile_time = run.bench.pile_time()
        change = tariff.next_change(pile_time)
        return run.now + (change - pile_time) / timedelta(seconds=1) if change else None

    def _enough(self, course: Course, now: float, begin: float, boundary: float | None) -> bool:
        if now < begin + self.least or course.doubtful:
            return False
        if boundary is None:
            return course.energy >= self.energy
        passed = now >= boundary + PAST_CHANGE and course.at_boundary is not None
        return passed and course.energy - (course.at_boundary or Decimal(0)) >= self.energy

    def _over(self, run: Run, course: Course, heard: Heard) -> bool:
        """Did the charge end by itself?"""
        message = heard.message
        if course.note(run.bench.language.reading(message)) and course.doubtful:
            self._read(run)
        return course.over or run.view().is_record(message)

    def _read(self, run: Run) -> None:
        try:
            run.send(run.frame_of("read_request"), {})
        except Offline:
            return

    def _last_report(self, run: Run, course: Course) -> Generator[float, object, None]:
        self._read(run)
        end = run.now + ANSWER
        while run.now < end:
            what = yield end
            if isinstance(what, Heard) and course.note(run.bench.language.reading(what.message)):
                return

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        reports = [r for r in view.charge.charging if r.n <= span.end_n]
        running = [r.n for r in reports]
        if span.how == "done" and running:
            yield found(
                Verdict.PASSED,
                self.key,
                "charged",
                rule="R-RT-1",
                expected=f"{self.energy} kWh / {self.seconds:g} s",
                seen=f"{reports[-1].reading.energy} kWh / {reports[-1].at - reports[0].at:.0f} s",
                frames=[running[0], running[-1]],
                fields=["status", "energy"],
            )
        elif span.how == "early" and view.charge.bill is None:  # else the record says who stopped it
            yield self._early(view, span, reports)
        elif span.how != "early":
            yield not_seen(view, self.key, "R-RT-1", CHARGING, (span.n, span.end_n))

    def _early(self, view: View, span: Span, reports: Sequence[Report]) -> Finding:
        last = [report.n for report in view.charge.reports if report.n <= span.end_n][-1:]
        return found(
            Verdict.FAILED,
            self.key,
            "ended_early",
            rule="R-SP-3",
            expected=f"{self.energy} kWh / {self.seconds:g} s",
            seen=f"{reports[-1].reading.energy if reports else 0} kWh / {span.end_at - span.at:.0f} s",
            frames=[*span.frames, *(report.n for report in (*reports[:1], *reports[-1:])), *last],
            fields=["status", "energy"],
        )
