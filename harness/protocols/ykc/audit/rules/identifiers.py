"""Transaction serials (3.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from harness.protocols.ykc.audit.charges import Charge, same_gun
from harness.protocols.ykc.audit.once import Once
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.rules.bms import BMS_FRAMES
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.bills import NO_SERIAL, real_serial
from harness.protocols.ykc.codes import CHARGING, OFFLINE_CARD

MUCH = 5  # kWh that may flow after the last report
SAME_ENERGY = 50  # two energies are the same when they differ by less than one part in so many
CODE, GUN, TIME, END = 14, 16, 28, 32  # where the parts of a serial end, in digits

OWN_SERIAL = Rule(
    id="R-TS-1",
    check="serial_form",
    level=MUST,
    section="3.3",
    doubt="E-TSN",
    tolerance="only serials made by the pile; any date",
    zh="桩自己生成的交易流水号 {got} 不合规：{why}",
    en="the transaction serial {got}, made by the pile, is malformed: {why}",
)
SERIAL_INVENTED = Rule(
    id="R-TS-2",
    check="serial_invented",
    level=MUST,
    section="3.3",
    tolerance="only charges that began online by the pile's clock; not with trade_flag 4",
    zh="{gun} 号枪在线时开始的充电用了平台没有给过的交易流水号",
    en="gun {gun}: a charge that began online carries a transaction serial that the platform never gave",
)
SERIAL_CHANGED = Rule(
    id="R-TS-3",
    check="serial_differs",
    level=MUST,
    section="3.3, 13.3 no 6",
    tolerance="zeros outside a charge are right; records and real-time data of earlier charges may come up meanwhile",
    zh="{gun} 号枪的 {frame} 用了另一个交易流水号：{got}",
    en="gun {gun}: {frame} carries another transaction serial, {got}",
    also=("record_absent", "record_overdue", "charging_overdue", "bms_serial_changed", "reply_unasked"),
)
BMS_SERIAL = Rule(
    id="R-TS-3",
    check="bms_serial_changed",
    level=SHOULD,
    section="3.3, 7.3 – 7.10",
    zh="{gun} 号枪的 {frame} 与订单的交易流水号不同：{got}",
    en="gun {gun}: {frame} carries another transaction serial than the order, {got}",
)


class ChargeSerials(Watcher):
    """For each gun the order that it carries out, and whose serial stands in its frames."""

    rules = (OWN_SERIAL, SERIAL_INVENTED, SERIAL_CHANGED, BMS_SERIAL)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._running: dict[str, Charge] = {}  # by gun: ordered, started, and no record yet
        self._asked: dict[str, Seen] = {}  # by gun: the 0x34 without a 0x33
        self._foreign: dict[str, Seen] = {}  # by gun: the last report under another serial
        self._once = Once()

    @hears("remote_start")
    def ordered(self, seen: Seen) -> None:
        self._asked[seen.values.gun_no] = seen

    @hears("remote_start_reply", "parallel_remote_start_reply", "start_confirm", "parallel_start_confirm")
    def started(self, seen: Seen) -> None:
        asked = self._asked.pop(seen.values.gun_no, None) if seen.up else None
        charge = self.scene.pile.charge_of(seen.values.transaction_serial)
        if charge is not None and charge.accepted is seen:
            self._runs(charge)
        elif charge is None and asked is not None:
            self._changed(SERIAL_CHANGED, asked.values.transaction_serial, [asked.n], seen)

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        values = seen.values
        if values.status != CHARGING:
            return
        running = self._running.get(values.gun_no)
        serial = real_serial(values.transaction_serial)
        charge = self.scene.pile.charge_of(serial) if serial else None
        if charge is not None and charge.order is not None and not same_gun(charge.gun_no, values.gun_no):
            wanted = NO_SERIAL if running is None else running.serial
            self._changed(SERIAL_CHANGED, wanted, [charge.order.n], seen)
        elif running is None:
            if charge is not None and charge.order is not None and not charge.records:
                self._runs(charge)
        elif serial == running.serial:
            self._foreign.pop(values.gun_no, None)
        elif not serial:
            self._changed(SERIAL_CHANGED, running.serial, self._before(running), seen)
        elif running.last is None or values.energy >= running.last.values.energy:
            self._foreign[values.gun_no] = seen  # perhaps stored data of another charge: the record will show

    @hears(*BMS_FRAMES)
    def bms(self, seen: Seen) -> None:
        running = self._running.get(seen.values.gun_no)
        serial = seen.values.transaction_serial
        if running is None or serial == running.serial:
            return
        other = self.scene.pile.charge_of(serial)
        if other is None or not same_gun(other.gun_no, running.gun_no):  # that of the charge before may be late
            self._changed(BMS_SERIAL, running.serial, self._before(running), seen)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        values = seen.values
        if self.scene.pile.repeats(seen):
            return
        charge = self.scene.pile.charge_of(values.transaction_serial)
        running = self._running.get(values.gun_no)
        if charge is not None and charge.order is not None:
            self._recorded(charge, seen)
        elif running is not None and self._tells_of(seen, running):
            self._over(running)
            self._changed(SERIAL_CHANGED, running.serial, self._before(running), seen)
        elif values.trade_flag == OFFLINE_CARD:
            self._form(seen)
        elif self._began_online(seen):
            self._tell(SERIAL_INVENTED, [seen.n], seen, "平台给的流水号 / one given by the platform")

    def _runs(self, charge: Charge) -> None:
        self._running[charge.gun_no] = charge
        self._foreign.pop(charge.gun_no, None)

    def _over(self, charge: Charge) -> None:
        if self._running.get(charge.gun_no) is charge:
            del self._running[charge.gun_no]

    def _recorded(self, charge: Charge, record: Seen) -> None:
        """Its own record: if the last reports carried another serial and fit this charge, they were its own too.

        Did they carry its own, those of an order confirmed meanwhile should have carried that one's.
        """
        self._over(charge)
        foreign, other = self._foreign.pop(charge.gun_no, None), self._running.get(charge.gun_no)
        if foreign is None or not self._fits(foreign, record):
            return
        if foreign.values.transaction_serial != charge.serial:
            self._changed(SERIAL_CHANGED, charge.serial, self._before(charge), foreign)
        elif other is not None and not charge.relogins:
            self._changed(SERIAL_CHANGED, other.serial, self._before(other), foreign)

    def _fits(self, report: Seen, record: Seen) -> bool:
        total, said = record.values.total_energy, report.values.energy
        return bool(said <= total + total / SAME_ENERGY and report.values.gun_no == record.values.gun_no)

    def _before(self, charge: Charge) -> list[int]:
        seen = charge.order or charge.first
        return [] if seen is None else [seen.n]

    def _tells_of(self, record: Seen, running: Charge) -> bool:
        """Is a record under an unknown serial that of this charge, which is over? By its times and what it counted.

        A journal may begin amid things, so that records of charges shortly before it carry unknown serials, too.
        """
        values, last = record.values, running.last
        if older(values.transaction_serial, running.serial):
            return False
        if values.trade_flag == OFFLINE_CARD or last is None or (running.ended is None and running.stop is None):
            return False
        said, total = last.values.energy, values.total_energy
        start, end = values.start_time.time, values.end_time.time
        if start is None or end is None or not said - said / SAME_ENERGY <= total <= said + MUCH:
            return False
        began, ended = self._times(running.order, record), self._times(last, record)
        if not began:
            return bool(said > 0 and abs(total - said) <= said / SAME_ENERGY)
        in_time = all(start >= earliest - CLOCK_SLACK for earliest, _ in began)
        return in_time and all(end >= earliest - CLOCK_SLACK for earliest, _ in ended)

    def _began_online(self, record: Seen) -> bool:
        start = record.values.start_time.time
        possible = self._times(self.scene.pile.accepted, record)
        if start is None or not possible or not self.scene.pile.online:
            return False
        return all(earliest + CLOCK_SLACK <= start <= latest + CLOCK_SLACK for earliest, latest in possible)

    def _times(self, since: Seen | None, until: Seen) -> list[tuple[datetime, datetime]]:
        if since is None or not self.scene.times:
            return []
        return list(self.scene.pile.clock.could_show(since.at, until.at))

    def _form(self, record: Seen) -> None:
        why = malformed(record.values.transaction_serial, record.values.pile_code, record.values.gun_no)
        if why:
            expected = f"{record.values.pile_code} {record.values.gun_no} yyMMddHHmmss nnnn"
            self._tell(OWN_SERIAL, [record.n], record, expected, why=why)

    def _changed(self, rule: Rule, wanted: str, before: list[int], seen: Seen) -> None:
        if self._once.first(rule.check, seen.name, wanted):
            self._tell(rule, sorted({*before, seen.n}), seen, wanted, frame=seen.title)

    def _tell(self, rule: Rule, frames: list[int], seen: Seen, expected: str, **facts: Any) -> None:
        serial = seen.values.transaction_serial
        self.scene.tell(
            rule,
            frames,
            gun=seen.values.gun_no,
            expected=expected,
            seen=serial,
            fields=("transaction_serial",),
            of=seen,
            got=serial,
            **facts,
        )


def older(serial: str, than: str) -> bool:
    """Does a serial of the same gun name an earlier moment? Then it is that of an order before (R-TS-1)."""
    return serial[:GUN] == than[:GUN] and serial[GUN:TIME] < than[GUN:TIME]


def malformed(serial: str, pile_code: str, gun_no: str) -> tuple[str, str] | None:
    """What is wrong with the form of a serial; None when nothing is."""
    if not serial.isdecimal():
        return "不是 BCD", "not BCD"
    if serial[:CODE] != pile_code:
        return "桩编号不符", "another pile code"
    if serial[CODE:GUN] != gun_no:
        return "枪号不符", "another gun number"
    try:
        datetime.strptime(serial[GUN:TIME], "%y%m%d%H%M%S")
    except ValueError:
        return "时间部分不是有效时间", "its time is no time"
    return None
