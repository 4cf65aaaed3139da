"""A well-mannered pile over the same catalogue in the other role.

It asks the outside to `dial` and to `fetch`. A connection that was made is told by `connected`, which gives the session
that takes its bytes and its end; `wake` and `next_deadline` are the pile's own, for an Alarm that is settled after each
thing handed to pile or session. Chance comes from the seed alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from harness.core.errors import PersonError
from harness.core.message import Message
from harness.core.pairs import Pair
from harness.core.pile import PileProfile
from harness.core.ports import Offer
from harness.protocols.ykc.session import Session
from harness.sim.ykc.agenda import Agenda
from harness.sim.ykc.car import socket_of, some_car
from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.contact import Contact
from harness.sim.ykc.gun import Gun
from harness.sim.ykc.habits import Habits
from harness.sim.ykc.meter import Meter
from harness.sim.ykc.obey import ORDERS
from harness.sim.ykc.records import Records
from harness.sim.ykc.screen import draw_screen
from harness.sim.ykc.states import ESTOP, INTERLOCK
from harness.sim.ykc.tariff import Model, PileClock
from harness.sim.ykc.upgrade import Done, Fetch, Upgrade

Fault = Callable[["Pile"], None]
BOOT_SECONDS = (20.0, 40.0)


def _still(session: Session, name: str, values: dict[str, Any], serial: bytes | None) -> None:
    """Say what was delayed, on the connection it was meant for."""
    if not session.closed:
        session.send(name, values, serial)


def no_network(offer: Offer, done: Done) -> None:
    """A pile without FTP: fetches never end."""


class Pile:
    """One simulated pile. All numbers of guns are as on the wire: "01", "02"."""

    def __init__(
        self,
        profile: PileProfile,
        *,
        now: float,
        local_time: datetime,
        seed: int = 0,
        dial: Callable[[], None] = lambda: None,
        fetch: Fetch = no_network,
        faults: Iterable[Fault] = (),
    ) -> None:
        choice = random.Random(f"{seed} {profile.pile_code}")
        self.profile = profile
        self.now = now
        self.program_version = profile.program_version or "V1.0.0"
        self.model: Model | None = None
        self.next_model: Model | None = None
        self.estop = False
        self.powered = True
        self.working = True
        self.power_percent = 100
        self.habits = Habits(record_delay=choice.uniform(1.0, 4.0))
        self.agenda = Agenda()
        self.clock = PileClock(local_time, milliseconds(now))
        self.records = Records(self.agenda, self._say_of_gun)
        self.contact = Contact(self, dial, choice)
        self.upgrade = Upgrade(self, fetch, choice)
        self.guns = {number: self._gun(number, choice) for number in profile.gun_numbers()}
        self._choice = choice
        self._reboot_when_idle = False
        self._late = 0
        self.sim_card = f"{choice.randrange(10**10):010d}"
        for fault in faults:
            fault(self)

    def _gun(self, number: str, choice: random.Random) -> Gun:
        profile = self.profile
        car = some_car(profile.items.vin, choice)
        meter = Meter(choice.randrange(1_000_000, 99_000_000))
        return Gun(self, number, car, meter, socket_of(profile.kind, profile.power_kw, profile.guns))

    # Driven from outside

    def start(self, now: float) -> None:
        """Power on: dial the platform."""
        self.now = now
        self.contact.dial(now)

    def connected(self, write: Callable[[bytes], None], close: Callable[[], None], now: float) -> Session:
        """The connection asked for by `dial` is there: its bytes, and its end, go to the session given back."""
        self.now = now
        return self.contact.connected(write, close, now)

    def failed(self, now: float) -> None:
        """The connection asked for by `dial` could not be made."""
        self.now = now
        if self.contact.state == "dialling":
            self.contact.lost(now)

    def wake(self, now: float) -> None:
        """Perhaps something is due."""
        self.now = now
        if self.contact.session is not None:
            self.contact.session.wake(now)
        self.agenda.run(now)

    def next_deadline(self) -> float | None:
        """When to wake me at the latest."""
        own = self.agenda.next()
        stuck = self.contact.session.next_deadline() if self.contact.session else None
        return own if stuck is None or (own is not None and own < stuck) else stuck

    # What a person does; each gives a sentence, zh and en

    def plug(self, gun: str, now: float) -> Pair:
        """Put a gun into its car."""
        return self._at(gun, now).plug(now)

    def unplug(self, gun: str, now: float) -> Pair:
        """Pull a gun."""
        return self._at(gun, now).unplug(now)

    def swipe(self, card: str, gun: str, now: float) -> Pair:
        """Hold a card (its number in hex) to the reader of a gun."""
        if not 1 <= len(card) <= 16 or set(card.upper()) - set("0123456789ABCDEF"):
            raise PersonError(
                f"a card number has at most 16 hex digits, {card!r} is none", f"卡号 {card!r} 不是十六进制"
            )
        return self._at(gun, now).swipe(bytes.fromhex(card.zfill(16)), now)

    def start_by_vin(self, gun: str, now: float) -> Pair:
        """Let the car at a gun ask for a charge with its VIN."""
        return self._at(gun, now).start_by_vin(now)

    def press_estop(self, now: float) -> Pair:
        """Hit the emergency stop: every gun stops at once."""
        self.now = now
        self.agenda.drop("estop clears")
        if self.habits.estop_works and not self.estop:
            self.estop = True
            for gun in self.guns.values():
                if self.habits.estop_reaches(gun.number):
                    gun.trip(ESTOP, now)
                gun.tell_change(now)
        return "急停已按下", "the emergency stop is pressed"

    def release_estop(self, now: float) -> Pair:
        """Turn the button out again; the fault clears shortly after."""
        self.now = now
        if self.estop:
            self.agenda.set("estop clears", now + self.habits.estop_release_delay, self._clear_estop)
        return "急停已松开", "the emergency stop is released"

    def _clear_estop(self, now: float) -> None:
        self.estop = False
        for gun in self.guns.values():
            gun.tell_change(now)

    def screen_picture(self, gun: str, now: float | None = None) -> bytes:
        """A PNG of what the screen of a gun shows at this moment."""
        return draw_screen(self._at(gun, self.now if now is None else now))

    def _at(self, gun: str, now: float) -> Gun:
        self.now = now
        found = self.guns.get(gun.zfill(2))
        if found is None:
            there = ", ".join(self.guns)
            raise PersonError(f"there is no gun {gun}, the pile has {there}", f"没有 {gun} 号枪，桩有 {there}")
        return found

    # Towards the platform

    @property
    def online(self) -> bool:
        """Logged in."""
        return self.contact.online

    @property
    def busy(self) -> bool:
        """Does any gun start, charge or stop?"""
        return any(gun.busy for gun in self.guns.values())

    def say(self, name: str, values: dict[str, Any], serial: bytes | None = None) -> bool:
        """Send a frame, as the habits have it; False when nobody is there to hear it."""
        if not self.online or self.contact.session is None:
            return False
        said = self.habits.changed(name, values)
        if said is not None:
            self._utter(name, {"pile_code": self.profile.pile_code, **said}, serial if self.habits.echoes else None)
        return True

    def _utter(self, name: str, values: dict[str, Any], serial: bytes | None) -> None:
        """Now, or as much later as the habits have it; then only if somebody is still there."""
        session, late = self.contact.session, self.habits.delays.get(name, 0.0)
        if session is None:
            return
        if not late:
            session.send(name, values, serial)
            return
        self._late += 1
        self.agenda.set(f"late {self._late}", self.now + late, lambda at: _still(session, name, values, serial))

    def _say_of_gun(self, gun: str, name: str, values: dict[str, Any]) -> bool:
        return self.say(name, {"gun_no": gun, **values})

    def heard(self, message: Message, now: float) -> None:
        """A frame of the platform; one for another pile or of no concern is let pass."""
        order = ORDERS.get(message.name)
        if self.habits.heeds(message, now) and order is not None and (self.online or message.name == "login_reply"):
            order(self, message, now)

    def came_online(self, now: float) -> None:
        """Logged in: records first (R-LG-4), then how the guns are."""
        if self.habits.records_first:
            self.records.online(now)
        for gun in self.guns.values():
            gun.report(now)

    def went_offline(self, now: float) -> None:
        """What was only waited for is off (R-ST-7); what charges goes on."""
        self.records.offline()
        for gun in self.guns.values():
            gun.forget_waiting()

    def take_model(self, model: Model) -> None:
        """A billing model: at once, or from the next charge when one is running (E-TARIFF)."""
        model = self.habits.takes_model(model)
        self.next_model = model if self.busy else None
        if not self.busy:
            self.model = model

    def settled(self, now: float) -> None:
        """A charge is over: what waited for an idle pile may go on."""
        if self.busy:
            return
        self.model, self.next_model = self.next_model or self.model, None
        self.upgrade.settled(now)
        if self._reboot_when_idle:
            self.reboot_soon(now)

    def set_clock(self, told: datetime, now: float) -> None:
        """0x56: what has flowed so far counts by the old time."""
        for gun in self.guns.values():
            if gun.charge is not None:
                gun.charge.advance(milliseconds(now))
        time = self.habits.sets_clock(told)
        if time is not None:
            self.clock.set(time, milliseconds(now))

    def reboot_soon(self, now: float, when_idle: bool = False) -> None:
        """Reboot in a second, or when nothing charges (R-RB-1)."""
        self._reboot_when_idle = when_idle and self.busy and self.habits.waits_for_idle
        if not self._reboot_when_idle:
            self.agenda.set("reboot", now + 1.0, self.reboot)

    def reboot(self, now: float) -> None:
        """Everything stops; records, billing model, QR codes, meters and the clock survive."""
        self._go_dark(now)
        self._boot(now)

    def _boot(self, now: float) -> None:
        """Dial when the boot is over, if it ever is."""
        wait = self._choice.uniform(*BOOT_SECONDS)
        if self.habits.boot_delay is None:
            self.agenda.drop("dial")
        else:
            self.contact.dial_after(wait + self.habits.boot_delay, now)

    def cut_power(self, now: float) -> Pair:
        """Pulled from the mains: as a reboot, but nobody dials until power is back."""
        self.now = now
        self.powered = False
        self._go_dark(now)
        return "桩已断电", "the pile has no power"

    def restore_power(self, now: float) -> Pair:
        """Back on the mains: boots, then dials."""
        self.now = now
        self.powered = True
        self._boot(now)
        return "桩已上电，正在启动", "the pile has power again and boots"

    def _go_dark(self, now: float) -> None:
        for gun in self.guns.values():
            gun.trip(INTERLOCK, now)
        self.upgrade.forget()
        self.contact.drop(now)
