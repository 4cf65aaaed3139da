"""What car and charger say by GB/T 27930, as far as the pile passes it on (7.3 to 7.10, 1.1)."""

from __future__ import annotations

from harness.core.journal import GONE, LinkChanged
from harness.core.pairs import NONE
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.once import Once
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.rules.realtime import OVER, live
from harness.protocols.ykc.audit.scene import Duty, Scene, Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import CHARGING

HANDSHAKE, PARAMETERS, END = "charge_handshake", "charge_parameter_config", "charge_end"
PERIODIC = ("bms_demand_charger_output", "bms_info")
ABORTS = ("bms_abort", "charger_abort")
BROKEN_OFF = ("error_report", *ABORTS)  # after these the exchange may begin anew
RANKS = {HANDSHAKE: 1, PARAMETERS: 2, **dict.fromkeys(PERIODIC, 3), END: 4}
BMS_FRAMES = (*RANKS, *BROKEN_OFF)
CODES = {name: f"0x{CATALOGUE.by_name(name).code:02X}" for name in BMS_FRAMES}
MOST_KEPT = 20

PERIOD = Rule(
    id="R-BMS-1",
    check="bms_gap",
    level=SHOULD,
    section="7.9, 7.10",
    window=15.0,
    slack=3.0,
    tolerance="DC only",
    zh="{gun} 号枪充电中超过 18 秒没有 {frame}（应每 15 秒一次）",
    en="gun {gun}: no {frame} for more than 18 s while charging (one is due every 15 s)",
)
MISSING = Rule(
    id="R-BMS-2",
    check="bms_phase_missing",
    level=SHOULD,
    section="7.3-7.8",
    tolerance="DC only; charges seen from the start command to the record on one connection",
    zh="{gun} 号枪整次充电没有上送 {names}",
    en="gun {gun}: {names} did not come in the whole charge",
)
ORDER = Rule(
    id="R-BMS-2",
    check="bms_phase_order",
    level=SHOULD,
    section="7.3-7.8",
    tolerance="DC only; after 0x1B, 0x1D and 0x21 the exchange may begin anew",
    zh="{gun} 号枪的 {got} 在 {before} 之后才到，阶段顺序不对",
    en="gun {gun}: {got} came after {before}, out of its phase",
)
ON_AC = Rule(
    id="R-NET-4",
    check="bms_on_ac",
    level=MUST,
    section="1.1",
    zh="交流桩 {gun} 号枪上送了直流桩才有的 {got}",
    en="AC pile, gun {gun}: sends {got}, which belongs to DC piles",
)


class Periodic(Watcher):
    """0x23 and 0x25 of a gun that charges with direct current."""

    rules = (PERIOD,)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._due: dict[str, dict[str, Duty]] = {}  # by gun; a duty that was told stays until the frame comes

    @hears(LinkChanged)
    def link(self, event: LinkChanged) -> None:
        if event.what in GONE:
            self._due.clear()

    @hears("realtime_data")
    def report(self, seen: Seen) -> None:
        pile = self.scene.pile
        gun = pile.gun(seen.values.gun_no)
        if seen.values.status != CHARGING:
            self._end(gun.number)
        elif pile.is_ac is False and live(gun, seen):
            due = self._due.setdefault(gun.number, {})
            for frame in PERIODIC:
                if frame not in due:
                    due[frame] = self._owe(gun.number, frame, seen)

    @hears(*PERIODIC)
    def came(self, seen: Seen) -> None:
        due = self._due.get(seen.values.gun_no)
        if due is not None and seen.name in due:
            due[seen.name].done()
            due[seen.name] = self._owe(seen.values.gun_no, seen.name, seen)

    @hears(*OVER)
    def over(self, seen: Seen) -> None:
        self._end(seen.values.gun_no)

    def _end(self, gun: str) -> None:
        for duty in self._due.pop(gun, {}).values():
            duty.done()

    def _owe(self, gun: str, frame: str, last: Seen) -> Duty:
        return self.scene.owe(PERIOD, lambda: self._late(gun, frame, last))

    def _late(self, gun: str, frame: str, last: Seen) -> None:
        self.scene.tell(PERIOD, [last.n], gun=gun, expected="≤ 18 s", seen="> 18 s", frame=CODES[frame])


class Phases(Watcher):
    """Which frames of the exchange came for each charge, and in which order."""

    rules = (MISSING, ORDER, ON_AC)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._last: dict[str, dict[str, Seen]] = {}  # by serial: the last of each frame since the exchange began
        self._came: dict[str, set[str]] = {}
        self._unnamed: dict[str, dict[str, int]] = {}  # by gun: the first of each frame that carried no serial
        self._once = Once()

    @hears(*BMS_FRAMES)
    def frame(self, seen: Seen) -> None:
        serial = seen.values.transaction_serial
        if self.scene.pile.is_ac:
            self._on_ac(seen)
            return
        if not real_serial(serial):  # a VIN is read before there is an order
            self._unnamed.setdefault(seen.values.gun_no, {}).setdefault(seen.name, seen.n)
            return
        if serial not in self._came:
            self._came[serial], self._last[serial] = set(), {}
            if len(self._came) > MOST_KEPT:
                for kept in (self._came, self._last):
                    kept.pop(next(iter(kept)))
        self._came[serial].add(seen.name)
        if seen.name in BROKEN_OFF:
            self._last[serial].clear()
        else:
            self._order(seen, self._last[serial])

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        pile = self.scene.pile
        charge = pile.charge_of(seen.values.transaction_serial)
        came = self._came.pop(seen.values.transaction_serial, set())
        self._last.pop(seen.values.transaction_serial, None)
        unnamed = self._unnamed.pop(seen.values.gun_no, {})
        if pile.is_ac is not False or charge is None or charge.first is None or charge.order is None:
            return
        came |= {name for name, n in unnamed.items() if n < charge.order.n and name != END}
        missing = [CODES[name] for name in (HANDSHAKE, PARAMETERS, END) if name not in came]
        if missing and not charge.relogins and len(charge.records) == 1:
            self.scene.tell(
                MISSING,
                [charge.order.n, charge.first.n, seen.n],
                gun=charge.gun_no,
                expected=", ".join(missing),
                seen=NONE,
                names=("、".join(missing), ", ".join(missing)),
            )

    def _order(self, seen: Seen, last: dict[str, Seen]) -> None:
        rank = RANKS[seen.name]
        later = next((each for name, each in last.items() if RANKS[name] > rank), None)
        last[seen.name] = seen
        if later is None or not self._once.first(seen.name, seen.values.transaction_serial):
            return
        got, before = CODES[seen.name], CODES[later.name]
        self.scene.tell(
            ORDER,
            [later.n, seen.n],
            gun=seen.values.gun_no,
            expected=f"{got} → {before}",
            seen=f"{before} → {got}",
            got=got,
            before=before,
        )

    def _on_ac(self, seen: Seen) -> None:
        if self._once.first("ac", seen.name, seen.values.gun_no):
            got = CODES[seen.name]
            self.scene.tell(ON_AC, [seen.n], gun=seen.values.gun_no, expected=NONE, seen=got, got=got)


__all__ = ["Periodic", "Phases"]
