"""Times in a transaction record against what the pile's clock was told (8.7, 9.3, E-TZ)."""

from __future__ import annotations

from datetime import datetime, timedelta

from harness.protocols.ykc.audit.charges import Charge
from harness.protocols.ykc.audit.rule import MUST, Rule
from harness.protocols.ykc.audit.scene import Seen
from harness.protocols.ykc.audit.watcher import Watcher, hears

NAMES = {
    "start_time": ("开始时间", "start time"),
    "end_time": ("结束时间", "end time"),
    "trade_time": ("交易时间", "time of the transaction"),
}

RECORD_TIMES = Rule(
    id="E-TZ",
    check="record_times",
    level=MUST,
    section="8.7, 9.3",
    window=60.0,
    doubt="E-TZ",
    tolerance="60 s of the clock the pile had then; either one when it was set meanwhile",
    zh="交易记录的{which}为 {got}，按桩的时钟应在 {wanted} 之间",
    en="the record's {which} is {got}, by the pile's clock it lies between {wanted}",
)
SLACK = timedelta(seconds=RECORD_TIMES.limit)


class RecordTimes(Watcher):
    """Start, end and booking of each record whose charge was seen from its order on."""

    rules = (RECORD_TIMES,)

    @hears("transaction_record")
    def record(self, seen: Seen) -> None:
        charge = self.scene.pile.charge_of(seen.values.transaction_serial)
        if charge is None or charge.order is None or self.scene.pile.repeats(seen):
            return
        if self.scene.timed(RECORD_TIMES):
            for field, (earliest, latest) in windows(charge, charge.order, seen).items():
                self._judge(field, earliest, latest, seen)

    def _judge(self, field: str, earliest: float, latest: float, record: Seen) -> None:
        got: datetime | None = getattr(record.values, field).time
        possible = list(self.scene.pile.clock.could_show(earliest, latest))
        if got is None or not possible or any(first - SLACK <= got <= last + SLACK for first, last in possible):
            return
        wanted = " / ".join(f"{first:%H:%M:%S} – {last:%H:%M:%S}" for first, last in sorted(possible))
        self.scene.tell(
            RECORD_TIMES,
            [record.n],
            gun=record.values.gun_no,
            expected=wanted,
            seen=f"{got:%Y-%m-%d %H:%M:%S}",
            fields=(field,),
            which=NAMES[field],
            got=f"{got:%Y-%m-%d %H:%M:%S}",
            wanted=wanted,
        )


def windows(charge: Charge, order: Seen, record: Seen) -> dict[str, tuple[float, float]]:
    """Between which moments each time of a record must lie."""
    asked, first, last = charge.asked or order, charge.first or record, charge.last or order
    stopped = min(last.at, charge.stop.at) if charge.stop else last.at
    return {
        "start_time": (asked.at, first.at),
        "end_time": (stopped, record.at),
        "trade_time": (asked.at, record.at),
    }


__all__ = ["RECORD_TIMES", "RecordTimes"]
