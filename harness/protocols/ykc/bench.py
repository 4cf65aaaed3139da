"""One gun of one pile as a run holds it (core/ports.py Bench)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from harness.core.amounts import Reading, Tariff
from harness.core.errors import HarnessFault
from harness.core.journal import PILE, AnyEvent, EventSeen, FileFetch, Journal, LinkChanged
from harness.core.message import Message
from harness.core.mischief import Mischief
from harness.core.operator import Firmware
from harness.core.pile import PileProfile
from harness.core.ports import Heard, Listener, Offer, Offline, QrPush
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.bills import reading_of
from harness.protocols.ykc.cards import remote_account
from harness.protocols.ykc.guns import NOTHING_CONFIRMED, START_TAKES, GunState
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.mischief import Lasting, Trickle, commit

if TYPE_CHECKING:
    from harness.protocols.ykc.piles import PileState

LANGUAGE = YkcLanguage()
WITH_GUN = 1  # qr_format of 0xF0: the pile adds the gun's number
MOST_KEPT = 100  # characters of a QR code that every pile keeps; the field has 150, some piles use no more than these
FILLING = "?c=", "0123456789"


def filled_up(text: str) -> str:
    """A QR code as long as any may be, so that a pile that cuts it short shows another."""
    mark, digits = FILLING
    room = MOST_KEPT - len(text) - len(mark)
    return text if room <= 0 else text + mark + (digits * MOST_KEPT)[:room]


class Publisher(Protocol):
    """Whoever lays firmware out for piles: the FTP server."""

    def publish(self, firmware: Firmware, tell: Callable[[FileFetch], None]) -> Offer:
        """Lay a file out under one-time credentials; `tell` hears what happens to it."""

    def withdraw(self, offer: Offer) -> None:
        """Take it back."""


class GunBench:
    """A hold on a gun, or on the whole pile, from the moment it is made until `release()`."""

    def __init__(self, pile: PileState, gun_no: str, journal: Journal, listener: Listener, whole_pile: bool) -> None:
        self.journal = journal
        self.whole_pile = whole_pile
        self.pile = pile
        self._platform = pile.platform
        self._gun_no = gun_no
        self._gun = pile.guns[gun_no]
        self._listener = listener
        self._news: deque[Heard | EventSeen] = deque()
        self._delivering = False
        self._released = False
        self._offers: list[Offer] = []
        self.lasting: Lasting | None = None  # a misbehaviour
        self.trickle: Trickle | None = None
        self.sent_last: dict[str, Mapping[str, Any]] = {}
        pile.holds = (*pile.holds, self)
        self._brief()

    def _brief(self) -> None:
        """Put down how things stand, so that the journal alone is enough to judge by."""
        if self.online():
            self.journal.event(LinkChanged("online", self.pile.peer, self.pile.program_version))
        self.pile.clock.brief(self.journal)
        self.pile.billing.brief(self.journal)

    # What the run may know

    @property
    def language(self) -> YkcLanguage:
        """What the messages mean."""
        return LANGUAGE

    @property
    def profile(self) -> PileProfile:
        """The pile's profile."""
        return self.pile.profile

    @property
    def gun_no(self) -> str:
        """The gun that is held."""
        return self._gun_no

    def online(self) -> bool:
        """Logged in, and heard of within 30 s?"""
        return self.pile.connection is not None

    def last_reading(self, gun_no: str = "") -> Reading | None:
        """The last report of a gun on the present login; None when there was none."""
        last = self._at(gun_no).last
        return None if last is None else reading_of(last.values)

    def tariff(self) -> Tariff | None:
        """The billing model the pile has taken in this process."""
        return self.pile.billing.taken

    def tariff_refused(self) -> bool:
        """Has the pile refused our model, the simple one too?"""
        return self.pile.billing.refused

    def program_version(self) -> str:
        """The program version of the last login, else the declared one."""
        return self.pile.program_version or self.profile.program_version

    def fresh_plug(self, gun_no: str = "") -> bool:
        """Was a gun unplugged since its last charge in this process, or has it not charged yet?"""
        return not self._at(gun_no).used

    def clock_moved(self) -> bool:
        """Does the pile's clock still stand where a steer moved it?"""
        return self.pile.clock.moved

    def new_serial(self, gun_no: str = "") -> str:
        """A fresh transaction serial of a gun, in platform time."""
        return self._platform.new_serial(self.pile.code, self._at(gun_no).number)

    def card_on_file(self) -> tuple[str, str]:
        """Logical and physical card number that a remote start presents."""
        account = remote_account(self.profile, self._platform.registered)
        return account.logical, account.physical

    def pile_time(self) -> datetime:
        """What the pile's clock should read now, local and naive, as it was last told."""
        return self.pile.clock.time()

    # What the run may do

    def send(self, frame: str, values: Mapping[str, Any], gun_no: str = "") -> int:
        """Send a frame down; pile_code and gun_no fill themselves in. Gives its number in the run's journal."""
        self._check_held()
        gun = self._at(gun_no)
        values = self.filled(frame, values, gun)
        kept = self.pile.send(frame, values, gun_no=gun.number)
        self.sent_last[frame] = values
        if LANGUAGE.role(frame) == "start":
            gun.busy_until = self._platform.now() + START_TAKES
            gun.given = str(values.get("transaction_serial", ""))
        return kept.numbers.get(self.journal, 0)

    def filled(self, frame: str, values: Mapping[str, Any], gun: GunState | None = None) -> dict[str, Any]:
        """Values of a frame with what fills itself in."""
        known = {
            "gun_no": (gun or self._gun).number,
            "pile_model": 1 if self.profile.kind == "dc" else 2,
            "pile_power": self.profile.power_kw,
            "current_time": self.pile_time(),
        }
        fields = CATALOGUE.by_name(frame).by_name
        return {**{name: value for name, value in known.items() if name in fields}, **values}

    def made(self, frame: str, values: Mapping[str, Any]) -> bytes:
        """The bytes of a frame to be sent next; Offline when nobody is there."""
        if self.pile.connection is None:
            raise Offline(self.pile.code)
        filled = {"pile_code": self.pile.code, **self.filled(frame, values)}
        return self.pile.connection.session.made(frame, filled)

    def misbehave(self, deed: Mischief) -> int:
        """Do something wrong on purpose, or begin to (mischief.py)."""
        self._check_held()
        return commit(self, deed)

    def behave(self) -> None:
        """Misbehave no more; what is withheld or late leaves now."""
        trickle, self.trickle = self.trickle, None
        lasting, self.lasting = self.lasting, None
        if trickle is not None:
            trickle.end()
        if lasting is not None:
            lasting.end()

    def spare_current(self) -> None:
        """A report came: what may not be done while current flows ends when it does."""
        if self.lasting is not None and self.lasting.deed.spares_current and self.current_flows():
            self.behave()

    def current_flows(self) -> bool:
        """Does a gun that is held charge or carry current, by its last report?"""
        guns = self.pile.guns.values() if self.whole_pile else (self._gun,)
        return any(gun.flows for gun in guns)

    def _at(self, gun_no: str) -> GunState:
        """A gun: the one under test, or another one of a pile that is held whole."""
        if gun_no in ("", self._gun_no):
            return self._gun
        if not self.whole_pile:
            raise HarnessFault(f"gun {gun_no} is not held")
        return self.pile.guns[gun_no]

    def grant(self, kind: str) -> None:
        """The next start request by "card" or "vin" is answered yes; "" takes it back."""
        self._check_held()
        self._gun.granted = kind

    def claim(self, *frames: str) -> None:
        """Answer these frames of the pile oneself from now on; the platform keeps silent about them."""
        self._check_held()
        self.pile.claims = {**self.pile.claims, **dict.fromkeys(frames, self)}

    def steer_clock(self, lead: float) -> None:
        """Set the pile's clock to `lead` seconds before the nearest change of price; ClockGiven tells the outcome."""
        self._check_held()
        self.pile.clock.steer(lead, self._platform.now())

    def restore_clock(self) -> None:
        """Real time for the pile as soon as nothing charges."""
        self.pile.clock.restore(self._platform.now())

    def push_tariff(self, tariff: Tariff) -> None:
        """Send a billing model of the case's own to the idle pile; put back by release()."""
        self._check_held()
        self.pile.billing.push(tariff)

    def qr_push(self) -> QrPush | None:
        """How to set this gun's QR code in the pile's dialect; None when it has none."""
        prefix = self._platform.qr_prefix
        if self.profile.qr_dialect == "5A":
            content = filled_up(f"{prefix}{self.pile.code}{self._gun_no}")
            return QrPush("qr_set", {"gun_no": self._gun_no, "qr_content": content}, "qr_set_reply")
        if self.profile.qr_dialect == "F0":
            return QrPush("qr_prefix_set", {"qr_format": WITH_GUN, "qr_prefix": prefix}, "qr_prefix_set_reply")
        return None

    def publish(self, firmware: Firmware) -> Offer:
        """Lay a firmware file out for this pile under one-time credentials."""
        self._check_held()
        publisher = self._platform.publisher
        if publisher is None:
            raise HarnessFault("no firmware server was given to the platform")
        offer = publisher.publish(firmware, lambda event: self.pile.tell(lambda journal: event))
        self._offers.append(offer)
        return offer

    def release(self) -> None:
        """End of the run: permits, claims, files, clock and tariff are put back, also if the pile comes back later."""
        if self._released:
            return
        self.behave()
        self._released = True
        pile = self.pile
        pile.holds = tuple(hold for hold in pile.holds if hold is not self)
        pile.claims = {name: claimer for name, claimer in pile.claims.items() if claimer is not self}
        self._gun.granted = ""
        self._gun.confirmed = NOTHING_CONFIRMED
        self._news.clear()
        self._withdraw()
        now = self._platform.now()
        pile.billing.put_back()
        pile.clock.restore(now)
        if pile.to_do:
            pile.do_what_waited(now)

    # What the pile tells it

    def keep(self, message: Message) -> None:
        """A frame that concerns the gun; the listener gets it once the platform has answered."""
        self._news.append(Heard(self.journal.frame(PILE, message.raw), message))

    def tell(self, event: AnyEvent) -> None:
        """An event; the listener gets it soon, never in the midst of what it is doing."""
        self._news.append(EventSeen(self.journal.event(event), self.journal.moment(), event))
        if len(self._news) == 1 and not self._delivering:
            self._platform.clock.call_at(self._platform.now(), self.deliver)

    def deliver(self) -> None:
        """Hand the listener what waits, in the journal's order."""
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._news:
                self._listener.receive(self._news.popleft(), self._platform.now())
        finally:
            self._delivering = False

    def _check_held(self) -> None:
        if self._released:
            raise Offline(f"gun {self._gun_no} of {self.pile.code} was released")

    def _withdraw(self) -> None:
        for offer in self._offers:
            if self._platform.publisher is not None:
                self._platform.publisher.withdraw(offer)
        self._offers.clear()
