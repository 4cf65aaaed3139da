"""What is known of a pile by the frames so far: logins, guns, charges, tariff, clock. Watchers only read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from harness.core.amounts import Tariff
from harness.core.journal import ClockGiven, EventSeen, LinkChanged, Opened, TariffGiven
from harness.core.pile import PileProfile
from harness.protocols.ykc.bills import real_serial
from harness.protocols.ykc.codes import CHARGING, START_CARD, START_VIN
from harness.protocols.ykc.tariffs import tariff_of

if TYPE_CHECKING:
    from harness.protocols.ykc.audit.scene import Seen

WAYS = {START_CARD: "card", START_VIN: "vin"}  # start_mode
NOT_FOLLOWED = timedelta(seconds=60)
SAME_OFFSET = timedelta(seconds=1)
MOST_OFFSETS = 4  # possible at a time: a platform that always tells another time than ours shall cost nothing
MOST_RECORDS = 2  # of one charge that are remembered
MOST_CHARGES = 50  # remembered a pile, so that a long session needs no more memory than a short one

GONE = frozenset({"lost", "offline", "replaced"})


def same_gun(one: str, other: str) -> bool:
    """Do two numbers name one gun? From 10 on some piles count in binary (E-GUN)."""
    return one == other or _decimal(one) == _decimal(other)


def _decimal(number: str) -> str:
    return number if number.isdecimal() else f"{int(number, 16):02d}"


class Charge:
    """One charge by its serial. Whatever was not seen is None.

    `order` is what started it: our 0x34, our positive 0x32, our 0xA2 or 0xA4; None when the session begins amid the
    charge or the pile started it by itself. `way` is app, card, vin or "".
    """

    def __init__(self, serial: str, gun_no: str, order: Seen | None, way: str) -> None:
        self.serial = serial
        self.gun_no = gun_no
        self.order = order
        self.way = way
        self.asked: Seen | None = None  # the 0x31 (0xA1) that our 0x32 (0xA2) answered
        self.accepted: Seen | None = None  # the positive 0x33 (0xA3); for card and VIN the order itself
        self.refused: Seen | None = None  # the last negative 0x33
        self.first: Seen | None = None  # the first 0x13 that says charging
        self.last: Seen | None = None  # the last one
        self.ended: Seen | None = None  # the first 0x13 afterwards that does not say charging
        self.stop: Seen | None = None  # our first 0x36 while it ran or was about to
        self.stop_reply: Seen | None = None  # the 0x35 to it
        self.records: list[Seen] = []  # the first one and its first repeat
        self.tariff: Tariff | None = None  # in force when it began
        self.tariffs: list[Tariff] = []  # that one, and those taken while it ran: which counts then is open (E-TARIFF)
        self.relogins = 0  # since it was ordered


class Gun:
    """One gun: its last report (`last`) and the one before (`previous`), its present or last charge."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.last: Seen | None = None
        self.previous: Seen | None = None
        self.asked: Seen | None = None  # the 0x31 or 0xA1 that was not answered yet
        self.charge: Charge | None = None

    @property
    def charging(self) -> bool:
        """Does the last report say charging?"""
        return self.last is not None and self.last.values.status == CHARGING

    @property
    def taken(self) -> bool:
        """Does it charge, so that another order changes nothing?"""
        return self.charging and self.charge is not None and not self.charge.records


class PileClock:
    """What the pile's clock may have shown, by all that it was told: stretches of time with the offsets possible then.

    An offset is pile time minus true time. A 0x56 with the true time sets it; one with another time may not have been
    followed, so both are possible afterwards (tolerances, General). Before the first 0x56 nothing is known.
    """

    def __init__(self) -> None:
        self.zero: datetime | None = None  # true local time, naive, at moment 0
        self.stretches: list[tuple[float, tuple[timedelta, ...]]] = []

    def true(self, at: float) -> datetime | None:
        """True local time at a moment; None without times."""
        return None if self.zero is None else self.zero + timedelta(seconds=at)

    def told(self, at: float, time: datetime) -> None:
        """A 0x56 gave this time."""
        true = self.true(at)
        if true is None:
            return
        offset = time - true
        before = self.stretches[-1][1] if self.stretches else ()
        kept = () if abs(offset) < NOT_FOLLOWED else before
        others = [each for each in kept if abs(each - offset) > SAME_OFFSET]
        self.stretches.append((at, (offset, *others[: MOST_OFFSETS - 1])))
        del self.stretches[: -4 * MOST_CHARGES]

    def known(self, at: float, offset: timedelta) -> None:
        """The journal tells which offset is in force."""
        before = self.stretches[-1][1] if self.stretches else ()
        if offset not in before:
            self.stretches.append((at, (offset,)))

    def could_show(self, start: float, end: float) -> Iterator[tuple[datetime, datetime]]:
        """The times the clock may have shown between two moments: one (earliest, latest) for each offset possible."""
        if self.zero is None:
            return
        for offset in self.offsets(start, end):
            yield self.zero + timedelta(seconds=start) + offset, self.zero + timedelta(seconds=end) + offset

    @property
    def offsets_now(self) -> tuple[timedelta, ...]:
        """The offsets possible at present."""
        return self.stretches[-1][1] if self.stretches else ()

    def moved(self, start: float, end: float) -> bool:
        """Was it told another time between two moments, so that what is in between cannot be dated with one offset?"""
        offsets = self.offsets(start, start)
        for since, told in self.stretches:
            if start < since <= end and any(abs(new - old) > NOT_FOLLOWED for new in told for old in offsets):
                return True
        return False

    def offsets(self, start: float, end: float) -> set[timedelta]:
        """All offsets that were possible between two moments; empty when nothing is known."""
        found: set[timedelta] = set()
        for index, (since, offsets) in enumerate(self.stretches):
            until = self.stretches[index + 1][0] if index + 1 < len(self.stretches) else float("inf")
            if since <= end and until >= start:
                found.update(offsets)
        return found


class PileFacts:
    """One pile as its session shows it."""

    def __init__(self) -> None:
        self.code = ""
        self.most_charges = MOST_CHARGES
        self.profile: PileProfile | None = None  # of the journal, when it has one
        self.login: Seen | None = None  # the last 0x01
        self.accepted: Seen | None = None  # our positive 0x02 to it
        self.logins = 0  # in this session
        self.from_first_byte = False  # was the present connection seen from its first byte?
        self.of_all_guns = True  # a case's own journal may hold the frames of its gun alone
        self.connected_at: float | None = None
        self.online = True  # False between the loss of a connection and the next login
        self.tariff: Tariff | None = None  # in force at the pile, as far as it accepted it
        self.tariff_before: Tariff | None = None  # the one before, or the first when none was
        self.tariff_pushed: Seen | None = None  # a 0x58 that is not answered yet
        self.loss_ratio: int | None = None  # of that billing model; None when no frame told it
        self.guns: dict[str, Gun] = {}
        self.charges: dict[str, Charge] = {}  # by serial, the oldest are forgotten
        self.records: dict[str, Seen] = {}  # the first record of each serial; the oldest are forgotten
        self.clock = PileClock()

    @property
    def is_ac(self) -> bool | None:
        """An AC pile? By its login, else by its profile; None when neither is there."""
        if self.login is not None:
            return bool(self.login.values.pile_type == 1)
        return None if self.profile is None else self.profile.kind == "ac"

    @property
    def gun_count(self) -> int | None:
        """How many guns it says it has."""
        if self.login is not None:
            return int(self.login.values.gun_count)
        return None if self.profile is None else self.profile.guns

    def gun(self, number: str) -> Gun:
        """A gun by its number on the wire."""
        found = self.guns.get(number)
        if found is None:
            found = self.guns[number] = Gun(number)
        return found

    def charge_of(self, serial: str) -> Charge | None:
        """The charge of a serial."""
        return self.charges.get(serial)

    def repeats(self, record: Seen) -> bool:
        """Was there a record of this serial before?"""
        return self.records.get(record.values.transaction_serial) is not record

    # What changes it; called by the auditor before the watchers hear

    def happened(self, record: EventSeen) -> None:
        """An event of the journal."""
        event, at = record.event, record.at
        if isinstance(event, Opened):
            self._opened(event)
        elif isinstance(event, LinkChanged):
            self._link(event.what, at)
        elif isinstance(event, TariffGiven) and event.what in ("in_force", "accepted"):
            self.takes(msgspec.convert(dict(event.tariff), Tariff), self.loss_ratio or 0)  # ours has no loss ratio
            self.tariff_before = self.tariff_before or self.tariff
        elif isinstance(event, ClockGiven) and not event.frame:
            self.clock.known(at, timedelta(seconds=event.offset))

    def _opened(self, event: Opened) -> None:
        zone = ZoneInfo(event.timezone)
        self.clock.zero = datetime.fromisoformat(event.wall).astimezone(zone).replace(tzinfo=None)
        self.code = str(event.profile.get("pile_code", ""))
        self.of_all_guns = not event.gun_no
        self.profile = _whole(event.profile)

    def _link(self, what: str, at: float) -> None:
        if what == "connected":
            self.from_first_byte = True
            self.connected_at = at
            self.login = self.accepted = None
        elif what in GONE:
            self.online = False
            self.from_first_byte = False
            for charge in self.charges.values():
                charge.relogins += 1

    def saw(self, seen: Seen) -> None:
        """A frame, either way."""
        learn = LEARN.get(seen.message.name)
        if learn is not None:
            learn(self, seen)

    def takes(self, tariff: Tariff, loss_ratio: int | None) -> None:
        """A billing model is in force from now, perhaps for what charges already, too.

        A charge that began under a model nobody saw stays without any.
        """
        if tariff != self.tariff:
            self.tariff_before = self.tariff
        self.tariff, self.loss_ratio = tariff, loss_ratio
        for gun in self.guns.values():
            charge = gun.charge
            if charge is not None and not charge.records and charge.tariffs and tariff not in charge.tariffs:
                charge.tariffs.append(tariff)

    def remember(self, charge: Charge) -> Charge:
        """A charge that was not known."""
        charge.tariff = self.tariff
        charge.tariffs += self._tariffs_of(charge)
        self.charges[charge.serial] = charge
        gun = self.gun(charge.gun_no)
        if not gun.taken:
            gun.charge = charge
        if len(self.charges) > self.most_charges:
            del self.charges[self._forgettable()]
        return charge

    def _tariffs_of(self, charge: Charge) -> list[Tariff]:
        """The model in force; one that nobody ordered may have begun under the one before, if that is known."""
        if self.tariff is None or (charge.order is None and self.tariff_before is None):
            return []
        before = None if charge.order is not None else self.tariff_before
        return [self.tariff] if before in (None, self.tariff) else [before, self.tariff]

    def _forgettable(self) -> str:
        """The oldest charge that is over, else the oldest: one that still runs will have a record."""
        running = {gun.charge.serial for gun in self.guns.values() if gun.charge is not None}
        over = (serial for serial, charge in self.charges.items() if charge.records or serial not in running)
        return next(over, next(iter(self.charges)))


def _login(pile: PileFacts, seen: Seen) -> None:
    pile.login, pile.accepted = seen, None
    pile.logins += 1
    pile.online = True
    if not pile.from_first_byte:  # a login is the first frame of a connection, wherever we began to look
        pile.from_first_byte = True
        pile.connected_at = seen.at
    for gun in pile.guns.values():
        gun.last = gun.previous = None


def _login_reply(pile: PileFacts, seen: Seen) -> None:
    if seen.values.login_result == 0:
        pile.accepted = seen


def _time_sync(pile: PileFacts, seen: Seen) -> None:
    time = seen.values.current_time.time
    if time is not None:
        pile.clock.told(seen.at, time)


def _model_given(pile: PileFacts, seen: Seen) -> None:
    _takes(pile, seen)


def _takes(pile: PileFacts, given: Seen) -> None:
    tariff = tariff_of(given.values)
    if tariff is not None:
        pile.takes(tariff, int(given.values.loss_ratio))


def _model_pushed(pile: PileFacts, seen: Seen) -> None:
    pile.tariff_pushed = seen


def _model_answered(pile: PileFacts, seen: Seen) -> None:
    if pile.tariff_pushed is not None and seen.values.set_result == 1:
        _takes(pile, pile.tariff_pushed)
    pile.tariff_pushed = None


def _ordered(pile: PileFacts, seen: Seen) -> None:
    """0x34 and 0xA4."""
    serial = real_serial(seen.values.transaction_serial)
    if serial and serial not in pile.charges:
        pile.remember(Charge(serial, seen.values.gun_no, seen, "app"))


def _asked(pile: PileFacts, seen: Seen) -> None:
    """0x31 and 0xA1."""
    pile.gun(seen.values.gun_no).asked = seen


def _confirmed_start(pile: PileFacts, seen: Seen) -> None:
    """0x32 and 0xA2."""
    values = seen.values
    serial = real_serial(values.transaction_serial)
    gun = pile.gun(values.gun_no)
    asked, gun.asked = gun.asked, None
    if values.auth_success == 1 and serial and serial not in pile.charges:
        way = "" if asked is None else WAYS.get(asked.values.start_mode, "")
        charge = pile.remember(Charge(serial, values.gun_no, seen, way))
        charge.accepted, charge.asked = seen, asked


def _start_reply(pile: PileFacts, seen: Seen) -> None:
    charge = pile.charge_of(seen.values.transaction_serial)
    if charge is None:
        return
    if seen.values.start_result == 1:
        charge.accepted = charge.accepted or seen
    else:
        charge.refused = seen


def _report(pile: PileFacts, seen: Seen) -> None:
    gun = pile.gun(seen.values.gun_no)
    gun.previous, gun.last = gun.last, seen
    if seen.values.status == CHARGING:
        _charges(pile, gun, seen)
    elif gun.charge is not None and gun.charge.last is not None and gun.charge.ended is None:
        gun.charge.ended = seen


def _charges(pile: PileFacts, gun: Gun, seen: Seen) -> None:
    serial = real_serial(seen.values.transaction_serial)
    charge = pile.charge_of(serial) if serial else gun.charge
    if charge is None or (not serial and charge.records):
        charge = pile.remember(Charge(serial, gun.number, None, ""))
    gun.charge = charge
    charge.first = charge.first or seen
    charge.last, charge.ended = seen, None


def _stop(pile: PileFacts, seen: Seen) -> None:
    charge = pile.gun(seen.values.gun_no).charge
    if charge is not None and not charge.records:
        charge.stop = charge.stop or seen


def _stop_reply(pile: PileFacts, seen: Seen) -> None:
    charge = pile.gun(seen.values.gun_no).charge
    if charge is not None and charge.stop is not None:
        charge.stop_reply = charge.stop_reply or seen


def _record(pile: PileFacts, seen: Seen) -> None:
    pile.records.setdefault(seen.values.transaction_serial, seen)
    if len(pile.records) > pile.most_charges:
        del pile.records[next(iter(pile.records))]
    charge = pile.charge_of(seen.values.transaction_serial)
    if charge is not None and len(charge.records) < MOST_RECORDS:
        charge.records.append(seen)


LEARN = {
    "login": _login,
    "login_reply": _login_reply,
    "time_sync": _time_sync,
    "billing_model_request_reply": _model_given,
    "billing_model_set": _model_pushed,
    "billing_model_set_reply": _model_answered,
    "remote_start": _ordered,
    "parallel_remote_start": _ordered,
    "start_request": _asked,
    "parallel_start_request": _asked,
    "start_confirm": _confirmed_start,
    "parallel_start_confirm": _confirmed_start,
    "remote_start_reply": _start_reply,
    "parallel_remote_start_reply": _start_reply,
    "realtime_data": _report,
    "remote_stop": _stop,
    "remote_stop_reply": _stop_reply,
    "transaction_record": _record,
}


def _whole(profile: Mapping[str, Any]) -> PileProfile | None:
    """The profile of a journal; None where it names the pile and no more."""
    try:
        return msgspec.convert(dict(profile), PileProfile)
    except msgspec.ValidationError:
        return None


__all__ = ["CHARGING", "Charge", "Gun", "PileClock", "PileFacts", "same_gun"]
