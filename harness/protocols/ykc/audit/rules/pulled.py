"""Guns that are pulled while they charge (13.3)."""

from __future__ import annotations

from harness.core.pairs import NONE
from harness.protocols.ykc.audit.charges import Charge, Gun
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.tolerances import STOP_CURRENT
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import CHARGING

AT_ONCE = 5.0  # s in which a pulled gun still may show current

GOES_ON_UNPLUGGED = Rule(
    id="R-SP-5",
    check="charging_unplugged",
    level=MUST,
    section="13.3 no 5",
    tolerance="5 s; current above 1 A",
    zh="{gun} 号枪充电中被拔出，仍上报充电电流 {got}",
    en="gun {gun} was pulled during the charge and goes on charging with {got}",
)
RECORD_AFTER_PULL = Rule(
    id="R-SP-5",
    check="record_after_pull",
    level=SHOULD,
    section="13.3 no 5",
    window=10.0,
    slack=0.5,
    tolerance="10 s, where the document says at once; not for stored data",
    zh="{gun} 号枪充电中被拔出，没有马上上送交易记录",
    en="gun {gun} was pulled during the charge, and the record did not come at once",
    also=("record_overdue", "record_absent"),
)


class Pulled(Watcher):
    """Guns that are pulled while they charge."""

    rules = (GOES_ON_UNPLUGGED, RECORD_AFTER_PULL)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._pulled: dict[str, Seen] = {}
        self._records: dict[str, tuple[Charge, Duty]] = {}

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        gun = self.scene.pile.gun(seen.values.gun_no)
        if seen.values.gun_plugged == 1:
            self._pulled.pop(gun.number, None)
            return
        before = gun.previous
        was_live = before is not None and gun.stored not in (before, seen)
        if before is not None and was_live and before.values.status == CHARGING and before.values.gun_plugged == 1:
            self._pull(gun, seen)
        pulled = self._pulled.get(gun.number)
        if pulled is not None and seen.values.status == CHARGING:
            self._goes_on(pulled, seen)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        owed = self._records.get(seen.values.gun_no)
        if owed is not None and owed[0].serial == seen.values.transaction_serial:
            owed[1].done()
            del self._records[seen.values.gun_no]

    def _pull(self, gun: Gun, seen: Seen) -> None:
        self._pulled[gun.number] = seen
        charge = gun.charge
        if charge is None or self.scene.pile.may_store(charge):
            return
        if not charge.records and charge.stop is None:
            self._records[gun.number] = charge, self.scene.owe(RECORD_AFTER_PULL, lambda: self._missing(seen))

    def _goes_on(self, pulled: Seen, seen: Seen) -> None:
        current = seen.values.output_current
        if current <= STOP_CURRENT or (self.scene.times and self.scene.elapsed(pulled.at) <= AT_ONCE):
            return
        if seen is pulled:
            return
        del self._pulled[seen.values.gun_no]
        got = f"{current} A"
        self.scene.tell(
            GOES_ON_UNPLUGGED,
            [pulled.n, seen.n],
            gun=seen.values.gun_no,
            expected="≤ 1 A",
            seen=got,
            fields=("gun_plugged", "output_current"),
            got=got,
        )

    def _missing(self, pulled: Seen) -> None:
        if self.scene.reads_records(RECORD_AFTER_PULL):
            gun = pulled.values.gun_no
            self.scene.tell(RECORD_AFTER_PULL, [pulled.n], gun=gun, expected="≤ 10 s", seen=NONE)


__all__ = ["Pulled"]
