"""The stop reason of a record: listed, and fitting what the session showed (8.7, 13.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.rule import REMARK, SHOULD, Rule
from harness.protocols.ykc.audit.rules.record import code
from harness.protocols.ykc.audit.scene import Scene, Seen
from harness.protocols.ykc.audit.tolerances import CROSSING
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import APP_STOP, FAILED_STARTS, KEPT_FOR_LATER, STOP_REASONS

OBEYED_WITHIN = 20.0  # s after 0x36 in which a charge that ends was ended by it
MOST_KEPT = 50

REASON_NOT_FITTING = Rule(
    id="E-STOP",
    check="stop_reason_not_fitting",
    level=SHOULD,
    section="8.7, 13.1",
    zh="停止原因 {got} 与经过不符：{why}",
    en="the stop reason {got} does not fit: {why}",
)
REASON_UNLISTED = Rule(
    id="E-STOP",
    check="stop_reason_unlisted",
    level=SHOULD,
    section="13.1",
    zh="停止原因 {got} 协议未列出",
    en="the stop reason {got} is not listed",
)
REASON_RESERVED = Rule(
    id="E-STOP",
    check="stop_reason_reserved",
    level=REMARK,
    section="13.1",
    zh="停止原因 {got} 是协议预留的",
    en="the stop reason {got} is reserved",
)


class StopReasons(Watcher):
    """The stop reason of each record, once."""

    rules = (REASON_NOT_FITTING, REASON_UNLISTED, REASON_RESERVED)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._ends: dict[str, Seen] = {}  # by serial: the first frame of the pile that says the charge ends

    @hears("bms_abort", "charger_abort", "charge_end")
    def ends(self, seen: Seen) -> None:
        self._ends.setdefault(seen.values.transaction_serial, seen)
        if len(self._ends) > MOST_KEPT:
            del self._ends[next(iter(self._ends))]

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        if self.scene.pile.repeats(seen):
            return
        self._listed(seen)
        charge = self.scene.pile.charge_of(seen.values.transaction_serial)
        if charge is not None and charge.order is not None and charge.first is not None and not charge.relogins:
            self._fits(charge, charge.order, seen)

    def _listed(self, record: Seen) -> None:
        reason = record.values.stop_reason
        if reason not in STOP_REASONS or (not reason and record.values.total_energy):
            self._tell(REASON_UNLISTED, [record.n], record, "0x40 – 0x90")
        elif reason in KEPT_FOR_LATER:
            self._tell(REASON_RESERVED, [record.n], record, "0x40 – 0x90")

    def _fits(self, charge: Charge, order: Seen, record: Seen) -> None:
        """Whether the reason fits what the session showed; only where the whole charge was seen."""
        reason, stop, last = record.values.stop_reason, charge.stop, charge.last
        ran = last is not None and last.values.energy > 0
        if reason == APP_STOP and not self._told_to_stop(charge, order):
            why = ("平台没有发 0x36", "no 0x36 was sent")
            self._tell(REASON_NOT_FITTING, [record.n], record, "≠ 0x40", why=why)
        elif stop is not None and reason != APP_STOP and ran and self._obeyed(charge, stop):
            why = ("平台用 0x36 停止", "0x36 stopped the charge")
            self._tell(REASON_NOT_FITTING, [stop.n, record.n], record, "0x40", why=why)
        elif reason in FAILED_STARTS and last is not None and ran:
            why = ("充电已经开始过", "it had begun to charge")
            self._tell(
                REASON_NOT_FITTING, [last.n, record.n], record, "启动后的原因 / a reason after the start", why=why
            )

    def _told_to_stop(self, charge: Charge, order: Seen) -> bool:
        """Was its gun, or one that charges with it (E-PAR), sent a 0x36 since it was ordered?

        A report under another serial may hide whose stop that was.
        """
        guns = [self.scene.pile.gun(number) for number in self._together(charge, order)]
        stops = [gun.told_to_stop for gun in guns if gun.told_to_stop is not None]
        return charge.stop is not None or any(stop.n > order.n for stop in stops)

    def _together(self, charge: Charge, order: Seen) -> set[str]:
        """The guns of one parallel charge, or the one gun."""
        parallel = getattr(order.values, "parallel_serial", "")
        orders = [each.order for each in self.scene.pile.charges.values() if parallel and each.order is not None]
        others = {each.values.gun_no for each in orders if getattr(each.values, "parallel_serial", "") == parallel}
        return {charge.gun_no, *others}

    def _obeyed(self, charge: Charge, stop: Seen) -> bool:
        """Did it end right after our stop, and neither before nor by something else that crossed it?"""
        ended, reply, end = charge.ended, charge.stop_reply, self._ends.get(charge.serial)
        if ended is None or not self.scene.times or (reply is not None and reply.values.stop_result != 1):
            return False
        if end is not None and (reply is None or end.n < reply.n) and end.at - stop.at <= CROSSING:
            return False
        return 0 <= self.scene.elapsed(stop.at, ended.at) <= OBEYED_WITHIN

    def _tell(self, rule: Rule, frames: Iterable[int], record: Seen, expected: str, **facts: Any) -> None:
        gun, got = record.values.gun_no, code(record.values.stop_reason)
        fields = ("stop_reason",)
        self.scene.tell(rule, frames, gun=gun, expected=expected, seen=got, fields=fields, got=got, **facts)


__all__ = ["StopReasons"]
