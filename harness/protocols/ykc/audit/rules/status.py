"""What state a gun reports, against what it does (7.2, 13.3)."""

from __future__ import annotations

from harness.core.pairs import NONE, joined
from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.once import Once
from harness.protocols.ykc.audit.rule import MUST, REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import AFTERWARDS
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING, IDLE, OFFLINE

STORED = 300.0  # s; the longest time after which a record comes again (R-TX-3)

IDLE_CHARGING = Rule(
    id="R-RT-9",
    check="idle_amid_charge",
    level=MUST,
    section="13.3 no 4",
    tolerance="only what is followed by charging under the same serial; two in a row (E-IDLE); not amid stored data",
    zh="{gun} 号枪充电中连续 {count} 次 0x13 上报空闲",
    en="gun {gun} says idle in {count} reports in a row amid a charge",
)
IDLE_ONCE = Rule(
    id="R-RT-9",
    check="idle_report_in_charge",
    level=SHOULD,
    section="13.3 no 4",
    tolerance="only what is followed by charging under the same serial; not amid stored data",
    zh="{gun} 号枪充电中有一次 0x13 上报空闲",
    en="gun {gun} says idle in one report amid a charge",
)
AFTER_RECORD = Rule(
    id="R-TS-3",
    check="charging_after_record",
    level=MUST,
    section="3.3, 13.3 no 6",
    tolerance="20 s; not over a relogin",
    zh="{gun} 号枪的交易记录已上送，0x13 仍以同一流水号上报充电",
    en="gun {gun} reports charging under a serial whose record was sent already",
)
SAYS_OFFLINE = Rule(
    id="E-STATUS",
    check="status_offline",
    level=REMARK,
    section="7.2",
    zh="{gun} 号枪上报离线，桩却在线",
    en="gun {gun} is reported offline by a pile that is online",
)
RECORD_KEPT = Rule(
    id="R-RT-10",
    check="stored_record_missing",
    level=MUST,
    section="5.1, 5.4",
    window=STORED,
    slack=STORED * 0.2,
    zh="{gun} 号枪的充电在断线期间结束，重新登录后 6 分钟内没有补传交易记录",
    en="gun {gun}: a charge ended while the pile was offline; no record of it within 6 min of the login",
    also=("reconnect",),
)


class Idle(Watcher):
    """Idle reports between two that say charging under one serial; charging after the record."""

    rules = (IDLE_CHARGING, IDLE_ONCE, AFTER_RECORD)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._idle: dict[str, list[Seen]] = {}  # since the last report of charging
        self._once = Once()

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        number, status = seen.values.gun_no, seen.values.status
        gun = self.scene.pile.gun(number)
        if status == CHARGING and gun.stored is not seen:
            self._charges(gun.charge, seen)
        elif number in self._idle and status == IDLE:
            self._idle[number] = [*self._idle[number], seen][-20:]

    def _charges(self, charge: Charge | None, seen: Seen) -> None:
        number = seen.values.gun_no
        idle = self._idle.get(number, [])
        self._idle[number] = []
        if charge is None or not charge.serial or self.scene.pile.may_store(charge):
            return
        if charge.records:
            self._after(charge, seen)
        elif idle and charge.first is not None and charge.first.n < idle[0].n:
            self._between(idle, seen)

    def _between(self, idle: list[Seen], seen: Seen) -> None:
        self.scene.tell(
            IDLE_CHARGING if len(idle) > 1 else IDLE_ONCE,
            [*(each.n for each in idle), seen.n],
            gun=seen.values.gun_no,
            expected=joined(("充电", "charging")),
            seen=joined(("空闲", "idle")),
            fields=("status",),
            count=len(idle),
        )

    def _after(self, charge: Charge, seen: Seen) -> None:
        record = charge.records[0]
        if charge.order is None:
            return
        if not self.scene.timed(AFTER_RECORD) or self.scene.elapsed(record.at, seen.at) <= AFTERWARDS:
            return
        if self._once.first(AFTER_RECORD.check, charge.serial):
            self.scene.tell(
                AFTER_RECORD,
                [record.n, seen.n],
                gun=charge.gun_no,
                expected=joined(("不再充电", "not charging")),
                seen=joined(("充电", "charging")),
                fields=("status", "transaction_serial"),
            )


class Offline(Watcher):
    """Guns that are said to be offline; charges that ended while the pile was."""

    rules = (SAYS_OFFLINE, RECORD_KEPT)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._owed: dict[str, Duty] = {}
        self._login = 0
        self._once = Once()

    @hears("login_reply")
    def logged_in(self, seen: Seen) -> None:
        self._login = seen.n

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        number, status = seen.values.gun_no, seen.values.status
        if status == OFFLINE and self._once.first(number, str(self._login)):
            self.scene.tell(SAYS_OFFLINE, [seen.n], gun=number, expected="1 – 3", seen="0", fields=("status",))
        charge = self.scene.pile.gun(number).charge
        if status != CHARGING and charge is not None and self._cut_off(charge, seen):
            self._owed[charge.serial] = self.scene.owe(RECORD_KEPT, lambda: self._missing(charge, seen))

    def _cut_off(self, charge: Charge, seen: Seen) -> bool:
        """Did it charge when the connection broke, and no longer when it was back? Each loss gives it new time."""
        owed = self._owed.get(charge.serial)
        if owed is not None:
            return not owed.open
        last = charge.last
        return charge.ended is seen and last is not None and last.n < self._login and not charge.records

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        owed = self._owed.pop(seen.values.transaction_serial, None)
        if owed is not None:
            owed.done()

    def _missing(self, charge: Charge, seen: Seen) -> None:
        self._owed.pop(charge.serial, None)
        if not self.scene.reads_records(RECORD_KEPT):
            return
        assert charge.last is not None
        self.scene.tell(
            RECORD_KEPT,
            [charge.last.n, self._login, seen.n],
            gun=charge.gun_no,
            expected="0x3B",
            seen=NONE,
        )


__all__ = ["Idle", "Offline"]
