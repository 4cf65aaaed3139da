"""Remote starts: answered, confirmed before anything charges, and charging in time (8.3, 8.4, 13.3)."""

from __future__ import annotations

from typing import Any

from harness.core import mischief
from harness.core.journal import Misbehaved
from harness.core.pairs import NONE
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import USUAL_REPLY
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import CHARGING, FAULT, NOT_PLUGGED

NO_START_REPLY = Rule(
    id="R-ST-2",
    check="start_reply_missing",
    level=SHOULD,
    section="8.4",
    window=USUAL_REPLY,
    slack=0.5,
    tolerance="10 s, where the document gives no limit",
    zh="{gun} 号枪 10 秒内没有应答 0x34 启动命令",
    en="gun {gun}: 0x34 was not answered within 10 s",
)
CHARGING_LATE = Rule(
    id="R-ST-3",
    check="charging_overdue",
    level=MUST,
    section="13.3 no 1",
    window=90.0,
    slack=0.5,
    tolerance="only after 0x34; counted from a second 0x33; not after a fault, a stop, an abort or a record",
    zh="{gun} 号枪应答启动成功，90 秒内没有上报充电",
    en="gun {gun}: the start was confirmed, and it was not charging within 90 s",
)
REPLY_TOO_LATE = Rule(
    id="R-ST-3",
    check="start_reply_too_late",
    level=MUST,
    section="13.3 no 1",
    window=90.0,
    slack=0.5,
    zh="{gun} 号枪 90 秒后才应答启动成功",
    en="gun {gun}: the start was confirmed only after 90 s",
    also=("start_reply_missing", "charges_unconfirmed", "grace_over"),
)
UNCONFIRMED = Rule(
    id="R-ST-4",
    check="charges_unconfirmed",
    level=MUST,
    section="13.3 no 2",
    window=90.0,
    slack=0.5,
    zh="{gun} 号枪没有应答启动成功，却在充电",
    en="gun {gun} charges without a positive 0x33",
    also=("start_reply_missing",),
)
REFUSED = Rule(
    id="R-ST-4",
    check="charging_refused",
    level=MUST,
    section="13.3 no 2",
    zh="{gun} 号枪应答启动失败，却开始充电",
    en="gun {gun}: 0x33 refused the start, and it charges all the same",
)


class Order:
    """One 0x34 and what became of it."""

    def __init__(self, sent: Seen) -> None:
        self.sent = sent
        self.yes: Seen | None = None
        self.no: Seen | None = None
        self.charging: Seen | None = None
        self.failed = False  # the exchange with the car was broken off: it never came to a charge
        self.cut = False  # the connection broke: a reply may be lost
        self.over = False  # stopped, recorded or out of order: it need not charge any more
        self.told = False
        self.duties: dict[str, Duty] = {}

    def done(self, what: str) -> None:
        """Something that was owed came."""
        duty = self.duties.pop(what, None)
        if duty is not None:
            duty.done()


class Starts(Watcher):
    """The last 0x34 of each gun."""

    rules = (
        NO_START_REPLY,
        CHARGING_LATE,
        REPLY_TOO_LATE,
        UNCONFIRMED,
        REFUSED,
    )

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._orders: dict[str, Order] = {}  # by gun

    @hears("remote_start")
    def ordered(self, seen: Seen) -> None:
        gun = seen.values.gun_no
        before = self._orders.get(gun)
        if before is not None:
            if before.no is None and _serial(before.sent) == _serial(seen):
                return  # sent again: the first one counts
            self._drop(before)
        order = self._orders[gun] = Order(seen)
        order.duties["reply"] = self.scene.owe(NO_START_REPLY, lambda: self._silent(order))
        order.duties["charge"] = self.scene.owe(CHARGING_LATE, lambda: self._late(order))
        if self.scene.pile.gun(gun).taken:
            order.over = True  # it charges already: this order starts nothing

    @hears(Misbehaved)
    def ours(self, event: Misbehaved) -> None:
        """A 0x34 that left in pieces, late: nothing is due from its first byte."""
        if event.what == mischief.SPLIT:
            for order in self._orders.values():
                if order.sent.n in event.frames:
                    self._drop(order)

    @hears("remote_start_reply")
    def replied(self, seen: Seen) -> None:
        order = self._orders.get(seen.values.gun_no)
        if order is None:
            return
        order.done("reply")
        if seen.values.start_result == 1:
            self._yes(order, seen)
        elif order.yes is None and order.charging is None:
            order.no = order.no or seen
        else:
            order.over = True

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        values = seen.values
        order = self._orders.get(values.gun_no)
        if order is None:
            return
        if values.status == FAULT:
            order.over = True
        elif values.status == CHARGING and not order.over and order.charging is None:
            self._charges(order, seen)

    @hears("start_confirm", "remote_stop", "transaction_record")
    def no_more(self, seen: Seen) -> None:
        """Stopped, recorded, or another start: what was owed for the order is not any more."""
        order = self._orders.get(seen.values.gun_no)
        if order is None:
            return
        if seen.name == "transaction_record":
            if seen.values.transaction_serial != order.sent.values.transaction_serial:
                return
            if not self.scene.times and order.charging and order.yes is None:
                self._unconfirmed(order)
        order.over = True

    @hears("charge_end", "error_report", "bms_abort", "charger_abort")
    def broken_off(self, seen: Seen) -> None:
        order = self._orders.get(seen.values.gun_no)
        if order is not None and _serial(seen) == _serial(order.sent):
            order.failed = True

    @hears("login")
    def login(self, seen: Seen) -> None:
        """On a new connection; the one before took with it what was under way."""
        for order in self._orders.values():
            order.cut = True

    def _drop(self, order: Order) -> None:
        for what in tuple(order.duties):
            order.done(what)

    def _yes(self, order: Order, seen: Seen) -> None:
        if order.yes is not None:
            return
        order.yes = seen
        seconds = self.scene.elapsed(order.sent.at)
        if order.no is not None and order.charging is None and not order.over:  # plugged in since: it begins now
            order.done("charge")
            order.duties["charge"] = self.scene.owe(CHARGING_LATE, lambda: self._late(order))
        if order.told or order.over or not self.scene.timed(REPLY_TOO_LATE):
            return
        if seconds > REPLY_TOO_LATE.limit and not order.cut:
            self._tell(REPLY_TOO_LATE, [order.sent, seen], "≤ 90 s", f"{seconds:.1f} s")

    def _charges(self, order: Order, seen: Seen) -> None:
        serial = _serial(seen)
        is_other = bool(serial) and serial != _serial(order.sent)
        if is_other:
            known = self.scene.pile.charge_of(serial)
            if (known is not None and known.order is not None) or order.yes is None:
                return  # another charge that we ordered, or one that the pile began while it was offline
        order.charging = seen
        if order.yes is None and order.no is not None and order.no.values.fail_reason != NOT_PLUGGED:
            order.told = True
            self._tell(REFUSED, [order.sent, order.no, seen], "不充电 / no charge", "充电 / charging")
        elif order.yes is None and not order.cut and self._too_late(order):
            self._unconfirmed(order)

    def _too_late(self, order: Order) -> bool:
        return self.scene.times and self.scene.elapsed(order.sent.at) > UNCONFIRMED.limit

    def _silent(self, order: Order) -> None:
        self._tell(NO_START_REPLY, [order.sent], "≤ 10 s", NONE)

    def _late(self, order: Order) -> None:
        """90 s are over: there must be a positive 0x33 and a charge, or neither."""
        if order.charging is not None and order.yes is None:
            self._unconfirmed(order)
        elif order.yes is None or order.failed or order.over or order.told:
            return
        elif order.charging is None:
            self._tell(CHARGING_LATE, [order.sent, order.yes], "≤ 90 s", "> 90 s")

    def _unconfirmed(self, order: Order) -> None:
        if not order.told and order.charging is not None:
            order.told = True
            marks = [order.sent, order.charging] if order.no is None else [order.sent, order.no, order.charging]
            self._tell(UNCONFIRMED, marks, "0x33 成功 / 0x33 success", NONE)

    def _tell(self, rule: Rule, marks: list[Seen], expected: str, seen: str, **facts: Any) -> None:
        gun = marks[0].values.gun_no
        self.scene.tell(rule, sorted(mark.n for mark in marks), gun=gun, expected=expected, seen=seen, **facts)


def _serial(seen: Seen) -> str:
    return real_serial(seen.values.transaction_serial)
