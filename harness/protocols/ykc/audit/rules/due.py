"""When the transaction record comes, and how often (8.7, 8.8, 13.3 no 7)."""

from __future__ import annotations

from harness.core.pairs import NONE
from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK, STOP_CURRENT
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import OFFLINE_CARD

RAMP_DOWN = 15.0  # s after 0x35 in which current may still flow (R-SP-4)
NEVER = 360.0  # s; the longest time after which a record comes again (R-TX-3, +20 %)
FAILED_START = 90.0  # s in which a start has to become a charge (R-ST-3)
MOST_KEPT = 50  # charges whose gun the next one took
SETTLED = 120.0  # s of a connection in which what was kept is uploaded

RECORD_LATE = Rule(
    id="R-TX-1",
    check="record_overdue",
    level=MUST,
    section="13.3 no 7",
    window=30.0,
    slack=2.0,
    tolerance="from the first 0x13 that is not charging, after 0x36 also with at most 1 A, else from 15 s after 0x35; "
    "without 0x36 the car may only pause: at most 1 A counts when the record's own end time says so, too; "
    "not over a relogin",
    zh="{gun} 号枪充电结束后 30 秒内没有上送交易记录",
    en="gun {gun}: no record within 30 s of the end of the charge",
)
RECORD_MISSING = Rule(
    id="R-TX-5",
    check="record_absent",
    level=MUST,
    section="8.7",
    window=NEVER,
    tolerance="only after a positive 0x33 or when it was charging",
    zh="{gun} 号枪的充电一直没有上送交易记录",
    en="gun {gun}: there never was a record of this charge",
    also=("record_overdue",),
)


class Due:
    """A charge whose record has not come.

    While it charges nothing is owed, but what a confirmed start or stop set going. It ends with a report (`since`):
    from then on `late` falls due after 30 s, `missing` after the longest time between repeats. A report that shows it
    charging again takes both back, and the record settles all.
    """

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        self.late: Duty | None = None
        self.missing: Duty | None = None
        self.since: Seen | None = None  # the report that showed its end
        self.flowed = False
        self.still: Seen | None = None  # the first report since which no current flows any more

    def reported(self, seen: Seen) -> None:
        """One more report that it charges."""
        if seen.values.output_current > STOP_CURRENT:
            self.flowed, self.still = True, None
        elif self.flowed and self.still is None:
            self.still = seen

    def take_back_late(self) -> None:
        """It did not end after all."""
        if self.late is not None:
            self.late.done()
        self.late = self.since = None

    def take_back_missing(self) -> None:
        """It charges: how long its record may take is open again."""
        if self.missing is not None:
            self.missing.done()
        self.missing = None

    def settle(self) -> None:
        """Nobody waits any more."""
        for duty in (self.late, self.missing):
            if duty is not None:
                duty.done()


class RecordsDue(Watcher):
    """The charges that owe a record. One that was late for it may still send it when the next one runs."""

    rules = (RECORD_LATE, RECORD_MISSING)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._at_gun: dict[str, Due] = {}  # the latest of each gun
        self._before: dict[str, Due] = {}  # by serial: those of which the next one took the gun

    @hears("remote_start_reply", "parallel_remote_start_reply", "start_confirm", "parallel_start_confirm")
    def started(self, seen: Seen) -> None:
        """A start was confirmed: sooner or later there will be a record."""
        charge = self.scene.pile.charge_of(seen.values.transaction_serial)
        if charge is not None and charge.accepted is seen and not charge.records:
            due = self._begin(charge)
            if seen.up:
                due.missing = self._owe(due, FAILED_START + NEVER)

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        charge = gun.charge
        if charge is None or charge.records:
            return
        due = self._at_gun.get(gun.number)
        if gun.stored is seen:
            self._goes_on_perhaps(due, seen)
            return
        if charge.last is seen:  # it says charging
            if due is not None and charge.order is None and due.charge is not charge:
                return  # stored data of another charge (R-RT-10), or the serial has changed: no end of this one
            self._charges(due if due is not None and due.charge is charge else self._begin(charge), seen)
        elif due is not None and due.charge is charge and charge.ended is seen:
            if self._on_this_connection(charge):
                self._ended(due, seen)
            else:  # it ended offline: R-RT-10 and R-LG-4
                due.settle()
                del self._at_gun[gun.number]

    @hears("remote_stop_reply")
    def stopped(self, seen: Seen) -> None:
        due = self._at_gun.get(seen.values.gun_no)
        if due is None or due.charge.stop_reply is not seen or seen.values.stop_result != 1:
            return
        if due.late is None and due.charge.last is not None:
            self._owe_soon(due, seen, RAMP_DOWN + RECORD_LATE.limit)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        values = seen.values
        before = self._before.pop(values.transaction_serial, None)
        if before is not None:
            before.settle()
            return
        known = self.scene.pile.charge_of(values.transaction_serial)
        gun = values.gun_no if known is None else known.gun_no  # one that names another gun is told elsewhere
        due = self._at_gun.get(gun)
        if due is None:
            return
        if known is due.charge and due.late is None:
            self._judge_pause(due, seen)
        other = (known is None or known.order is None) and values.trade_flag != OFFLINE_CARD
        if known is due.charge or (other and due.charge.ended is not None):  # another serial is told elsewhere, too
            due.settle()
            del self._at_gun[gun]
        if known is due.charge and not self.scene.times:
            self._overtaken(gun)

    def _judge_pause(self, due: Due, record: Seen) -> None:
        """No report said that it had ended, but no current flowed, and by the record's own word it was over then."""
        still, limit = due.still, RECORD_LATE.limit
        if (
            still is None
            or due.charge.stop is not None
            or self.scene.pile.may_store(due.charge)
            or not self.scene.timed(RECORD_LATE)
        ):
            return
        if self.scene.elapsed(still.at) <= limit:
            return
        ended, clock = record.values.end_time.time, self.scene.pile.clock
        in_time = [first for first, _ in clock.could_show(record.at - limit, record.at)]
        if ended is not None and in_time and all(ended < first - CLOCK_SLACK for first in in_time):
            self._late(due, record)

    def _overtaken(self, gun: str) -> None:
        """Without times a record is missing when that of a later charge has come."""
        for due in [due for due in self._before.values() if due.charge.gun_no == gun]:
            del self._before[due.charge.serial]
            self._missing(due)

    def _begin(self, charge: Charge) -> Due:
        """Another charge at this gun; the one before may still owe its record."""
        before = self._at_gun.get(charge.gun_no)
        if before is not None and before.charge is not charge and before.charge.serial:
            self._before[before.charge.serial] = before
            if len(self._before) > MOST_KEPT:
                self._before.pop(next(iter(self._before))).settle()
        known = self._before.pop(charge.serial, None)  # it goes on
        due = self._at_gun[charge.gun_no] = known or Due(charge)
        return due

    def _goes_on_perhaps(self, due: Due | None, seen: Seen) -> None:
        """Stored or not, it shows that the charge whose record is missing was one, and perhaps is."""
        if due is not None and due.missing is not None and due.charge.serial == seen.values.transaction_serial:
            due.take_back_missing()
            due.missing = self._owe(due, NEVER)

    def _on_this_connection(self, charge: Charge) -> bool:
        login = self.scene.pile.login
        return login is None or charge.last is None or charge.last.n > login.n

    def _charges(self, due: Due, seen: Seen) -> None:
        """It charges: nothing is due, unless it carries no current after our stop."""
        charge = due.charge
        due.reported(seen)
        if charge.stop is not None and seen.values.output_current <= STOP_CURRENT:
            self._ended(due, seen)
            return
        reply = charge.stop_reply
        if due.late is not None and (reply is None or self.scene.elapsed(reply.at) > RAMP_DOWN):
            due.take_back_late()
        due.take_back_missing()

    def _ended(self, due: Due, seen: Seen) -> None:
        """It carries no current any more; the first report that says so counts."""
        if due.since is None:
            due.take_back_late()
            due.since = seen
            self._owe_soon(due, seen, RECORD_LATE.limit)
        if due.missing is None:
            due.missing = self._owe(due, NEVER)

    def _owe_soon(self, due: Due, since: Seen, seconds: float) -> None:
        """Its record, unless the charge may have ended offline: then nobody knows when (R-RT-10)."""
        if not self.scene.pile.may_store(due.charge):
            due.late = self.scene.owe_within(RECORD_LATE, seconds, lambda: self._late(due, since))

    def _owe(self, due: Due, seconds: float) -> Duty:
        return self.scene.owe_within(RECORD_MISSING, seconds, lambda: self._never(due), over_relogin=True)

    def _late(self, due: Due, since: Seen) -> None:
        if not self.scene.reads_records(RECORD_LATE):
            return
        charge = due.charge
        frames = sorted({seen.n for seen in (charge.stop, due.still, charge.last, since) if seen is not None})
        self.scene.tell(RECORD_LATE, frames, gun=charge.gun_no, expected="≤ 30 s", seen="> 30 s")

    def _never(self, due: Due) -> None:
        """Its time is over; a pile that is away, or only just back, gets more."""
        pile, charge = self.scene.pile, due.charge
        back = pile.accepted
        if not pile.online or (charge.relogins and (back is None or self.scene.elapsed(back.at) < SETTLED)):
            due.missing = self._owe(due, SETTLED)
        elif charge.ended is not None or charge.first is None:  # else it ended offline: R-RT-10
            self._missing(due)

    def _missing(self, due: Due) -> None:
        charge = due.charge
        if charge.records or not self.scene.reads_records(RECORD_MISSING):
            return
        marks = (charge.order, charge.accepted, charge.last, charge.ended)
        frames = sorted({seen.n for seen in marks if seen is not None})
        self.scene.tell(RECORD_MISSING, frames, gun=charge.gun_no, expected="0x3B", seen=NONE)
