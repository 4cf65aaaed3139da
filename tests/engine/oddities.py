"""Piles that are odd but legal, each made of the simulated pile by one small change. None may fail a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from harness.sim.ykc import frames
from harness.sim.ykc.gun import Gun, milliseconds
from tests.engine.playing import Playing

Values = dict[str, Any]
LABELS = ("sharp", "peak", "flat", "valley")
STALE_FIELDS = ("output_voltage", "output_current", "energy", "loss_energy", "amount", "charging_time", "soc")


def later(playing: Playing, frame: str, seconds: float) -> None:
    """A frame goes out so much later than it would."""

    def hold(values: Values) -> Values | None:
        if values.pop("in_time", False):
            return values
        playing.after(seconds, lambda: playing.pile.say(frame, values | {"in_time": True}))
        return None

    playing.pile.habits.change(frame, hold)


def each_gun(playing: Playing) -> list[Gun]:
    return list(playing.pile.guns.values())


def record_before_stop_reply(playing: Playing) -> None:
    later(playing, "remote_stop_reply", 8)


def late_start_reply(playing: Playing) -> None:
    later(playing, "remote_start_reply", 50)


def silent_when_asked(playing: Playing) -> None:
    """0x12 is not answered; the periodic 0x13 come."""
    for gun in each_gun(playing):
        gun.report = _only_unasked(gun.report)  # type: ignore[method-assign]


def _only_unasked(report: Callable[..., None]) -> Callable[..., None]:
    return lambda now, serial=None: report(now) if serial is None else None


def stale_values(playing: Playing) -> None:
    """A report carries what was measured up to 15 s before."""
    known: dict[str, Values] = {}

    def measure() -> None:
        for gun in each_gun(playing):
            if gun.charge is not None:
                gun.charge.advance(milliseconds(playing.now))
            values = frames.realtime_data(gun)
            known[gun.number] = {name: values.get(name, 0) for name in STALE_FIELDS}
        if not playing.done:
            playing.after(15, measure)

    measure()
    playing.pile.habits.change("realtime_data", lambda v: v | known[v["gun_no"]] if v["status"] == 3 else v)


def stale_and_silent(playing: Playing) -> None:
    silent_when_asked(playing)
    stale_values(playing)


def no_meter(playing: Playing) -> None:
    playing.pile.habits.change("transaction_record", lambda v: v | {"meter_start": 0, "meter_end": 0})


def no_meter_and_rounded(playing: Playing) -> None:
    rounded_energies(playing)
    no_meter(playing)


def late_reports(playing: Playing) -> None:
    """A change of status is told ten seconds late."""
    for gun in each_gun(playing):
        gun.tell_change = _delayed(playing, gun, gun.tell_change)  # type: ignore[method-assign]


def _delayed(playing: Playing, gun: Gun, tell: Callable[[float], None]) -> Callable[[float], None]:
    return lambda now: playing.pile.agenda.set(f"tell {gun.number}", now + 10, tell)


def no_idle_report_after_the_end(playing: Playing) -> None:
    """After a charge nothing is reported until something changes; the record is all there is."""
    seen: dict[str, int] = {}

    def silent(values: Values) -> Values | None:
        before, seen[values["gun_no"]] = seen.get(values["gun_no"], 2), values["status"]
        return None if before == 3 and values["status"] == 2 else values

    playing.pile.habits.change("realtime_data", silent)


def _hundredths(value: Any) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def rounded_energies(playing: Playing) -> None:
    """Energies are shown to 0.01 kWh, amounts are computed before rounding."""
    energies = [f"{label}_{kind}" for label in LABELS for kind in ("energy", "loss_energy")]
    names = [*energies, "total_energy", "total_loss_energy", "energy", "loss_energy"]

    def rounding(values: Values) -> Values:
        return values | {name: _hundredths(values[name]) for name in names if name in values}

    playing.pile.habits.change("transaction_record", rounding)
    playing.pile.habits.change("realtime_data", rounding)


def no_loss_energies(playing: Playing) -> None:
    """Losses and the running amount are not kept (captures show that)."""
    nothing = {f"{label}_loss_energy": 0 for label in LABELS} | {"total_loss_energy": 0}
    playing.pile.habits.change("transaction_record", lambda v: v | nothing)
    playing.pile.habits.change("realtime_data", lambda v: v | {"loss_energy": 0, "amount": 0})


def clock_ahead(playing: Playing, seconds: float = 30) -> None:
    take = playing.pile.set_clock
    playing.pile.set_clock = lambda told, now: take(told + timedelta(seconds=seconds), now)  # type: ignore[method-assign]


def clock_behind(playing: Playing) -> None:
    clock_ahead(playing, -30)


def clock_behind_and_echoing(playing: Playing) -> None:
    """0x55 repeats what was told, though the clock is half a minute behind."""
    clock_ahead(playing, -30)
    said: list[datetime] = []
    take = playing.pile.set_clock

    def set_clock(told: datetime, now: float) -> None:
        said.append(told)
        take(told, now)

    playing.pile.set_clock = set_clock  # type: ignore[method-assign]
    playing.pile.habits.change("time_sync_reply", lambda v: v | {"current_time": said[-1]})


def old_time_in_reply(playing: Playing) -> None:
    """0x55 gives the time before it was set (E-TZ leaves that open)."""
    before: list[datetime] = []
    take = playing.pile.set_clock

    def set_clock(told: datetime, now: float) -> None:
        before.append(playing.pile.clock.time(round(now * 1000)))
        take(told, now)

    playing.pile.set_clock = set_clock  # type: ignore[method-assign]
    playing.pile.habits.change("time_sync_reply", lambda v: v | {"current_time": before[-1]})


def one_heartbeat(playing: Playing) -> None:
    """Heartbeats for the first gun only."""
    playing.pile.habits.change("heartbeat", lambda v: v if v["gun_no"] == "01" else None)


def records_come_twice(playing: Playing) -> None:
    """The first confirmation of each record is lost, so it comes again."""
    lost: set[str] = set()
    confirmed = playing.pile.records.confirmed

    def confirm(serial: str, result: int) -> None:
        if serial in lost:
            confirmed(serial, result)
        lost.add(serial)

    playing.pile.records.confirmed = confirm  # type: ignore[method-assign]


def one_idle_report(playing: Playing) -> None:
    """One report within each charge says idle (R-RT-9 lets one pass)."""
    count: dict[str, int] = {}

    def idle(values: Values) -> Values:
        if values["status"] != 3:
            count.pop(values["gun_no"], None)
            return values
        count[values["gun_no"]] = count.get(values["gun_no"], 0) + 1
        return values | {"status": 2} if count[values["gun_no"]] == 2 else values

    playing.pile.habits.change("realtime_data", idle)


def energy_stays_after_the_end(playing: Playing) -> None:
    """Idle reports go on showing the energy of the last charge, and so does the first one of the next."""
    last: dict[str, Any] = {}
    counted: dict[str, int] = {}

    def kept(values: Values) -> Values:
        gun = values["gun_no"]
        if values["status"] == 3 and counted.setdefault(gun, 0) > 0:
            last[gun] = values["energy"]
            return values
        counted[gun] = 1 if values["status"] == 3 else 0
        return values | {"energy": last.get(gun, Decimal("25.0000"))}

    playing.pile.habits.change("realtime_data", kept)


def no_bms_frames(playing: Playing) -> None:
    for name in ("charge_handshake", "charge_parameter_config", "bms_demand_charger_output", "bms_info", "charge_end"):
        playing.pile.habits.change(name, lambda values: None)


def other_fault_bit(playing: Playing) -> None:
    """Bit1 is read as the second lowest (E-BIT1)."""

    def shifted(values: Values) -> Values:
        pressed = values.get("hardware_fault", {}).get("emergency_stop", 0)
        return values | {"hardware_fault": 2 * pressed}

    playing.pile.habits.change("realtime_data", shifted)


def second_bit_always_set(playing: Playing) -> None:
    """A pile without rectifiers says so all the time; by the other reading that is the emergency stop (E-BIT1)."""

    def also(values: Values) -> Values:
        pressed = values.get("hardware_fault", {}).get("emergency_stop", 0)
        return values | {"hardware_fault": 2 | pressed}

    playing.pile.habits.change("realtime_data", also)


def no_fault_bit(playing: Playing) -> None:
    playing.pile.habits.change("realtime_data", lambda v: v | {"hardware_fault": 0})


def vin_at_plug_in(playing: Playing) -> None:
    """The car sends its VIN whenever it is plugged in."""
    for gun in each_gun(playing):
        gun.plug = _with_vin(playing, gun, gun.plug)  # type: ignore[method-assign]


def _with_vin(playing: Playing, gun: Gun, plug: Callable[[float], Any]) -> Callable[[float], Any]:
    def plugged(now: float) -> Any:
        playing.after(1, lambda: gun.start_by_vin(playing.now))
        return plug(now)

    return plugged


def other_gun_charges(playing: Playing) -> None:
    """Somebody charges at another gun all the time, stops and starts again."""
    other = next(number for number in playing.pile.guns if number != playing.gun_no)

    def swipe() -> None:
        playing.pile.swipe(playing.profile.items.card, other, playing.now)

    playing.after(3, lambda: playing.pile.plug(other, playing.now))
    for again in range(40):
        playing.after(8 + 47 * again, swipe)


def half_open_after_reboot(playing: Playing) -> None:
    """The pile goes down without closing its connection."""
    drop = playing.pile.contact.drop

    def vanish(now: float) -> None:
        assert playing.table.cable is not None
        playing.table.cable.open = False
        drop(now)

    playing.pile.contact.drop = vanish  # type: ignore[method-assign]


def old_record_in_the_middle(playing: Playing, every: float = 25) -> None:
    """Records of charges while the pile was offline come up again and again (R-RT-10)."""

    def upload(number: int) -> None:
        then = playing.table.platform.local_now() - timedelta(minutes=50 - number % 40)
        part = Decimal("3.0000")
        price = Decimal("1.48790")
        playing.pile.say(
            "transaction_record",
            {
                "gun_no": playing.gun_no,
                "transaction_serial": f"{playing.profile.pile_code}{playing.gun_no}{then:%y%m%d%H%M%S}{number:04d}",
                "start_time": then,
                "end_time": then + timedelta(minutes=5),
                "trade_time": then + timedelta(minutes=5),
                "peak_unit_price": price,
                "peak_energy": part,
                "peak_loss_energy": part,
                "peak_amount": part * price,
                "total_energy": part,
                "total_loss_energy": part,
                "total_amount": part * price,
                "trade_flag": 4,
                "stop_reason": 0x45,
            },
        )

    for number in range(60):
        playing.after(10 + every * number, lambda number=number: upload(number))  # type: ignore[misc]


def fresh_old_record_in_the_middle(playing: Playing) -> None:
    old_record_in_the_middle(playing, every=7)


ODDITIES: dict[str, Callable[[Playing], None]] = {
    odd.__name__: odd
    for odd in (
        record_before_stop_reply,
        late_start_reply,
        silent_when_asked,
        stale_values,
        stale_and_silent,
        no_meter,
        no_meter_and_rounded,
        late_reports,
        no_idle_report_after_the_end,
        rounded_energies,
        no_loss_energies,
        clock_ahead,
        clock_behind,
        clock_behind_and_echoing,
        old_time_in_reply,
        one_heartbeat,
        records_come_twice,
        one_idle_report,
        energy_stays_after_the_end,
        no_bms_frames,
        other_fault_bit,
        second_bit_always_set,
        no_fault_bit,
        vin_at_plug_in,
        other_gun_charges,
        half_open_after_reboot,
        old_record_in_the_middle,
        fresh_old_record_in_the_middle,
    )
}
