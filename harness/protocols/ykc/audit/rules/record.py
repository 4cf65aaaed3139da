"""What a transaction record says, against what the session showed (8.7, 5.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from harness.core.amounts import Tariff
from harness.protocols.ykc.audit.charges import Charge, same_gun
from harness.protocols.ykc.audit.rule import MUST, SHOULD, Rule
from harness.protocols.ykc.audit.scene import Seen
from harness.protocols.ykc.audit.tolerances import PERCENT, REPORT_PERIOD
from harness.protocols.ykc.audit.watcher import Watcher, hears
from harness.protocols.ykc.codes import TRADE_FLAGS
from harness.protocols.ykc.tariffs import LABEL_NAMES, LABELS

FLAG_NAMES = {
    1: ("APP 启动", "app start"),
    2: ("卡启动", "card start"),
    4: ("离线卡启动", "offline card start"),
    5: ("VIN 启动", "VIN start"),
}
LEAST_TOLERANCE = Decimal("0.02")  # kWh
MARGIN = Decimal("1.1")  # power may rise above what a report showed
HOUR = 3600

RECORD_GUN = Rule(
    id="R-ID-2",
    check="record_gun",
    level=MUST,
    section="3.3, 8.7",
    zh="交易记录写的是 {gun} 号枪，这笔订单在 {wanted} 号枪启动",
    en="the record names gun {gun}, the order was for gun {wanted}",
)
TRADE_FLAG = Rule(
    id="R-TX-10",
    check="trade_flag_unfit",
    level=MUST,
    section="8.7, 5.4",
    tolerance="0x04 only for charges started offline; an app charge that was cut off keeps 0x01",
    zh="交易标识为 {got}，这笔订单是{way}，应为 {wanted}",
    en="the trade flag is {got}, the charge began by {way}, which is {wanted}",
)
FLAG_UNLISTED = Rule(
    id="E-PILETYPE",
    check="trade_flag_unlisted",
    level=SHOULD,
    section="8.7",
    zh="交易标识 {got} 协议未列出",
    en="the trade flag {got} is not listed",
)
UNIT_PRICE = Rule(
    id="R-TX-8",
    check="unit_price",
    level=MUST,
    section="8.7",
    tolerance="only tariffs with energy; a model taken during the charge may count; of charges that began offline "
    "only where one model alone was in force all the time",
    zh="交易记录的{label}单价为 {got} 元，计费模型的电费加服务费为 {wanted} 元",
    en="the record's {label} unit price is {got} CNY, energy and service price of the model are {wanted} CNY",
)
RECORD_ENERGY = Rule(
    id="E-SUM",
    check="record_energy",
    level=SHOULD,
    section="8.7, 7.2",
    tolerance="1 % or 0.02 kWh, and what may flow after the last report",
    zh="交易记录的总电量为 {got} kWh，最后一帧实时数据为 {last} kWh",
    en="the record's total energy is {got} kWh, the last real-time data say {last} kWh",
)


class Contents(Watcher):
    """Gun, flag, prices and energy of each record, once."""

    rules = (
        RECORD_GUN,
        TRADE_FLAG,
        FLAG_UNLISTED,
        UNIT_PRICE,
        RECORD_ENERGY,
    )

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        if self.scene.pile.repeats(seen):
            return
        charge = self.scene.pile.charge_of(seen.values.transaction_serial)
        self._listed(seen)
        self._prices(seen)
        if charge is None:
            return
        if charge.order is not None:
            self._gun(charge, charge.order, seen)
            self._flag(charge, charge.order, seen)
        self._energy(charge, seen)

    def _listed(self, record: Seen) -> None:
        flag, due = record.values.trade_flag, "0x01, 0x02, 0x04, 0x05"
        if flag not in FLAG_NAMES:
            gun, got, fields = record.values.gun_no, code(flag), ("trade_flag",)
            self.scene.tell(FLAG_UNLISTED, [record.n], gun=gun, expected=due, seen=got, fields=fields, got=got)

    def _gun(self, charge: Charge, order: Seen, record: Seen) -> None:
        gun = record.values.gun_no
        if not same_gun(gun, charge.gun_no):
            wanted = charge.gun_no.lstrip("0")
            self.scene.tell(
                RECORD_GUN,
                [order.n, record.n],
                gun=gun,
                expected=charge.gun_no,
                seen=gun,
                fields=("gun_no",),
                wanted=wanted,
            )

    def _flag(self, charge: Charge, order: Seen, record: Seen) -> None:
        flag, wanted = record.values.trade_flag, TRADE_FLAGS.get(charge.way)
        if wanted is None or flag == wanted or flag not in FLAG_NAMES:
            return
        self.scene.tell(
            TRADE_FLAG,
            [order.n, record.n],
            gun=record.values.gun_no,
            expected=code(wanted),
            seen=code(flag),
            fields=("trade_flag",),
            got=code(flag),
            wanted=code(wanted),
            way=FLAG_NAMES[wanted],
        )

    def _prices(self, record: Seen) -> None:
        pile = self.scene.pile
        tariffs = pile.tariffs_of(record)
        for label in LABELS:
            if not getattr(record.values, f"{label}_energy"):
                continue
            got = getattr(record.values, f"{label}_unit_price")
            wanted = prices_of(tariffs, label)
            if not tariffs:
                self.scene.cannot(UNIT_PRICE, pile.lacks_model)
            if not wanted or got in wanted:
                continue
            self.scene.tell(
                UNIT_PRICE,
                [record.n],
                gun=record.values.gun_no,
                expected=f"{wanted[0]}",
                seen=f"{got}",
                fields=(f"{label}_unit_price",),
                label=LABEL_NAMES[label],
                got=got,
                wanted=wanted[0],
            )

    def _energy(self, charge: Charge, record: Seen) -> None:
        last, total = charge.last, record.values.total_energy
        if last is None or last is charge.first:  # a first report may still show the charge before
            return
        said = last.values.energy
        tolerance = max(LEAST_TOLERANCE, PERCENT * said)
        if said - tolerance <= total <= said + self._more(charge, last, record) + tolerance:
            return
        self.scene.tell(
            RECORD_ENERGY,
            [last.n, record.n],
            gun=record.values.gun_no,
            expected=f"≈ {said} kWh",
            seen=f"{total} kWh",
            fields=("total_energy",),
            got=total,
            last=said,
        )

    def _more(self, charge: Charge, last: Seen, record: Seen) -> Decimal:
        """The most that can have flowed after the last report."""
        if not self.scene.times:
            return Decimal("Infinity")
        end = charge.ended or record
        profile = self.scene.pile.profile
        power = last.values.output_voltage * last.values.output_current / 1000 * MARGIN
        most = max(power, Decimal(profile.power_kw)) if profile else power * 2
        return Decimal(most * Decimal(end.at - last.at + REPORT_PERIOD) / HOUR)


def prices_of(tariffs: Iterable[Tariff], label: str) -> list[Decimal]:
    """The unit prices that a label may have."""
    return [tariff.prices[label].total for tariff in tariffs if label in tariff.prices]


def code(number: int) -> str:
    """A code as the document writes it."""
    return f"0x{number:02X}"
