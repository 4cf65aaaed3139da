"""Charges that began while the pile was offline (5.4)."""

from __future__ import annotations

from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.rules.record import FLAG_NAMES, code
from harness.protocols.ykc.audit.scene import Seen
from harness.protocols.ykc.audit.tolerances import CLOCK_SLACK
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import OFFLINE_CARD

OFFLINE_FLAG = Rule(
    id="R-TX-10",
    check="offline_flag",
    level=MUST,
    section="5.4",
    tolerance="only charges that began at least 60 s after the loss and before the login, by the pile's clock",
    zh="离线时开始的充电，交易标识为 {got}，应为 0x04",
    en="a charge that began offline has the trade flag {got}, 0x04 is due",
    also=("reconnect",),
)


class OfflineCharges(Watcher):
    """Records of charges that nobody ordered."""

    rules = (OFFLINE_FLAG,)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        flag, pile = seen.values.trade_flag, self.scene.pile
        charge = pile.charge_of(seen.values.transaction_serial)
        ordered = charge is not None and charge.order is not None
        if ordered or flag == OFFLINE_CARD or flag not in FLAG_NAMES or pile.repeats(seen):
            return
        if any(self._began(seen, gone, back) for gone, back in pile.away.times):
            gun, got = seen.values.gun_no, code(flag)
            self.scene.tell(
                OFFLINE_FLAG, [seen.n], gun=gun, expected="0x04", seen=got, fields=("trade_flag", "start_time"), got=got
            )

    def _began(self, record: Seen, gone: float, back: float) -> bool:
        start = record.values.start_time.time
        possible = list(self.scene.pile.clock.could_show(gone, back))
        return (
            start is not None
            and bool(possible)
            and all(first + CLOCK_SLACK <= start <= last - CLOCK_SLACK for first, last in possible)
        )
