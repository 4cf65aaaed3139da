"""Two real sessions and a pretend wire between them that can drop, delay, cut and flip, in pretend time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from harness.core.clock import ManualClock
from harness.core.driven import Alarm
from harness.core.journal import AnyEvent, EventSeen, FrameSeen, Journal, LinkChanged, Memory
from harness.core.message import Damage, Message
from harness.core.pile import Items, PileProfile
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.bench import GunBench
from harness.protocols.ykc.platform import Platform
from harness.protocols.ykc.session import Session

PILE = "32010600019236"
OTHER = "32010600019237"
CARD = "32095DF0"
VIN = "LNA001PD800186429"
PROFILE = PileProfile(
    pile_code=PILE, model="Demo DC", kind="dc", power_kw=60, guns=2, items=Items(card=CARD, vin=VIN, qr=True)
)
OTHER_PROFILE = PileProfile(pile_code=OTHER, model="Demo DC", kind="dc", power_kw=60, guns=2)


class Direction:
    """One direction of a wire. Rules are used up by the writes they meet."""

    def __init__(self, clock: ManualClock, receive: Callable[[bytes], None]) -> None:
        self.clock = clock
        self.receive = receive
        self.delay = 0.0
        self.cut: random.Random | None = None
        self.dropping = 0
        self.flipping = 0
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        if self.dropping:
            self.dropping -= 1
            return
        if self.flipping:
            self.flipping -= 1
            data = data[:-1] + bytes((data[-1] ^ 1,))
        for piece in self.pieces(data):
            self.clock.call_at(self.clock.monotonic() + self.delay, lambda piece=piece: self.receive(piece))  # type: ignore[misc]

    def pieces(self, data: bytes) -> Iterable[bytes]:
        if self.cut is None:
            return (data,)
        places = sorted(self.cut.sample(range(len(data) + 1), k=min(3, len(data))))
        return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True) if end > start]


class Wire:
    """A connection between a platform and one hand-driven pile end."""

    def __init__(self, clock: ManualClock, platform: Platform, peer: str = "pile:1") -> None:
        self.clock = clock
        self.down = Direction(clock, self._to_pile)
        self.up = Direction(clock, self.deliver)
        self.open = True
        self.pile = HandPile(self)
        self.far = platform.connect(self.down.write, self.cut_off, peer)
        self._alarm = Alarm(clock, self.far)
        self._alarm.settle()

    def cut_off(self) -> None:
        """The connection is closed, after what is under way; both ends hear of it."""
        self.clock.call_at(self.clock.monotonic() + max(self.down.delay, self.up.delay), self._lost)

    def half_open(self) -> None:
        """Power cut at the pile: nothing comes any more and nobody is told."""
        self.up.dropping = self.down.dropping = 1_000_000

    def _lost(self) -> None:
        if not self.open:
            return
        self.open = False
        now = self.clock.monotonic()
        self._alarm.cancel()
        self.far.lost(now)
        self.pile.session.lost(now)

    def _to_pile(self, data: bytes) -> None:
        if self.open:
            self.pile.session.receive(data, self.clock.monotonic())

    def deliver(self, data: bytes) -> None:
        """Bytes reach the platform now, in one read."""
        if self.open:
            self.far.receive(data, self.clock.monotonic())
            self._alarm.settle()


class HandPile:
    """A pile moved by hand: it sends what it is told, keeps what it hears, answers by the functions in `answers`."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.session = Session("pile", wire.up.write, wire.cut_off)
        self.session.owner = self
        self.heard_messages: list[Message] = []
        self.damage: list[Damage] = []
        self.answers: dict[str, Callable[[HandPile, Message], None]] = {}
        self.is_lost = False

    def heard(self, message: Message, now: float) -> None:
        self.heard_messages.append(message)
        answer = self.answers.get(message.name)
        if answer is not None:
            answer(self, message)

    def damaged(self, damage: Damage, now: float) -> None:
        self.damage.append(damage)

    def woken(self, now: float) -> None:
        pass

    def next_deadline(self) -> float | None:
        return None

    def lost(self, now: float) -> None:
        self.is_lost = True

    def send(self, name: str, /, reply_to: Message | None = None, pile_code: str = PILE, **values: Any) -> bytes:
        """Send a frame and let the wire come to rest."""
        raw = self.session.send(name, {"pile_code": pile_code, **values}, None if reply_to is None else reply_to.serial)
        self.settle()
        return raw

    def settle(self) -> None:
        self.wire.clock.advance(0)

    def log_in(self, pile_code: str = PILE, version: str = "V1.0") -> None:
        self.send("login", pile_code=pile_code, gun_count=2, program_version=version, protocol_version=Decimal("1.6"))

    def take_tariff(self) -> None:
        """Verify, ask for the model and let it settle."""
        self.send("billing_model_verify", billing_model_no="0000")
        self.send("billing_model_request")
        self.beat(6)

    def beat(self, seconds: float, every: float = 10.0) -> None:
        """Heartbeats of both guns over some time."""
        clock = self.wire.clock
        until = clock.monotonic() + seconds
        while clock.monotonic() < until:
            for gun_no in ("01", "02"):
                if not self.session.closed:
                    self.send("heartbeat", gun_no=gun_no)
            clock.advance(min(every, until - clock.monotonic()))

    def report(self, status: int, gun_no: str = "01", serial: str = "0" * 32, **values: Any) -> None:
        self.send("realtime_data", gun_no=gun_no, status=status, transaction_serial=serial, **values)

    def names(self) -> list[str]:
        """What was heard, and forget it."""
        names = [message.name for message in self.heard_messages]
        self.heard_messages.clear()
        return names

    def last(self, name: str) -> Message:
        return [message for message in self.heard_messages if message.name == name][-1]


def follow_clock(pile: HandPile, message: Message) -> None:
    """Answer 0x56 with the time given."""
    pile.session.send(
        "time_sync_reply", {"pile_code": PILE, "current_time": message.values.current_time}, message.serial
    )


class Ear:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def receive(self, what: object, now: float) -> None:
        self.heard.append(what)

    def events(self, kind: type[AnyEvent]) -> list[Any]:
        return [what.event for what in self.heard if isinstance(what, EventSeen) and isinstance(what.event, kind)]


class Held(NamedTuple):
    """A hold as tests use it."""

    bench: GunBench
    ear: Ear
    memory: Memory


class Station:
    """A platform with two registered piles, all journals in memory."""

    def __init__(self, profiles: Iterable[PileProfile] = (PROFILE, OTHER_PROFILE), **options: Any) -> None:
        self.clock = options.pop("clock", None) or ManualClock()
        self.memories: dict[str, Memory] = {}
        self.platform = Platform(self.clock, profiles, journal_for=self.journal, **options)

    def journal(self, key: str) -> Journal:
        memory = self.memories.setdefault(key, Memory())
        return Journal(key, self.clock, (memory,))

    def wire(self, peer: str = "pile:1") -> Wire:
        return Wire(self.clock, self.platform, peer)

    def online(self, peer: str = "pile:1") -> Wire:
        """A pile that has logged in, with the clock followed and the model taken."""
        wire = self.wire(peer)
        wire.pile.answers["time_sync"] = follow_clock
        wire.pile.log_in()
        wire.pile.take_tariff()
        wire.pile.names()
        return wire

    def hold(self, gun_no: str = "01", pile_code: str = PILE, whole: bool = False) -> Held:
        memory, ear = Memory(), Ear()
        journal = Journal(f"run {gun_no}", self.clock, (memory,))
        return Held(self.platform.hold(pile_code, gun_no, journal, ear, whole), ear, memory)

    def frames(self, key: str = PILE) -> list[str]:
        """The names of the frames in a journal."""
        return names_in(self.memories[key])

    def links(self, key: str = PILE) -> list[str]:
        """What the link events of a pile were."""
        return [event.what for event in events_in(self.memories[key], LinkChanged)]


def names_in(memory: Memory) -> list[str]:
    """The names of the frames in a journal, damage as its reason."""
    return [name_of(record) for record in memory.records if isinstance(record, FrameSeen)]


def name_of(record: FrameSeen) -> str:
    message = CATALOGUE.decode(record.raw)
    return message.name if isinstance(message, Message) else record.damage


def events_in(memory: Memory, kind: type[AnyEvent]) -> list[Any]:
    """The events of a kind in a journal."""
    return [r.event for r in memory.records if isinstance(r, EventSeen) and isinstance(r.event, kind)]


def values_of(message: Message) -> Mapping[str, Any]:
    """A message's values by name."""
    frame_type = message.frame_type
    assert frame_type is not None
    return {field.name: getattr(message.values, field.name) for field in frame_type.fields}
