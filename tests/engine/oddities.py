"""Piles that are odd but legal: the product's dialects, and a few that only make sense here. None may fail a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from harness.sim.ykc import frames
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.dialects.contact import old_records
from harness.sim.ykc.dialects.known import Dialect
from harness.sim.ykc.gun import Gun
from tests.engine.playing import Playing

Values = dict[str, Any]
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


def very_late_reports(playing: Playing) -> None:
    """A change of status is told ten seconds late."""
    playing.pile.habits.change_delay = 10.0


def no_idle_report_after_the_end(playing: Playing) -> None:
    """After a charge nothing is reported until something changes; the record is all there is."""
    seen: dict[str, int] = {}

    def silent(values: Values) -> Values | None:
        before, seen[values["gun_no"]] = seen.get(values["gun_no"], 2), values["status"]
        return None if before == 3 and values["status"] == 2 else values

    playing.pile.habits.change("realtime_data", silent)


def other_gun_charges(playing: Playing) -> None:
    """Somebody charges at another gun all the time, stops and starts again."""
    other = next(number for number in playing.pile.guns if number != playing.gun_no)

    def swipe() -> None:
        playing.pile.swipe(playing.profile.items.card, other, playing.now)

    playing.after(3, lambda: playing.pile.plug(other, playing.now))
    for again in range(40):
        playing.after(8 + 47 * again, swipe)


def fresh_old_records(playing: Playing) -> None:
    """Records of time offline come so often that some fall between a charge and its own record."""
    old_records(playing.pile, every_so_often=7.0)


def speaking(dialect: Dialect, playing: Playing) -> None:
    dialect.apply(playing.pile)


ODDITIES: dict[str, Callable[[Playing], None]] = {
    name: partial(speaking, dialect) for name, dialect in DIALECTS.items() if dialect.profile == "demo"
} | {
    odd.__name__: odd
    for odd in (
        silent_when_asked,
        stale_values,
        stale_and_silent,
        very_late_reports,
        no_idle_report_after_the_end,
        other_gun_charges,
        fresh_old_records,
    )
}
