"""One registered pile and its guns: what outlives a connection, and who hears what happens there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.core.errors import PersonError
from harness.core.journal import PILE, PLATFORM, AnyEvent, Journal, LinkChanged
from harness.core.message import Damage, Message
from harness.core.pile import PileProfile
from harness.core.ports import Offline
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.billing import Billing
from harness.protocols.ykc.guns import GunState, heartbeat_reply
from harness.protocols.ykc.pairing import Asked, Questions
from harness.protocols.ykc.pile_clock import PileClock

if TYPE_CHECKING:
    from harness.protocols.ykc.bench import GunBench
    from harness.protocols.ykc.connection import Connection
    from harness.protocols.ykc.platform import Platform

Manner = Callable[["PileState", Message, float, Asked | None], None]

GUN_NUMBERS = tuple(f"{number:02X}" for number in range(256))  # as the byte reads in BCD
GUN_SILENCE = 30.0  # s without a heartbeat of a gun


class Kept(NamedTuple):
    """A frame and its number in each journal that has it."""

    raw: bytes
    numbers: Mapping[Journal, int]

    def number_in(self, journal: Journal) -> tuple[int, ...]:
        """Its number in a journal that has it."""
        return (self.numbers[journal],) if journal in self.numbers else ()


class HeldError(PersonError):
    """Somebody else holds the gun or the pile."""


class PileState:
    """One registered pile. Its frames go to its own journal and to those of the runs that hold it."""

    __slots__ = (
        "billing",
        "claims",
        "clock",
        "connection",
        "greeted",
        "guns",
        "heard_at",
        "holds",
        "journal",
        "logins",
        "platform",
        "profile",
        "program_version",
        "questions",
        "records",
        "runs_only",
        "to_do",
    )

    def __init__(self, platform: Platform, profile: PileProfile, journal: Journal) -> None:
        self.platform = platform
        self.profile = profile
        self.journal = journal
        self.guns = {number: GunState(number) for number in profile.gun_numbers()}
        self.connection: Connection | None = None
        self.heard_at = 0.0
        self.logins = 0
        self.program_version = ""
        self.records = 0  # counted once each
        self.runs_only = False  # outside runs nobody starts a charge here by card or VIN
        self.greeted = False  # the present login was told and the time given
        self.holds: tuple[GunBench, ...] = ()
        self.claims: Mapping[str, GunBench] = {}  # frames that a run answers itself
        self.questions = Questions()
        self.billing = Billing(self)
        self.clock = PileClock(self)
        self.to_do = False  # something waits until nothing charges: clock or tariff

    @property
    def code(self) -> str:
        """The pile code."""
        return self.profile.pile_code

    def becomes(self, profile: PileProfile) -> None:
        """Another profile: guns that it has no more are forgotten, new ones are not known yet."""
        self.profile = profile
        self.guns = {number: self.guns.get(number) or GunState(number) for number in profile.gun_numbers()}

    def busy(self, now: float) -> bool:
        """Does a gun charge, perhaps begin to, or owe the record of a charge?"""
        return any(gun.busy(now) for gun in self.guns.values())

    def charges(self) -> bool:
        """Does a gun charge, as far as it said?"""
        return any(gun.charging for gun in self.guns.values())

    def stop_charging(self) -> None:
        """Stop whatever charges; Offline when the pile is not there."""
        for gun in self.guns.values():
            if gun.charging:
                self.send("remote_stop", {"gun_no": gun.number})

    def held_whole(self) -> bool:
        """Does a run hold the whole pile?"""
        return any(hold.whole_pile for hold in self.holds)

    def holder(self, gun_no: str) -> GunBench | None:
        """The run that holds a gun, alone or with the whole pile."""
        return next((hold for hold in self.holds if hold.whole_pile or hold.gun_no == gun_no), None)

    # Connections come and go

    def logged_in(self, connection: Connection, now: float) -> None:
        """A login on a new connection; its frame is still to be heard."""
        self.connection = connection
        self.heard_at = now
        self.logins += 1
        self.greeted = False
        self.questions.forget()
        for gun in self.guns.values():
            gun.last = None
            gun.heartbeat_at = now
            gun.silent = False

    def greet(self, now: float) -> None:
        """The login was answered: tell it, give the time, ask the guns that were charging what they do now."""
        self.greeted = True
        self.link("login" if self.logins == 1 else "relogin", self.program_version)
        self.clock.logged_in(now)
        self.billing.logged_in(now)
        for gun in self.guns.values():
            if gun.charging:
                self.send("realtime_read", {"gun_no": gun.number})

    def refuses_login(self) -> bool:
        """Does a run want the login that has just come refused?"""
        return any(hold.lasting is not None and hold.lasting.refuses() for hold in self.holds)

    def login_refused(self, message: Message, reply: bytes) -> None:
        """A login was refused because a run wanted it."""
        self.journal.frame(PILE, message.raw)
        if self.holds:
            self._keep_for_holds(message)
        kept = self.keep_sent(reply, "")
        for hold in self.holds:
            if hold.lasting is not None:
                hold.lasting.tell_refused(kept)
            hold.deliver()

    def logged_out(self) -> None:
        """Not connected any more."""
        self.connection = None
        self.questions.forget()

    def look(self, now: float) -> None:
        """From time to time: the daily time, guns without heartbeats, what waited for an idle pile."""
        self.clock.daily(now)
        for gun in self.guns.values():
            if not gun.silent and now >= gun.heartbeat_at + GUN_SILENCE:
                gun.silent = True
                self.link("gun_silent", gun.number)
        if self.to_do:
            self.do_what_waited(now)

    # What arrives

    def hear(self, message: Message, manner: Manner | None, now: float) -> None:
        """A frame of this pile: keep it, answer it as a proper platform does, then tell who holds the gun."""
        self.heard_at = now
        self.journal.frame(PILE, message.raw)
        if self.holds:
            self._keep_for_holds(message)
        asked = self.questions.answered_by(message) if self.questions.waiting else None
        if manner is not None and not (self.claims and self._claimed(message)):
            manner(self, message, now, asked)
        if self.to_do:
            self.do_what_waited(now)
        for hold in self.holds:
            hold.deliver()

    def _claimed(self, message: Message) -> bool:
        """Does the run that holds the gun answer this frame itself?"""
        claimer = self.claims.get(message.name)
        return claimer is not None and claimer in self.concerned(getattr(message.values, "gun_no", ""))

    def hear_damage(self, damage: Damage) -> None:
        """Bytes that made no frame; any frame keeps a pile alive, these do not."""
        self.journal.frame(PILE, damage.raw, damage.reason)
        for hold in self.holds:
            hold.journal.frame(PILE, damage.raw, damage.reason)

    def kept(self, message: Message) -> Kept:
        """The frame that was heard just now, before anything else was kept."""
        holds = self.concerned(getattr(message.values, "gun_no", ""))
        return Kept(
            message.raw, {journal: journal.last for journal in (self.journal, *(hold.journal for hold in holds))}
        )

    def do_what_waited(self, now: float) -> None:
        """Nothing charges any more? Then set the clock and the tariff back."""
        if self.connection is not None and not self.busy(now):
            self.to_do = False
            self.clock.idle()
            self.billing.idle()

    def is_quiet(self) -> bool:
        """Nobody holds it, and nothing waits to be done: a heartbeat is just a heartbeat."""
        return not (self.holds or self.to_do or self.claims)

    def beat(self, raw: bytes, now: float) -> bytes:
        """The reply to a heartbeat, the short way."""
        self.heard_at = now
        gun = self.guns.get(GUN_NUMBERS[raw[13]])
        if gun is not None:
            gun.beat(now)
        answer = heartbeat_reply(raw)
        self.journal.exchange(raw, answer)
        return answer

    def _keep_for_holds(self, message: Message) -> None:
        for hold in self.concerned(getattr(message.values, "gun_no", "")):
            hold.keep(message)

    def concerned(self, gun_no: str) -> tuple[GunBench, ...]:
        """Whom a frame goes to: who holds its gun; everybody when it names no gun or one that nobody holds."""
        holder = self.holder(gun_no) if gun_no and len(self.holds) > 1 else None
        return self.holds if holder is None else (holder,)

    # What is sent

    def send(self, name: str, values: Mapping[str, Any], reply_to: Message | None = None, gun_no: str = "") -> Kept:
        """Send a frame of the platform; Offline when the pile is not there. `gun_no` is for frames that name none."""
        if self.connection is None:
            raise Offline(self.code)
        fields = CATALOGUE.by_name(name).by_name
        if "pile_code" in fields:
            values = {"pile_code": self.code, **values}
        session, gun_no = self.connection.session, str(values.get("gun_no", gun_no))
        raw = session.made(name, values, None if reply_to is None else reply_to.serial)
        if reply_to is not None and self.holds and self._kept_back(name, raw, gun_no):
            return Kept(raw, {})
        session.send_raw(raw)
        kept = self.keep_sent(raw, gun_no)
        request = CATALOGUE.decode(raw)
        if isinstance(request, Message):
            self.questions.ask(request, self.platform.now(), kept)
        return kept

    def reply_raw(self, raw: bytes, gun_no: str) -> None:
        """Send a reply that is already made: the short way for heartbeats."""
        if self.connection is not None and not (self.holds and self._kept_back("heartbeat_reply", raw, gun_no)):
            self.connection.session.send_raw(raw)
            self.journal.frame(PLATFORM, raw)
            if self.holds:
                for hold in self.concerned(gun_no):
                    hold.journal.frame(PLATFORM, raw)

    def keep_sent(self, raw: bytes, gun_no: str, damage: str = "") -> Kept:
        """Put bytes that were sent into the journals that they concern."""
        numbers = {self.journal: self.journal.frame(PLATFORM, raw, damage)}
        for hold in self.concerned(gun_no):
            numbers[hold.journal] = hold.journal.frame(PLATFORM, raw, damage)
        return Kept(raw, numbers)

    def _kept_back(self, name: str, raw: bytes, gun_no: str) -> bool:
        """Does a run have this reply withheld, or sent later?"""
        return any(hold.lasting is not None and hold.lasting.keeps_back(name, raw, gun_no) for hold in self.holds)

    # What is told

    def tell(self, event: Callable[[Journal], AnyEvent], gun_no: str = "") -> None:
        """Put an event into all journals that it concerns; made for each, because frame numbers differ."""
        self.journal.event(event(self.journal))
        for hold in self.concerned(gun_no):
            hold.tell(event(hold.journal))

    def link(self, what: str, detail: str = "", peer: str = "") -> None:
        """The connection, or what hangs on it, did something."""
        event = LinkChanged(what, peer or self.peer, detail)
        self.tell(lambda journal: event)
        self.platform.watch(self.code, event)

    @property
    def peer(self) -> str:
        """Where it is connected from."""
        return "" if self.connection is None else self.connection.session.peer

    def stop(self) -> None:
        """Let no timer ring any more."""
        self.billing.stop()
        self.clock.stop()
