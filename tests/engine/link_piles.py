"""Piles that take our faults wrongly, or in a way the document leaves open: small changes of the simulated pile."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

from harness.core.journal import Misbehaved
from harness.sim.ykc.charge import milliseconds
from tests.engine.playing import Playing

Values = dict[str, Any]

# what fails


def never_dials_again(playing: Playing) -> None:
    playing.pile.contact.dial_after = lambda seconds, now: None  # type: ignore[method-assign]


def back_after(least: float) -> Callable[[Playing], None]:
    def slow(playing: Playing) -> None:
        dial_after = playing.pile.contact.dial_after
        playing.pile.contact.dial_after = lambda seconds, now: dial_after(least, now)  # type: ignore[method-assign]

    return slow


def forgets_offline(playing: Playing) -> None:
    """What could not be sent at once is lost."""
    records = playing.pile.records
    records.online = lambda now: None  # type: ignore[method-assign]


def never_sends(playing: Playing) -> None:
    playing.pile.habits.change("transaction_record", lambda values: None)


def other_energy_offline(playing: Playing) -> None:
    """The charge counts anew after the cut: the record has only what came after it."""
    pile = playing.pile
    went = pile.went_offline

    def forget(now: float) -> None:
        went(now)
        for gun in pile.guns.values():
            if gun.charge is not None:
                gun.charge.advance(milliseconds(now))
                gun.charge._first = gun.meter.steps

    pile.went_offline = forget  # type: ignore[method-assign]


def other_serial(values: Values) -> Values:
    return values | {"transaction_serial": f"{int(values['transaction_serial']) + 1:032d}"}


def changing(values: Values) -> Values:
    """Each sending counts a little more."""
    changing.count += 1  # type: ignore[attr-defined]
    return values | {"trade_flag": changing.count}  # type: ignore[attr-defined]


# what the document leaves open


def waits_five_minutes(playing: Playing) -> None:
    """Section 8.8: once more after 5 min."""
    playing.pile.records.repeat_after, playing.pile.records.most_repeats = 300.0, 1


def never_repeats(playing: Playing) -> None:
    playing.pile.records.most_repeats = 0


def repeats_often(playing: Playing) -> None:
    playing.pile.records.repeat_after, playing.pile.records.most_repeats = 12.0, 8


def does_not_heed_confirmations(playing: Playing) -> None:
    playing.pile.records.most_repeats = 20
    playing.pile.records.confirmed = lambda serial, result: None  # type: ignore[method-assign]


def does_not_mind_silence(playing: Playing) -> None:
    """Heartbeats without an answer mean nothing to it."""
    contact = playing.pile.contact
    beat = contact.heartbeat

    def heartbeat(now: float) -> None:
        contact.heartbeat_reply()
        beat(now)

    contact.heartbeat = heartbeat  # type: ignore[method-assign]


def stops_when_cut_off(playing: Playing) -> None:
    pile = playing.pile
    went = pile.went_offline

    def stop(now: float) -> None:
        went(now)
        for gun in pile.guns.values():
            gun.stop(0x6C, now)

    pile.went_offline = stop  # type: ignore[method-assign]


def deaf_at_first(playing: Playing) -> None:
    """It does not answer the frame that comes in pieces or behind rubbish, but the next one."""
    for gun in playing.pile.guns.values():
        gun.report = _deaf(playing, gun.report)  # type: ignore[method-assign]


def _deaf(playing: Playing, report: Callable[..., None]) -> Callable[..., None]:
    def heard(now: float, serial: bytes | None = None) -> None:
        run = playing.run
        deeds = run.view().of_event(Misbehaved) if run is not None else []
        if run is None or serial is None or not deeds or run.journal.moment() > deeds[-1][1] + 5:
            report(now, serial)

    return heard


def without_checksums(playing: Playing) -> None:
    """It carries out whatever has the right length."""
    connected = playing.pile.contact.connected

    def careless(write: Any, close: Any, now: float) -> Any:
        session = connected(write, close, now)
        framed = session.owner.damaged

        def damaged(damage: Any, at: float) -> None:
            framed(damage, at)
            if damage.reason == "crc":
                playing.pile.say("time_sync_reply", {"current_time": playing.pile.clock.time(milliseconds(at))})

        session.owner.damaged = damaged  # type: ignore[method-assign,assignment]
        return session

    playing.pile.contact.connected = careless  # type: ignore[method-assign]


def refuses_twins(playing: Playing) -> None:
    seen: list[str] = []

    def second(values: Values) -> Values:
        seen.append(values["transaction_serial"])
        return values | {"start_result": 0, "fail_reason": 2} if len(seen) > 1 else values

    playing.pile.habits.change("remote_start_reply", second)


def silent_to_twins(playing: Playing) -> None:
    turn = count()
    playing.pile.habits.change("remote_start_reply", lambda values: None if next(turn) else values)


def counts_anew(playing: Playing) -> None:
    """On the second start the energy shown begins at zero."""
    starts: list[Values] = []
    base: list[Decimal] = []

    def started(values: Values) -> Values:
        starts.append(values)
        return values

    playing.pile.habits.change("remote_start_reply", started)

    def less(values: Values) -> Values:
        if len(starts) < 2 or values["status"] != 3:
            return values
        base.append(values["energy"])
        return values | {"energy": values["energy"] - base[0]}

    playing.pile.habits.change("realtime_data", less)


def takes_prices_at_once(playing: Playing) -> None:
    pile = playing.pile
    take = pile.take_model

    def at_once(model: Any) -> None:
        take(model)
        for gun in pile.guns.values():
            if gun.charge is not None:
                gun.charge.model = model

    pile.take_model = at_once  # type: ignore[method-assign]


def mixes_prices(playing: Playing) -> None:
    playing.pile.habits.change(
        "transaction_record", lambda values: values | {"total_amount": values["total_amount"] + Decimal("0.0500")}
    )


def stops_gladly(playing: Playing) -> None:
    playing.pile.habits.change("remote_stop_reply", lambda values: values | {"stop_result": 1, "fail_reason": 0})


def silent_to_stops(playing: Playing) -> None:
    playing.pile.habits.change("remote_stop_reply", lambda values: None)


def record_of_nothing(playing: Playing) -> None:
    def also(values: Values) -> Values:
        serial = f"{playing.profile.pile_code}0126041710000009{9:02d}"[:32].ljust(32, "0")
        playing.after(2, lambda: playing.pile.say("transaction_record", {"gun_no": "01", "transaction_serial": serial}))
        return values

    playing.pile.habits.change("remote_stop_reply", also)


OPEN: list[tuple[str, Callable[[Playing], None], str]] = [
    ("link_record_unconfirmed", lambda playing: None, "repeats_after_30"),
    ("link_record_unconfirmed", waits_five_minutes, "repeats_after_300"),
    ("link_record_unconfirmed", never_repeats, "not_repeated"),
    ("link_record_unconfirmed", repeats_often, "repeats_otherwise"),
    ("link_record_unconfirmed", does_not_heed_confirmations, "repeated_after_confirm"),
    ("link_heartbeat_unanswered", does_not_mind_silence, "stayed_unanswered"),
    ("link_cut_charging", stops_when_cut_off, "charge_stopped_offline"),
    ("link_split", deaf_at_first, "split_not_read"),
    ("link_rubbish", deaf_at_first, "rubbish_not_skipped"),
    ("link_wrong_crc", without_checksums, "crc_not_checked"),
    ("link_start_twice", refuses_twins, "start_repeat_refused"),
    ("link_start_twice", silent_to_twins, "start_repeat_unanswered"),
    ("link_start_twice", counts_anew, "started_anew"),
    ("link_tariff_charging", takes_prices_at_once, "tariff_at_once"),
    ("link_tariff_charging", mixes_prices, "tariff_mixed"),
    ("link_stop_idle", stops_gladly, "stop_idle_accepted"),
    ("link_stop_idle", silent_to_stops, "stop_idle_unanswered"),
    ("link_stop_idle", record_of_nothing, "stop_idle_record"),
]
