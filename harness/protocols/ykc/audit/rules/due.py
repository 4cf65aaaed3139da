"""When the transaction record comes, and how often (8.7, 8.8, 13.3 no 7)."""

from __future__ import annotations

from harness.protocols.ykc.audit.facts import Charge
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears

STOP_CURRENT = 1  # A; below this nothing charges
RAMP_DOWN = 15.0  # s after 0x35 in which current may still flow (R-SP-4)
NEVER = 360.0  # s; the longest time after which a record comes again (R-TX-3, +20 %)
FAILED_START = 90.0  # s in which a start has to become a charge (R-ST-3)
SETTLED = 120.0  # s of a connection in which what was kept is uploaded

RECORD_LATE = Rule(
    id="R-TX-1",
    check="record_late",
    level=MUST,
    section="13.3 no 7",
    window=30.0,
    slack=2.0,
    tolerance="from the first 0x13 that is not charging, after 0x36 also with at most 1 A, else from 15 s after 0x35",
    zh="{gun} 号枪充电结束后 30 秒内没有上送交易记录",
    en="gun {gun}: no record within 30 s of the end of the charge",
)
RECORD_MISSING = Rule(
    id="R-TX-5",
    check="record_missing",
    level=MUST,
    section="8.7",
    window=NEVER,
    tolerance="only after a positive 0x33 or when it was charging",
    zh="{gun} 号枪的充电一直没有上送交易记录",
    en="gun {gun}: there never was a record of this charge",
    also=("record_late",),
)


class Due:
    """A charge whose record has not come."""

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        self.late: Duty | None = None
        self.missing: Duty | None = None
        self.told = False

    def settle(self) -> None:
        """Nobody waits any more."""
        for duty in (self.late, self.missing):
            if duty is not None:
                duty.done()


class RecordsDue(Watcher):
    """For each gun the charge that owes a record."""

    rules = (RECORD_LATE, RECORD_MISSING)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._due: dict[str, Due] = {}

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
        due = self._due.get(gun.number)
        if charge.last is seen:  # it says charging
            if due is not None and charge.order is None and due.charge is not charge:
                return  # stored data of another charge (R-RT-10), or the serial has changed: no end of this one
            due = due if due is not None and due.charge is charge else self._begin(charge)
            self._charges(due, seen)
        elif due is not None and due.charge is charge and charge.ended is seen:
            if self._on_this_connection(charge):
                self._ended(due, seen)
            else:  # it ended offline: R-RT-10 and R-LG-4
                due.settle()
                del self._due[gun.number]

    @hears("remote_stop_reply")
    def stopped(self, seen: Seen) -> None:
        due = self._due.get(seen.values.gun_no)
        if due is None or due.charge.stop_reply is not seen or seen.values.stop_result != 1:
            return
        if due.late is None and due.charge.last is not None:
            due.late = self.scene.owe_within(RECORD_LATE, RAMP_DOWN + RECORD_LATE.limit, lambda: self._late(due, seen))

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        values = seen.values
        known = self.scene.pile.charge_of(values.transaction_serial)
        gun = values.gun_no if known is None else known.gun_no  # one that names another gun is told elsewhere
        due = self._due.get(gun)
        if due is None:
            return
        other = (known is None or known.order is None) and values.trade_flag != 4 and due.charge.ended is not None
        if known is due.charge or other:  # under another serial: that is told elsewhere, too
            due.settle()
            del self._due[gun]

    def _on_this_connection(self, charge: Charge) -> bool:
        login = self.scene.pile.login
        return login is None or charge.last is None or charge.last.n > login.n

    def _begin(self, charge: Charge) -> Due:
        """Another charge at this gun; the one before should have had its record."""
        before = self._due.get(charge.gun_no)
        if before is not None and before.charge is not charge:
            before.settle()
            if before.charge.serial != charge.serial and (before.charge.first or before.charge.accepted):
                self._missing(before, charge)
        due = self._due[charge.gun_no] = Due(charge)
        return due

    def _charges(self, due: Due, seen: Seen) -> None:
        """It charges: nothing is due, unless it carries no current after our stop."""
        charge = due.charge
        if charge.stop is not None and seen.values.output_current <= STOP_CURRENT:
            self._ended(due, seen)
            return
        reply = charge.stop_reply
        if due.late is not None and (reply is None or self.scene.elapsed(reply.at) > RAMP_DOWN):
            due.late.done()
            due.late = None
        if due.missing is not None:
            due.missing.done()
            due.missing = None

    def _ended(self, due: Due, seen: Seen) -> None:
        if due.late is not None:
            due.late.done()
        due.late = self.scene.owe(RECORD_LATE, lambda: self._late(due, seen))
        if due.missing is None:
            due.missing = self._owe(due, NEVER)

    def _owe(self, due: Due, seconds: float) -> Duty:
        return self.scene.owe_within(RECORD_MISSING, seconds, lambda: self._never(due), over_relogin=True)

    def _late(self, due: Due, since: Seen) -> None:
        charge = due.charge
        frames = sorted({seen.n for seen in (charge.stop, charge.last, since) if seen is not None})
        self.scene.tell(RECORD_LATE, frames, gun=charge.gun_no, expected="≤ 30 s", seen="> 30 s")

    def _never(self, due: Due) -> None:
        """Its time is over; a pile that is away, or only just back, gets more."""
        pile, charge = self.scene.pile, due.charge
        back = pile.accepted
        if not pile.online or (charge.relogins and (back is None or self.scene.elapsed(back.at) < SETTLED)):
            due.missing = self._owe(due, SETTLED)
        elif charge.ended is not None or charge.first is None:  # else it ended offline: R-RT-10
            self._missing(due)

    def _missing(self, due: Due, later: Charge | None = None) -> None:
        if due.told or due.charge.records:
            return
        due.told = True
        charge = due.charge
        marks = (charge.order, charge.accepted, charge.last, charge.ended, later.order if later else None)
        frames = sorted({seen.n for seen in marks if seen is not None})
        expected = "0x3B"
        self.scene.tell(RECORD_MISSING, frames, gun=charge.gun_no, expected=expected, seen="没有 / none")
