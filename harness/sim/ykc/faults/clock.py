"""What goes wrong with time: the pile's clock, and how times are written."""

from __future__ import annotations

from datetime import datetime, timedelta

from harness.protocols.ykc.kinds import Moment
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import Values, every, never

BEHIND = timedelta(minutes=7)
TICK = 10.0
TIMES = ("start_time", "end_time", "trade_time")


def clock_not_set(pile: Pile) -> None:
    at = milliseconds(pile.now)
    pile.clock.set(pile.clock.time(at) - BEHIND, at)
    pile.habits.sets_clock = lambda told: None


def clock_fast(pile: Pile) -> None:
    def gain(now: float) -> None:
        pile.set_clock(pile.clock.time(milliseconds(now)) + timedelta(seconds=TICK), now)

    every(pile, TICK, "clock fast", gain)


def clock_stands(pile: Pile) -> None:
    """It shows the time of the last 0x56 until the next."""
    told: list[datetime] = []

    def keep(time: datetime) -> datetime:
        told[:] = [time.replace(tzinfo=None)]
        return time

    pile.habits.sets_clock = keep
    pile.habits.change("transaction_record", lambda v: v | {name: told[-1] for name in TIMES if told})


def wrong_day(pile: Pile) -> None:
    pile.habits.change("transaction_record", lambda v: v | {name: v[name] - timedelta(days=1) for name in TIMES})


def month_from_zero(pile: Pile) -> None:
    def earlier(values: Values) -> Values:
        return values | {name: _month_back(values[name]) for name in TIMES}

    pile.habits.change("transaction_record", earlier)


def _month_back(time: datetime) -> Moment:
    raw = bytearray(Moment.at(time).raw)
    raw[5] -= 1
    return Moment(bytes(raw))


def cp56_reversed(pile: Pile) -> None:
    def turned(values: Values) -> Values:
        return values | {name: Moment(Moment.at(values[name]).raw[::-1]) for name in TIMES}

    pile.habits.change("transaction_record", turned)


def start_time_of_boot(pile: Pile) -> None:
    booted = pile.clock.time(milliseconds(pile.now)) - timedelta(minutes=3)
    pile.habits.change("transaction_record", lambda v: v | {"start_time": booted})


def times_crossed(pile: Pile) -> None:
    def crossed(values: Values) -> Values:
        return values | {"start_time": values["end_time"], "end_time": values["start_time"]}

    pile.habits.change("transaction_record", crossed)


def no_0x55(pile: Pile) -> None:
    never(pile, "time_sync_reply")


FAULTS = (
    KnownFault(
        name="clock_not_set",
        apply=clock_not_set,
        zh="应答了对时，时钟仍慢 7 分钟",
        en="answers the time setting, but its clock stays seven minutes behind",
        case="single_tariff",
        found_by="times_wrong",
        also=("amount_by_price", "clock_wrong", "energy_mismatch", "energy_split", "record_times"),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="clock_fast",
        apply=clock_fast,
        zh="时钟走得快一倍",
        en="its clock runs twice as fast",
        case="single_tariff",
        found_by="times_wrong",
        also=("record_times",),
        dialect="serial_zero",
    ),
    KnownFault(
        name="clock_stands",
        apply=clock_stands,
        zh="时钟不走，一直是上次对时的时间",
        en="its clock stands still at the time it was last told",
        case="cross_tariff",
        found_by="times_wrong",
        also=("record_times",),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="wrong_day",
        apply=wrong_day,
        zh="记录时间早一天",
        en="the times of the record are a day early",
        case="single_tariff",
        found_by="times_wrong",
        also=("record_times",),
        changes="arithmetic",
        dialect="no_meter",
    ),
    KnownFault(
        name="month_from_zero",
        apply=month_from_zero,
        zh="月份从 0 数起，记录时间早一个月",
        en="months are counted from 0: the times of the record are a month early",
        case="single_tariff",
        found_by="times_wrong",
        also=("record_times",),
        changes="arithmetic",
        dialect="frames_joined",
    ),
    KnownFault(
        name="cp56_reversed",
        apply=cp56_reversed,
        zh="CP56Time2a 的字节顺序反了",
        en="the bytes of CP56Time2a are in reverse order",
        case="single_tariff",
        found_by="times_wrong",
        also=("impossible_time", "record_times", "reserved_set"),
        changes="field",
        dialect="serial_own",
    ),
    KnownFault(
        name="start_time_of_boot",
        apply=start_time_of_boot,
        zh="记录的开始时间是桩开机的时间",
        en="the start time of the record is that of the pile's boot",
        case="single_tariff",
        found_by="times_wrong",
        also=("record_times",),
        dialect="rounded_energies",
    ),
    KnownFault(
        name="times_crossed",
        apply=times_crossed,
        zh="记录的开始时间和结束时间写反了",
        en="start and end time of the record are exchanged",
        case="single_tariff",
        found_by="times_wrong",
        also=("record_times",),
        changes="field",
        dialect="frames_split",
    ),
    KnownFault(
        name="no_0x55",
        apply=no_0x55,
        zh="不应答对时 0x56",
        en="does not answer the time setting 0x56",
        case="single_tariff",
        found_by="time_reply_missing",
        dialect="crc_high_first",
    ),
)
