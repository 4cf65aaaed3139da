"""What is known of a pile by the frames so far: logins, guns, charges, tariff, clock. Watchers only read it.

Events of the journal change it here, frames by learning.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from harness.core.amounts import Tariff
from harness.core.journal import GONE, ClockGiven, EventSeen, LinkChanged, Opened, TariffGiven
from harness.core.pile import PileProfile
from harness.protocols.ykc.audit.away import Away, Models
from harness.protocols.ykc.audit.charges import Charge, Gun
from harness.protocols.ykc.audit.clock import PileClock
from harness.protocols.ykc.codes import OFFLINE_CARD

if TYPE_CHECKING:
    from harness.protocols.ykc.audit.scene import Seen

MOST_CHARGES = 50  # remembered a pile, so that a long session needs no more memory than a short one

V1_5, V1_6 = Decimal("1.5"), Decimal("1.6")  # editions whose records are 0x3B

START_REPLIES = ("remote_start_reply", "parallel_remote_start_reply")


class PileFacts:
    """One pile as its session shows it."""

    def __init__(self) -> None:
        self.code = ""
        self.most_charges = MOST_CHARGES
        self.profile: PileProfile | None = None  # of the journal, when it has one
        self.login: Seen | None = None  # the last 0x01
        self.accepted: Seen | None = None  # our positive 0x02 to it
        self.logins = 0  # in this session
        self.edition: Decimal | None = None  # of the protocol, by its last login
        self.other_records = False  # did it send records as other editions do?
        self.from_first_byte = False  # was the present connection seen from its first byte?
        self.of_all_guns = True  # a case's own journal may hold the frames of its gun alone
        self.online = True  # False between the loss of a connection and the next login
        self.tariff: Tariff | None = None  # in force at the pile, as far as it accepted it
        self.tariff_before: Tariff | None = None  # the one before, or the first when none was
        self.tariff_pushed: Seen | None = None  # a 0x58 that is not answered yet
        self.models = Models()
        self.away = Away()
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

    @property
    def has_no_0x3b(self) -> bool:
        """Does it speak an edition whose records are another frame, which nobody can read here?"""
        if self.records or self.edition == V1_6:
            return False
        return self.other_records or self.edition not in (None, V1_5)

    def gun(self, number: str) -> Gun:
        """A gun by its number on the wire."""
        found = self.guns.get(number)
        if found is None:
            found = self.guns[number] = Gun(number)
        return found

    def charge_of(self, serial: str) -> Charge | None:
        """The charge of a serial."""
        return self.charges.get(serial)

    def may_store(self, charge: Charge) -> bool:
        """May reports of it be stored ones? Of a charge that was cut off, or that nobody ordered on this connection."""
        return bool(charge.relogins) or (charge.order is None and self.logins > 0)

    def tariffs_of(self, record: Seen) -> Sequence[Tariff]:
        """The models by which a record may be priced; none where that is open."""
        charge = self.charge_of(record.values.transaction_serial)
        if charge is not None and charge.tariffs and (charge.order is not None or not self.logins):
            return charge.tariffs
        if record.values.trade_flag != OFFLINE_CARD:
            return []
        alone = self.models.of_offline(record.values.start_time.time, self.away, self.clock)
        return [] if alone is None else [alone]

    @property
    def lacks_model(self) -> str:
        """Why a record cannot be priced: the reason that an audit names."""
        return "no_model" if self.tariff is None else "which_model"

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
            self._given(msgspec.convert(dict(event.tariff), Tariff), at)
        elif isinstance(event, ClockGiven) and not event.frame:
            self.clock.known(at, timedelta(seconds=event.offset))

    def _opened(self, event: Opened) -> None:
        zone = ZoneInfo(event.timezone)
        self.clock.zero = datetime.fromisoformat(event.wall).astimezone(zone).replace(tzinfo=None)
        self.code = str(event.profile.get("pile_code", ""))
        self.of_all_guns = not event.gun_no
        self.profile = _whole(event.profile)

    def _given(self, tariff: Tariff, at: float) -> None:
        self.models.seen(tariff, at)
        self.takes(tariff, self.loss_ratio or 0)  # ours has no loss ratio
        self.tariff_before = self.tariff_before or self.tariff

    def _link(self, what: str, at: float) -> None:
        if what == "connected":
            self.from_first_byte = True
            self.login = self.accepted = None
        elif what in GONE:
            self.away.gone(at)
            self.online = False
            self.from_first_byte = False
            for charge in self.charges.values():
                charge.relogins += 1

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
        """A charge that was not known, at its gun from now."""
        gun = self.gun(charge.gun_no)
        if not gun.taken:
            gun.charge = charge
        return self.heard_of(charge)

    def heard_of(self, charge: Charge) -> Charge:
        """A charge that was not known, and that may be over."""
        charge.tariff = self.tariff
        charge.tariffs += self._tariffs_of(charge)
        self.charges[charge.serial] = charge
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


def _whole(profile: Mapping[str, Any]) -> PileProfile | None:
    """The profile of a journal; None where it names the pile and no more."""
    try:
        return msgspec.convert(dict(profile), PileProfile)
    except msgspec.ValidationError:
        return None


__all__ = ["MOST_CHARGES", "START_REPLIES", "V1_6", "PileFacts"]
